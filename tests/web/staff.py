"""People who have signed in, without a browser and without a provider: their cookie is made here."""

import json
from base64 import b64encode
from dataclasses import replace

from itsdangerous import TimestampSigner
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from bot.channels.web.sessions import cookie_name
from bot.channels.web.settings import Provider, WebSettings
from data.changes import Author
from data.engine import writing
from data.roles import Role, grant
from tests.web.visiting import HOME, NOON, client_of

_SECRET = "s" * 32
_SETTINGS = WebSettings(HOME, provider=Provider("http://127.0.0.1:9/nobody", "id", "hush"), session_secret=_SECRET)


def signed_in(desk: Desk, role: Role, person: str = "") -> TestClient:
    """Somebody with a role before the same store as `desk`, where everybody signs in."""
    person = person or f"web:{role.value}"
    with writing(desk.store.engine) as connection:
        grant(connection, desk.organisation, person, role, Author("test", NOON))
    client = client_of(replace(desk, settings=_SETTINGS))
    session = {"person": person, "name": "佐藤 健", "at": int(NOON.timestamp())}
    signed = TimestampSigner(_SECRET).sign(b64encode(json.dumps(session).encode())).decode()
    client.cookies.set(cookie_name(False), signed)
    return client

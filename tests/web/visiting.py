"""Visits to the pages without a browser and without a network, at a moment that stands still."""

import re
from datetime import UTC, datetime

import httpx2
from starlette.testclient import TestClient

from bot.ask import open_door
from bot.channels.web.desk import Desk, SentFile
from bot.channels.web.settings import WebSettings
from bot.channels.web.site import site
from data.changes import DEFAULT_ORGANISATION
from data.store import Store

HOME = "http://127.0.0.1:8000"
#: Noon in Japan on the day of the tests' questions.
NOON = datetime(2024, 11, 20, 3, tzinfo=UTC)

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def desk_over(store: Store, settings: WebSettings | None = None, plan: str = "") -> Desk:
    """A desk of the default organisation; a desk with another clock is made of it by `replace`."""
    return Desk(store, DEFAULT_ORGANISATION, plan, open_door(store), settings or WebSettings(), lambda: NOON)


def client_of(desk: Desk, base_url: str = HOME) -> TestClient:
    """A browser without a screen before a desk: it keeps cookies, and goes nowhere by itself."""
    return TestClient(site(desk), base_url=base_url, follow_redirects=False)


def send(client: TestClient, page: str, action: str, /, **fields: str | SentFile) -> httpx2.Response:
    """Opens a page and posts one of its forms to `action`, with the token that the page carries. `fields` are what
    somebody fills in: texts, and files as SentFile. The answer is as it is: a redirect is not followed."""
    opened = client.get(page)
    assert opened.status_code == 200, f"{page}: {opened.status_code} {opened.text}"
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    files = {name: (value.name, value.content) for name, value in fields.items() if isinstance(value, SentFile)}
    response: httpx2.Response = client.post(action, data={"token": token_in(opened.text), **texts}, files=files or None)
    return response


def token_in(html: str) -> str:
    """The token of the forms of a page."""
    found = _TOKEN.search(html)
    assert found, f"no form with a token: {html}"
    return found[1]

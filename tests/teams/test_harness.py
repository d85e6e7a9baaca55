"""Teams as the tests play it, tried with a bot of the bare SDK: what it takes, refuses, lets go wrong.

The bare bot also shows what our own has to mend.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.process import run
from tests.teams.activities import channel, group_chat, personal
from tests.teams.bare import ANSWER, PRESSED
from tests.teams.connector import Connector
from tests.teams.elements import Json, texts
from tests.teams.issuer import CLIENT_ID, CLIENT_SECRET, SCOPE, WRONG, Issuer
from tests.teams.limits import cards
from tests.teams.process import is_there, settings
from tests.teams.teams import Teams
from tests.teams.test_limits import MESSAGE
from tests.waiting import free_port, wait_for


@pytest.fixture
def bare(issuer: Issuer, connector: Connector, tmp_path: Path) -> Iterator[Teams]:
    """Teams with the bare bot."""
    port = free_port()
    environment = {"LANG": "C.UTF-8", **settings(issuer)}
    process = run([sys.executable, "-m", "tests.teams.bare", str(port)], environment, tmp_path / "bare.log")
    try:
        wait_for(lambda: is_there(port), 60, "from the bare bot")
        yield Teams(issuer, connector, lambda: port)
    finally:
        process.kill()
        process.wait()


def test_a_question_is_answered_and_a_button_replaces_the_card(bare: Teams, connector: Connector) -> None:
    for place in (personal(), group_chat(), channel()):
        message = bare.ask("コピー用紙のR6目標は?", place)
        assert message["text"] == ANSWER
        pressed = bare.press(message, "他の年度", place)
        assert pressed.card
        assert texts(pressed.card)[0] == PRESSED
        (shown,) = connector.messages(place.id)
        assert cards(shown) == [pressed.card]
    assert all(call.ok for call in connector.calls)


def test_wrong_tokens_are_refused(bare: Teams, connector: Connector, issuer: Issuer) -> None:
    """All but one, which the bare SDK lets in: our own refuses it, too."""
    let_in = [
        wrong
        for wrong, header in WRONG.items()
        if bare.deliver(
            {**bare.say("前").activity, "id": wrong}, personal(), header(issuer, connector.service_url)
        ).reply.status
        != 401
    ]
    assert let_in == ["no expiry"]


def test_keys_can_be_slow_and_get_other_names(bare: Teams, issuer: Issuer) -> None:
    issuer.keys_delay = 1.0
    assert bare.say("一").reply.seconds >= 1
    issuer.keys_delay = 0.0
    assert bare.say("二").reply.seconds < 1
    assert len(issuer.key_requests) == 1
    issuer.rotate()
    assert bare.say("三").reply.status == 401  # PyJWT fetches again after half a minute at the earliest


def test_the_connector_wants_a_token_of_the_issuer(connector: Connector, issuer: Issuer) -> None:
    for header in ({}, {"Authorization": issuer.bearer(connector.service_url)}):
        url = f"{connector.service_url}v3/conversations/a:1/activities"
        with pytest.raises(HTTPError, match="401"):
            urlopen(Request(url, b'{"type": "message", "text": "x"}', header))  # noqa: S310
    assert len(connector.mistakes) == 2
    connector.mistakes.clear()


def test_calls_of_the_bot_can_go_wrong(bare: Teams, connector: Connector) -> None:
    for number, status in enumerate((403, 404, 412, 429, 502, 504)):
        connector.refuse("send", status)
        sent = bare.say("一")
        call = wait_for(lambda: connector.calls_of("send")[2 * number :])[0]  # noqa: B023
        assert call.status == status
        assert bare.replies(sent) == []
        assert bare.ask("二")["text"] == ANSWER


def test_connections_can_be_cut_and_answers_held(bare: Teams, connector: Connector) -> None:
    connector.cut("send", after=True)
    bare.say("一")
    (call,) = wait_for(lambda: connector.calls_of("send"))
    assert (call.status, len(connector.messages(call.conversation))) == (0, 1)
    hold = connector.hold("send")
    start = time.monotonic()
    assert bare.deliver(bare.say("二").activity, personal(), seconds=1.0).reply.status in (0, 200)
    assert hold.reached.wait(5)
    assert time.monotonic() - start < 30
    hold.release.set()


def test_what_teams_would_refuse_is_noted(bare: Teams, connector: Connector) -> None:
    connector.gone[personal().id] = 403
    bare.say("一")
    assert wait_for(lambda: connector.calls_of("send"))[0].status == 403
    assert connector.messages(personal().id) == []
    assert connector.mistakes == []


def test_a_text_with_a_card_cannot_take_the_place_of_a_message(connector: Connector, issuer: Issuer) -> None:
    """Teams would make two messages of it."""
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials", "scope": SCOPE}
    with urlopen(issuer.token_url, urlencode(form).encode()) as answer:  # noqa: S310
        headers = {"Authorization": f"Bearer {json.load(answer)['access_token']}", "Content-Type": "application/json"}

    def call(method: str, path: str, body: Json) -> int:
        url = f"{connector.service_url}v3/conversations/a:1/activities{path}"
        try:
            with urlopen(Request(url, json.dumps(body).encode(), headers, method=method)) as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as error:
            return error.code

    text: Json = {"type": "message", "text": "調べています…"}
    assert call("POST", "", text) == 201
    (message,) = connector.messages("a:1")
    both = {**text, "attachments": MESSAGE["attachments"]}
    assert call("PUT", f"/{message['id']}", both) == 400
    assert call("PUT", f"/{message['id']}", text) == 200
    assert call("PUT", f"/{message['id']}", {**both, "text": "", "summary": "値"}) == 200
    assert call("DELETE", f"/{message['id']}", {}) == 200
    assert call("PUT", f"/{message['id']}", text) == 404
    assert connector.messages("a:1") == []

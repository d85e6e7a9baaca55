"""Activities of Teams as events: what is a question and whose, where we may speak, what is none of our business."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from bot.channels.teams.arrivals import (
    INSTALLED,
    QUESTION,
    REMOVED,
    asking_of,
    place_at,
    place_of,
    plain,
    read_activity,
    read_invoke,
    read_tenants,
    reference_of,
)
from data.events import Arrival
from tests.teams import activities
from tests.teams.activities import BOT, PEOPLE, Place, activity, channel, group_chat, message, personal, thread
from tests.teams.connector import Connector
from tests.teams.elements import Json
from tests.teams.issuer import OTHER_TENANT, TENANT, Issuer
from tests.teams.routes import Route, route_served
from tests.teams.teams import request

URL = "https://smba.trafficmanager.net/jp/"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TANAKA = PEOPLE["tanaka"].aad


def _asked(text: str = "R6の目標は?", place: Place | None = None, **beside: object) -> Json:
    where = place or personal()
    return message(where, "tanaka", text, URL, mention=where.scope != "personal", **beside)


def _read(given: Json) -> Arrival:
    arrival = read_activity(given, NOW)
    assert arrival
    return arrival


def test_a_question_in_a_personal_chat() -> None:
    made = _asked(timestamp="2024-11-20T15:00:00.1234567Z")
    arrival = _read(made)
    where = personal().id
    assert (arrival.channel, arrival.kind, arrival.lane) == ("teams", QUESTION, where)
    assert arrival.key == f"{where}|{made['id']}"
    assert arrival.person == f"teams:{TANAKA}"
    asking = asking_of(json.loads(json.dumps(arrival.body)))
    assert (asking.text, asking.day, asking.activity) == ("R6の目標は?", date(2024, 11, 21), made["id"])
    assert (asking.user, asking.memory) == (TANAKA, f"teams:{where}")
    assert (asking.place.kind, asking.place.tenant, asking.place.service_url) == ("personal", TENANT, URL)
    assert asking.place.bot == BOT["id"]


@pytest.mark.parametrize("place", [group_chat(), channel()])
def test_elsewhere_it_has_to_mention_us(place: Place) -> None:
    assert asking_of(_read(_asked(place=place)).body).text == "R6の目標は?"
    assert read_activity(message(place, "tanaka", "R6の目標は?", URL, mention=False), NOW) is None
    other = {"type": "mention", "mentioned": {"id": "29:x", "name": "田中"}, "text": "<at>田中</at>"}
    assert read_activity({**_asked(place=place), "entities": [other]}, NOW) is None


def test_a_thread_of_a_channel_is_remembered_by_itself() -> None:
    first = channel()
    one, two = (asking_of(_read(_asked(place=place)).body) for place in (first, thread(first)))
    assert one.memory != two.memory
    assert one.place.whole == two.place.whole == first.channel
    assert reference_of(one.place, "teams:x").conversation == first.channel


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<at>しるべ</at> R6の目標は?", "R6の目標は?"),
        ("<at>しるべ</at>&nbsp;R6の目標は?", "R6の目標は?"),
        ("<at>しるべ</at>\xa0R6の<at>田中</at>目標", "R6の 目標"),
        ('<AT id="0">しるべ</AT>R6', "R6"),
        ("R6<br/>R7", "R6 R7"),
        ("<p>R6の目標は?</p>", "R6の目標は?"),
        ("90%&lt;R6&amp;R7", "90%<R6&R7"),
        ("&lt;at&gt;x&lt;/at&gt;", "<at>x</at>"),
        ("&amp;lt;", "&lt;"),
        ("90 < 100 > 80", "90 < 100 > 80"),
        ("  ", ""),
        ("&#0;R6", "�R6"),
    ],
)
def test_the_words_of_a_message(text: str, words: str) -> None:
    assert plain(text) == words


def test_words_without_what_no_store_takes() -> None:
    assert asking_of(_read(_asked("R6\0の\ud800目標")).body).text == "R6の目標"


@pytest.mark.parametrize("stamp", [None, 5, "", "yesterday", "9999-12-31T23:59:59Z", "2024-13-01T00:00:00Z"])
def test_without_a_time_it_is_asked_now(stamp: object) -> None:
    assert asking_of(_read(_asked(timestamp=stamp)).body).day == date(2026, 11, 24)


_NO_QUESTIONS: dict[str, Json] = {
    "without from": {"from": None},
    "of nobody whom the tenant knows": {"from": {"id": "29:guest", "name": "客"}},
    "of a bot": {"from": {**PEOPLE["tanaka"].account, "role": "bot"}},
    "our own": {"from": {**PEOPLE["tanaka"].account, "id": BOT["id"]}},
    "without an id": {"id": None},
    "without a conversation": {"conversation": None},
    "in an unknown sort of conversation": {"conversation": {"id": "x", "conversationType": "stage"}},
    "an edit": {"type": "messageUpdate"},
    "a deletion": {"type": "messageDelete"},
    "a reaction": {"type": "messageReaction"},
    "typing": {"type": "typing"},
    "an invoke": {"type": "invoke", "name": "x"},
}


@pytest.mark.parametrize("why", _NO_QUESTIONS)
def test_what_is_no_question(why: str) -> None:
    assert read_activity({**_asked(), **_NO_QUESTIONS[why]}, NOW) is None


def test_a_message_without_words_asks_nothing_in_particular() -> None:
    assert asking_of(_read({**_asked(), "text": None}).body).text == ""


_MALFORMED: dict[str, Json] = {
    "text": {"text": 5},
    "from": {"from": "x"},
    "conversation": {"conversation": ["x"]},
    "id of the conversation": {"conversation": {"id": 5}},
    "blanks in an id": {"id": "a b"},
    "letters in an id": {"id": "あ"},
    "a long id": {"id": "x" * 1000},
    "entities": {"entities": "x"},
    "an entity": {"entities": ["x"]},
}


@pytest.mark.parametrize("what", _MALFORMED)
def test_what_has_another_form_than_teams_gives_it(what: str) -> None:
    with pytest.raises(TypeError):
        read_activity({**_asked(place=group_chat()), **_MALFORMED[what]}, NOW)


@pytest.mark.parametrize("place", [personal(), group_chat(), channel()])
def test_installed_and_removed(place: Place) -> None:
    def change(kind: str, **beside: object) -> Json:
        return activity(kind, place, "tanaka", URL, **beside)

    for made in (
        change("installationUpdate", action="add"),
        change("installationUpdate", action="add-upgrade"),
        change("conversationUpdate", membersAdded=[PEOPLE["sato"].account, BOT]),
    ):
        arrival = _read(made)
        assert (arrival.kind, arrival.person) == (INSTALLED, f"teams:{TANAKA}")
        reference = reference_of(place_of(arrival.body), arrival.person)
        assert reference.conversation == (place.channel or place.id)
        assert reference.person == (arrival.person if place.scope == "personal" else "")
        assert place_at(reference).bot == BOT["id"]
    for made in (change("installationUpdate", action="remove"), change("conversationUpdate", membersRemoved=[BOT])):
        assert _read(made).kind == REMOVED
    for made in (
        change("installationUpdate", action="remove-upgrade"),
        change("installationUpdate"),
        change("conversationUpdate", membersAdded=[PEOPLE["sato"].account]),
        change("conversationUpdate", topicName="新しい名前"),
    ):
        assert read_activity(made, NOW) is None


def test_a_deleted_channel() -> None:
    place = channel()
    data = {**place.channel_data, "eventType": "channelDeleted", "channel": {"id": "19:gone@thread.tacv2"}}
    arrival = _read(activity("conversationUpdate", place, "tanaka", URL, channelData=data))
    assert (arrival.kind, arrival.body["conversation"]) == (REMOVED, "19:gone@thread.tacv2")


def test_without_an_id_the_same_activity_has_the_same_key() -> None:
    made = {**activity("installationUpdate", personal(), "tanaka", URL, action="add"), "id": None}
    assert _read(made).key == _read(json.loads(json.dumps(made))).key
    assert _read(made).key != _read({**made, "timestamp": "2024-11-20T03:00:00Z"}).key


def test_all_tenants_that_are_named() -> None:
    made = _asked(place=channel())
    assert read_tenants(made) == {TENANT}
    assert read_tenants({**made, "from": {**made["from"], "tenantId": OTHER_TENANT.upper()}}) == {TENANT, OTHER_TENANT}
    assert read_tenants({"type": "message"}) == frozenset()


def test_an_invoke() -> None:
    made = activities.invoke("adaptiveCard/action", {"x\0": ["\ud800y", 1, None]}, channel(), "tanaka", URL)
    invoking = read_invoke({**made, "replyToId": "17"}, "県", NOW)
    assert invoking
    assert (invoking.name, invoking.value, invoking.message) == ("adaptiveCard/action", {"x": ["y", 1, None]}, "17")
    assert (invoking.person, invoking.organisation, invoking.day) == (f"teams:{TANAKA}", "県", date(2026, 11, 24))
    assert invoking.memory == f"teams:{invoking.place.conversation}"
    assert read_invoke({**made, "from": None}, "県", NOW) is None
    assert read_invoke({**made, "name": None}, "県", NOW) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([URL, "personal", BOT["id"]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = (
    "id text from conversation recipient entities channelData serviceUrl timestamp membersAdded membersRemoved "
    "action name value replyToId".split()
)


@given(
    st.sampled_from(["message", "installationUpdate", "conversationUpdate", "invoke"]),
    st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=4),
)
def test_anything_is_an_event_or_none_or_malformed(kind: str, changed: dict[str, Any]) -> None:
    made = {**_asked(action="add", name="x", value={}), "type": kind, **changed}
    with suppress(TypeError):
        read_tenants(made)
    with suppress(TypeError):
        read_invoke(made, "県", NOW)
    with suppress(TypeError):
        arrival = read_activity(made, NOW)
        if arrival:
            told = json.dumps([arrival.key, arrival.lane, arrival.person, arrival.body], ensure_ascii=False)
            assert "\\u0000" not in told
            told.encode()


@given(st.text())
def test_any_text_gives_words(text: str) -> None:
    assert plain(plain(text)) == plain(plain(text)).strip()


# Through the route


@pytest.fixture
def route(issuer: Issuer, connector: Connector) -> Iterator[Route]:
    with route_served(issuer, connector) as route:
        yield route


def test_kept_and_acknowledged(route: Route) -> None:
    for place in (personal(), group_chat(), channel()):
        assert route.teams.say("R6の目標は?", place).reply.status == 200
    route.teams.install()
    route.teams.uninstall()
    kinds = [arrival.kind for _, arrival in route.kept]
    assert kinds == [QUESTION] * 3 + [INSTALLED, INSTALLED, REMOVED]
    assert {organisation for organisation, _ in route.kept} == {"default"}


def test_invokes_are_answered_in_the_response(route: Route) -> None:
    reply = route.teams.invoke("composeExtension/query", {"commandId": "search"}).reply
    assert (reply.status, reply.body) == (200, {"name": "composeExtension/query"})
    assert route.kept == []


def test_foreign_tenants_and_other_channels_get_nothing(route: Route) -> None:
    stranger = route.teams.invoke("composeExtension/query", {}, personal("stranger"), "stranger").reply
    assert (stranger.status, stranger.body) == (200, {})
    web = route.teams.activity("message", text="R6の目標は?", channelId="webchat").reply
    mixed = route.teams.activity("message", text="R6の目標は?", channelData={"tenant": {"id": OTHER_TENANT}}).reply
    nobody = route.teams.activity(
        "message", text="R6", channelData={}, conversation={"id": "a:1", "conversationType": "personal"}
    ).reply
    assert [one.status for one in (web, mixed, nobody)] == [200, 200, 200]
    assert (route.kept, route.invoked) == ([], [])


def test_each_tenant_is_of_its_organisation(issuer: Issuer, connector: Connector) -> None:
    tenants = f"{TENANT}=県,{OTHER_TENANT}=市"
    with route_served(issuer, connector, TEAMS_ALLOWED_TENANTS=tenants) as route:
        route.teams.say("R6の目標は?")
        route.teams.say("R6の目標は?", user="stranger")
        assert [organisation for organisation, _ in route.kept] == ["県", "市"]
        # A chat of the one with somebody of the other belongs to neither.
        route.teams.activity("message", text="R6", channelData={"tenant": {"id": OTHER_TENANT}})
        assert len(route.kept) == 2


@pytest.mark.parametrize("what", _MALFORMED)
def test_malformed_activities_are_refused(what: str, route: Route, connector: Connector) -> None:
    made = message(group_chat(), "tanaka", "R6の目標は?", connector.service_url, mention=True)
    assert route.teams.deliver({**made, **_MALFORMED[what]}, personal()).reply.status == 400


@pytest.mark.parametrize("body", [b'{"type": 5}', b'{"type": NaN}', b'{"type": "message", "x": Infinity}', b'{"a": 1}'])
def test_what_is_no_activity_is_refused(body: bytes, route: Route, issuer: Issuer, connector: Connector) -> None:
    assert route.teams.post(body, issuer.bearer(connector.service_url)).status == 400


def test_only_posts_are_taken(route: Route) -> None:
    assert route.teams.post(b"", None).status == 401
    assert request(route.teams.port(), b"", {}, method="GET").status == 405


def test_the_store_is_away(route: Route) -> None:
    route.fault = OperationalError("SELECT 1", {}, OSError("away"), connection_invalidated=True)
    assert route.teams.say("R6の目標は?").reply.status == 503
    press = route.teams.invoke("adaptiveCard/action", {"action": {}, "trigger": "manual"}).reply
    assert (press.status, press.body["type"]) == (200, "application/vnd.microsoft.activity.message")
    assert "データベースにつながらない" in press.body["value"]


def test_a_fault_of_ours_is_told_with_a_number(route: Route) -> None:
    route.fault = RuntimeError("x")
    press = route.teams.invoke("adaptiveCard/action", {"action": {}, "trigger": "manual"}).reply
    assert "管理者に番号" in press.body["value"]
    search = route.teams.invoke("composeExtension/query", {}).reply
    assert search.body["composeExtension"]["type"] == "message"
    assert route.teams.invoke("message/submitAction", {}).reply.status == 200
    assert route.teams.say("R6の目標は?").reply.status == 503

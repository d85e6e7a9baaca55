"""What Slack would not send, and what people should not: refused or answered once, and nobody is harmed by it."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.slack.arrivals import (
    asking_of,
    plain,
    pressing_of,
    read_command,
    read_event,
    read_press,
    read_shortcut,
)
from data.changes import Author
from data.engine import ensure_schema, migrate, open_engine, writing
from data.events import Arrival
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from tests.data.stores import PostgresServer
from tests.slack import events
from tests.slack.elements import Json
from tests.slack.methods import parsed_texts
from tests.slack.slack import Slack
from tests.slack.standing import Standing, standing
from tests.slack.transport import signed
from tests.slack.workspace import BOT_USER, SIGNING_SECRET, Workspace
from tests.waiting import wait_for

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
# What would page or link somebody.
MARKUP = ("<!", "<@", "<#", "<http")


@pytest.fixture(scope="module")
def bot(workspace: Workspace, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """On PostgreSQL, which takes fewer characters than SQLite."""
    url = postgres.create("bad_input")
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    with standing(workspace, tmp_path_factory.mktemp("bad_input"), url) as standing_bot:
        yield standing_bot


def _status(bot: Standing, body: bytes | str, headers: dict[str, str]) -> int:
    """The status of the answer to a request, whatever its bytes."""
    connection = HTTPConnection("127.0.0.1", int(bot.bot.arguments[-1]), timeout=10)
    try:
        connection.request("POST", "/slack/events", body.encode() if isinstance(body, str) else body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _signed(body: bytes | str, content_type: str = JSON) -> dict[str, str]:
    """Signs any bytes, those that are no text, too."""
    now = str(int(time.time()))
    basis = f"v0:{now}:".encode() + (body.encode() if isinstance(body, str) else body)
    signature = hmac.new(SIGNING_SECRET.encode(), basis, hashlib.sha256).hexdigest()
    return {"Content-Type": content_type, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={signature}"}


def _send(bot: Standing, body: bytes | str, content_type: str = JSON) -> int:
    return _status(bot, body, _signed(body, content_type))


def _mention(channel: str = "C1", user: str = "U1", text: str = "コピー用紙 R6") -> Json:
    inner = events.message(channel, user, f"<@{BOT_USER}> {text}", f"{time.time():.6f}", channel_type="channel")
    return events.event({**inner, "type": "app_mention"})


def test_what_slack_has_not_signed_just_now_is_refused(bot: Standing) -> None:
    body, before, now = json.dumps(_mention()), bot.keys(), time.time()
    good = signed(body, JSON)
    unsigned = {"Content-Type": JSON}
    for headers in (
        unsigned,
        {**good, "X-Slack-Signature": ""},
        {**good, "X-Slack-Signature": "v0=é".encode().decode("latin-1")},
        {**good, "X-Slack-Request-Timestamp": ""},
        {**good, "X-Slack-Request-Timestamp": "jetzt"},
        {**good, "X-Slack-Request-Timestamp": "-1"},
        {**good, "X-Slack-Request-Timestamp": "9" * 5_000},
        signed(body, JSON, secret="another"),  # noqa: S106
        signed(body, JSON, at=now - 310),
        signed(body, JSON, at=now + 310),
        signed(f"{body} ", JSON),
    ):
        assert _status(bot, body, headers) == 401, headers
    assert _status(bot, b"\xff\xfe", good) == 401
    assert bot.keys() == before


_BODIES: list[tuple[bytes | str, str]] = [
    ("", JSON),
    ("{", JSON),
    ("[]", JSON),
    ('"x"', JSON),
    ("null", JSON),
    ("{}", JSON),
    ('{"type": 1}', JSON),
    ('{"type": "event_callback"}', JSON),
    ('{"type": "event_callback", "event": []}', JSON),
    ('{"type": "event_callback", "event": "x"}', JSON),
    (b'{"type": "x", "a": "\xff\xfe"}', JSON),
    ('{"type": "event_callback"}', FORM),
    ("payload", FORM),
    ("payload=", FORM),
    ("payload=%7B", FORM),
    ("payload=%ff", FORM),
    ("payload=[]", FORM),
    ("payload=" + quote_plus('{"type": "block_actions"}') + "&payload=no+json", FORM),
    ("{=1&command=/kpi", FORM),
    ("&&&", FORM),
    ("--x\r\nContent-Disposition: form-data; name=payload\r\n\r\n{}\r\n--x--", "multipart/form-data; boundary=x"),
]


@pytest.mark.parametrize(("body", "content_type"), _BODIES, ids=range(len(_BODIES)))
def test_what_is_no_payload_is_refused(bot: Standing, body: bytes | str, content_type: str) -> None:
    before = bot.keys()
    assert 400 <= _send(bot, body, content_type) < 500
    assert bot.keys() == before


@pytest.mark.parametrize("depth", [100, 900, 940, 960, 980, 1_000, 100_000])
def test_deep_nesting_ends_nothing(bot: Standing, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    assert _send(bot, '{"type": "event_callback", "event": {"type": "message"}, "x": ' + nested + "}") < 500
    assert _send(bot, urlencode({"payload": '{"type": "block_actions", "x": ' + nested + "}"}), FORM) < 500


def test_more_than_a_megabyte_is_too_large(bot: Standing) -> None:
    before = bot.keys()
    body = json.dumps(_mention(text="あ" * 400_000), ensure_ascii=False)
    assert _send(bot, body) == 413
    assert bot.keys() == before


_NEEDED = ["event", "event.user", "event.channel", "event.ts", "event_id", "authorizations"]
_PARTS: list[object] = [None, 7, [], {}, "\ud800"]
_WRONG: list[object] = [7, True, ["x"], {"a": 1}, "\0", "\ud800", "スペース 入り"]


@pytest.mark.parametrize("path", [*_NEEDED, "event.text", "event.thread_ts"])
def test_what_an_event_needs_is_missing_or_of_another_type(bot: Standing, path: str) -> None:
    before = bot.keys()
    is_free = path == "event.text"  # there any letters will do, or none
    for value in [value for value in _WRONG if not (is_free and isinstance(value, str))]:
        assert _send(bot, json.dumps(_changed(_mention(), path, value))) < 500, value
    assert path not in _NEEDED or _send(bot, json.dumps(_changed(_mention(), path, None))) < 500
    assert path == "authorizations" or bot.keys() == before


@pytest.mark.parametrize("name", ["channel_id", "user_id", "trigger_id", "response_url"])
def test_what_a_command_needs_is_missing_or_malformed(bot: Standing, name: str) -> None:
    before = bot.keys()
    payload = events.command("コピー用紙 R6", "C1", {"id": "U1", "name": "x"}, "http://127.0.0.1:1/x", "1.1")
    for values in ({**payload, name: ""}, {**payload, name: "\0"}, {k: v for k, v in payload.items() if k != name}):
        assert 400 <= _send(bot, urlencode(values), FORM) < 500
    assert bot.keys() == before


def _changed(payload: Json, path: str, value: object) -> Json:
    name, _, rest = path.partition(".")
    return {**payload, name: _changed(payload[name], rest, value) if rest else value}


def _paths(payload: object, depth: int = 4, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for name, part in inside:
        yield (*at, name)
        if depth:
            yield from _paths(part, depth - 1, (*at, name))


def test_interactions_with_parts_of_other_types_end_nothing(bot: Standing) -> None:
    """Presses, forms, menus, entries of menus: every part of them in turn as something else."""
    slack = bot.slack
    slack.global_shortcut("propose", "sato")
    view = slack.views()
    for base in _interactions(bot.slack, view):
        for path in _paths(base):
            for value in _PARTS:
                sent = json.loads(json.dumps(base))
                part: Any = sent
                for name in path[:-1]:
                    part = part[name]
                part[path[-1]] = value
                status = _send(bot, urlencode({"payload": json.dumps(sent)}), FORM)
                assert status < 500, (base["type"], path, value, bot.bot.text()[-2_000:])


def _interactions(slack: Slack, view: Json) -> list[Json]:
    made = partial(events.interaction, user=slack.person("sato"), trigger_id="1.1")
    channel = {"id": "C1", "name": "kpi"}
    pressed = [{"action_id": "chart", "block_id": "b", "type": "button", "value": '{"q":"x","d":"2026-01-01"}'}]
    container = {"type": "message", "message_ts": "1790000000.000100", "channel_id": "C1"}
    small = {**view, "blocks": [], "state": {"values": {"indicator": {"indicator": {"selected_option": None}}}}}
    kept = {name: small[name] for name in ("id", "type", "callback_id", "private_metadata", "state") if name in small}
    return [
        made("block_actions", container=container, channel=channel, actions=pressed, response_url="http://[::1]:1/"),
        made("view_submission", view=kept),
        made("block_suggestion", action_id="indicator", block_id="indicator", value="コピー", view=kept),
        made("shortcut", callback_id="none"),
        made("message_action", callback_id="look_up", channel=channel, message={"text": "x"}, response_url="http://x/"),
    ]


def test_a_message_full_of_broken_mentions_is_taken_in_time(bot: Standing) -> None:
    channel = bot.workspace.make_channel()
    said = bot.slack.mention(channel, "<@UA|" * 8_000)
    assert all(sent.reply.acknowledged for sent in said.sent)
    start = time.perf_counter()
    assert len(plain("<@UA|" * 8_000)) == 40_000
    assert time.perf_counter() - start < 0.5
    assert len(bot.slack.replies(said)) == 1


_QUESTIONS = [
    "<!channel> コピー用紙のR6目標は?",
    "<!here|here> <!subteam^S123|@課> コピー用紙のR6目標は?",
    "<@U12345678|田中> さん、コピー用紙のR6目標は?",
    "<#C12345678|kpi> のコピー用紙のR6目標は?",
    "<https://example.com/?a=1&amp;b=2|資料>のコピー用紙のR6目標は?",
    "&lt;!channel&gt; &lt;@U12345678&gt; コピー用紙のR6目標は? &amp;lt;",
    "あ" * 40_000,
    "コピー用紙 " * 6_000,
    "R6の目標が80%以上で" * 3_000,
    "\u202eコピー用紙\u202c の\u200fR6\u0007目標\x1b[31mは\0?",
    "\ud800コピー用紙のR6目標は?",
    '{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}]} コピー用紙 R6',
    "```コピー用紙``` *の* _R6_ ~目標~ > は?",
    ":smile: コピー用紙 @channel R6 @here",
    "' OR 1=1; DROP TABLE event; -- コピー用紙 R6",
    "٣٤٥ कॉपी 复印纸 R6",
    "(" * 5_000 + "1+1" + ")" * 5_000,
]


def test_hostile_questions_get_one_harmless_answer_each(bot: Standing) -> None:
    asked = []
    for question in _QUESTIONS:
        channel = bot.workspace.make_channel()
        payload = _mention(channel, bot.workspace.people["tanaka"], question)
        first = bot.workspace.api("chat.postMessage", channel=channel, text="あ")["ts"]
        payload["event"] |= {"ts": first, "event_ts": first}
        assert _send(bot, json.dumps(payload)) == 200, question[:80]
        asked.append((channel, payload["event_id"], question))
    for channel, _, question in asked:
        wait_for(lambda channel=channel: bot.posted(channel), 30, f"for {question[:80]}")  # type: ignore[misc]
    wait_for(lambda: all(dict(bot.events())[key] for _, key, _ in asked), 30)
    outcomes = dict(bot.events())
    for channel, key, question in asked:
        assert len(bot.posted(channel)) == 1, question[:80]
        assert outcomes[key] == "answered", question[:80]
    _check_harmless(bot)
    told = {question: bot.posted(channel)[0] for channel, _, question in asked}
    for question in (*_QUESTIONS[:5], _QUESTIONS[9], _QUESTIONS[10]):
        assert told[question].startswith("20万枚"), (question, told[question])


def _check_harmless(bot: Standing) -> None:
    """Nothing that was posted mentions or links anybody, and Slack has taken each at once."""
    sent = [call.params for call in bot.gateway.calls if call.method.startswith(("chat.", "views."))]
    sent += [response.body for response in bot.gateway.responses]
    assert sent
    for params in sent:
        assert not [text for text in parsed_texts(params) if any(mark in text for mark in MARKUP)]
        assert "link_names" not in params
        assert params.get("parse", "none") == "none"
    assert [(call.method, call.answer) for call in bot.gateway.refused if "invalid" in call.error] == []
    assert [response.faults for response in bot.gateway.responses if response.faults] == []


_LONG = "長い名前の" * 600
_NAMES = [
    "<!channel> を呼ぶ件数",
    "<@U12345678> *太字* _斜体_ ~消~ `符号` の件数",
    '{"type":"mrkdwn","text":"<!here>"} の件数 &lt;!here&gt;',
    f"{_LONG}件数",
]


@pytest.fixture(scope="module")
def hostile(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A bot on a plan whose names, areas and remarks are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    engine = open_engine(url := f"sqlite:///{folder / 'plan.db'}")
    ensure_schema(engine)
    rows = [["分野", "指標名", "基準値", "R4", "R5", "R6", "R7"]]
    rows += [[f"<!everyone> {at % 2}", name, str(at), "10", "20", "30", "40"] for at, name in enumerate(_NAMES)]
    rows += [["くらし", f"<!channel> その{at}の数", "1", "2", "3", "4", "5"] for at in range(12)]
    author = Author("<@U12345678>", NOW, "<!channel>.csv")
    with writing(engine) as connection:
        plan = read_plan_grids([Grid("", rows)])
        store_plan(connection, "default", plan, Details(title="<!channel> 計画"), author)
        results = [ResultRow(2, _NAMES[0], "", "R5", "19", "<!here> " * 30)]
        store_results(connection, "default", results, author)
    engine.dispose()
    with standing(workspace, folder, url) as standing_bot:
        yield standing_bot


def test_hostile_names_stay_harmless(hostile: Standing) -> None:
    slack, channel = hostile.slack, hostile.workspace.make_channel()
    questions = [
        "チャンネルを呼ぶ件数 R5は?",
        "<!channel> を呼ぶ件数のR5の実績は?".replace("<!channel>", "&lt;!channel&gt;"),
        "太字の件数 R6",
        f"{_LONG[:200]}件数のR7は?",
        "その3の数 R6",
        "指標の一覧",
        "R7の目標が大きい順に全部",
        "R5の達成状況は?",
    ]
    first = None
    for question in questions:
        said = slack.say(hostile.workspace.make_channel(), question, mention=True)
        (answer,) = slack.replies(said)
        buttons = [one for block in answer["blocks"] if block["type"] == "actions" for one in block["elements"]]
        for one in buttons:
            slack.press(said.channel, answer, one["action_id"])
        first = first or answer
        _, url = slack.command(question, channel)
        (private,) = wait_for(partial(hostile.gateway.responses_to, url), 10)
        assert private.body["text"]
    assert first is not None
    slack.message_shortcut("look_up", channel, {"text": questions[0], "ts": first["ts"]})
    slack.open_home()
    home = wait_for(lambda: slack.home(), 10)
    slack.global_shortcut("propose", "sato")
    assert slack.suggest("indicator", "件数", "sato", slack.views())
    slack.global_shortcut("subscribe", "sato")
    slack.views(number=2)
    wait_for(lambda: all(outcome for _, outcome in hostile.events()), 40)
    assert {outcome for _, outcome in hostile.events()} == {"answered"}
    assert "件数" in json.dumps(home, ensure_ascii=False)
    _check_harmless(hostile)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _some(value: object) -> st.SearchStrategy[object]:
    """Mostly what Slack sends, else anything."""
    return st.one_of(st.just(value), st.just(value), st.just(value), _ANY)


def _object(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[Any]:
    return st.one_of(st.fixed_dictionaries({}, optional=parts), st.fixed_dictionaries(parts), _ANY)


_TEXT = st.text(max_size=30) | st.sampled_from(["<@U0000SHIRU> コピー用紙", "<!channel>", "&lt;", "\0", "\ud800"])
_STAMP = _some("1790000000.000100")
_INNER = _object(
    type=st.sampled_from(["message", "app_mention", "app_home_opened"]) | _ANY,
    user=_some("U1"),
    channel=_some("C1"),
    text=_TEXT | _ANY,
    ts=_STAMP,
    thread_ts=_STAMP,
    tab=_some("home"),
    channel_type=_some("im"),
    subtype=_some(None),
)
_PERSON, _CHANNEL = _object(id=_some("U1")), _object(id=_some("C1"))
_CONTAINER = _object(channel_id=_some("C1"), message_ts=_STAMP, thread_ts=_STAMP, is_ephemeral=st.booleans() | _ANY)
_ACTIONS = st.lists(_object(action_id=_some("chart"), value=_TEXT | _ANY), max_size=2) | _ANY
_EVENT = _object(event_id=_some("Ev1"), event=_INNER)
_COMMAND = _object(
    channel_id=_some("C1"),
    user_id=_some("U1"),
    trigger_id=_some("1.1"),
    response_url=_some("http://x/"),
    text=_TEXT | _ANY,
)
_INTERACTION = _object(
    channel=_CHANNEL,
    user=_PERSON,
    trigger_id=_some("1.1"),
    response_url=_some("http://x/"),
    message=_object(text=_TEXT | _ANY, ts=_STAMP),
    container=_CONTAINER,
    actions=_ACTIONS,
)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck), database=None)
@given(event=_EVENT, command=_COMMAND, interaction=_INTERACTION)
def test_readers_give_a_whole_arrival_or_none(event: Any, command: Any, interaction: Any) -> None:
    readers: list[Callable[[], Arrival | None]] = [
        lambda: read_event(event, BOT_USER),
        lambda: read_command(command, NOW),
        lambda: read_shortcut(interaction, NOW),
        lambda: read_press(interaction, NOW),
    ]
    for read in readers:
        try:
            arrival = read()
        except (KeyError, TypeError, IndexError, AttributeError):
            continue
        if arrival is not None:
            _check_whole(arrival)


def _check_whole(arrival: Arrival) -> None:
    last = arrival.key.rpartition("command:")[2].rpartition("shortcut:")[2].rpartition("press:")[2]
    assert last.strip(":")
    assert arrival.lane
    assert arrival.person.removeprefix("slack:")
    stored = json.dumps(dict(arrival.body), ensure_ascii=False)
    stored.encode()
    assert "\0" not in stored
    assert "\\u0000" not in stored
    body = json.loads(stored)
    if arrival.kind == "question":
        assert asking_of(body).day
    elif arrival.kind == "press":
        assert pressing_of(body).action


def test_reading_gives_something_for_what_slack_sends() -> None:
    """The properties above are of something: the readers take what is well formed."""
    inner = events.message("C1", "U1", "x", "1790000000.000100", channel_type="im")
    assert read_event(events.event(inner), BOT_USER)
    assert read_command(events.command("x", "C1", {"id": "U1", "name": "x"}, "http://x/", "1.1"), NOW).key

"""One answer to each question, whatever Teams, the network, the store or the process does in between."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from bot.channels.teams.arrivals import CHANNEL
from bot.channels.teams.messages import Forms
from bot.channels.teams.posting import BUSY
from bot.channels.teams.running import POST
from data.engine import migrate, open_engine
from data.events import Arrival, keep_event
from data.references import read_references
from tests.data.stores import PostgresServer
from tests.faults import Fault
from tests.slack.proxy import Proxy
from tests.teams import activities
from tests.teams.activities import PEOPLE, Place, channel, group_chat, personal
from tests.teams.elements import Json
from tests.teams.limits import cards
from tests.teams.process import Bot
from tests.teams.rendered import check_card, has_markup
from tests.teams.standing import CARD, Standing, key_of, standing
from tests.teams.teams import Sent, Teams
from tests.waiting import wait_for

QUESTION, ANSWER = "コピー用紙のR6目標は?", "20万枚"
NEXT_YEAR, NEXT_ANSWER = "コピー用紙のR7目標は?", "12万枚"
BEFORE, BEFORE_ANSWER = "その前の年は?", "32万枚"

_AWAY = "データベースにつながらないため"
_numbers = count(1)


def _migrated(postgres: PostgresServer, name: str) -> str:
    engine = open_engine(url := postgres.create(name))
    migrate(engine)
    engine.dispose()
    return url


@dataclass(frozen=True, slots=True)
class Left:
    """What a bot had taken up when it was killed: in a thread the text of an answer had been put in its place, of
    another answer the card was there, of a third the line before it, and of a fourth question nothing was to be seen.
    """

    thread: Place
    carded: Sent
    begun: Sent
    kept: Sent

    @property
    def places(self) -> list[Place]:
        return [self.thread, self.carded.place, self.begun.place, self.kept.place]


@dataclass(frozen=True, slots=True)
class Stage:
    """Two processes on one PostgreSQL, for the first of which it can be shut off; and one alone on SQLite.

    What the first and the one alone had taken up when they were killed, and what their store was not told of, waits for
    its claims to lapse while other tests run.
    """

    standing: Standing
    proxy: Proxy
    other: Bot
    alone: Bot
    alone_engine: sa.Engine
    left: Left
    left_alone: Left
    unnoted: Sent


@pytest.fixture(scope="module")
def stage(postgres: PostgresServer, file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder, door = tmp_path_factory.mktemp("resilience"), Path(tempfile.mkdtemp(prefix="shirube-"))  # a socket's: short
    url, file = _migrated(postgres, "teams_resilience"), f"sqlite:///{shutil.copy(file_with_plan, folder / 'plan.db')}"
    proxy = Proxy(door, url)
    proxy.open()
    with standing(folder, proxy.url) as own:
        alone = own.start(database=file)
        unnoted = _unnoted(own, proxy)
        left, left_alone = (_kill_at_work(own, bot) for bot in (own.bot, alone))
        waiting = [unnoted.place, *(place for one in (left, left_alone) for place in one.places)]
        own.connector.spared |= {
            place.id for place in waiting
        }  # what goes wrong is meant for what is asked from here on
        with ThreadPoolExecutor(1) as pool:
            starting = pool.submit(own.start, database=url)
            own.bot.restart()
        engine = open_engine(file)
        yield Stage(own, proxy, starting.result(), alone, engine, left, left_alone, unnoted)
        engine.dispose()
    proxy.shut()
    shutil.rmtree(door)


def _kill_at_work(own: Standing, bot: Bot) -> Left:
    thread = channel()
    own.answer(bot.teams.say(NEXT_YEAR, thread))
    put = own.connector.hold("update")  # the answer is there, the bot does not know it
    bot.teams.say(BEFORE, thread)
    assert put.reached.wait(10)
    line, card = own.connector.hold("reply"), own.connector.hold("reply")  # the card is there, the bot does not know it
    carded = bot.teams.say(QUESTION, group_chat())
    assert line.reached.wait(10)
    line.release.set()
    assert card.reached.wait(10)
    posted = own.connector.hold("reply")  # the line is there, the bot does not know it
    begun = bot.teams.say(QUESTION, group_chat())
    assert posted.reached.wait(10)
    typing = own.connector.hold("send")  # kept, nothing is there yet
    kept = bot.teams.say(QUESTION, group_chat(), "suzuki")
    assert typing.reached.wait(10)
    bot.kill()
    for hold in (put, card, posted, typing):
        hold.release.set()
    return Left(thread, carded, begun, kept)


def _unnoted(own: Standing, proxy: Proxy) -> Sent:
    put = own.connector.hold("update")
    said = own.teams.say(NEXT_YEAR, group_chat())
    assert put.reached.wait(10)
    proxy.shut()
    put.release.set()
    wait_for(lambda: '"ended": "left"' in own.bot.text())
    proxy.open()
    return said


@pytest.fixture(scope="module")
def bot(stage: Stage) -> Standing:
    return stage.standing


@pytest.fixture(scope="module")
def other(stage: Stage) -> Bot:
    """A second process on the same store."""
    return stage.other


def test_one_answer_however_often_and_to_whomever_an_activity_is_delivered(bot: Standing, other: Bot) -> None:
    said = bot.teams.say(QUESTION, place := group_chat())
    with ThreadPoolExecutor(8) as pool:
        again = [pool.submit(teams.redeliver, said) for teams in (bot.teams, other.teams) * 3]
    assert all(one.result().reply.acknowledged for one in again)
    bot.answer(said)
    assert bot.settled({key_of(said)}) == ["answered"]
    assert other.teams.redeliver(said).reply.acknowledged
    fresh = activities.message(place, "suzuki", NEXT_YEAR, bot.connector.service_url, mention=True)
    with ThreadPoolExecutor(2) as pool:  # one that neither has seen, to both at the same moment
        both = list(pool.map(lambda teams: teams.deliver(fresh, place), (bot.teams, other.teams)))
    assert [one.reply.status for one in both] == [200, 200]
    assert bot.settled({key_of(both[0])}) == ["answered"]
    assert [text[:4] for text in bot.shown(place)] == [ANSWER, CARD, NEXT_ANSWER, CARD]
    assert [call.kind for call in bot.calls(place)] == ["reply", "update", "reply"] * 2


def test_what_nobody_asked_is_left_alone(bot: Standing) -> None:
    said = bot.teams.say(QUESTION, place := group_chat())
    answer, before = bot.answer(said), bot.settled({key_of(said)}) and bot.outcomes()
    url = bot.connector.service_url
    unmentioned = activities.message(place, "tanaka", QUESTION, url, mention=False)
    sent = [
        bot.teams.deliver(unmentioned, place),
        bot.teams.deliver({**unmentioned, "id": activities.new_id(), "from": activities.BOT}, place),
        bot.teams.edit(said, NEXT_YEAR),
        bot.teams.react(answer, place),
        bot.teams.activity("messageDelete", place, text=QUESTION),
        bot.teams.activity("typing", place),
        bot.teams.activity("endOfConversation", place),
        bot.teams.activity("trace", place, text=QUESTION),
        bot.teams.activity("event", place, name="application/vnd.microsoft.meetingStart", value={}),
        bot.teams.activity("conversationUpdate", place, membersAdded=[PEOPLE["sato"].account]),
        bot.teams.activity("madeUpByTeamsNextYear", place, text=QUESTION),
    ]
    assert [one.reply.status for one in sent] == [200] * len(sent)
    assert bot.outcomes() == before
    assert [text[:4] for text in bot.shown(place)] == [ANSWER, CARD]


@pytest.mark.parametrize("place", [personal(), group_chat(), channel()], ids=["personal", "group", "channel"])
def test_dots_are_shown_where_teams_shows_them(bot: Standing, place: Place) -> None:
    before = len(bot.connector.typings(place.id))
    assert bot.ask(QUESTION, place)["text"].startswith(ANSWER)
    assert len(bot.connector.typings(place.id)) - before == (place.scope != "channel")


def test_tried_again_when_teams_says_and_not_doubled(bot: Standing) -> None:
    statuses = (412, 429, 502, 504)
    for status in statuses:
        bot.connector.refuse("reply", status, retry_after=2)
        bot.connector.refuse("update", status, retry_after=1)
    places = [group_chat() for _ in statuses]
    said = [bot.teams.say(QUESTION, place) for place in places]
    assert [bot.answer(one, 20)["text"][:4] for one in said] == [ANSWER] * 4
    assert bot.settled({key_of(one) for one in said}) == ["answered"] * 4
    refused = []
    for place in places:
        assert [text[:4] for text in bot.shown(place)] == [ANSWER, CARD]
        for kind, seconds, carried_out in (("reply", 2, 2), ("update", 1, 1)):
            calls = bot.calls(place, kind)
            refused += [call.status for call in calls if not call.ok]
            assert sum(call.ok for call in calls) == carried_out
            assert all(later.at - one.at >= seconds for one, later in pairwise(calls) if not one.ok)
    assert sorted(refused) == sorted(statuses * 2)


def test_teams_fails_and_the_answer_is_not_doubled(bot: Standing) -> None:
    """At most a line or a card is left, where its id was lost on the way."""
    faults = [
        Fault("ServiceError", 500),
        Fault("ServiceError", 503),
        Fault(cut=True),
        Fault("ServiceError", 500, after=True),
        Fault(cut=True, after=True),
    ]
    for fault in faults:
        bot.connector.fail("reply", fault)
        bot.connector.fail("update", fault)
    places = [group_chat() for _ in faults]
    with ThreadPoolExecutor(5) as pool:
        said = list(pool.map(lambda place: bot.teams.say(QUESTION, place), places))
    assert set(bot.settled({key_of(one) for one in said}, 30)) == {"answered"}
    seen = [[text[:4] for text in bot.shown(place)] for place in places]
    assert all(one.count(ANSWER) == 1 and set(one) - {BUSY[:4]} == {ANSWER, CARD} for one in seen), seen
    assert sum(len(one) for one in seen) == 2 * len(faults) + 2  # of two posts the id was lost
    assert len([call for place in places for call in bot.calls(place) if not call.ok]) == 2 * len(faults)


def test_questions_at_once_while_teams_hangs_elsewhere(bot: Standing, other: Bot) -> None:
    hold = bot.connector.hold("update")
    stuck = bot.teams.say(QUESTION, group_chat())
    assert hold.reached.wait(10)
    place = group_chat()
    questions = [f"コピー用紙のR{4 + number % 4}目標は?" for number in range(8)]
    said = [
        (bot.teams if number % 2 else other.teams).say(question, place) for number, question in enumerate(questions)
    ]
    assert bot.settled({key_of(one) for one in said}) == ["answered"] * 8
    assert [text.partition("枚")[0] for text in bot.shown(place)[::2]] == ["40万", "32万", "20万", "12万"] * 2
    assert [call.activity for call in bot.calls(place, "reply")[::2]] == [one.activity["id"] for one in said]
    assert bot.shown(place)[1::2] == [CARD] * 8
    # The call that hangs has timed out by now, or will: it had been carried out, and is done again in the same place.
    assert bot.settled({key_of(stuck)}) == ["answered"]
    assert [text[:4] for text in bot.shown(stuck.place)] == [ANSWER, CARD]
    assert [call.kind for call in bot.calls(stuck.place)] == ["reply", "update", "update", "reply"]
    assert bot.connector.too_fast == []
    hold.release.set()


def test_a_refused_token_is_no_refusal_of_the_answer(bot: Standing) -> None:
    bot.connector.refuse("reply", 401, 2)
    said = bot.teams.say(QUESTION, group_chat())
    assert bot.answer(said)["text"].startswith(ANSWER)
    assert bot.settled({key_of(said)}) == ["answered"]
    assert [call.status for call in bot.calls(said.place)] == [401, 401, 201, 200, 201]


def test_a_refused_card_leaves_its_words(bot: Standing) -> None:
    bot.connector.refuse_cards = True
    try:
        said = bot.teams.say("伸び率の高い順に12", group_chat())
        assert bot.settled({key_of(said)}) == ["answered"]
    finally:
        bot.connector.refuse_cards = False
    (answer,) = bot.connector.messages(said.place.id)
    assert cards(answer) == []
    assert answer["textFormat"] == "plain"
    assert "1,333.3%" in answer["text"]
    assert "出典" in answer["text"]


def test_an_answer_that_teams_refuses_in_every_form_leaves_no_promise(bot: Standing) -> None:
    bot.connector.fail("update", Fault("BadSyntax", 400), 2)
    said = bot.teams.say(QUESTION, group_chat())
    (told,) = wait_for(lambda: [text for text in bot.shown(said.place) if text != BUSY], 10)
    assert "管理者に番号" in told
    assert key_of(said) in told
    assert bot.settled({key_of(said)}) == ["failed"]
    lines = [line for line in _log(bot).splitlines() if key_of(said) in line]
    assert any("BadSyntax" in line for line in lines)
    assert bot.ask(QUESTION, said.place)["text"].startswith(ANSWER)


def _log(bot: Standing) -> str:
    """All that the bots of this store have written."""
    return "".join(path.read_text() for path in sorted(bot.bot.log.parent.glob("*.log")))


@pytest.mark.parametrize("status", [403, 404])
def test_a_conversation_that_is_gone_while_it_is_answered(bot: Standing, status: int) -> None:
    place = group_chat()
    bot.connector.gone[place.id] = status
    said = bot.teams.say(QUESTION, place)
    assert bot.settled({key_of(said)}) == ["failed"]
    del bot.connector.gone[place.id]
    assert bot.ask(NEXT_YEAR, place)["text"].startswith(NEXT_ANSWER)


def _references(bot: Standing) -> set[str]:
    with bot.engine.connect() as connection:
        return {one.conversation for one in read_references(connection, "default", CHANNEL)}


def _post(bot: Standing, recipient: str) -> str:
    """A message of its own, as digests make it; gives the event's key."""
    key, text = f"digest:{next(_numbers)}", {"type": "message", "text": "お知らせ", "textFormat": "plain"}
    body = {"recipient": recipient, "forms": asdict(Forms(text, None, text, "お知らせ"))}
    assert keep_event(bot.engine, "default", Arrival(CHANNEL, key, recipient, POST, body), datetime.now(UTC))
    return key


@pytest.mark.parametrize(("status", "scope"), [(403, "personal"), (404, "channel")])
def test_where_the_bot_may_not_speak_any_more_nothing_is_sent_again(bot: Standing, status: int, scope: str) -> None:
    installed = channel() if scope == "channel" else personal("sato")
    place = installed if scope == "personal" else Place("channel", installed.channel, team=installed.team)
    recipient = PEOPLE["sato"].aad if scope == "personal" else place.id
    bot.teams.install(installed, "sato")
    wait_for(lambda: place.id in _references(bot))
    assert bot.settled({_post(bot, recipient)}) == ["answered"]
    assert bot.shown(place) == ["お知らせ"]
    calls = len(bot.calls(place))
    bot.connector.gone[place.id] = status
    assert bot.settled({_post(bot, recipient)}) == ["failed"]
    assert place.id not in _references(bot)
    assert bot.settled({_post(bot, recipient)}) == ["failed"]
    assert len(bot.calls(place)) == calls + 1
    del bot.connector.gone[place.id]
    bot.ask(QUESTION, installed, "sato")  # who speaks to the bot again is spoken to again
    assert bot.settled({_post(bot, recipient)}) == ["answered"]
    assert bot.shown(place)[-1] == "お知らせ"


_DATA: Json = {"act": "years", "q": QUESTION, "d": "2024-11-20"}
_EXECUTE: Json = {"type": "Action.Execute", "verb": "years", "title": "他の年度"}
_HARMLESS: dict[str, tuple[str, object]] = {
    "unknown": ("something/new", {"x": 1}),
    "unknown with a list": ("something/new", [1]),
    "unknown with a text": ("something/new", "x"),
    "refresh": ("adaptiveCard/action", {"action": {**_EXECUTE, "data": _DATA}, "trigger": "automatic"}),
    "no action": ("adaptiveCard/action", {}),
    "no value": ("adaptiveCard/action", None),
    "a list": ("adaptiveCard/action", [_EXECUTE]),
    "action without data": ("adaptiveCard/action", {"action": _EXECUTE, "trigger": "manual"}),
    "action as a text": ("adaptiveCard/action", {"action": "years", "trigger": "manual"}),
    "foreign verb": ("adaptiveCard/action", {"action": {**_EXECUTE, "verb": "drop", "data": _DATA}}),
    "foreign data": ("adaptiveCard/action", {"action": {**_EXECUTE, "data": {"act": "years", "q": 5, "d": {}}}}),
    "data of another bot": ("adaptiveCard/action", {"action": {**_EXECUTE, "data": {"id": "a", "x": [None]}}}),
    "no such indicator": (
        "adaptiveCard/action",
        {"action": {**_EXECUTE, "data": {**_DATA, "p": "indicator:999999999999999999"}}, "trigger": "manual"},
    ),
    "far future": ("adaptiveCard/action", {"action": {**_EXECUTE, "data": {**_DATA, "d": "2199-12-31"}}}),
    "vote of nothing": ("message/submitAction", {"actionName": "feedback"}),
    "vote as a text": ("message/submitAction", {"actionName": "feedback", "actionValue": "like"}),
    "vote as a list": ("message/submitAction", ["feedback"]),
    "odd reaction": ("message/submitAction", {"actionName": "feedback", "actionValue": {"reaction": ["like"]}}),
    "other action": ("message/submitAction", {"actionName": "share", "actionValue": {"reaction": "like"}}),
    "search without anything": ("composeExtension/query", {}),
    "search with a text": ("composeExtension/query", "コピー用紙"),
    "parameters as a text": ("composeExtension/query", {"commandId": "search", "parameters": "コピー用紙"}),
    "odd parameters": ("composeExtension/query", {"parameters": [5, None, {}, {"name": "query"}, {"name": 5}]}),
    "query of an object": ("composeExtension/query", {"parameters": [{"name": "query", "value": {"a": ["<b>"]}}]}),
    "long query": ("composeExtension/query", {"parameters": [{"name": "query", "value": "あ" * 20_000}]}),
    "odd paging": (
        "composeExtension/query",
        {"parameters": [{"name": "query", "value": "アプリ"}], "queryOptions": {"skip": -5, "count": "x"}},
    ),
    "unknown command": (
        "composeExtension/query",
        {"commandId": "../x", "parameters": [{"name": "query", "value": "\u202eコピー\x00用紙"}]},
    ),
    "item": ("composeExtension/selectItem", {"id": 5}),
    "link": ("composeExtension/queryLink", {"url": "https://example.com/"}),
    "submitted": ("composeExtension/submitAction", {"commandId": "x", "data": None}),
    "file": ("fileConsent/invoke", {"type": "fileUpload", "action": "accept", "context": {}, "uploadInfo": {}}),
    "task": ("task/fetch", {"data": {"type": "task/fetch"}, "context": {"theme": "default"}}),
    "task submitted": ("task/submit", {"data": {}}),
    "tab": ("tab/fetch", {"tabContext": {"tabEntityId": "x"}}),
    "sign in": ("signin/verifyState", {"state": "123456"}),
    "token": ("signin/tokenExchange", {"id": "1", "connectionName": "x", "token": "y"}),
    "failed sign in": ("signin/failure", {"code": "resourcematchfailed", "message": "x"}),
}


def test_odd_invokes_are_answered_and_change_nothing(bot: Standing) -> None:
    def kept() -> list[int]:
        tables = ("vote", "event", "unanswered", "conversation", "conversation_reference")
        with bot.engine.connect() as connection:
            return [connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]

    before, place, calls = kept(), group_chat(), len(bot.connector.calls)
    answers: dict[str, Json] = {}
    for what, (name, value) in _HARMLESS.items():
        sent = bot.teams.invoke(name, value, place, "sato", replyToId="1")
        assert sent.reply.status == 200, (what, sent.reply)
        assert sent.reply.seconds < 5, what
        answers[what] = sent.reply.body
    for what, answer in answers.items():
        if what.startswith(("action ", "foreign ", "data ", "no action")):
            assert "もう使えません" in answer["value"], what
    assert "20万枚" in json.dumps(answers["refresh"]["value"], ensure_ascii=False)
    assert answers["odd paging"]["composeExtension"]["type"] == "result"
    shown = json.dumps(answers["query of an object"], ensure_ascii=False)
    assert not has_markup(shown.replace("://", "")), shown
    nobody = activities.invoke("something/new", {}, place, "sato", bot.connector.service_url, **{"from": {}})
    assert bot.teams.deliver(nobody, place).reply.status == 200
    assert kept() == before
    assert len(bot.connector.calls) == calls


def _start_again(bot: Bot) -> None:
    if bot.process.poll() is not None:
        bot.restart()


def test_the_loop_goes_on_while_keys_are_fetched_slowly(bot: Standing, stage: Stage) -> None:
    """In a process that has just been started and knows no keys."""
    if stage.alone.process.poll() is None:
        stage.alone.kill()
    bot.issuer.keys_delay, fetched = 2.0, len(bot.issuer.key_requests)
    try:
        stage.alone.restart()
        teams = stage.alone.teams
        with ThreadPoolExecutor(8) as pool, httpx.Client(trust_env=False) as client:
            waiting = [pool.submit(teams.activity, "trace") for _ in range(8)]
            wait_for(lambda: len(bot.issuer.key_requests) > fetched)
            longest, tried, end = 0.0, 0, time.monotonic() + 1.5
            while time.monotonic() < end:
                start = time.monotonic()
                reply = client.post(f"http://127.0.0.1:{teams.port()}/api/messages", content=b"{}")
                longest, tried = max(longest, time.monotonic() - start), tried + 1
                assert reply.status_code == 401
            assert not any(one.done() for one in waiting)  # all this time they waited for keys
            assert tried > 5
            assert longest < 0.3
            assert {one.result().reply.status for one in waiting} == {200}
    finally:
        bot.issuer.keys_delay = 0.0


_HOSTILE = [
    f"<at>全員</at> @channel {QUESTION}",
    f"</at><at id=\"0\">{QUESTION}</at><script>alert('x')</script>",
    "[ここ](https://example.com/) https://example.com/ www.example.com javascript://x <https://example.com|y>",
    "&lt;at&gt;全員&lt;/at&gt; &#60;b&#62; &amp;lt;",
    "{{DATE(2017-02-14T06:00:00Z, SHORT)}} {{TIME(2017-02-14T06:00:00Z)}} ${コピー用紙}",
    '{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"**x**"}]}',
    '[{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}]',
    "\u202e枚万20は標目のR6\u202c\u200f\u2066",
    "\x07\x1b[31m\x00コピー\u200b用紙\ufeffのR6目標は?\x7f",
    "# 見出し\n- 一\n> 引用\n```\n**太字** _斜体_ ~~取消~~",
    "あ" * 40_000,
    f"{QUESTION} " * 2_600,
    "<" * 40_000,
    "か\u3099" * 10_000,
    "𩸽" * 5_000,
    "'; DROP TABLE event; --",
    "",
    "\n\n\t",
]


def test_hostile_questions_get_one_harmless_answer(bot: Standing) -> None:
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda text: bot.teams.say(text, group_chat()), _HOSTILE))
    made = activities.message(place := group_chat(), "tanaka", "\ud800コピー用紙のR6", "", mention=True)
    made["serviceUrl"] = url = bot.connector.service_url
    assert bot.teams.post(json.dumps(made), bot.issuer.bearer(url)).status == 200
    said.append(Sent(made, place, said[0].reply, 0))
    assert [one.reply.status for one in said] == [200] * len(said)
    assert set(bot.settled({key_of(one) for one in said}, 30)) == {"answered"}
    for one in said:
        above, below = bot.connector.messages(one.place.id)
        _check(above)
        _check_card(below)
    assert [bot.shown(said[number].place)[0][:4] for number in (0, 8, -1)] == [ANSWER] * 3


def _check(above: Json) -> None:
    """A text that mentions nobody and in which nothing is read as markup; Teams takes it (the connector looks)."""
    assert above["textFormat"] == "plain"
    assert not has_markup(above["text"])
    assert {entity["type"] for entity in above.get("entities", [])} <= {"https://schema.org/Message"}


def _check_card(below: Json) -> None:
    assert not has_markup(below["summary"])
    (card,) = cards(below)
    check_card(card)


def test_the_store_is_away_for_a_while(bot: Standing, stage: Stage) -> None:
    teams = bot.teams
    before = bot.answer(teams.say(QUESTION, place := group_chat()))
    stage.proxy.shut()
    try:
        asked_at = time.monotonic()
        said = teams.say(QUESTION, personal("suzuki"), "suzuki")
        assert said.reply.status == 503  # so that Teams delivers it again, perhaps to another process
        apology = wait_for(lambda: teams.replies(said), 10)[0]["text"]
        assert apology.startswith(_AWAY)
        assert key_of(said) in apology
        assert teams.redeliver(said).reply.status == 503
        again = teams.say(QUESTION, group_chat())
        assert again.reply.status == 503
        wait_for(lambda: bot.shown(again.place), 10)
        assert stage.other.teams.redeliver(again).reply.status == 200
        pressed = teams.press(before, "他の年度", place)
        assert pressed.text.startswith(_AWAY)
        invokes: dict[str, object] = {
            "composeExtension/query": activities.search("コピー用紙", "search"),
            "message/submitAction": activities.feedback("like"),
            "task/fetch": {},
            "something/new": {},
        }
        replies = {name: teams.invoke(name, value, place, replyToId="1").reply for name, value in invokes.items()}
        wait_for(lambda: time.monotonic() - asked_at > 2.5)  # the apology is not repeated while it lasts
        assert len(teams.replies(said)) == 1
    finally:
        stage.proxy.open()
    assert [reply.status for reply in replies.values()] == [200] * 4
    assert all(reply.seconds < 5 for reply in replies.values())
    found = replies["composeExtension/query"].body["composeExtension"]
    assert (found["type"], found["text"][: len(_AWAY)]) == ("message", _AWAY)
    lines = [json.loads(line) for line in bot.bot.text().splitlines() if key_of(said) in line]
    assert any(line["message"] == "the store is away" and line["event"] == key_of(said) for line in lines)
    assert bot.settled({key_of(said), key_of(again)}) == ["answered"] * 2
    for one in (said, again):
        assert teams.redeliver(one).reply.status == 200
        assert [text.get("text", CARD)[:4] for text in teams.replies(one)] == [_AWAY[:4], ANSWER, CARD]
    after = bot.answer(teams.say(BEFORE, again.place))
    assert after["text"].startswith(BEFORE_ANSWER)


def test_an_answer_that_the_store_was_not_told_of_is_not_doubled(bot: Standing, stage: Stage) -> None:
    """When the claim has lapsed the same answer is put into the same place, and the thread is remembered."""
    place = stage.unnoted.place
    on = bot.teams.say(BEFORE, place)
    assert bot.answer(on, 25)["text"].startswith(ANSWER)
    # The id of the first card was lost.
    assert [text[:4] for text in bot.shown(place)] == [NEXT_ANSWER, CARD, CARD, ANSWER, CARD]
    assert bot.teams.redeliver(stage.unnoted).reply.status == 200
    assert bot.teams.redeliver(on).reply.status == 200
    assert bot.answer(bot.teams.say("じゃあR7は?", place))["text"].startswith(NEXT_ANSWER)
    assert len(bot.shown(place)) == 7


def test_killed_before_and_after_teams_took_the_answer(bot: Standing, stage: Stage) -> None:
    """On PostgreSQL another process takes over; on SQLite the process is started again."""

    def check(teams: Teams, left: Left) -> None:
        started, on = time.monotonic(), teams.say(BEFORE, left.thread)
        for sent in (left.kept, left.begun, left.carded):
            assert bot.answer(sent, 30 - (time.monotonic() - started))["text"].startswith(ANSWER)
        assert [text[:4] for text in bot.shown(left.kept.place)] == [ANSWER, CARD]
        # The id of that line, and of this card, was lost with the process.
        assert [text[:4] for text in bot.shown(left.begun.place)] == [BUSY[:4], ANSWER, CARD]
        wait_for(lambda: [text[:4] for text in bot.shown(left.carded.place)] == [ANSWER, CARD, CARD], 15)
        assert bot.answer(on, 15)["text"].startswith(BEFORE_ANSWER)
        seen = [text[:4] for text in bot.shown(left.thread)]
        assert seen == [NEXT_ANSWER, CARD, ANSWER, CARD, BEFORE_ANSWER, CARD]
        more = teams.say("じゃあR7は?", left.thread)
        assert bot.answer(more)["text"].startswith(NEXT_ANSWER)
        assert bot.answer(teams.say(BEFORE, left.begun.place))["text"].startswith(BEFORE_ANSWER)

    _start_again(stage.alone)
    with ThreadPoolExecutor(2) as pool:
        for one in [
            pool.submit(check, stage.alone.teams, stage.left_alone),
            pool.submit(check, stage.other.teams, stage.left),
        ]:
            one.result()


def test_asked_to_end_it_finishes_what_it_has_begun(bot: Standing, stage: Stage) -> None:
    alone = stage.alone
    hold = bot.connector.hold("update")
    said = alone.teams.say(QUESTION, group_chat())
    assert hold.reached.wait(10)
    alone.process.terminate()
    start = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        alone.process.wait(0.5)
    hold.release.set()
    assert alone.process.wait(15) == 0
    assert time.monotonic() - start < 10
    with stage.alone_engine.connect() as connection:
        ended = sa.text("SELECT outcome FROM event WHERE key = :key")
        assert connection.execute(ended, {"key": key_of(said)}).scalar_one() == "answered"
    assert [text[:4] for text in bot.shown(said.place)] == [ANSWER, CARD]
    assert alone.teams.say(QUESTION, group_chat()).reply.status == 0
    assert "Traceback" not in alone.text()

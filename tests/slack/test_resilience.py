"""One answer to each question, whatever Slack, the network, the store or the process does in between."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.channels.slack.posting import wait_of
from data.engine import migrate, open_engine
from tests.data.stores import PostgresServer
from tests.faults import Fault
from tests.slack import events
from tests.slack.calls import Call
from tests.slack.elements import Json
from tests.slack.gateway import Gateway
from tests.slack.process import Bot, StartBot
from tests.slack.proxy import Proxy
from tests.slack.slack import Said, Sent
from tests.slack.standing import Standing, standing
from tests.slack.workspace import BOT_USER, OTHER_TEAM, Workspace
from tests.waiting import wait_for

QUESTION = "コピー用紙のR6目標は?"
ANSWER = "20万枚"


def _migrated(postgres: PostgresServer, name: str) -> str:
    engine = open_engine(url := postgres.create(name))
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def bot(workspace: Workspace, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("resilience")
    with standing(workspace, folder, _migrated(postgres, "resilience")) as standing_bot:
        yield standing_bot


@pytest.fixture(scope="module")
def other(bot: Standing) -> Bot:
    """A second process on the same store."""
    return bot.start()


@pytest.fixture
def channel(workspace: Workspace) -> str:
    return workspace.make_channel()


@dataclass(frozen=True, slots=True)
class Left:
    """What a bot had taken up when it was killed: one answer had been posted, one question was only kept."""

    bot: Bot
    taken: Said
    waiting: Said


@dataclass(frozen=True, slots=True)
class Killed:
    """A bot alone on SQLite, and the first of two on PostgreSQL."""

    alone: Left
    first: Left
    start_other: Callable[[], Bot]


@pytest.fixture(scope="module", autouse=True)
def killed(
    workspace: Workspace, postgres: PostgresServer, file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Killed]:
    """Two bots that are killed before all tests here: their claims lapse while others run, which nobody waits for."""
    folder, url = tmp_path_factory.mktemp("killed"), _migrated(postgres, "killed")
    shutil.copy(file_with_plan, folder / "plan.db")
    with standing(workspace, folder, f"sqlite:///{folder / 'plan.db'}") as alone:
        own, first = (_kill_at_work(alone, bot) for bot in (alone.bot, alone.start(database=url)))
        yield Killed(own, first, lambda: alone.start(database=url))


def _kill_at_work(alone: Standing, bot: Bot) -> Left:
    asked = bot.slack.mention(alone.workspace.make_channel(), "コピー用紙のR7目標は?")
    bot.slack.replies(asked)
    posted = alone.gateway.hold("chat.postMessage")  # the answer is there, the bot does not know it
    taken = bot.slack.mention(asked.channel, "その前の年は?", thread_ts=asked.ts)
    assert posted.reached.wait(10)
    admitting = alone.gateway.hold("users.info")  # kept, not answered yet
    waiting = bot.slack.mention(alone.workspace.make_channel(), QUESTION, "suzuki")
    assert admitting.reached.wait(10)
    bot.kill()
    posted.release.set()
    admitting.release.set()
    return Left(bot, taken, waiting)


def _settled(bot: Standing, keys: set[str] | None = None) -> dict[str, str | None]:
    """The outcomes, as soon as all events have one."""

    def found() -> dict[str, str | None]:
        outcomes = dict(bot.events())
        wanted = outcomes if keys is None else keys
        return outcomes if all(outcomes.get(key) for key in wanted) else {}

    return wait_for(found, 20, f"of {keys}")


def _key(sent: Sent) -> str:
    return str(sent.payload["event_id"])


def _calls(gateway: Gateway, channel: str) -> list[Call]:
    """The messages that the bot has tried to post to a channel."""
    return [call for call in gateway.calls_of("chat.postMessage") if call.params.get("channel") == channel]


def test_one_answer_however_often_and_to_whomever_an_event_is_delivered(
    bot: Standing, other: Bot, channel: str
) -> None:
    said = bot.slack.mention(channel, QUESTION)
    mention, as_message = said.sent
    with ThreadPoolExecutor(8) as pool:
        again = [pool.submit(slack.redeliver, mention, n) for n in (1, 2, 3) for slack in (bot.slack, other.slack)]
        again += [pool.submit(slack.redeliver, as_message) for slack in (bot.slack, other.slack)]
    assert all(one.result().reply.acknowledged for one in again)
    bot.slack.replies(said)
    other.slack.redeliver(mention)
    assert _settled(bot)[_key(mention)] == "answered"
    fresh = events.event(events.message(channel, bot.workspace.people["tanaka"], QUESTION, said.ts))
    both = {**fresh, "event": {**mention.payload["event"]}}
    with ThreadPoolExecutor(2) as pool:  # one that neither has seen, to both at the same moment
        list(pool.map(lambda slack: slack.deliver("events_api", both), (bot.slack, other.slack)))
    assert _settled(bot, {both["event_id"]})[both["event_id"]] == "answered"
    assert not {_key(as_message)} & bot.keys()
    assert [text[:4] for text in bot.posted(channel)] == [ANSWER, ANSWER]  # two events, two answers


def test_what_nobody_asked_is_left_alone(bot: Standing, channel: str) -> None:
    slack, person = bot.slack, bot.workspace.people["tanaka"]
    said = slack.mention(channel, QUESTION)
    (answer,) = slack.replies(said)
    _settled(bot)
    before = bot.keys()
    about = {"channel": channel, "channel_type": "channel"}
    now = f"{time.time():.6f}"
    inner: list[Json] = [
        {**about, "type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": said.ts, "ts": now},
        {**about, "type": "message", "subtype": "bot_message", "bot_id": "B1", "text": QUESTION, "ts": now},
        {**about, "type": "message", "user": person, "bot_id": "B1", "text": QUESTION, "ts": now, "thread_ts": said.ts},
        {**about, "type": "message", "subtype": "channel_join", "user": person, "text": "参加しました", "ts": now},
        {**about, "type": "message", "subtype": "channel_topic", "user": person, "text": QUESTION, "ts": now},
        {**about, "type": "app_mention", "user": BOT_USER, "text": QUESTION, "ts": now},
        {"type": "reaction_added", "user": person, "reaction": "+1", "item": {"type": "message", **about, "ts": now}},
        {"type": "made_up_by_slack_next_year", "user": person},
    ]
    sent = [slack.event(one) for one in inner]
    sent += [slack.edit(said, "コピー用紙のR7目標は?"), slack.echo(channel, answer)]
    asked = events.event({**said.sent[0].payload["event"], "ts": now}, team=OTHER_TEAM)
    authorizations = [{**asked["authorizations"][0], "team_id": OTHER_TEAM}]
    sent.append(slack.deliver("events_api", {**asked, "team_id": OTHER_TEAM, "authorizations": authorizations}))
    assert [one.reply.status for one in sent] == [200] * len(sent)
    assert bot.keys() == before
    assert len(bot.posted(channel)) == 1


def test_slack_fails_and_the_answer_is_not_doubled(bot: Standing, workspace: Workspace) -> None:
    channels = [workspace.make_channel() for _ in range(4)]
    bot.gateway.fail("chat.postMessage", Fault(status=500))
    bot.gateway.fail("chat.postMessage", Fault(cut=True))
    bot.gateway.fail("chat.postMessage", Fault(status=503, after=True))
    bot.gateway.fail("chat.postMessage", Fault(cut=True, after=True))
    bot.gateway.fail("users.info", Fault(status=500))
    said = [
        bot.slack.mention(channel, QUESTION, user)
        for channel, user in zip(channels, ("tanaka", "suzuki", "tanaka", "suzuki"), strict=True)
    ]
    outcomes = _settled(bot, {_key(one.sent[0]) for one in said})
    assert {outcomes[_key(one.sent[0])] for one in said} == {"answered"}
    for one in said:
        assert [message["text"][:4] for message in bot.slack.replies(one)] == [ANSWER]
    tried = [call for channel in channels for call in _calls(bot.gateway, channel)]
    assert len([call for call in tried if not call.ok]) == 4


def test_retry_after_is_honoured(bot: Standing, channel: str) -> None:
    bot.gateway.limit_rate("chat.postMessage", retry_after=2)
    said = [bot.slack.mention(channel, question) for question in (QUESTION, "コピー用紙のR7目標は?")]
    bot.slack.replies(said[1])
    refused, first, second = _calls(bot.gateway, channel)
    assert (refused.error, first.ok, second.ok) == ("ratelimited", True, True)
    assert first.at - refused.at >= 2
    assert [text[:4] for text in bot.posted(channel)] == [ANSWER, "12万枚"]


@pytest.mark.parametrize(("headers", "seconds"), [({"retry-after": "7"}, 7), ({"Retry-After": "x"}, 1), ({}, 1)])
def test_retry_after_in_whatever_letters(headers: dict[str, str], seconds: int) -> None:
    response = SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": "ratelimited"},
        headers=headers,
        status_code=429,
    )
    assert wait_of(SlackApiError("", response)) == seconds  # type: ignore[no-untyped-call]


def test_ten_questions_at_once_while_slack_hangs_elsewhere(
    bot: Standing, other: Bot, workspace: Workspace, channel: str
) -> None:
    hold = bot.gateway.hold("chat.postMessage")
    stuck = bot.slack.mention(workspace.make_channel(), QUESTION)
    assert hold.reached.wait(10)
    slow = len(bot.gateway.too_fast)
    questions = [f"コピー用紙のR{4 + number % 4}目標は?" for number in range(10)]
    said = [
        (bot.slack if number % 2 else other.slack).mention(channel, question)
        for number, question in enumerate(questions)
    ]
    bot.slack.replies(said[-1], seconds=25)
    calls = _calls(bot.gateway, channel)
    assert [call.params["thread_ts"] for call in calls] == [one.ts for one in said]
    assert all(later.at - earlier.at >= 1 for earlier, later in pairwise(calls))
    assert [call.params["text"].partition(" — ")[0] for call in calls][2:4] == [ANSWER, "12万枚"]
    # The call that hangs has timed out by now: it had been carried out, which the next attempt finds.
    assert _settled(bot, {_key(stuck.sent[0])})[_key(stuck.sent[0])] == "answered"
    assert len(bot.slack.replies(stuck)) == 1
    assert len(bot.gateway.too_fast) == slow
    hold.release.set()


_PLAINER = [
    ({"context_actions"}, {"rich_text", "table", "data_table", "actions", "context"}),
    ({"data_table", "data_visualization", "context_actions"}, {"rich_text", "table", "actions", "context"}),
    ({"data_table", "context_actions", "table"}, {"section", "actions"}),
    ({"data_table", "context_actions", "table", "rich_text", "section", "context", "actions"}, set()),
]


@pytest.mark.parametrize(("refused", "shown"), _PLAINER, ids=range(len(_PLAINER)))
def test_refused_blocks_leave_plainer_ones(
    bot: Standing, workspace: Workspace, refused: set[str], shown: set[str]
) -> None:
    channel = workspace.make_channel()
    bot.gateway.refuse_block_types = refused
    try:
        said = bot.slack.mention(channel, "伸び率の高い順に12")
        (answer,) = bot.slack.replies(said)
        _, url = bot.slack.command("伸び率の高い順に12", channel)
        private = wait_for(lambda: [one for one in bot.gateway.responses_to(url) if not one.faults])[0]
    finally:
        bot.gateway.refuse_block_types = set()
    for blocks in (answer.get("blocks") or [], private.body.get("blocks") or []):
        kinds = {block["type"] for block in blocks}
        assert kinds <= shown, kinds
        assert bool(kinds) == bool(shown)
    assert "1,333.3%" in answer["text"]
    assert "1,333.3%" in private.body["text"]


def test_a_refused_chart_becomes_a_table(bot: Standing, channel: str) -> None:
    said = bot.slack.mention(channel, QUESTION)
    (answer,) = bot.slack.replies(said)
    bot.gateway.refuse_block_types = {"data_visualization"}
    try:
        bot.slack.press(channel, answer, "chart")
        chart = bot.slack.replies(said, 2)[1]
    finally:
        bot.gateway.refuse_block_types = set()
    assert [block["type"] for block in chart["blocks"]] == ["rich_text", "table"]


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel", "channel_not_found", "restricted_action"])
def test_what_slack_refuses_for_good_is_given_up(bot: Standing, channel: str, error: str) -> None:
    bot.gateway.fail("chat.postMessage", Fault(error=error))
    first = bot.slack.mention(channel, QUESTION)
    second = bot.slack.mention(channel, "コピー用紙のR7目標は?")
    bot.slack.replies(second)
    outcomes = _settled(bot, {_key(one.sent[0]) for one in (first, second)})
    assert [outcomes[_key(one.sent[0])] for one in (first, second)] == ["failed", "answered"]
    written = bot.bot.text() + "".join(path.read_text() for path in bot.bot.log.parent.glob("*.log"))
    assert any(_key(first.sent[0]) in line and error in line for line in written.splitlines())


def test_a_response_url_that_is_gone_is_given_up(bot: Standing, channel: str) -> None:
    person = bot.slack.person("tanaka")
    for number, address in enumerate(("none", "gone")):
        payload = events.command(QUESTION, channel, person, f"{bot.gateway.url}/response/{address}", f"9.{number}.x")
        assert bot.slack.deliver("slash_commands", payload).reply.acknowledged
    assert {_settled(bot, {key})[key] for key in ("command:9.0.x", "command:9.1.x")} == {"failed"}


def test_killed_before_and_after_slack_took_the_answer(killed: Killed, workspace: Workspace) -> None:
    """On SQLite the process is started again; on PostgreSQL another one takes over."""
    started = time.monotonic()
    killed.alone.bot.restart()
    for bot, left in ((killed.alone.bot, killed.alone), (killed.start_other(), killed.first)):
        asked = bot.slack.mention(left.taken.channel, "その前の年は?", thread_ts=left.taken.thread_ts)
        (answer,) = bot.slack.replies(left.waiting, seconds=30 - (time.monotonic() - started))
        assert answer["text"].startswith(ANSWER)
        bot.slack.replies(asked, seconds=15)
        thread = workspace.replies(left.taken.channel, left.taken.thread_ts)
        told = [message["text"].partition(" — ") for message in thread if message["user"] == BOT_USER]
        assert [value for value, *_ in told] == ["12万枚", "20万枚", "32万枚"]
        assert "令和5年度" in told[2][2]
        on = bot.slack.say(left.taken.channel, "じゃあR7は?", thread_ts=left.taken.thread_ts)
        assert bot.slack.replies(on)[0]["text"].startswith("12万枚")


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[Proxy]:
    folder = Path(tempfile.mkdtemp(prefix="shirube-"))  # short, as a socket's path must be
    proxy = Proxy(folder, _migrated(postgres, "shut"))
    proxy.open()
    yield proxy
    proxy.shut()
    shutil.rmtree(folder)


def test_the_store_is_away_for_a_while(
    start_bot: StartBot, gateway: Gateway, workspace: Workspace, channel: str, proxy: Proxy
) -> None:
    bot, other = start_bot(database=proxy.url), start_bot(database=proxy.url)
    before = bot.slack.mention(channel, QUESTION)
    bot.slack.replies(before)
    gateway.delays["chat.postMessage"] = 0.3  # as long as Slack takes
    proxy.shut()
    said = bot.slack.mention(workspace.make_channel(), QUESTION)
    key = _key(said.sent[0])
    assert said.sent[0].reply.status == 503  # so that Slack delivers it again, at once and perhaps to another process
    assert other.slack.redeliver(said.sent[0]).reply.status == 503
    (apology,) = bot.slack.replies(said)
    assert apology["text"].startswith("データベースにつながらないため")
    assert key in apology["text"]
    assert bot.slack.redeliver(said.sent[0], 2).reply.status == 503
    sent, url = bot.slack.command(QUESTION, channel)
    assert sent.reply.acknowledged
    (private,) = wait_for(partial(gateway.responses_to, url), 10)
    number = f"command:{sent.payload['trigger_id']}"
    assert number in private.body["text"]
    wait_for(lambda: f'"event": "{key}"' in other.text(), 10, "in the log of the other process")
    for found in (key, number):
        lines = [json.loads(line) for line in bot.text().splitlines() if found in line]
        assert any(line["message"] == "the store is away" and line["event"] == found for line in lines)
    proxy.open()
    _, answer = bot.slack.replies(said, 2, seconds=15)
    assert answer["text"].startswith(ANSWER)
    assert wait_for(lambda: gateway.responses_to(url)[1:], 15)[0].body["text"].startswith(ANSWER)
    bot.slack.redeliver(said.sent[0], 3)
    after = other.slack.mention(said.channel, "コピー用紙のR7目標は?")
    assert other.slack.replies(after)[0]["text"].startswith("12万枚")

    def posted() -> list[str]:
        return [str(call.params["text"])[:4] for call in _calls(gateway, said.channel) if call.ok]

    wait_for(lambda: len(posted()) >= 3)  # Slack shows a message before its call has come back
    assert posted() == ["データベ", ANSWER, "12万枚"]
    assert len(gateway.responses_to(url)) == 2


def test_socket_mode_comes_back_and_answers_once(start_bot: StartBot, gateway: Gateway, workspace: Workspace) -> None:
    bot, _ = start_bot("socket"), start_bot("socket")
    slack, sockets = bot.slack, gateway.sockets
    said = slack.mention(workspace.make_channel(), QUESTION)
    slack.replies(said)
    assert all(sent.reply.acknowledged for sent in said.sent)
    unknown = slack.event({"type": "made_up_by_slack_next_year", "user": workspace.people["tanaka"]})
    assert unknown.reply.acknowledged
    # The same event over all connections at once: two processes have two each.
    wait_for(lambda: len(sockets.connections) == 4, 10)
    payload = events.event({**said.sent[0].payload["event"], "channel": (channel := workspace.make_channel())})
    payload["event"].pop("thread_ts", None)
    posted = workspace.api("chat.postMessage", channel=channel, text="あ")["ts"]
    payload["event"] |= {"ts": posted}
    envelope: Json = {"type": "events_api", "payload": payload, "accepts_response_payload": False}
    with ThreadPoolExecutor(4) as pool:
        acks = [
            pool.submit(gateway.run, sockets.deliver({**envelope, "envelope_id": f"e{number}"}, 3, number), 8)
            for number in sorted(sockets.connections)
        ]
    assert [bool(ack.result()) for ack in acks] == [True] * 4
    wait_for(lambda: _calls(gateway, channel), 10)
    for number, reason in zip(sorted(sockets.connections), ("warning", "refresh_requested") * 2, strict=True):
        gateway.run(sockets.disconnect(number, reason))
    wait_for(lambda: sockets.opened >= 6 and sockets.connections, 20, "after refresh_requested")
    opened = sockets.opened
    for number in sorted(sockets.connections):
        gateway.run(sockets.cut(number))
    wait_for(lambda: sockets.opened > opened and sockets.connections, 20, "after a broken connection")
    again = slack.mention(workspace.make_channel(), QUESTION)
    (answer,) = slack.replies(again)
    assert answer["text"].startswith(ANSWER)
    assert len(_calls(gateway, channel)) == 1

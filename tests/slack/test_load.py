"""Two workers on one PostgreSQL under load, before the emulator: `make bench` measures the same for longer."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.config import today
from tests.bench.slack_claims import await_end, kill_at_work, taken_over_in
from tests.bench.slack_deliveries import Lane, Load
from tests.bench.slack_outcome import outcome
from tests.bench.slack_questions import Planned, plan_questions
from tests.bench.slack_side import Post
from tests.slack.gateway import Gateway
from tests.slack.process import StartBot
from tests.slack.workspace import BOT_USER, Workspace, user_token

_DIRECT = {3: "tanaka", 23: "suzuki", 43: "sato"}
_LANES, _QUESTIONS = 60, 160
_HANGS = 60.0


def _lanes(workspace: Workspace) -> list[Lane]:
    people = workspace.people
    return [
        Lane(workspace.open_dm(_DIRECT[number]), people[_DIRECT[number]], direct=True)
        if number in _DIRECT
        else Lane(workspace.make_channel(), people["tanaka"], direct=False)
        for number in range(_LANES)
    ]


def _write(workspace: Workspace, lanes: Sequence[Lane], questions: Sequence[Planned]) -> list[str]:
    """People's messages, there to be answered; their time stamps."""
    stamps: list[str] = []
    names = {number: name for name, number in workspace.people.items()}
    for one in questions:
        lane = lanes[one.lane]
        thread = stamps[one.start] if one.follows and not lane.direct else None
        token = user_token(names[lane.user])
        posted = workspace.api("chat.postMessage", token, channel=lane.channel, text=one.text, thread_ts=thread)
        stamps.append(posted["ts"])
    return stamps


def _posts(gateway: Gateway) -> list[Post]:
    return [
        Post(
            call.params["metadata"]["event_payload"]["event"], call.params["channel"], call.params["text"], call.at, at
        )
        for call in gateway.calls_of("chat.postMessage")
        if call.ok and (at := call.at)
    ]


@pytest.mark.parametrize("kills", [False, True], ids=["both_live", "one_killed_half_way"])
def test_every_question_is_answered_once_by_two_workers(
    kills: bool, workspace: Workspace, gateway: Gateway, start_bot: StartBot, postgres_url: str
) -> None:
    lanes = _lanes(workspace)
    questions = plan_questions(_QUESTIONS, _LANES, _DIRECT, today())
    load = Load(lanes, questions, [], _write(workspace, lanes, questions))
    bots = [start_bot(database=postgres_url) for _ in range(2)]
    load.ports += [int(bot.arguments[-1]) for bot in bots]
    # As Slack takes its time, a worker that is killed has always something under way.
    gateway.delays["chat.postMessage"] = 0.3

    def half_way() -> None:
        if kills:
            port = load.ports[1]
            kill_at_work(postgres_url, load.keys_of(port), bots[1].kill)
            load.without(port)

    asyncio.run(load.run(half_way))
    await_end(postgres_url)
    found = outcome(load, _posts(gateway))
    assert (found.missing, found.duplicates, found.others, found.unacknowledged) == ([], [], [], 0)
    assert found.too_fast == 0
    assert max(found.answered) < _HANGS
    assert not kills or taken_over_in(postgres_url)
    for lane, starts in _threads(lanes, questions, load.stamps).items():
        for ts, count in starts.items():
            replies = workspace.replies(lane.channel, ts, _reader(lane, workspace))
            assert sum(reply.get("user") == BOT_USER for reply in replies) == count


def _threads(lanes: Sequence[Lane], questions: Sequence[Planned], stamps: Sequence[str]) -> dict[Lane, dict[str, int]]:
    """How many answers stand in each thread: in a direct message below each question."""
    found: dict[Lane, dict[str, int]] = {}
    for one in questions:
        lane = lanes[one.lane]
        ts = stamps[one.number if lane.direct else one.start]
        threads = found.setdefault(lane, {})
        threads[ts] = threads.get(ts, 0) + 1
    return found


def _reader(lane: Lane, workspace: Workspace) -> str:
    return next(name for name, number in workspace.people.items() if number == lane.user)

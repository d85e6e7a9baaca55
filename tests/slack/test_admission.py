"""Who is answered, and where: nothing at all for guests, strangers and people of other teams unless it is allowed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.slack.admission import is_admitted
from bot.channels.slack.settings import SlackSettings
from tests.slack import events
from tests.slack.elements import Json
from tests.slack.process import Bot
from tests.slack.slack import Sent, Slack
from tests.slack.standing import Standing, standing
from tests.slack.workspace import BOT_TOKEN, OTHER_TEAM, TEAM, Workspace
from tests.waiting import wait_for

QUESTION = "コピー用紙のR6目標は?"
ANSWER = "20万枚"
# What the bot may ask Slack about somebody whom it does not answer.
_ASKED = {"users.info", "auth.test"}


@pytest.fixture(scope="module")
def bot(workspace: Workspace, file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("admission")
    shutil.copy(file_with_plan, folder / "own.db")
    with standing(workspace, folder, f"sqlite:///{folder / 'own.db'}") as standing_bot:
        people = workspace.people
        standing_bot.gateway.users[people["suzuki"]] = {"team_id": OTHER_TEAM}
        standing_bot.gateway.users[people["sato"]] = {"deleted": True}
        yield standing_bot


@pytest.fixture(scope="module")
def answer(bot: Standing) -> Json:
    """An answer to a member, with its buttons."""
    said = bot.slack.mention(bot.workspace.make_channel("tanaka", *_NOT_ANSWERED), QUESTION)
    (found,) = wait_for(lambda: bot.workspace.replies(said.channel, said.ts, "tanaka"))
    return {**found, "channel": said.channel}


_NOT_ANSWERED = ("guest", "single_guest", "stranger", "other_bot", "suzuki", "sato")


def _everything(slack: Slack, workspace: Workspace, answer: Json, user: str) -> list[Sent]:
    """All that somebody can do: what a member would get an answer to each time."""
    channel, home = answer["channel"], {"id": "V1", "type": "home", "hash": "1.x", "blocks": [_BUTTON]}
    form = {"id": "V2", "type": "modal", "callback_id": "propose", "private_metadata": "", "blocks": []}
    return [
        *slack.mention(channel, QUESTION, user).sent,
        *slack.say(workspace.open_dm(user), QUESTION, user).sent,
        *slack.say(channel, "じゃあR7は?", user, answer["thread_ts"]).sent,
        slack.command(QUESTION, channel, user)[0],
        slack.message_shortcut("look_up", channel, {"text": QUESTION, "ts": answer["ts"]}, user)[0],
        *(slack.press(channel, answer, name, user)[0] for name in ("chart", "years", "wrong", "follow")),
        slack.press(channel, answer, "feedback", user, "good")[0],
        slack.press_ephemeral(channel, answer["blocks"], "chart", user)[0],
        *(slack.global_shortcut(name, user) for name in ("record", "subscribe", "propose")),
        slack.deliver("interactive", _submission(slack, user, form)),
        slack.open_home(user),
        slack.open_home(user, "messages"),
        slack.press_in_view(home, "open:propose", user),
    ]


_BUTTON: Json = {
    "type": "actions",
    "block_id": "b",
    "elements": [{"type": "button", "action_id": "open:propose", "text": {"type": "plain_text", "text": "別名を提案"}}],
}


def _submission(slack: Slack, user: str, form: Json) -> Json:
    filled = {"indicator": {"indicator": {"selected_option": {"value": "1"}}}, "text": {"text": {"value": "紙"}}}
    person = slack.person(user)
    return events.interaction("view_submission", person, "1.1", view={**form, "state": {"values": filled}})


def _settled(standing_bot: Standing, engine_events: int) -> None:
    wait_for(lambda: len(standing_bot.events()) >= engine_events and all(o for _, o in standing_bot.events()), 20)


@pytest.mark.parametrize("user", _NOT_ANSWERED)
def test_who_is_not_admitted_gets_nothing_at_all(bot: Standing, answer: Json, user: str) -> None:
    _settled(bot, 1)
    calls, responses, before = len(bot.gateway.calls), len(bot.gateway.responses), bot.keys()
    sent = _everything(bot.slack, bot.workspace, answer, user)
    assert {one.reply.status for one in sent} == {200}
    assert [one.reply.body for one in sent if one.reply.body] == []
    _settled(bot, len(before))
    outcomes = dict(bot.events())
    assert {outcomes[key] for key in bot.keys() - before} == {"silent"}
    assert {call.method for call in bot.gateway.calls[calls:]} <= _ASKED
    assert len(bot.gateway.responses) == responses


def test_somebody_else_posting_to_a_form_changes_nothing(bot: Standing) -> None:
    """The forms of those who are not admitted, above, have left nothing behind."""
    with bot.engine.connect() as connection:
        for table in ("proposal", "follow", "vote"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_a_member_gets_something_each_time(bot: Standing, answer: Json) -> None:
    """The same steps, so that silence above is due to who takes them."""
    _settled(bot, 1)
    start, responses, before = len(bot.gateway.calls), len(bot.gateway.responses), bot.keys()
    sent = _everything(bot.slack, bot.workspace, answer, "tanaka")
    assert {one.reply.status for one in sent} == {200}
    assert len([one for one in sent if one.reply.body]) == 1  # the form comes back with its errors
    _settled(bot, len(before) + 13)
    assert {outcome for key, outcome in bot.events() if key not in before} == {"answered"}
    done = [call.method for call in bot.gateway.calls[start:] if call.ok]
    assert {name: done.count(name) for name in ("chat.postMessage", "views.open", "views.publish")} == {
        "chat.postMessage": 6,
        "views.open": 4,
        "views.publish": 1,
    }
    assert "assistant.threads.setSuggestedPrompts" in done
    assert len(bot.gateway.responses) - responses == 5


def _other_bot(bot: Standing, file_with_plan: Path, name: str, **environment: str) -> Bot:
    """A bot with other settings on a store of its own."""
    path = bot.bot.log.parent / f"{name}.db"
    shutil.copy(file_with_plan, path)
    return bot.start("http", f"sqlite:///{path}", **environment)


@pytest.mark.parametrize(
    ("setting", "admitted", "others"),
    [
        ("SLACK_GUESTS", ("guest", "single_guest"), ("stranger", "suzuki")),
        ("SLACK_EXTERNALS", ("stranger", "suzuki"), ("guest", "single_guest")),
    ],
)
def test_settings_admit_the_one_and_not_the_other(
    bot: Standing, file_with_plan: Path, answer: Json, setting: str, admitted: tuple[str], others: tuple[str]
) -> None:
    slack = _other_bot(bot, file_with_plan, setting, **{setting: "1"}).slack
    channel, start = bot.workspace.make_channel("tanaka", *_NOT_ANSWERED), len(bot.gateway.calls)
    for user in others:
        assert all(sent.reply.acknowledged for sent in slack.mention(channel, QUESTION, user).sent)
    for user in admitted:
        said = slack.mention(channel, QUESTION, user)
        (reply,) = slack.replies(said, reader="tanaka")
        assert reply["text"].startswith(ANSWER)
        direct = slack.say(bot.workspace.open_dm(user), QUESTION, user)
        assert slack.replies(direct, reader=user)[0]["text"].startswith(ANSWER)
        _, url = slack.command(QUESTION, channel, user)
        (private,) = wait_for(lambda url=url: bot.gateway.responses_to(url))  # type: ignore[misc]
        assert private.body["text"].startswith(ANSWER)
        slack.open_home(user)
        wait_for(lambda user=user: slack.home(user))  # type: ignore[misc]
    done = [call for call in bot.gateway.calls[start:] if call.method == "chat.postMessage"]
    assert len([call for call in done if call.params["channel"] == channel]) == len(admitted)


def test_channels_that_are_not_allowed_stay_silent(bot: Standing, file_with_plan: Path) -> None:
    workspace = bot.workspace
    allowed, other = (workspace.make_channel("tanaka", "guest") for _ in range(2))
    slack = _other_bot(bot, file_with_plan, "channels", SLACK_CHANNELS=f"C0, {allowed}").slack
    said = slack.mention(allowed, QUESTION)
    (found,) = slack.replies(said, reader="guest")
    elsewhere = slack.mention(other, QUESTION)
    sent = [
        *elsewhere.sent,
        slack.press(other, found, "chart")[0],
        slack.press(other, found, "follow")[0],
        slack.command(QUESTION, other)[0],
        slack.message_shortcut("look_up", other, {"text": QUESTION, "ts": found["ts"]})[0],
    ]
    assert {one.reply.status for one in sent} == {200}
    direct = slack.say(workspace.open_dm("tanaka"), QUESTION)
    assert slack.replies(direct, reader="tanaka")[0]["text"].startswith(ANSWER)
    _, url = slack.command(QUESTION, allowed)  # its answer comes after all that was asked elsewhere
    wait_for(lambda: bot.gateway.responses_to(url))
    followed = slack.mention(allowed, "コピー用紙のR7目標は?")
    slack.replies(followed, reader="guest")
    assert bot.posted(other) == []
    assert [one.token for one in bot.gateway.responses[-1:]] == [url.rpartition("/")[2]]


def test_a_workspace_belongs_to_one_organisation(bot: Standing) -> None:
    environment = {**bot.bot.environment, "SHIRUBE_ORGANISATION": "となりの村"}
    ended = subprocess.run(bot.bot.arguments, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "もう別の組織のものとして登録されています" in ended.stderr
    assert "default" not in ended.stderr  # not whose it is
    assert "Traceback" not in ended.stderr
    again = bot.slack.mention(bot.workspace.make_channel("tanaka", "guest"), QUESTION)
    assert bot.slack.replies(again, reader="guest")


@pytest.mark.parametrize(
    ("user", "admitted"),
    [
        ({"team_id": TEAM}, True),
        ({}, True),
        ({"team_id": OTHER_TEAM}, False),
        ({"team_id": OTHER_TEAM, "enterprise_user": {"teams": [OTHER_TEAM, TEAM]}}, True),
        ({"team_id": OTHER_TEAM, "enterprise_user": {"teams": [OTHER_TEAM]}}, False),
        ({"team_id": TEAM, "is_stranger": True}, False),
        ({"team_id": TEAM, "is_restricted": True}, False),
        ({"team_id": TEAM, "deleted": True}, False),
    ],
)
def test_member_of_several_workspaces_of_a_grid_is_no_stranger(user: Json, admitted: bool) -> None:
    assert is_admitted(user, TEAM, SlackSettings(BOT_TOKEN)) is admitted

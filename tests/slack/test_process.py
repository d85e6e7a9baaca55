"""The bot as a process before this Slack: it starts, answers, dies and comes back, on either store."""

import pytest

from tests.slack.process import StartBot, Way
from tests.slack.workspace import Workspace


@pytest.mark.parametrize("way", ["http", "socket"])
def test_a_bot_answers_also_after_it_was_killed(start_bot: StartBot, workspace: Workspace, way: Way) -> None:
    bot = start_bot(way)
    assert bot.slack.replies(bot.slack.mention(workspace.make_channel(), "ヘルプ"))
    bot.kill()
    bot.restart()
    assert bot.slack.replies(bot.slack.say(workspace.open_dm("tanaka"), "ヘルプ"), reader="tanaka")
    bot.terminate()


def test_a_bot_on_postgresql(start_bot: StartBot, workspace: Workspace, postgres_url: str) -> None:
    bot = start_bot("http", postgres_url)
    assert bot.slack.replies(bot.slack.mention(workspace.make_channel(), "ヘルプ"))

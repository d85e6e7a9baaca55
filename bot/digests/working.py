"""The worker of digests: runs until it is asked to end, and hands out what is due in Slack and in Teams.

Servers hand digests out, too. Whoever comes first claims a digest (data/digests.py) and keeps it as an event under the
digest's key (data/events.py), which is claimed once again by who posts it: side by side they post each once.
"""

import logging
import os
from collections.abc import Mapping
from contextlib import ExitStack

from bot.config import CannotStart
from bot.lasting import until_told
from bot.logs import note, start_logging
from data.store import Store

_log = logging.getLogger(__name__)


def work(store: Store, organisation: str, environment: Mapping[str, str]) -> None:
    """Raises CannotStart or ValueError, in the operator's words, where no channel is set up or one refuses."""
    start_logging()
    until = until_told()
    with ExitStack() as stack:
        channels = [
            *_enter_slack(stack, store, organisation, environment),
            *_enter_teams(stack, store, organisation, environment),
        ]
        if not channels:
            raise CannotStart(
                "定期報告を配る先がありません。Slack（SLACK_BOT_TOKEN）かTeams（TEAMS_CLIENT_ID）を設定してください。"
            )
        note(_log, "handing out digests", channels=channels, process=os.getpid())
        until.wait()


def _enter_slack(stack: ExitStack, store: Store, organisation: str, environment: Mapping[str, str]) -> list[str]:
    if not environment.get("SLACK_BOT_TOKEN", "").strip():
        return []
    from bot.channels.slack.arrivals import CHANNEL
    from bot.channels.slack.running import delivering, open_desk

    stack.enter_context(delivering(open_desk(store, organisation, environment), environment))
    return [CHANNEL]


def _enter_teams(stack: ExitStack, store: Store, organisation: str, environment: Mapping[str, str]) -> list[str]:
    from bot.channels.teams.settings import is_configured, teams_settings

    if not is_configured(environment):
        return []
    from bot.channels.teams.arrivals import CHANNEL
    from bot.channels.teams.running import delivering, open_desk

    settings = teams_settings(environment, organisation)
    stack.enter_context(delivering(open_desk(store, settings, organisation, environment), environment))
    return [CHANNEL]

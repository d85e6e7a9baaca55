"""Who is answered: members of the workspace, in the channels that are allowed; guests and others only where allowed."""

from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.channels.slack.settings import SlackSettings

# Slack is asked again about a person after so many seconds: somebody may have become a guest, or none.
_REMEMBERED = 600.0
_MOST = 10_000

#: Is this user (by id) answered?
Admits = Callable[[str], bool]


def is_admitted(user: Mapping[str, Any], team: str, settings: SlackSettings) -> bool:
    """Is a person, as users.info tells, answered? Never bots and those who left; guests (of one channel or several) and
    people of other organisations (Slack Connect) only where the settings allow."""
    if user.get("deleted") or user.get("is_bot"):
        return False
    # In an Enterprise Grid a member of several workspaces has the team of one of them.
    teams = [user.get("team_id", team), *((user.get("enterprise_user") or {}).get("teams") or [])]
    if user.get("is_stranger") or team not in teams:
        return settings.externals
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return settings.guests
    return True


def admission(client: WebClient, team: str, settings: SlackSettings) -> Admits:
    """Asks Slack who somebody is, and remembers it for ten minutes; whom Slack does not know is not answered."""
    known: dict[str, tuple[float, bool]] = {}
    lock = Lock()

    def admits(user: str) -> bool:
        with lock:
            at, admitted = known.get(user, (0.0, False))
        if at and monotonic() - at < _REMEMBERED:
            return admitted
        admitted = _ask(client, user, team, settings)
        with lock:
            if len(known) >= _MOST:
                known.clear()
            known[user] = (monotonic(), admitted)
        return admitted

    return admits


def _ask(client: WebClient, user: str, team: str, settings: SlackSettings) -> bool:
    try:
        found: dict[str, Any] = client.users_info(user=user)["user"]
    except SlackApiError as error:
        if error.response.get("error") in ("user_not_found", "user_not_visible"):
            return False
        raise
    return is_admitted(found, team, settings)


def is_open(channel: str, settings: SlackSettings) -> bool:
    """Is a conversation answered in? Direct messages always, channels where the list of them allows it."""
    return not settings.channels or channel.startswith("D") or channel in settings.channels

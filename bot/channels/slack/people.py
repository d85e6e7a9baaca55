"""People in Slack as authors of changes: by their id, which stays, with the name they go by."""

from datetime import date, datetime
from functools import lru_cache

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.channels.slack.arrivals import person
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import one_line
from data.changes import Author
from data.facts import is_visible
from data.roles import Role, role_of

#: What stands in the trail where a file stands for other changes.
SOURCE = "Slack"
_NAME = 40


def author_of(desk: Desk, user: str, now: datetime) -> Author:
    """「佐藤 健（slack:U012）」; the id alone where Slack does not tell the name."""
    try:
        name = _name(desk.client, user, now.date())
    except (SlackClientError, OSError, KeyError):
        name = ""  # the trail tells who by the id all the same
    return Author(f"{name}（{person(user)}）" if name else person(user), now, SOURCE)


def is_by(by: str, user: str) -> bool:
    """Did this person make a change that is signed so? A name that somebody gives themselves cannot end it."""
    return by == person(user) or by.endswith(f"（{person(user)}）")


def called(by: str, user: str) -> str:
    """The name of a person who signed so: 「佐藤 健」; their id where it is not known."""
    return by.removesuffix(f"（{person(user)}）")


def role_in(desk: Desk, user: str) -> Role:
    """What a person may do at this moment."""
    with desk.store.engine.connect() as connection:
        return role_of(connection, desk.organisation, person(user))


@lru_cache(4096)
def _name(client: WebClient, user: str, day: date) -> str:
    """Asked for once a day and person: names change rarely."""
    found = client.users_info(user=user)["user"]
    profile = found.get("profile") or {}
    name = one_line(str(profile.get("real_name") or found.get("real_name") or found.get("name") or ""), _NAME)
    return name if is_visible(name) else ""

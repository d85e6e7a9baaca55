"""A desk as the forms and the home work with it, over a real store and the gateway; and what a view says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient

from bot.ask import open_door
from bot.channels.slack.desk import Desk
from bot.channels.slack.settings import SlackSettings
from data.changes import Author
from data.engine import writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from data.roles import Role, grant
from data.store import Store
from tests.slack.elements import Json
from tests.slack.limits import view_faults
from tests.slack.workspace import BOT_TOKEN, BOT_USER, TEAM

#: When everything happens: a Wednesday.
NOW = datetime(2024, 11, 20, 1, tzinfo=UTC)
#: A name that would page everybody if it were markup, and one that is far too long.
HOSTILE = ["<!channel>&<@U1>の*件数*", "長" * 3000]


def desk_of(store: Store, url: str = "http://127.0.0.1:9/", channels: frozenset[str] = frozenset()) -> Desk:
    client = WebClient(BOT_TOKEN, base_url=url)
    settings = SlackSettings(BOT_TOKEN, api_url=url, channels=channels)
    return Desk(store, "default", "", open_door(store), client, settings, TEAM, BOT_USER, lambda user: True)


def let(desk: Desk, user: str, role: Role) -> None:
    with writing(desk.store.engine) as connection:
        grant(connection, desk.organisation, f"slack:{user}", role, Author("管理", NOW))


def load_hostile(store: Store, title: str = "<!here>計画") -> None:
    """A second plan whose names are what nobody should be paged by."""
    rows = [["分野", "指標名", "基準値", "R5", "R6"]]
    rows += [[f"<!everyone>{name}", name, "1", "2", "3"] for name in HOSTILE]
    with writing(store.engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details(title=title), Author("鈴木", NOW))


def checked(view: Json | None) -> Json:
    """The view, which Slack would take, and in which nothing is markup."""
    assert view is not None
    assert view_faults(view) == []
    assert not [one for one in _objects(view) if one.get("type") == "mrkdwn"]
    return view


def text_of(view: Json) -> str:
    """All that a view says, a line for each text."""
    return "\n".join(one["text"].strip() for one in _objects(view) if isinstance(one.get("text"), str))


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)

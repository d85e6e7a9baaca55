"""Opens the desk of the web page."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.ask import open_door
from bot.channels.phrases import HELP
from bot.channels.web.desk import Desk
from bot.channels.web.settings import web_settings
from bot.config import chosen_plan, today
from bot.question import Question
from data.store import Store


def open_desk(store: Store, organisation: str, environment: Mapping[str, str], host: str) -> Desk:
    """The desk of an organisation, for a server that listens to `host`. Raises ValueError for wrong settings."""
    own, plan = web_settings(environment, host), chosen_plan(store, organisation, None)
    ask = open_door(store)
    ask(Question(HELP, today(), organisation, plan=plan))  # the first question finds the index built
    return Desk(store, organisation, plan, ask, own, lambda: datetime.now(UTC))

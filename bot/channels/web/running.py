"""Opens the desk of the web page, and the page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from starlette.applications import Starlette

from bot.ask import open_door
from bot.channels.phrases import HELP
from bot.channels.ticking import ticking
from bot.channels.web.desk import Desk
from bot.channels.web.settings import web_settings
from bot.channels.web.site import site
from bot.config import chosen_plan, today
from bot.question import Question
from data import settings
from data.store import Store


def open_desk(store: Store, organisation: str, environment: Mapping[str, str], host: str) -> Desk:
    """The desk of an organisation, for a server that listens to `host`. Raises ValueError for wrong settings."""
    own, plan = web_settings(environment, host), chosen_plan(store, organisation, None)
    ask = open_door(store)
    ask(Question(HELP, today(), organisation, plan=plan))  # the first question finds the index built
    return Desk(store, organisation, plan, ask, own, lambda: datetime.now(UTC))


@contextmanager
def working(desk: Desk, environment: Mapping[str, str]) -> Iterator[Starlette]:
    """The page, until the end of the block; what people wrote is forgotten in time. Digests go to channels alone."""
    with ticking(desk.store, lambda: None, settings.question_days(environment)):
        yield site(desk)

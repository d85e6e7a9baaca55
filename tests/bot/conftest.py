"""The bot over the shipped plan, on SQLite, as it comes up on a new machine."""

from datetime import UTC, datetime

import pytest

from bot.ask import Ask, open_door
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine
from data.shipped import load_shipped_plans
from data.store import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('bot') / 'shirube.db'}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("test", datetime.now(UTC)))
    return Store(engine)


@pytest.fixture(scope="session")
def ask(store: Store) -> Ask:
    return open_door(store)

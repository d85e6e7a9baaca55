"""The plans that the dialogues are about, each with a store of its own for the terminal and another for the bot."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.ask import Ask, open_door
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.files import read_plan_file
from data.importers.writer import Details, store_plan
from data.shipped import load_shipped_plans
from data.store import Store
from tests.bot.transcripts import FOLDER, Dialogue, read_dialogues
from tests.bot.village import village

_LONG_FORM = Path(__file__).parents[1] / "data" / "ministries.tsv"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Dialogues about a plan; `open` makes a store with it."""

    dialogues: tuple[Dialogue, ...]
    open: Callable[[Path], Store]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The door of the terminal, and the address of the same store for the bot."""

    ask: Ask
    url: str


def prepare(corpus: Corpus, folder: Path) -> Prepared:
    store = corpus.open(folder / "terminal.db")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = shutil.copy(folder / "terminal.db", folder / "bot.db")
    return Prepared(keeping(open_door(store), store, log=True), f"sqlite:///{copy}")


def _shipped(path: Path) -> Store:
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("test", datetime.now(UTC)))
    return Store(engine)


def _ministries(path: Path) -> Store:
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    with writing(engine) as connection:
        for table in read_plan_file(_LONG_FORM):
            store_plan(connection, DEFAULT_ORGANISATION, table, Details(), Author("test", datetime.now(UTC)))
    return Store(engine)


SHIPPED = Corpus(tuple(read_dialogues(FOLDER)), _shipped)
MINISTRIES = Corpus(tuple(read_dialogues(FOLDER / "ministries")), _ministries)
VILLAGE = Corpus(tuple(read_dialogues(FOLDER / "village")), village)

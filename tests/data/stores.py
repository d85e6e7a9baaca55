"""What the tests of the store share: small plans written as lines of text, and what a store tells, free of ids."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import writing
from data.facts import Indicator, Measure
from data.fiscal_year import FiscalYear
from data.importers.files import DEFAULT_LIMIT, read_plan_file
from data.importers.grid import Grid, read_plan_grids
from data.importers.report import LoadReport, RecordReport
from data.importers.result_grid import read_result_grids
from data.importers.results import store_results
from data.importers.rows import PlanTable
from data.importers.writer import Details, store_plan
from data.store import Store

R4, R5, R6, R7 = (FiscalYear(year) for year in (2022, 2023, 2024, 2025))

# What is recorded beside the targets of a year.
_BESIDE = {Measure.ACTUAL: "実績", Measure.PUBLISHED: "公表判定"}

PLAN = "デジタル計画"
FIRST_DAY = datetime(2024, 4, 1, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server: an engine that commits every statement, a migrated store, the URL of every database."""

    engine: sa.Engine
    migrated: sa.Engine
    url: Callable[[str], str]

    def create(self, database: str) -> str:
        """Makes an empty database and gives its URL."""
        with self.engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {database}"))
        return self.url(database)


def grid(*lines: str) -> Grid:
    """A sheet written as 「指標名 | R4 | R5」, one line a row."""
    return Grid("", [line.split("|") for line in lines])


def table(*lines: str) -> PlanTable:
    return read_plan_grids([grid(*lines)])


def read_plan(path: Path, limit: int = DEFAULT_LIMIT) -> PlanTable:
    """The one plan of a file."""
    (plan,) = read_plan_file(path, limit)
    return plan


def load(
    engine: sa.Engine,
    *lines: str,
    organisation: str = DEFAULT_ORGANISATION,
    title: str = PLAN,
    aliases: Mapping[str, Sequence[str]] | None = None,
    author: Author | None = None,
) -> LoadReport:
    """Loads a plan written as lines and commits it."""
    author = author or Author("佐藤", FIRST_DAY, "plan.csv")
    with writing(engine) as connection:
        return store_plan(connection, organisation, table(*lines), Details(title, aliases=aliases or {}), author)


def record(
    engine: sa.Engine, *lines: str, organisation: str = DEFAULT_ORGANISATION, author: Author | None = None
) -> RecordReport:
    """Records results written as lines and commits them."""
    author = author or Author("鈴木", FIRST_DAY, "results.csv")
    with writing(engine) as connection:
        return store_results(connection, organisation, read_result_grids([grid(*lines)]), author)


def indicators(store: Store, name: str, organisation: str = DEFAULT_ORGANISATION) -> list[Indicator]:
    return [found for found in store.catalogue(organisation).indicators if found.name == name]


def cells(store: Store, indicator: str | Indicator, organisation: str = DEFAULT_ORGANISATION) -> dict[str, str]:
    """The cells of an indicator as written, or their kind of 「ない」: {"基準値": "1", "R4": "5", "R4実績": "4"}."""
    if isinstance(indicator, str):
        (indicator,) = indicators(store, indicator, organisation)
    found: dict[str, str] = {}
    for fact in store.facts([indicator]):
        year = fact.fiscal_year.label if fact.fiscal_year else "基準値"
        found[year + _BESIDE.get(fact.measure, "")] = fact.cell.raw or str(fact.cell.absence)
    return found


def told(store: Store, organisation: str = DEFAULT_ORGANISATION) -> object:
    """All that a store tells of an organisation, without the ids: two stores that tell the same hold the same."""
    catalogue = store.catalogue(organisation)
    return without_ids((catalogue, store.facts(catalogue.indicators)))


def without_ids(value: object) -> object:
    """A value's fields, all the way down, but for the ids and the revision that the database gives."""
    if is_dataclass(value):
        return {
            field.name: without_ids(getattr(value, field.name))
            for field in fields(value)
            if field.name not in ("id", "revision")
        }
    return [without_ids(item) for item in value] if isinstance(value, tuple) else value


def count_rows(engine: sa.Engine, *tables: sa.Table) -> list[int]:
    """How many rows each table holds."""
    with engine.connect() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in tables]

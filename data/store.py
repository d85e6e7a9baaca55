"""Reads the store: an organisation's catalogue, and the facts of some indicators."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data import turns
from data.engine import MOST_PARAMETERS, single_queries, single_value
from data.facts import (
    SILENT,
    Aggregation,
    Catalogue,
    Direction,
    Fact,
    Indicator,
    Initiative,
    Listing,
    Plan,
    Revision,
    name_key,
)
from data.figures import read_facts, read_revisions, written_since
from data.fiscal_year import FiscalYear
from data.samples import with_samples
from data.scales import SCALES

# The kinds are written out, as a statement that is put together once can hold no list of parameters. The newest comes
# first: however many changes there are, few are looked at.
_SILENT: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{kind}'") for kind in sorted(SILENT)]
_REVISION = (
    sa.select(t.changes.c.id)
    .join(t.organisations, t.changes.c.organisation_id == t.organisations.c.id)
    .where(t.organisations.c.name == sa.bindparam("organisation"), t.changes.c.kind.not_in(_SILENT))
    .order_by(t.changes.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Store:
    """The store as others see it. Every call reads what is committed at that moment.

    `kept_days` is how long a thread is remembered after the day of its last question. With `samples` invented results
    up to that year stand among the facts (data/samples.py); nothing of them is written.
    """

    engine: sa.Engine
    kept_days: int = turns.KEPT_DAYS
    samples: FiscalYear | None = None

    @cached_property
    def _reader(self) -> sa.Engine:
        return single_queries(self.engine)

    @cached_property
    def _revision(self) -> Callable[..., Any]:
        return single_value(self._reader, _REVISION)

    def revision(self, organisation: str) -> int:
        """Grows with every change to the organisation's plans, figures and aliases; 0 for one without any.

        It is the number of the newest such change; what is SILENT (data/facts.py) does not count.
        """
        return self._revision(organisation=organisation) or 0

    def plan_titles(self, organisation: str) -> tuple[str, ...]:
        """The titles of an organisation's plans, in the order in which they were first loaded."""
        with self.engine.connect() as connection:
            return tuple(plan.title for plan in _plans(connection, organisation).values())

    def catalogue(self, organisation: str, as_of: int | None = None) -> Catalogue:
        """All plans, initiatives and indicators of an organisation, in the order of their sources.

        With those withdrawn since the revision `as_of`; what has been added since is there, but without facts then.
        """
        with self.engine.connect() as connection:
            return read_catalogue(connection, organisation, as_of)

    def facts(self, indicators: Sequence[Indicator], as_of: int | None = None) -> tuple[Fact, ...]:
        """Every figure of these indicators, current or as of an earlier revision of the store, the absent ones (with
        their kind of 「ない」) among them.

        In the order of the indicators; of each the baseline first, then targets, results, published statuses.
        """
        if not indicators:
            return ()
        with (self._reader if len(indicators) <= MOST_PARAMETERS else self.engine).connect() as connection:
            facts = read_facts(connection, indicators, as_of)
        return facts if self.samples is None else with_samples(facts, indicators, self.samples)

    def written_since(self, revision: int) -> frozenset[int]:
        """The ids of the indicators for which a figure was written after a revision of the store."""
        with self.engine.connect() as connection:
            return written_since(connection, revision)

    def recall(self, organisation: str, thread: str, asked_on: date) -> turns.State | None:
        """What a thread remembers (bot/conversation.py), None for a new or a forgotten one."""
        with self._reader.connect() as connection:
            return turns.recall(connection, organisation, thread, asked_on, self.kept_days)

    def revisions(self, indicator: Indicator) -> tuple[Revision, ...]:
        """Every figure that was ever written for an indicator, oldest first, with who wrote it, when and from where."""
        with self.engine.connect() as connection:
            return read_revisions(connection, [indicator])[indicator.id]


def read_catalogue(connection: sa.Connection, organisation: str, as_of: int | None = None) -> Catalogue:
    """The catalogue as the given transaction sees it, with what has been withdrawn since a revision."""
    revision: int = connection.execute(_REVISION, {"organisation": organisation}).scalar() or 0
    plans = _plans(connection, organisation)
    initiatives = _initiatives(connection, plans, as_of)
    indicators = _indicators(connection, plans, initiatives, as_of)
    ordered = sorted(initiatives.values(), key=lambda initiative: (initiative.plan.id, initiative.line))
    return Catalogue(revision, tuple(plans.values()), indicators, tuple(ordered))


def indicator_name(connection: sa.Connection, organisation: str, indicator_id: int) -> str | None:
    """The name of an indicator that stands in a plan of the organisation, read without its catalogue; else None."""
    query = (
        sa.select(t.indicators.c.name)
        .join(t.plans, t.indicators.c.plan_id == t.plans.c.id)
        .join(t.organisations, t.plans.c.organisation_id == t.organisations.c.id)
        .join(t.listings, t.listings.c.indicator_id == t.indicators.c.id)
        .where(
            t.organisations.c.name == organisation,
            t.indicators.c.id == indicator_id,
            t.listings.c.withdrawn_by.is_(None),
        )
    )
    return connection.execute(query.limit(1)).scalar()


def _plans(connection: sa.Connection, organisation: str) -> dict[int, Plan]:
    p = t.plans.c
    query = (
        sa.select(t.plans)
        .join(t.organisations, p.organisation_id == t.organisations.c.id)
        .where(t.organisations.c.name == organisation)
        .order_by(p.id)
    )
    return {
        row.id: Plan(
            row.id,
            row.title,
            row.document,
            tuple(row.notes),
            FiscalYear(row.first_year),
            FiscalYear(row.last_year),
            SCALES[row.scale],
            row.about,
        )
        for row in connection.execute(query)
    }


def _stands(withdrawn_by: sa.ColumnElement[int | None], as_of: int | None) -> sa.ColumnElement[bool]:
    stands_now = withdrawn_by.is_(None)
    return stands_now if as_of is None else stands_now | (withdrawn_by > as_of)


def _initiatives(connection: sa.Connection, plans: Mapping[int, Plan], as_of: int | None) -> dict[int, Initiative]:
    i, a, c = t.initiatives.c, t.areas.c, t.chapters.c
    query = (
        sa.select(i.id, c.plan_id, c.title.label("chapter"), a.title.label("area"), i.number, i.title, i.line)
        .join(t.areas, i.area_id == a.id)
        .join(t.chapters, a.chapter_id == c.id)
        .where(c.plan_id.in_(plans), _stands(i.withdrawn_by, as_of))
    )
    return {
        row.id: Initiative(row.id, plans[row.plan_id], row.chapter, row.area, row.number, row.title, row.line)
        for row in connection.execute(query)
    }


def _indicators(
    connection: sa.Connection, plans: Mapping[int, Plan], initiatives: Mapping[int, Initiative], as_of: int | None
) -> tuple[Indicator, ...]:
    x, n = t.listings.c, t.indicators.c
    of_plans = n.plan_id.in_(plans)
    listings: dict[int, list[Listing]] = defaultdict(list)
    query = (
        sa.select(x.id, x.indicator_id, x.initiative_id, x.line, x.owner, x.remark)
        .join(t.indicators, x.indicator_id == n.id)
        .where(of_plans, _stands(x.withdrawn_by, as_of))
        .order_by(x.line, x.id)
    )
    for row in connection.execute(query):
        listing = Listing(row.id, initiatives[row.initiative_id], row.line, row.owner, row.remark)
        listings[row.indicator_id].append(listing)
    aliases: dict[int, list[str]] = defaultdict(list)
    a = t.aliases.c
    query_aliases = sa.select(a.indicator_id, a.text).join(t.indicators, a.indicator_id == n.id)
    for alias in connection.execute(query_aliases.where(of_plans, _stands(a.withdrawn_by, as_of)).order_by(a.id)):
        aliases[alias.indicator_id].append(alias.text)
    indicators = [
        Indicator(
            row.id,
            row.name,
            row.unit,
            Direction(row.direction) if row.direction else None,
            Aggregation(row.aggregation) if row.aggregation else None,
            tuple(listings[row.id]),
            tuple(aliases[row.id]),
            qualifier="",
        )
        for row in connection.execute(sa.select(t.indicators).where(of_plans).order_by(n.id))
        if row.id in listings
    ]
    return _qualified(sorted(indicators, key=lambda i: (i.plan.id, i.listings[0].line, i.id)))


def _qualified(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Tells namesakes of one plan apart by area and initiative."""
    keys = [(indicator.plan.id, name_key(indicator.name)) for indicator in indicators]
    counts = Counter(keys)
    return tuple(
        replace(indicator, qualifier=_place(indicator.listings[0].initiative)) if counts[key] > 1 else indicator
        for key, indicator in zip(keys, indicators, strict=True)
    )


def _place(initiative: Initiative) -> str:
    return " ".join(filter(None, (initiative.area, initiative.number, initiative.title)))

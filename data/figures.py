"""Reads figures: the current ones of some indicators, as of an earlier revision, or all that were ever written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.engine import in_batches
from data.facts import Change, Fact, Indicator, Measure, Place, Revision
from data.fiscal_year import FiscalYear
from data.values import Absence, Bound, Cell, Part

_f = t.figures.c
# Prepared once: putting a statement together costs as much as running it.
_FIGURES = (
    sa.select(
        _f.indicator_id,
        _f.listing_id,
        _f.measure,
        _f.fiscal_year,
        _f.raw,
        _f.value,
        _f.unit,
        _f.bound,
        _f.note,
        _f.as_of,
        _f.parts,
        _f.absence,
    )
    .where(_f.indicator_id.in_(sa.bindparam("indicator_ids", expanding=True)))
    .order_by(_f.revision, _f.id)
)
_FIGURES_THEN = _FIGURES.where(_f.change_id <= sa.bindparam("as_of"))


@dataclass(frozen=True, slots=True)
class StoredCell:
    """The newest revision of a cell: whether it is a recorded result, and the texts of the revisions before it."""

    revision: int
    raw: str
    absence: str | None
    is_recorded: bool
    earlier: tuple[str, ...]


def read_facts(
    connection: sa.Connection, indicators: Sequence[Indicator], as_of: int | None = None
) -> tuple[Fact, ...]:
    """The facts of these indicators (`Store.facts`) as the given transaction sees them."""
    query, limit = (_FIGURES, {}) if as_of is None else (_FIGURES_THEN, {"as_of": as_of})
    cells: dict[int, dict[tuple[str, int], dict[int | None, Any]]] = defaultdict(lambda: defaultdict(dict))
    for ids in in_batches([indicator.id for indicator in indicators]):
        for row in connection.execute(query, {"indicator_ids": ids, **limit}):
            cells[row.indicator_id][row.measure, row.fiscal_year or 0][row.listing_id] = row
    return tuple(fact for indicator in indicators for fact in _facts(indicator, cells[indicator.id]))


def read_revisions(connection: sa.Connection, indicators: Sequence[Indicator]) -> dict[int, tuple[Revision, ...]]:
    """Every figure ever written for these indicators, by the indicator's id, oldest first."""
    query = (
        sa.select(t.figures, t.changes.c.kind, t.changes.c.by, t.changes.c.at, t.changes.c.file, t.listings.c.line)
        .join(t.changes, _f.change_id == t.changes.c.id)
        .join(t.listings, _f.listing_id == t.listings.c.id, isouter=True)
        .order_by(_f.change_id, _f.id)
    )
    by_id = {indicator.id: indicator for indicator in indicators}
    found: dict[int, list[Revision]] = {indicator_id: [] for indicator_id in by_id}
    for ids in in_batches(by_id):
        for row in connection.execute(query.where(_f.indicator_id.in_(ids))):
            change = Change(row.kind, row.by, row.at, row.file)
            cell = _cell(row, by_id[row.indicator_id])
            place = Measure(row.measure), _year(row.fiscal_year)
            found[row.indicator_id].append(Revision(row.revision, *place, cell, change, row.line or 0))
    return {indicator_id: tuple(revisions) for indicator_id, revisions in found.items()}


def written_since(connection: sa.Connection, revision: int) -> frozenset[int]:
    """The ids of the indicators for which a figure was written by a later change than this one."""
    query = sa.select(_f.indicator_id).distinct().where(_f.change_id > revision)
    return frozenset(connection.execute(query).scalars())


def current_cells(connection: sa.Connection, plan_id: int) -> dict[tuple[int, int | None], dict[Place, StoredCell]]:
    """Every cell of a plan by indicator and listing (None: its results), and by place."""
    query = (
        sa.select(
            _f.indicator_id,
            _f.listing_id,
            _f.measure,
            _f.fiscal_year,
            _f.revision,
            _f.raw,
            _f.absence,
            t.changes.c.kind,
        )
        .join(t.indicators, _f.indicator_id == t.indicators.c.id)
        .join(t.changes, _f.change_id == t.changes.c.id)
        .where(t.indicators.c.plan_id == plan_id)
        .order_by(_f.revision)
    )
    cells: dict[tuple[int, int | None], dict[Place, StoredCell]] = defaultdict(dict)
    for indicator_id, listing_id, measure, year, revision, raw, absence, kind in connection.execute(query):
        own, place = cells[indicator_id, listing_id], (Measure(measure), _year(year))
        earlier = (*own[place].earlier, own[place].raw) if place in own else ()
        own[place] = StoredCell(revision, raw, absence, kind == "record", earlier)
    return cells


def _facts(indicator: Indicator, cells: Mapping[tuple[str, int], Mapping[int | None, sa.Row[Any]]]) -> Iterable[Fact]:
    order = {measure: position for position, measure in enumerate(Measure)}
    for (measure, year), by_listing in sorted(cells.items(), key=lambda item: (order[Measure(item[0][0])], item[0][1])):
        if None in by_listing:  # recorded for the indicator, not written in one of its listings
            yield Fact(indicator, Measure(measure), _year(year), _cell(by_listing[None], indicator), indicator.listings)
            continue
        own = [
            (listing, _cell(by_listing[listing.id], indicator))
            for listing in indicator.listings
            if listing.id in by_listing
        ]
        if not own:
            continue
        # Listings agree where they give a figure; one that gives none does not speak against the others.
        told = max((cell for _, cell in own), key=lambda cell: cell.weight)
        sources = tuple(
            listing for listing, cell in own if cell.is_number or (cell.raw, cell.absence) == (told.raw, told.absence)
        )
        yield Fact(indicator, Measure(measure), _year(year), told, sources)


def _cell(row: sa.Row[Any], indicator: Indicator) -> Cell:
    value = row.value
    return Cell(
        row.raw,
        value,
        row.unit or (indicator.unit if value is not None else ""),
        Bound(row.bound),
        row.note,
        row.as_of,
        tuple(Part(label, Decimal(number), unit) for label, number, unit in row.parts),
        Absence(row.absence) if row.absence else None,
    )


def _year(year: int | None) -> FiscalYear | None:
    return FiscalYear(year) if year else None

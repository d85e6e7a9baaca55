"""Stores a plan as read: in the caller's transaction, changed figures as new revisions, nothing deleted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, figure_row, insert_rows, lock_organisation
from data.facts import ChangeKind, Measure, Place, name_key
from data.figures import StoredCell, current_cells
from data.importers.identity import Group, group_table, namesakes
from data.importers.report import Difference, LoadReport, UnreadCell, place_name
from data.importers.rows import BadFile, FileError, PlanTable, Remark
from data.importers.structure import InitiativeKey, initiative_key, store_indicators, store_initiatives, store_listings
from data.values import Absence, Cell

#: Called with (figures gone through, figures in all) while a load goes on.
Progress = Callable[[int, int], None]

_CHUNK = 2000
_OUTSIDE = Cell("", absence=Absence.OUTSIDE_PLAN)
_BLANK = Cell("", absence=Absence.BLANK)
_NOT_RECORDED = Cell("", absence=Absence.NOT_RECORDED)

# The cells of a plan by indicator and listing (None: its results, which stand in no listing), with its name.
_Cells = dict[tuple[int, int | None], tuple[str, dict[Place, Cell]]]


@dataclass(frozen=True, slots=True)
class Details:
    """What is known about a plan beside its file.

    `title` beats the file's own; `chapters` names, in order, the lists for which the source prints no title;
    `aliases` are everyday names by indicator.
    """

    title: str = ""
    chapters: tuple[str, ...] = ()
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)


def store_plan(
    connection: sa.Connection,
    organisation: str,
    table: PlanTable,
    details: Details,
    author: Author,
    progress: Progress = lambda done, total: None,
) -> LoadReport:
    """Stores a plan, or what changed in it since it was last loaded, as one change.

    The transaction is the caller's: nothing is committed here, and where the report says that nothing changed it is
    best rolled back. Raises BadFile for a plan without a title, or an alias of an indicator that the plan has not.
    """
    title = details.title or table.title
    if not title:
        raise BadFile([FileError("計画名が分かりません。--plan で計画名を指定してください。")])
    groups = group_table(table)
    organisation_id = lock_organisation(connection, organisation)
    plan_id, is_new, plan_changes = _store_plan_row(connection, organisation_id, title, table)
    report = LoadReport(
        title,
        is_new,
        rows=table.lines_read,
        indicators=len(groups),
        without_indicator=sum(1 for row in table.rows if not row.indicator),
        years=table.years,
        unread=list(_unread(groups)),
        repairs=[*table.repairs, *(() if table.is_long_form else _namesake_remarks(groups))],
        passed_over=table.passed_over,
        changed=plan_changes,
    )
    change_id = add_change(connection, organisation_id, ChangeKind.LOAD, author)
    initiative_ids = store_initiatives(connection, plan_id, change_id, table.rows, details.chapters, report)
    indicator_ids = store_indicators(connection, plan_id, groups, initiative_ids, table.is_long_form, report)
    listing_ids = store_listings(connection, plan_id, change_id, groups, indicator_ids, initiative_ids, report)
    cells = _place_cells(table, groups, indicator_ids, initiative_ids, listing_ids)
    _store_figures(connection, plan_id, change_id, table, cells, report, progress)
    _store_aliases(connection, plan_id, change_id, groups, indicator_ids, details.aliases, report)
    return report


def _unread(groups: Sequence[Group]) -> Iterator[UnreadCell]:
    for group in groups:
        for read in group.rows:
            for place, cell in read.cells.items():
                if not cell.is_number and cell.absence is None:
                    yield UnreadCell(read.row.line, group.name, place_name(*place), cell.raw)


def _namesake_remarks(groups: Sequence[Group]) -> Iterator[Remark]:
    for name, same in namesakes(groups).items():
        lines = "、".join(str(group.rows[0].row.line) for group in same)
        text = f"「{name}」は同じ名前で値が違う行（{lines}行目）があるため、別々の指標として扱いました。"
        yield Remark(same[0].rows[0].row.line, text)


def _store_plan_row(
    connection: sa.Connection, organisation_id: int, title: str, table: PlanTable
) -> tuple[int, bool, list[Difference]]:
    own = {
        "document": table.document,
        "notes": list(table.notes),
        "first_year": table.years[0].year,
        "last_year": table.years[-1].year,
    }
    where = sa.and_(t.plans.c.organisation_id == organisation_id, t.plans.c.title == title)
    row = connection.execute(sa.select(t.plans).where(where)).mappings().first()
    if row is None:
        values = [{"organisation_id": organisation_id, "title": title, **own}]
        return insert_rows(connection, t.plans, values)[0], True, []
    # A file that does not say its document or notes does not take away what the store knows of them.
    changed = {key: value for key, value in own.items() if value and row[key] != value}
    if changed:
        connection.execute(sa.update(t.plans).where(t.plans.c.id == row["id"]).values(changed))
    names = {"document": "資料番号", "notes": "注記", "first_year": "初年度", "last_year": "最終年度"}
    return row["id"], False, [Difference(title, names[k], str(row[k]), str(value)) for k, value in changed.items()]


def _place_cells(
    table: PlanTable,
    groups: Sequence[Group],
    indicator_ids: Sequence[int],
    initiative_ids: Mapping[InitiativeKey, int],
    listing_ids: Mapping[tuple[int, int], int],
) -> _Cells:
    cells: _Cells = {}
    for group, indicator_id in zip(groups, indicator_ids, strict=True):
        if table.is_long_form:
            cells[indicator_id, None] = group.name, {}
        for read in group.rows:
            listing_id = listing_ids[indicator_id, initiative_ids[initiative_key(read.row)]]
            cells.setdefault((indicator_id, listing_id), (group.name, {}))
            for place, cell in read.cells.items():
                _, own = cells[indicator_id, None if place[0] is Measure.ACTUAL else listing_id]
                # Two rows of one listing agree; the one that says more is kept.
                own[place] = max(own.get(place, cell), cell, key=lambda cell: cell.weight)
    if not table.is_long_form:  # the plan's other lists may have years that this one has not
        for _, own in cells.values():
            own |= {(Measure.TARGET, y): _OUTSIDE for y in table.years if (Measure.TARGET, y) not in own}
    return cells


def _store_figures(
    connection: sa.Connection,
    plan_id: int,
    change_id: int,
    table: PlanTable,
    cells: _Cells,
    report: LoadReport,
    progress: Progress,
) -> None:
    """Adds a revision of every cell that is new or differs; a cell that the plan no longer has ends."""
    current = {} if report.is_new else current_cells(connection, plan_id)
    total = sum(len(own) for _, own in cells.values())
    done = told = 0
    rows: list[dict[str, Any]] = []
    for (indicator_id, listing_id), (name, own) in cells.items():
        stored = current.get((indicator_id, listing_id), {})
        gone = [place for place, known in stored.items() if place not in own and not known.is_recorded]
        for place, cell in (own | {place: _ended(place, table) for place in gone}).items():
            known = stored.get(place)
            if known and ((known.raw, known.absence) == (cell.raw, cell.absence) or _overruled(cell, known)):
                continue
            if known:
                before = known.raw or str(known.absence)
                report.changed.append(Difference(name, place_name(*place), before, cell.raw or "なし"))
            rows.append(
                figure_row(indicator_id, listing_id, place, known.revision + 1 if known else 1, cell, change_id)
            )
        done += len(own)
        if done - told >= _CHUNK:
            _insert(connection, rows)
            progress(done, total)
            told = done
    _insert(connection, rows)
    progress(total, total)


def _insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Inserts figures and empties the list."""
    if rows:
        connection.execute(sa.insert(t.figures), rows)
        rows.clear()


def _ended(place: Place, table: PlanTable) -> Cell:
    """What becomes of a cell that the plan no longer has."""
    measure, year = place
    if measure is Measure.ACTUAL:
        return _NOT_RECORDED
    if table.is_long_form and year and table.years[0] <= year <= table.years[-1]:
        return _BLANK  # the plan still has the year
    return _OUTSIDE


def _overruled(cell: Cell, known: StoredCell) -> bool:
    """Does the file only repeat what a recorded result has replaced?"""
    return known.is_recorded and cell.raw in known.earlier


def _store_aliases(
    connection: sa.Connection,
    plan_id: int,
    change_id: int,
    groups: Sequence[Group],
    indicator_ids: Sequence[int],
    given: Mapping[str, Sequence[str]],
    report: LoadReport,
) -> None:
    """Adds the aliases that the file or the plan's details give; none goes by a load, or comes back."""
    by_name: dict[str, list[int]] = {}
    wanted: dict[tuple[int, str], str] = {}
    for group, indicator_id in zip(groups, indicator_ids, strict=True):
        by_name.setdefault(name_key(group.name), []).append(indicator_id)
        wanted |= {(indicator_id, alias): group.name for read in group.rows for alias in read.row.aliases}
    if unknown := [name for name in given if name_key(name) not in by_name]:
        raise BadFile([FileError(f"別名の指標「{name}」が計画にありません。") for name in unknown])
    for name, aliases in given.items():
        wanted |= {(indicator_id, alias): name for indicator_id in by_name[name_key(name)] for alias in aliases}
    a = t.aliases.c
    query = (
        sa.select(a.indicator_id, a.text, a.withdrawn_by)
        .join(t.indicators, a.indicator_id == t.indicators.c.id)
        .where(t.indicators.c.plan_id == plan_id)
        .order_by(a.id)
    )
    known = {(row.indicator_id, row.text): row.withdrawn_by is None for row in connection.execute(query)}
    new = {key: name for key, name in wanted.items() if key not in known}
    withdrawn = [
        f"別名「{text}」（{name}）: 管理で外されたもの"
        for (i, text), name in wanted.items()
        if not known.get((i, text), True)
    ]
    report.passed_over = (*report.passed_over, *withdrawn)
    insert_rows(connection, t.aliases, [{"indicator_id": i, "text": text, "change_id": change_id} for i, text in new])
    if not report.is_new:
        report.added += [Difference(name, "別名", "", text) for (_, text), name in new.items()]

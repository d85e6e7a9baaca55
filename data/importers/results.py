"""Stores recorded results (実績値): all rows or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, figure_row, insert_rows, lock_organisation
from data.engine import in_batches
from data.facts import Indicator, Measure, name_key
from data.fiscal_year import FiscalYear, read_fiscal_year
from data.importers.rows import BadFile, FileError, ResultRow
from data.store import read_catalogue
from data.values import Cell, read_cell, with_remark


@dataclass(frozen=True, slots=True)
class RecordReport:
    """How many results were new, how many replaced another value, how many were known already."""

    new: int
    changed: int
    unchanged: int


def store_results(
    connection: sa.Connection, organisation: str, rows: Sequence[ResultRow], author: Author
) -> RecordReport:
    """Stores results as one change in the caller's transaction; a result that differs becomes a new revision.

    Raises BadFile with every broken row: an unknown or ambiguous name (with the nearest), no year, no number, a result
    twice.
    """
    organisation_id = lock_organisation(connection, organisation)
    indicators = read_catalogue(connection, organisation).indicators
    cells = _read_results(rows, indicators)
    f = t.figures.c
    query = sa.select(f.indicator_id, f.fiscal_year, f.revision, f.raw, f.note, f.as_of).order_by(f.revision)
    known = {
        (row.indicator_id, FiscalYear(row.fiscal_year)): row
        for ids in in_batches({indicator_id for indicator_id, _ in cells})
        for row in connection.execute(query.where(f.measure == Measure.ACTUAL, f.indicator_id.in_(ids)))
    }
    change_id = add_change(connection, organisation_id, "record", author)
    stored = []
    for (indicator_id, year), cell in cells.items():
        before = known.get((indicator_id, year))
        if before is None or (before.raw, before.note, before.as_of) != (cell.raw, cell.note, cell.as_of):
            revision = before.revision + 1 if before else 1
            stored.append(figure_row(indicator_id, None, (Measure.ACTUAL, year), revision, cell, change_id))
    insert_rows(connection, t.figures, stored)
    changed = sum(1 for row in stored if row["revision"] > 1)
    return RecordReport(len(stored) - changed, changed, len(cells) - len(stored))


def _read_results(rows: Sequence[ResultRow], indicators: Sequence[Indicator]) -> dict[tuple[int, FiscalYear], Cell]:
    by_name: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        by_name.setdefault(name_key(indicator.name), []).append(indicator)
    errors: list[FileError] = []
    cells: dict[tuple[int, FiscalYear], Cell] = {}
    first: dict[tuple[int, FiscalYear], int] = {}
    for row in rows:
        found = [
            indicator
            for indicator in by_name.get(name_key(row.indicator), [])
            if not row.number or name_key(row.number) in {name_key(x.initiative.number) for x in indicator.listings}
        ]
        if len(found) != 1:
            errors.append(FileError(_name_error(row, by_name, found), row.line, "指標名"))
        year = read_fiscal_year(row.fiscal_year)
        if year is None:
            errors.append(
                FileError(f"「{row.fiscal_year}」は年度として読めません。例: R5、令和5年度、2023", row.line, "年度")
            )
        cell = with_remark(read_cell(row.value), row.remark)
        if not cell.is_number:
            errors.append(FileError(f"「{row.value}」は数値として読めません。", row.line, "実績値"))
        if len(found) != 1 or year is None:
            continue
        key = found[0].id, year
        if key in cells:
            errors.append(FileError(f"{first[key]}行目と同じ指標・同じ年度です。", row.line, "年度"))
        first.setdefault(key, row.line)
        cells[key] = cell
    if errors:
        raise BadFile(errors)
    return cells


def _name_error(row: ResultRow, by_name: dict[str, list[Indicator]], found: Sequence[Indicator]) -> str:
    if found:
        places = "、".join(f"{i.plan.title} {i.qualifier}".strip() for i in found)
        return f"「{row.indicator}」は複数あります（{places}）。項目番号の列で区別してください。"
    if name_key(row.indicator) in by_name:
        return f"「{row.indicator}」に項目番号「{row.number}」のものはありません。"
    near = get_close_matches(name_key(row.indicator), by_name, n=3, cutoff=0.4)
    names = "、".join(f"「{by_name[key][0].name}」" for key in near)
    return f"「{row.indicator}」という指標はありません。" + (f"近い名前: {names}" if names else "")

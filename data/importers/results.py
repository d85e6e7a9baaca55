"""Stores recorded results (実績値) and published statuses (公表判定): all rows or none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, figure_row, insert_rows, lock_organisation
from data.facts import ChangeKind, Fact, Indicator, Measure, Place, Plan, Revision
from data.figures import read_facts, read_revisions
from data.fiscal_year import TOKYO, FiscalYear, read_fiscal_year
from data.importers.odd import oddities
from data.importers.report import Recorded, RecordReport, place_name
from data.importers.rows import BadFile, FileError, Remark, ResultRow
from data.naming import Naming, NotFound, names_of
from data.store import read_catalogue
from data.units import on_scale_of, same_kind
from data.values import Cell, read_cell, with_remark

# Names of what is measured in percent, whether its plan writes the sign or not.
_RATE = re.compile("率|割合|比|%|パーセント|達成度|満足度")
_NO_NUMBER = "は数値として読めません。例: 55.3%、18万枚、12,345、▲162。まだ分からないときは空欄にしてください。"


@dataclass(frozen=True, slots=True)
class _Given:
    """One value of a row that has no error, with its place."""

    row: ResultRow
    indicator: Indicator
    place: Place
    cell: Cell


def store_results(
    connection: sa.Connection, organisation: str, rows: Sequence[ResultRow], author: Author
) -> RecordReport:
    """Stores results as one change in the caller's transaction; a result that differs becomes a new revision.

    Rows without a value say that there is none yet: they are counted and change nothing. Raises BadFile with every
    broken row: an unknown or ambiguous name (with the nearest), no year or one for which there can be no result, no
    number, another unit than the indicator's, a result twice.
    """
    organisation_id = lock_organisation(connection, organisation)
    names = names_of(read_catalogue(connection, organisation))
    filled = [row for row in rows if row.value or row.published_status]
    found = [names.find(_naming(row)) for row in filled]
    named = list({one.id: one for one in found if isinstance(one, Indicator)}.values())
    facts: dict[int, list[Fact]] = {indicator.id: [] for indicator in named}
    for fact in read_facts(connection, named):
        facts[fact.indicator.id].append(fact)
    now = FiscalYear.of_date(author.at.astimezone(TOKYO).date())
    given = _read(filled, found, facts, now)
    known = {
        (indicator_id, (revision.measure, revision.fiscal_year)): revision
        for indicator_id, revisions in read_revisions(connection, named).items()
        for revision in revisions
    }
    recorded = [
        Recorded(one.indicator, one.place, one.cell, known.get((one.indicator.id, one.place)), one.place[1] == now)
        for one in given
    ]
    report = RecordReport(
        new=tuple(one for one in recorded if one.is_new),
        changed=tuple(one for one in recorded if not one.is_new and not _is_same(one.cell, one.before)),
        unchanged=sum(not one.is_new and _is_same(one.cell, one.before) for one in recorded),
        skipped=len(rows) - len(filled),
        remarks=tuple(_remarks(rows)),
        warnings=tuple(_warnings(given, facts)),
    )
    if report.changes_anything:
        change_id = add_change(connection, organisation_id, ChangeKind.RECORD, author)
        stored = [
            figure_row(
                one.indicator.id, None, one.place, one.before.number + 1 if one.before else 1, one.cell, change_id
            )
            for one in (*report.new, *report.changed)
        ]
        insert_rows(connection, t.figures, stored)
    return report


def _naming(row: ResultRow) -> Naming:
    return Naming(row.indicator, row.plan, row.number, row.initiative, row.indicator_id)


def _is_same(cell: Cell, before: Revision | None) -> bool:
    return before is not None and (before.cell.raw, before.cell.note, before.cell.as_of) == (
        cell.raw,
        cell.note,
        cell.as_of,
    )


def _read(
    rows: Sequence[ResultRow],
    found: Sequence[Indicator | NotFound],
    facts: Mapping[int, Sequence[Fact]],
    now: FiscalYear,
) -> list[_Given]:
    """The values of the rows; raises BadFile with every error, in the order of the rows."""
    errors: list[FileError] = []
    given: dict[tuple[int, Place], _Given] = {}
    for row, indicator in zip(rows, found, strict=True):
        year = read_fiscal_year(row.fiscal_year)
        problems = list(_problems(row, indicator, year, now))
        if isinstance(indicator, Indicator) and year is not None:
            cells, unread = _cells(row, indicator, year, facts[indicator.id])
            problems += unread
            for place, cell in cells.items():
                first = given.setdefault((indicator.id, place), _Given(row, indicator, place, cell)).row
                if first is not row:
                    problems.append(
                        (f"{_where(first, row)}と同じ指標・同じ年度です。どちらか一つにしてください。", "年度")
                    )
                    break
        elif row.value and not _read_value(row.value, "").is_number:
            problems.append((f"「{row.value}」{_NO_NUMBER}", "実績値"))
        errors += [FileError(reason, row.line, column, row.sheet) for reason, column in problems]
    if errors:
        raise BadFile(errors)
    return list(given.values())


def _where(row: ResultRow, seen_from: ResultRow) -> str:
    return f"シート「{row.sheet}」の{row.line}行目" if row.sheet != seen_from.sheet else f"{row.line}行目"


def _problems(
    row: ResultRow, indicator: Indicator | NotFound, year: FiscalYear | None, now: FiscalYear
) -> Iterator[tuple[str, str]]:
    """What is wrong with the place that a row names, and the column."""
    if not row.indicator:
        yield "空です。計画の表にある指標名を書いてください。", "指標名"
    elif isinstance(indicator, NotFound):
        hint = f"{indicator.apart}の列で区別してください。" if indicator.apart else ""
        yield indicator.reason + hint, indicator.column
    if not row.fiscal_year:
        yield "空です。例: R5、令和5年度、2023", "年度"
    elif year is None:
        yield f"「{row.fiscal_year}」は年度として読めません。例: R5、令和5年度、2023", "年度"
    elif reason := _no_result_in(year, indicator.plan if isinstance(indicator, Indicator) else None, now):
        yield reason, "年度"


def _cells(
    row: ResultRow, indicator: Indicator, year: FiscalYear, facts: Sequence[Fact]
) -> tuple[dict[Place, Cell], list[tuple[str, str]]]:
    """The values of a row by their places, and what is wrong with them."""
    cells: dict[Place, Cell] = {}
    if row.published_status:
        cells[Measure.PUBLISHED, year] = Cell(row.published_status, note="" if row.value else row.remark)
    if not row.value:
        return cells, []
    cell, unit = _read_value(row.value, indicator.unit), _unit(indicator, facts, year)
    if not cell.is_number:
        return cells, [(f"「{row.value}」{_NO_NUMBER}", "実績値")]
    cells[Measure.ACTUAL, year] = with_remark(on_scale_of(cell, indicator.unit, unit), row.remark)
    numbers = [fact.cell.raw for fact in facts if fact.cell.value is not None]
    if cell.unit == "%" and not unit and numbers and not _RATE.search(indicator.name):
        reason = f"「{row.value}」には「%」がありますが、この指標の値（{numbers[-1]}）は%ではありません。"
        return cells, [(f"{reason}値を確かめるか、「%」を付けずに書いてください。", "実績値")]
    if same_kind(cell.unit, unit):
        return cells, []
    reason = f"「{row.value}」の単位「{cell.unit}」は、この指標の単位「{unit}」と違います。"
    return cells, [(f"{reason}値を確かめるか、単位を付けずに書いてください。", "実績値")]


def _no_result_in(year: FiscalYear, plan: Plan | None, now: FiscalYear) -> str:
    """Why there can be no result of a year, "" where there can: from the year before the plan, where it starts from."""
    if year > now:
        return f"{year.label}はまだ始まっていないので、実績はありません。年度を確かめてください。"
    if plan and not plan.first_year.year - 1 <= year.year <= plan.last_year.year:
        span = f"{plan.first_year.label}〜{plan.last_year.label}"
        return f"{year.label}は計画「{plan.title}」の期間（{span}）の外です。年度を確かめてください。"
    return ""


def _read_value(text: str, unit: str) -> Cell:
    """A result as typed; the indicator's own unit may follow, whatever it is (「120人時」)."""
    cell = read_cell(text)
    if cell.is_number or not unit or not cell.raw.endswith(unit):
        return cell
    return replace(read_cell(cell.raw.removesuffix(unit)), raw=cell.raw, unit=unit)


def _unit(indicator: Indicator, facts: Sequence[Fact], year: FiscalYear) -> str:
    """The unit that a result is compared in: its year's target's, else another target's, another figure's, declared."""
    with_unit = [fact for fact in facts if fact.cell.value is not None and fact.cell.unit]
    if not with_unit:
        return indicator.unit
    return max(with_unit, key=lambda fact: (fact.measure is Measure.TARGET, fact.fiscal_year == year)).cell.unit


def _remarks(rows: Sequence[ResultRow]) -> Iterator[Remark]:
    for row in rows:
        if row.remark and not (row.value or row.published_status):
            yield Remark(row.line, f"{row.indicator} {row.fiscal_year}: 「{row.remark}」")


def _warnings(given: Sequence[_Given], facts: Mapping[int, Sequence[Fact]]) -> Iterator[Remark]:
    for one in given:
        if one.place[0] is not Measure.ACTUAL:
            continue
        others = [fact.cell for fact in facts[one.indicator.id] if (fact.measure, fact.fiscal_year) != one.place]
        series = [on_scale_of(cell, cell.unit, one.cell.unit) if cell.unit else cell for cell in others]
        for oddity in oddities(one.cell, series):
            what = f"{one.indicator.name} {place_name(*one.place)}「{one.cell.raw}」"
            yield Remark(one.row.line, f"{what}: {oddity}")

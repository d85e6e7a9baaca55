"""A result on its way into the store, as it is told: the value and its status before and after."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from bot.answers import wording
from bot.answers.judging import told_status
from bot.figures import Row, rows_of, under_way
from data.facts import Catalogue, Indicator
from data.fiscal_year import FiscalYear, read_fiscal_year
from data.history import shown, written
from data.importers.preview import Preview
from data.importers.report import Recorded, place_name
from data.importers.rows import BadFile, ResultRow

# The field at which the error of a column stands.
_FIELDS = {"指標名": "indicator", "計画": "indicator", "項目番号": "indicator", "年度": "year", "備考": "note"}


def recordable_years(catalogue: Catalogue, today: date) -> list[FiscalYear]:
    """The years that can have a result in some plan, newest first: from the one before it, where it starts from."""
    this_year = FiscalYear.of_date(today)
    found = {
        FiscalYear(year)
        for plan in catalogue.plans
        for year in range(plan.first_year.year - 1, min(plan.last_year, this_year).year + 1)
    }
    return sorted(found, reverse=True)


def last_finished(years: Sequence[FiscalYear], today: date) -> FiscalYear:
    """The year that is most likely meant: the latest that is over, of years that are not none, newest first."""
    this_year = FiscalYear.of_date(today)
    return next((year for year in years if year < this_year), years[0])


def typed_row(indicator: Indicator, year: str, value: str, note: str) -> ResultRow:
    """A result that was typed in for an indicator picked by hand."""
    return ResultRow(1, indicator.name, "", year, value, note, plan=indicator.plan.title, indicator_id=indicator.id)


def at_fields(bad: BadFile) -> Mapping[str, str]:
    """What is wrong with a result that was typed in, by the field: indicator, year, value or note."""
    found: dict[str, str] = {}
    for error in bad.errors:
        name = _FIELDS.get(error.column, "value")
        found[name] = found.get(name, "") + error.reason
    return found


def typed_lines(indicator: Indicator, year: str, preview: Preview, today: date) -> list[str]:
    """What would be written: the value and the status before and after, the formula, what looks like a slip."""
    named = read_fiscal_year(year)
    title = f"{wording.name(indicator)}、{wording.year(named) if named else year}"
    around = rows_around(preview)
    told = [line for one in _recorded(preview) for line in (value_line(one), *status_lines(one, around, today))]
    warnings = [f"・{remark.text.partition(': ')[2] or remark.text}" for remark in preview.report.warnings]
    return [title, *told, *(["確かめてください:", *warnings] if warnings else [])]


def value_line(one: Recorded) -> str:
    """「実績値: 12 → 13（前の値は鈴木さんが 2024/11/23 09:30 に results.csv で登録したもの）」."""
    name = place_name(one.place[0], None)
    if one.before is None or one.is_new:
        return f"{name}: 実績未登録 → {shown(one.cell)}"
    return f"{name}: {shown(one.before.cell)} → {shown(one.cell)}（前の値は{written(one.before.change)}もの）"


def rows_around(preview: Preview) -> Mapping[int, tuple[Row, Row]]:
    """The figures of each indicator before and after, by its id."""
    indicators = list({one.indicator.id: one.indicator for one in _recorded(preview)}.values())
    before, after = rows_of(indicators, preview.before), rows_of(indicators, preview.after)
    return {one.indicator.id: (one, other) for one, other in zip(before, after, strict=True)}


def status_lines(one: Recorded, around: Mapping[int, tuple[Row, Row]], today: date) -> Iterator[str]:
    """「判定: 実績未登録 → 概ね順調」, and why; whether the result is 途中経過."""
    year = one.place[1]
    if year is None:
        return
    rows, scale = around[one.indicator.id], one.indicator.plan.scale
    before, after = (told_status(row, year, scale) for row in rows)
    if after:
        yield f"判定: {before.status} → {after.status}" if before else f"判定: {after.status}"
        yield from after.why
    if under_way(rows[-1], year, today):
        yield "年度の途中の値なので、途中経過として登録されます。"


def _recorded(preview: Preview) -> list[Recorded]:
    return [*preview.report.new, *preview.report.changed]


def seal(lines: Sequence[str]) -> str:
    """Stands for what was shown, so that nothing else is done than that."""
    return sha256("\n".join(lines).encode()).hexdigest()[:16]

"""Reads the long form: tab-separated text, one line a figure, the plans of a file one after the other or mixed.

plan	field	indicator	kind	period	value	unit
総合計画	保育の充実	待機児童数	target	2024	0	人

`field` is the initiative, `kind` target, actual or baseline, `period` the fiscal year. A name that recurs under another
initiative is another indicator, even where its figures agree. Nothing is quoted: a quotation mark is part of its text.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from data.facts import Measure, Place, name_key
from data.fiscal_year import FIRST_YEAR, LAST_YEAR, FiscalYear, read_fiscal_year
from data.importers.identity import same_figure
from data.importers.rows import BadFile, FileError, PlanTable, Remark, Row, clean
from data.values import read_cell

_COLUMNS = ("plan", "field", "indicator", "kind", "period", "value", "unit")
_HEADER = re.compile(r"\t".join(_COLUMNS) + r"[ \t]*(?:[\r\n]|\Z)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_MEASURES = {measure.value: measure for measure in (Measure.BASELINE, Measure.TARGET, Measure.ACTUAL)}
# The same few years on every line: read once, and one object for each.
_read_year = lru_cache(maxsize=256)(read_fiscal_year)


@dataclass(slots=True)
class _Indicator:
    """The lines of one indicator so far: the first of them, and each figure with its line."""

    line: int
    unit: str = ""
    remark: str = ""
    figures: dict[Place, tuple[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    """The indicators of one plan so far, by initiative and name."""

    line: int
    indicators: dict[tuple[str, str], _Indicator] = field(default_factory=dict)
    repairs: list[Remark] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def is_long_form(text: str) -> bool:
    """Does the text begin with the header of the long form?"""
    return _HEADER.match(text) is not None


def read_long_form(text: str) -> tuple[PlanTable, ...]:
    """Reads every plan, in the order of their first lines; line numbers count from 1.

    A year beyond the calendar (the 4008 that comes of 「平成2020年」) is passed over and told. Raises BadFile with
    every broken line: no plan or indicator, an unknown kind, no year, a second value or unit for what has one.
    """
    errors: list[FileError] = []
    plans: dict[str, _Plan] = {}
    for line, cells in _lines(text):
        _read_line(line, cells, plans, errors)
    if not plans and not errors:
        errors.append(FileError("見出しの下に行がありません。"))
    tables = [_table(title, plan, errors) for title, plan in plans.items()]
    if errors:
        raise BadFile(errors)
    return tuple(tables)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line below the header that is not empty, cut out of the text only when its turn comes."""
    for line, match in enumerate(_LINE.finditer(text), 1):
        if line > 1 and match[0].strip():
            yield line, [cell.strip() for cell in match[0].rstrip("\r\n").split("\t")]


def _read_line(line: int, cells: Sequence[str], plans: dict[str, _Plan], errors: list[FileError]) -> None:
    if not len(_COLUMNS) - 1 <= len(cells) <= len(_COLUMNS):  # editors cut off an empty unit with its tab
        errors.append(FileError(f"列が{len(cells)}個あります。タブで区切った{len(_COLUMNS)}個にしてください。", line))
        return
    title, initiative, name, kind, period, value, unit = (*cells, "")[: len(_COLUMNS)]
    title, initiative, name = clean(title), sys.intern(clean(initiative)), clean(name)
    measure, year = _MEASURES.get(kind), _read_year(period)
    beyond_calendar = year is None and re.fullmatch(r"\d{4}", period) is not None
    broken = len(errors)
    if not title:
        errors.append(FileError("計画名がありません。", line, "plan"))
    if not name:
        errors.append(FileError("指標名がありません。", line, "indicator"))
    if measure is None:
        errors.append(FileError(f"「{kind}」は読めません。{'、'.join(_MEASURES)} のどれかです。", line, "kind"))
    if year is None and not beyond_calendar and (period or measure is not Measure.BASELINE):
        errors.append(FileError(f"「{period}」は年度として読めません。例: 2024", line, "period"))
    if len(errors) > broken or measure is None:
        return
    plan = plans.setdefault(title, _Plan(line))
    own = plan.indicators.setdefault((initiative, name), _Indicator(line))
    if beyond_calendar:
        plan.passed_over.append(f"{line}行目 {name}: {period}年度の値（扱える年度は{FIRST_YEAR}〜{LAST_YEAR}です）")
        return
    if unit and own.unit and name_key(unit) != name_key(own.unit):
        errors.append(FileError(f"「{unit}」は、同じ指標の前の行の「{own.unit}」と違います。", line, "unit"))
    own.unit = own.unit or sys.intern(unit)
    place = (measure, None if measure is Measure.BASELINE else year)
    if place not in own.figures:
        own.figures[place] = line, value
        if measure is Measure.BASELINE and year:
            own.remark = f"基準値は{year.name}の値"
        return
    first, before = own.figures[place]
    if value == before or same_figure(read_cell(value), read_cell(before)):
        plan.repairs.append(Remark(line, f"{first}行目と同じ指標の同じ値です。一つとして数えました。"))
    else:
        errors.append(FileError(f"「{value}」は、同じ指標の{first}行目の「{before}」と違います。", line, "value"))


def _table(title: str, plan: _Plan, errors: list[FileError]) -> PlanTable:
    rows = tuple(_row(initiative, name, own) for (initiative, name), own in plan.indicators.items())
    years = {year for row in rows for year, _ in row.targets} or {year for row in rows for year, _ in row.actuals}
    if not years:
        errors.append(FileError(f"計画「{title}」に、目標値も実績値もありません。", plan.line))
    return PlanTable(
        title=title,
        document="",
        notes=(),
        years=tuple(sorted(years)),
        rows=rows,
        repairs=tuple(plan.repairs),
        passed_over=tuple(plan.passed_over),
        is_long_form=True,
    )


def _row(initiative: str, name: str, own: _Indicator) -> Row:
    def of(measure: Measure) -> tuple[tuple[FiscalYear, str], ...]:
        return tuple((year, text) for (of, year), (_, text) in own.figures.items() if of is measure and year)

    _, baseline = own.figures.get((Measure.BASELINE, None), (0, None))
    return Row(
        own.line,
        chapter="",
        area="",
        number="",
        initiative=initiative,
        indicator=name,
        baseline=baseline,
        targets=of(Measure.TARGET),
        actuals=of(Measure.ACTUAL),
        unit=own.unit,
        remark=own.remark,
    )

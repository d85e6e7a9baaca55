"""Tables of a card: the course of an indicator over years, the rows of a list, the figures behind a chart.

They have few columns: a phone shows two or three before it breaks the names of indicators into letters.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answer import Answer
from bot.answers.wording import unit_note
from bot.channels.asked import sole_indicator
from bot.channels.teams.elements import Element, text
from bot.chart import Chart, Course
from bot.figures import is_interim
from bot.tabular import Table
from data.facts import MEASURES, Fact, Measure, Place

#: As many rows of a list are on a page.
PAGE = 10
_CELL, _HEADING = 200, 60
# Fewer figures than these are read as quickly in a line.
_FIGURES = 3
_BULLET, _INTERIM = "・", "（途中経過）"
_COUNTED = re.compile(r"(?P<name>.+)（(?P<count>[0-9,]+件)）")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list: its name with number or bullet, what is said of it, the heading of its group."""

    name: str
    detail: str
    group: str


def entries(rows: Sequence[str]) -> list[Entry]:
    """「・植樹の面積  R5 30」 under 「くらし（2件）」 as an entry; a heading is no entry of its own."""
    found: list[Entry] = []
    group = ""
    for row in rows:
        if not row.startswith(_BULLET) and not row.partition(". ")[0].isdecimal():
            group = row
        else:
            name, _, detail = row.partition("  ")
            found.append(Entry(name, detail.strip(), group))
    return found


def list_table(shown: Sequence[Entry], heading: str) -> list[Element]:
    """Entries under the headings of their groups, as a table of names and what is said of them; as lines where nothing
    is said of any."""
    if not any(entry.detail for entry in shown):
        return _lines(shown)
    rows = [_row([heading, "内容"], bold=True)]
    group = ""
    for entry in shown:
        if entry.group != group:
            group = entry.group
            counted = _COUNTED.fullmatch(group)
            rows.append(_row([counted["name"], counted["count"]] if counted else [group, ""], bold=True, tinted=True))
        rows.append(_row([entry.name.removeprefix(_BULLET), entry.detail]))
    return [_table(rows, [3, 2])]


def _lines(shown: Sequence[Entry]) -> list[Element]:
    found: list[Element] = []
    group = ""
    for entry in shown:
        if entry.group != group:
            group = entry.group
            found += text(group, weight="Bolder")
        found += text(entry.name, spacing="Small")
    return found


def course_table(answer: Answer, today: date) -> tuple[list[Element], str]:
    """The figures of one indicator with a row for each year, and the line of the reply that says the same:

    「基準値 20,862 ／ R4 23,146 → R5 25,430（単位は件）」. Neither where no line says just that, or where the table
    would have a blank for a figure that there is.
    """
    facts = [*answer.context_facts, *answer.facts]
    if sole_indicator(answer) is None or len(facts) < _FIGURES or _leaves_out(facts, answer.chart):
        return [], ""
    table = _course(facts, today)
    told = {word for row in (table.header, *table.rows) for cell in row for word in cell.split()}
    told |= {word.removesuffix(_INTERIM) for word in told} | set(MEASURES.values())
    for line in answer.text.lines:
        said = line.removesuffix(unit_note(facts)).replace(" ／ ", " ").replace(" → ", " ").split()
        if " → " in line and told.issuperset(said):
            return plain_table(table), line
    return [], ""


def _leaves_out(facts: Sequence[Fact], chart: Chart | None) -> bool:
    """Are there figures of the same measures and years that an answer does not tell?"""
    told = {(fact.measure, fact.fiscal_year) for fact in facts}
    measures, years = {measure for measure, _ in told}, {year for _, year in told}
    series = chart.series if isinstance(chart, Course) else {}
    return any(
        point.year in years and (measure, point.year) not in told
        for measure in measures & series.keys()
        for point in series[measure]
    )


def _course(facts: Sequence[Fact], today: date) -> Table:
    """The figures of one indicator as the plan writes them."""
    cells = {
        (fact.measure, fact.fiscal_year): f"{fact.cell.raw}{_INTERIM if is_interim(fact, today) else ''}"
        for fact in facts
    }
    return year_table(cells, unit_note(facts))


def year_table(cells: Mapping[Place, str], note: str = "") -> Table:
    """年度 | 目標値（単位は件） | 実績値, a row a year; the baseline in the first one, with the first measure."""
    measures = [one for one in (Measure.TARGET, Measure.ACTUAL) if any(measure is one for measure, _ in cells)]
    names = [MEASURES[measure] for measure in measures]
    years = sorted({year for measure, year in cells if year and measure in measures})
    rows = [(year.label, *(cells.get((measure, year), "") for measure in measures)) for year in years]
    baseline = cells.get((Measure.BASELINE, None), "")
    if baseline and measures:
        rows = [(MEASURES[Measure.BASELINE], baseline, *[""] * (len(measures) - 1)), *rows]
        names[0] = f"{MEASURES[Measure.BASELINE]}・{names[0]}"
    return Table("", ("年度", *(f"{name}{note}" for name in names)), tuple(rows))


def plain_table(table: Table) -> list[Element]:
    """A table of few short columns, none where it has no rows."""
    if not table.rows:
        return []
    rows = [_row(table.header, bold=True), *map(_row, table.rows)]
    return [_table(rows, [1] * len(table.header))]


def _table(rows: Sequence[Element], widths: Sequence[int]) -> Element:
    return {
        "type": "Table",
        "firstRowAsHeaders": True,
        "showGridLines": True,
        "columns": [{"width": width} for width in widths],
        "rows": list(rows),
    }


def _row(cells: Sequence[str], bold: bool = False, tinted: bool = False) -> Element:
    limit = _HEADING if bold and not tinted else _CELL
    items = [text(cell, limit, weight="Bolder") if bold else text(cell, limit) for cell in cells]
    row: Element = {"type": "TableRow", "cells": [{"type": "TableCell", "items": one} for one in items]}
    return row | {"style": "emphasis"} if tinted else row

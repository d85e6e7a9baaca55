"""Tables of a card: the course of an indicator over years, the rows of a list, the figures behind a chart.

They have few columns: a phone shows two or three before it breaks the names of indicators into letters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answer import Answer
from bot.answers.wording import unit_note
from bot.channels.asked import sole_indicator
from bot.channels.teams.elements import Element, text
from bot.figures import is_interim
from bot.tabular import Table
from data.facts import MEASURES, Fact, Measure

#: As many rows of a list are on a page.
PAGE = 10
_CELL, _HEADING = 200, 60
# Fewer figures than these are read as quickly in a line.
_FIGURES = 3
_BULLET = "・"
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

    「基準値 20,862 ／ R4 23,146 → R5 25,430（単位は件）」. Neither where no line says just that.
    """
    facts = [*answer.context_facts, *answer.facts]
    if sole_indicator(answer) is None or len(facts) < _FIGURES:
        return [], ""
    table = _course(facts, today)
    told = {word for row in (table.header, *table.rows) for cell in row for word in cell.split()}
    told |= {word.removesuffix(_INTERIM) for word in told} | {MEASURES[measure] for measure in MEASURES}
    for line in answer.text.lines:
        said = line.removesuffix(unit_note(facts)).replace(" ／ ", " ").replace(" → ", " ").split()
        if " → " in line and told.issuperset(said):
            return plain_table(table), line
    return [], ""


_INTERIM = "（途中経過）"


def _course(facts: Sequence[Fact], today: date) -> Table:
    """年度 | 目標値（単位は件） | 実績値, the baseline in the first row."""
    measures = [one for one in (Measure.TARGET, Measure.ACTUAL) if any(fact.measure is one for fact in facts)]
    told = {
        (fact.measure, fact.fiscal_year): f"{fact.cell.raw}{_INTERIM if is_interim(fact, today) else ''}"
        for fact in facts
    }
    years = sorted({fact.fiscal_year for fact in facts if fact.fiscal_year})
    baseline = told.get((Measure.BASELINE, None))
    rows = [(MEASURES[Measure.BASELINE], baseline, *[""] * (len(measures) - 1))] if baseline and measures else []
    rows += [(year.label, *(told.get((measure, year), "") for measure in measures)) for year in years]
    header = [MEASURES[measure] for measure in measures]
    return Table("", ("年度", *(f"{name}{unit_note(facts)}" for name in header)), tuple(rows))


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

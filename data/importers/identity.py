"""Which rows of a plan are one indicator.

In a table, rows of the same name are one indicator if no parsed figures disagree (61% and 61.0% agree), with a listing
each; otherwise they are different indicators. In the long form every row is an indicator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.facts import Measure, Place, name_key
from data.importers.rows import PlanTable, Row
from data.values import Cell, read_cell


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with its cells read."""

    row: Row
    cells: Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """One indicator: its name as first written, and its rows in the order of the source."""

    name: str
    rows: tuple[ReadRow, ...]


def read_row(row: Row) -> ReadRow:
    cells: dict[Place, Cell] = {}
    if row.baseline is not None:
        cells[Measure.BASELINE, None] = read_cell(row.baseline)
    for year, text in row.targets:
        cells[Measure.TARGET, year] = read_cell(text)
    for year, text in row.actuals:
        if (cell := read_cell(text)).absence is None:  # an empty one says no more than none at all
            cells[Measure.ACTUAL, year] = cell
    return ReadRow(row, cells)


def group_table(table: PlanTable) -> tuple[Group, ...]:
    """The indicators of a plan, in the order of their first rows."""
    if table.is_long_form:
        return tuple(Group(row.indicator, (read_row(row),)) for row in table.rows)
    return group_rows(table.rows)


def group_rows(rows: Sequence[Row]) -> tuple[Group, ...]:
    """Groups the rows of a table that hold an indicator, in the order of their first rows."""
    by_name: dict[str, list[list[ReadRow]]] = {}
    groups: list[list[ReadRow]] = []
    for row in rows:
        if not row.indicator:
            continue
        read = read_row(row)
        namesakes = by_name.setdefault(name_key(row.indicator), [])
        group = next((group for group in namesakes if all(_agree(read, other) for other in group)), None)
        if group is None:
            group = []
            namesakes.append(group)
            groups.append(group)
        group.append(read)
    return tuple(Group(group[0].row.indicator, tuple(group)) for group in groups)


def namesakes(groups: Sequence[Group]) -> dict[str, list[Group]]:
    """The groups that share a name with another one, by name."""
    by_name: dict[str, list[Group]] = {}
    for group in groups:
        by_name.setdefault(name_key(group.name), []).append(group)
    return {same[0].name: same for same in by_name.values() if len(same) > 1}


def _agree(one: ReadRow, other: ReadRow) -> bool:
    if one.row.unit and other.row.unit and one.row.unit != other.row.unit:
        return False
    shared = [(cell, other.cells[place]) for place, cell in one.cells.items() if place in other.cells]
    return all(same_figure(a, b) for a, b in shared if a.is_number and b.is_number)


def same_figure(one: Cell, other: Cell) -> bool:
    """Do two cells give the same number, however it is written?"""
    if not (one.is_number and other.is_number):
        return False
    same_unit = one.unit == other.unit or not (one.unit and other.unit)
    return same_unit and (one.value, one.bound, one.parts) == (other.value, other.bound, other.parts)

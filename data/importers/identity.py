"""Which rows of a plan are one indicator.

Rows of the same name are one indicator if no parsed figures disagree (61% and 61.0% agree), with a listing each;
otherwise they are different indicators.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.facts import Measure, Place, name_key
from data.importers.rows import Row
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
    return ReadRow(row, cells)


def group_rows(rows: Sequence[Row]) -> tuple[Group, ...]:
    """Groups the rows that hold an indicator, in the order of their first rows."""
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
    return all(_same_figure(cell, other.cells[place]) for place, cell in one.cells.items() if place in other.cells)


def _same_figure(one: Cell, other: Cell) -> bool:
    if not (one.is_number and other.is_number):
        return True
    same_unit = one.unit == other.unit or not (one.unit and other.unit)
    return same_unit and (one.value, one.bound, one.parts) == (other.value, other.bound, other.parts)

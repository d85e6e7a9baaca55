"""Cells against numbers and against each other, as far as their words tell: 「4以上」, 「ほぼ100%」."""

import re
from decimal import Decimal

from bot.figures import Row
from data.facts import Direction, Fact, name_key
from data.scales import ABOUT
from data.values import Bound, Cell
from nlp.amounts import PERCENT
from nlp.criteria import Comparison

#: Units that are used for anything that is counted.
_COUNTED = {"", "件", "個", "つ"}


def alike(one: Cell, other: Cell) -> bool:
    """Are two cells written alike, bounds included?"""
    return (one.value, one.bound) == (other.value, other.bound)


# What a unit's amounts are called in names, where the plan writes no unit.
_IN_NAMES = {
    "人": "者|人|客|患者|フォロワー|高齢",
    "枚": "枚|用紙",
    "時間": "時間",
    "円": "円|価格|額|費",
    "市町村": "市町村",
    "社": "企業|社|事業所",
    "回": "回",
    "団体": "団体",
    "施設": "施設|機関",
    "台": "台|機器",
}


def of_same_kind(unit: str, fact: Fact) -> bool:
    """Can an amount with this unit be held against the figure?

    Percent only against percent. Where the plan writes no unit the name tells: 「640人」 fits 受講者数, not 市町村数.
    """
    own = _UNITS.get(fact.cell.unit, fact.cell.unit)
    if unit == PERCENT or own == PERCENT:
        return unit == own
    if unit == "":
        return True
    if unit in _COUNTED:
        return own not in _IN_NAMES  # 「12万枚」 are not 「12万件」
    if own in _COUNTED:
        return unit not in _IN_NAMES or re.search(_IN_NAMES[unit], fact.indicator.name) is not None
    return name_key(own).startswith(name_key(unit))


_UNITS = {"名": "人"}


def compare(cell: Cell, comparison: Comparison, limit: Decimal, *, exactly: bool = False) -> bool | None:
    """Does a cell compare so with a number? None where its words leave it open: 「4以上」 against 「5以上」.

    Equality goes by the number that is written: 「4以上」 is not 5; whether it is 4 stays open, unless `exactly` leaves
    out what is not exact.
    """
    value = cell.value
    if value is None:
        return None
    if comparison in (Comparison.EQUAL, Comparison.UNEQUAL):
        if cell.bound is Bound.EXACT or value != limit:
            return (value == limit) is (comparison is Comparison.EQUAL)
        return comparison is Comparison.UNEQUAL if exactly else None
    low, high = _range(cell, value)
    at_least, at_most = low is not None and low >= limit, high is not None and high <= limit
    above = at_least and (low != limit or cell.bound is Bound.MORE_THAN)
    below = at_most and (high != limit or cell.bound is Bound.LESS_THAN)
    yes, no = {
        Comparison.AT_LEAST: (at_least, below),
        Comparison.REACHES: (at_least, below),
        Comparison.MORE: (above, at_most),
        Comparison.AT_MOST: (at_most, above),
        Comparison.LESS: (below, at_least),
    }[comparison]
    return True if yes else False if no else None


def _range(cell: Cell, value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest that a cell may mean, None where it is open."""
    match cell.bound:
        case Bound.AT_LEAST | Bound.MORE_THAN:
            return value, None
        case Bound.AT_MOST | Bound.LESS_THAN:
            return None, value
        case Bound.ABOUT:
            return tuple(sorted((value * ABOUT, value / ABOUT)))  # type: ignore[return-value]
    return value, value


def compare_cells(one: Cell, comparison: Comparison, other: Cell) -> bool:
    """Two cells, each taken by its number."""
    a, b = one.value, other.value
    if a is None or b is None:
        return False
    match comparison:
        case Comparison.EQUAL:
            return alike(one, other)
        case Comparison.UNEQUAL:
            return not alike(one, other)
        case Comparison.MORE:
            return a > b
        case Comparison.LESS:
            return a < b
        case Comparison.AT_LEAST | Comparison.REACHES:
            return a >= b
        case Comparison.AT_MOST:
            return a <= b
        case Comparison.BETTER | Comparison.WORSE:
            raise ValueError("which way is better is told by the row: by_direction")


def by_direction(comparison: Comparison, row: Row) -> Comparison:
    """「より良い」 is more where more is better, less where less is: fewer 枚 of コピー用紙."""
    if comparison not in (Comparison.BETTER, Comparison.WORSE):
        return comparison
    is_more = (comparison is Comparison.BETTER) is (row.improves is Direction.HIGHER)
    return Comparison.MORE if is_more else Comparison.LESS


def reaches(row: Row, cell: Cell, amount: Decimal) -> bool | None:
    """Does a figure get to an amount, from above where less is better?"""
    comparison = Comparison.AT_MOST if row.improves is Direction.LOWER else Comparison.AT_LEAST
    return compare(cell, comparison, amount)

"""Kinds of quantities: percent, hours and counts are not held against each other."""

import re
from enum import Enum

from bot.figures import Row
from nlp.amounts import PERCENT


class Quantity(Enum):
    COUNT = "件数・人数など"
    PERCENT = "「%」"
    TIME = "時間"
    MONEY = "金額・価格"
    SCORE = "満足度など"


_TIME_UNITS = re.compile(r"時間|分|秒|日|h$", re.IGNORECASE)
_MONEY_UNITS = re.compile(r"円")
_TIME_NAMES = re.compile(r"時間(?:数)?(?:\(h\)|（H）)?$|時間数", re.IGNORECASE)
_MONEY_NAMES = re.compile(r"(?:価格|差額|金額|売上高|費)$|[^時]額$")
_SCORE_NAMES = re.compile(r"満足度|点数|スコア|評価点")


def quantity_of(row: Row) -> Quantity:
    """What kind of quantity an indicator is, by its unit, else by its name: 「利用時間」 is a time."""
    units = {fact.cell.unit for fact in row.facts.values() if fact.cell.unit} | {row.indicator.unit}
    if PERCENT in units:
        return Quantity.PERCENT
    unit = next((own for own in units if own), "")
    name = row.indicator.name
    if _TIME_UNITS.search(unit) or (not unit and _TIME_NAMES.search(name)):
        return Quantity.TIME
    if _MONEY_UNITS.search(unit) or (not unit and _MONEY_NAMES.search(name)):
        return Quantity.MONEY
    if unit == "点" or (not unit and _SCORE_NAMES.search(name)):
        return Quantity.SCORE
    return Quantity.COUNT

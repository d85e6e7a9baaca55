"""What a condition says of an indicator, as data: read by conditions.py, put to the figures by bot/conditions.py."""

from dataclasses import dataclass
from enum import Enum

from nlp.amounts import Amount
from nlp.operands import Figure, Operand
from nlp.periods import Period

#: Stands for a cell that is left empty.
BLANK = "空欄"


class Comparison(Enum):
    AT_LEAST = "以上"
    MORE = "超"
    AT_MOST = "以下"
    LESS = "未満"
    EQUAL = "と同じ"
    UNEQUAL = "と違う"
    REACHES = "に届く"
    BETTER = "より良い"
    WORSE = "より悪い"


class Trend(Enum):
    RISES = "増える"
    FALLS = "減る"
    STAYS = "変わらない"
    RISES_NOT = "増えない"
    FALLS_NOT = "減らない"
    IMPROVES = "良くなる"
    WORSENS = "悪くなる"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, or a change, against an amount or another figure; `exactly` leaves out 「ほぼ」 and the like."""

    operand: Operand
    comparison: Comparison
    other: Amount | Figure
    exactly: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that is there or is not; `mark` is what the cell shows instead, where that was named: 「/」,
    「-」, BLANK."""

    figure: Figure
    is_there: bool
    mark: str = ""


@dataclass(frozen=True, slots=True)
class OnlyIn:
    """A target in these years and in no other."""

    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """How the figures move between two of them, or over the whole plan; `throughout` compares every year."""

    trend: Trend
    start: Figure | None = None
    end: Figure | None = None
    throughout: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A cell that is written with a word: 「以上」."""

    figure: Figure
    word: str


@dataclass(frozen=True, slots=True)
class Met:
    """A result that meets the target of its year, or is better; None for the latest year that is over.

    `by_latest` holds the latest result against the target of a year still to come.
    """

    period: Period | None
    is_met: bool
    by_latest: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One of these statuses (判定) in a year, by their Japanese words: 「R5の判定が「後退」」.

    None for the latest year that is over.
    """

    period: Period | None
    statuses: tuple[str, ...]


Test = Compared | Given | OnlyIn | Moves | Written | Met | Judged


@dataclass(frozen=True, slots=True)
class ConditionReading:
    """A condition as read at [start, end): any one of `tests` must hold, or none where `negated` (「〜は除く」)."""

    tests: tuple[Test, ...]
    start: int
    end: int
    negated: bool = False

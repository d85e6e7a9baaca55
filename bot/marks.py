"""How statuses are told apart without colour: by a shape beside the word, by a level for stylesheets, by bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.quantities import rounded
from bot.scorecard import Scorecard
from data.scales import Scale, Status

#: What an indicator is that has neither target nor result in the year, and so no status.
NO_STATUS = "目標なし"

_MARKS = "◎○△×"
_OWN_MARKS = {Status.UNDECIDED.value: "？", Status.NOT_RECORDED.value: "－", NO_STATUS: "・"}
_OWN_LEVELS = {Status.UNDECIDED.value: "undecided", Status.NOT_RECORDED.value: "missing"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a stacked bar: from where it goes how far, in percent of the whole."""

    status: str
    mark: str
    level: str
    count: int
    start: Decimal
    width: Decimal


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """The stacked bar of a scorecard."""
    found, start, whole = [], Decimal(0), Decimal(max(len(card.judged), 1))
    for status, count in card.counts.items():
        width = rounded(count / whole * 100, 3)
        found.append(Bar(status, mark_of(status, card.scale), level_of(status, card.scale), count, start, width))
        start += width
    return tuple(found)


def mark_of(status: str, scale: Scale) -> str:
    """The shape beside the word of a status: ◎ for the best grade, × for the worst."""
    grades = grades_of(scale)
    return _MARKS[_rank(status, grades)] if status in grades else _OWN_MARKS.get(status, "・")


def level_of(status: str, scale: Scale) -> str:
    """How a status is drawn, for stylesheets: 「grade-1」 is the best, 「grade-4」 the worst."""
    grades = grades_of(scale)
    return f"grade-{_rank(status, grades) + 1}" if status in grades else _OWN_LEVELS.get(status, "none")


def grades_of(scale: Scale) -> tuple[str, ...]:
    """The words of a scale that say how good a result is, the best first."""
    return tuple(word for word in scale.words if word not in (Status.UNDECIDED, Status.NOT_RECORDED))


def _rank(status: str, grades: Sequence[str]) -> int:
    return min(grades.index(status), len(_MARKS) - 1)

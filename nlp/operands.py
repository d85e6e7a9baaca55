"""What is measured of an indicator: one figure (「R7の目標」), or what several make (「基準値からR7への伸び率」)."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from data.fiscal_year import FiscalYear
from nlp.measures import Measure, MeasureReading
from nlp.periods import Period, PeriodReading
from nlp.shape import Shape


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `measure` or `period` is None where the words leave it open."""

    measure: Measure | None = None
    period: Period | None = None


class Operation(Enum):
    """What several figures make, by ANSWER.md's names."""

    DIFFERENCE = "difference"
    GROWTH_RATE = "growth_rate"
    RATIO = "ratio"
    PER_YEAR = "per_year"
    SUM = "sum"
    AVERAGE = "average"
    ACHIEVEMENT_RATE = "achievement_rate"
    PROGRESS_RATE = "progress_rate"


#: What a result makes of the target of its year.
OF_RESULTS = (Operation.ACHIEVEMENT_RATE, Operation.PROGRESS_RATE)


@dataclass(frozen=True, slots=True)
class Change:
    """What an operation makes of the figures from `start` to `end`; None where the words leave one open."""

    operation: Operation
    start: Figure | None = None
    end: Figure | None = None


Operand = Figure | Change


def figure_pattern(name: str) -> str:
    """The pattern of one figure in a shape, its parts in groups that begin with `name`: 「Pの T」, 「Tが P」, 「B」."""
    return (
        rf"(?:(?P<{name}p>P)(?:度)?(?:時点|段階)?(?:(?:での|の|で|に(?:おける)?|は|、|\s)?(?P<{name}m>[TA])|の?(?P<{name}b>B))?"
        rf"|(?P<{name}n>[TBA])(?:の|が|は|で|、)?(?P<{name}q>P)?)(?:の(?:値|数値?|数字|水準|ほう|方))?"
    )


def figure_of(shape: Shape, match: re.Match[str], name: str) -> Figure | None:
    """The figure that a match of figure_pattern(name) read, None where it has no part in the match."""
    period = shape.at(match, f"{name}p") or shape.at(match, f"{name}q")
    measure = next(filter(None, (shape.at(match, f"{name}{part}") for part in "mbn")), None)
    if period is None and measure is None:
        return None
    return Figure(
        measure.measure if isinstance(measure, MeasureReading) else None,
        period.period if isinstance(period, PeriodReading) else None,
    )


def against_target(target: Figure, actual: Figure) -> tuple[Figure, Figure]:
    """A target and a result; a year that stands at one of them is meant for both: 「R5の実績は目標の何倍」."""
    return (
        Figure(Measure.TARGET, target.period or actual.period),
        Figure(Measure.ACTUAL, actual.period or target.period),
    )


def in_order(one: Figure, other: Figure) -> tuple[Figure, Figure]:
    """「R7はR4の何倍」 goes from R4 to R7."""
    first, second = (figure.period.start if figure.period else None for figure in (one, other))
    if isinstance(first, FiscalYear) and isinstance(second, FiscalYear) and second < first:
        return other, one
    return one, other


def ends_of(figures: list[Figure]) -> tuple[Figure | None, Figure | None]:
    """Start and end of a change that these figures name: two of them, a range of years, or the end alone.

    「R4〜R6」 is R4 and R6; of a baseline and a year the baseline is the start, of a target and a result the target.
    """
    by_measure = {one.measure: one for one in reversed(figures) if one.measure}
    if Measure.BASELINE not in by_measure and {Measure.TARGET, Measure.ACTUAL} <= set(by_measure):
        lone = next((one.period for one in figures if one.measure is None), None)
        target, actual = by_measure[Measure.TARGET], by_measure[Measure.ACTUAL]
        return against_target(target, replace(actual, period=actual.period or target.period or lone))
    measure = next((one.measure for one in figures if one.measure not in (None, Measure.BASELINE)), None)
    baselines = [one for one in figures if one.measure is Measure.BASELINE]
    years = [
        Figure(measure, Period(limit, limit))
        for one in figures
        if one.measure is not Measure.BASELINE and one.period
        for limit in dict.fromkeys((one.period.start, one.period.end))
    ]
    if baselines:
        return Figure(Measure.BASELINE), years[-1] if years else Figure(measure) if measure else None
    if len(years) > 1:
        return in_order(years[0], years[-1])
    return None, years[0] if years else Figure(measure) if measure else None

"""A yes/no question's claim with what it leaves open: the year and the measure that stand elsewhere in the message."""

from dataclasses import replace

from bot.figures import Row
from data.facts import Measure
from nlp.asked import Asked
from nlp.criteria import Compared, ConditionReading, Moves, Test
from nlp.measures import Measure as NamedMeasure
from nlp.operands import Change, Figure
from nlp.periods import Period


def completed(claim: ConditionReading, asked: Asked, row: Row) -> ConditionReading:
    """The claim with the year and measure that stand elsewhere in the message, or come from the thread."""
    year = next((reading.period for reading in asked.periods), None)
    measure = next((reading.measure for reading in asked.measures), None)
    return replace(claim, tests=tuple(_completed(test, asked, row, year, measure) for test in claim.tests))


def _completed(test: Test, asked: Asked, row: Row, year: Period | None, measure: NamedMeasure | None) -> Test:
    match test:
        case Compared(operand=Figure() as one, other=Figure() as other):
            return replace(
                test, operand=_latest(_of_measure(one, other, measure), row), other=_of_measure(other, one, measure)
            )
        case Compared(operand=Figure() as one):
            is_baseline = one == Figure() and measure is NamedMeasure.BASELINE and year is None
            return replace(test, operand=Figure(measure) if is_baseline else _filled(one, measure, year))
        case Compared(operand=Change(end=None) as change) if year:
            return replace(test, operand=replace(change, end=Figure(measure, year)))
        case Moves() if _speaks_of_results(test, measure) and row.latest:
            return _of_results(test, asked, row)
        case Moves(start=None, end=None):
            return _of_plan(_span(test, asked, year, measure), row)
    return test


def _filled(one: Figure, measure: NamedMeasure | None, year: Period | None) -> Figure:
    if one.measure is NamedMeasure.BASELINE:
        return one
    return Figure(one.measure or (measure if measure is not NamedMeasure.BASELINE else None), one.period or year)


def _of_measure(one: Figure, other: Figure, measure: NamedMeasure | None) -> Figure:
    """「昨年度は一昨年度より減りましたか」: results, where neither of the two is named."""
    is_open = measure is NamedMeasure.ACTUAL and one.measure is other.measure is None
    return Figure(measure, one.period) if is_open else one


def _latest(one: Figure, row: Row) -> Figure:
    """「もうR7の目標を超えてる?」: the latest result where the year has none yet."""
    is_to_come = one.measure is NamedMeasure.ACTUAL and row.number(*row.place(one)) is None
    return Figure(NamedMeasure.ACTUAL) if is_to_come else one


def _of_plan(test: Moves, row: Row) -> Moves:
    """A trend without a start, of an indicator without a baseline, goes from its first target."""
    targets = row.numbers(Measure.TARGET)
    first = targets[0].fiscal_year if targets else None
    return replace(test, start=Figure(None, Period(first, first))) if _has_no_start(test, row) and first else test


def _has_no_start(test: Moves, row: Row) -> bool:
    return test.start is None and row.baseline is None


def _speaks_of_results(test: Moves, measure: NamedMeasure | None) -> bool:
    named = {figure.measure for figure in (test.start, test.end) if figure}
    return measure is NamedMeasure.ACTUAL or NamedMeasure.ACTUAL in named


def _of_results(test: Moves, asked: Asked, row: Row) -> Moves:
    """A trend of results: between the years named, to one year from the one before, else to the latest."""
    own = [figure.period for figure in (test.start, test.end) if figure and figure.period]
    periods = own or [reading.period for reading in asked.periods]
    years = sorted({year for period in periods for year in row.years(period)})
    if not years and row.latest and row.latest.fiscal_year:
        years = [row.latest.fiscal_year]
    if test.start is not None and test.start.measure is NamedMeasure.BASELINE:
        return replace(test, end=Figure(NamedMeasure.ACTUAL, Period(years[-1], years[-1])))
    first = years[0] if len(years) > 1 else years[0].plus(-1)
    start, end = (Figure(NamedMeasure.ACTUAL, Period(year, year)) for year in (first, years[-1]))
    return replace(test, start=start, end=end)


def _span(test: Moves, asked: Asked, year: Period | None, measure: NamedMeasure | None) -> Moves:
    """The years that a trend goes over: two that are named, a range, or the year up to which it goes."""
    limits = [Period(limit, limit) for reading in asked.periods for limit in (reading.period.start, reading.period.end)]
    named = measure if measure is not NamedMeasure.BASELINE else None
    distinct = list(dict.fromkeys(limits))
    if len(distinct) > 1:
        return replace(test, start=Figure(named, distinct[0]), end=Figure(named, distinct[-1]))
    return replace(test, end=Figure(named, year)) if year else test

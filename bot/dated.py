"""The year that is meant where a question about many by results names none: the latest one that is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.figures import Row
from bot.scorecard import latest_year
from nlp.criteria import Compared, Comparison, ConditionReading, Judged, Met, Test
from nlp.measures import Measure
from nlp.narrowing import dated
from nlp.operands import OF_RESULTS, Change, Figure
from nlp.periods import Period
from nlp.selection import Selection


def with_year(selection: Selection, rows: Sequence[Row], today: date) -> Selection:
    """The selection with that year wherever it goes by statuses or 達成率 without one: 「遅れている指標」 → of R5."""
    settled = _by_latest([_in_own_direction(one) for one in selection.conditions], rows)
    if settled != selection.conditions:
        selection = replace(selection, conditions=settled)
    needs_year = [any(map(_lacks_year, one.tests)) for one in selection.conditions]
    by_rate = _ranks_by_results(selection)
    if not (any(needs_year) or by_rate):
        return selection
    year = latest_year(rows, today)
    period = Period(year, year)
    conditions = tuple(
        dated(one, period) if needs else one for one, needs in zip(selection.conditions, needs_year, strict=True)
    )
    figures = (*selection.figures, Figure(None, period)) if by_rate else selection.figures
    return replace(selection, conditions=conditions, figures=figures)


def _by_latest(conditions: Sequence[ConditionReading], rows: Sequence[Row]) -> tuple[ConditionReading, ...]:
    """「R7目標をもう達成している指標」: before R7 has results the latest ones are held against its target."""
    if not any(isinstance(test, Met) for one in conditions for test in one.tests):
        return tuple(conditions)
    results = (latest.fiscal_year for row in rows if (latest := row.latest))
    last = max((year for year in results if year), default=None)

    def held(test: Test) -> Test:
        if not isinstance(test, Met) or test.period is None or last is None:
            return test
        return replace(test, by_latest=rows[0].years(test.period)[-1] > last)

    return tuple(replace(one, tests=tuple(map(held, one.tests))) for one in conditions)


_DIRECTED = {Comparison.LESS: Comparison.WORSE, Comparison.MORE: Comparison.BETTER}


def _in_own_direction(one: ConditionReading) -> ConditionReading:
    """Of many indicators 「目標を下回った」 means worse than the target, whichever way each of them improves."""
    return replace(one, tests=tuple(map(_directed, one.tests)))


def _directed(test: Test) -> Test:
    match test:
        case Compared(Figure(measure=Measure.ACTUAL), comparison, Figure(measure=Measure.TARGET)) if (
            comparison in _DIRECTED
        ):
            return replace(test, comparison=_DIRECTED[comparison])
    return test


def _lacks_year(test: Test) -> bool:
    match test:
        case Met(period=period) | Judged(period=period):
            return period is None
        case Compared(operand=Change(operation=operation, end=end)):
            return operation in OF_RESULTS and (end is None or end.period is None)
    return False


def _ranks_by_results(selection: Selection) -> bool:
    if selection.order is None or selection.order.operation not in OF_RESULTS:
        return False
    return not any(figure.period for figure in selection.figures)

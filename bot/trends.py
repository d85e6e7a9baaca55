"""How figures move over the years: 「毎年増える」, 「R4からR7まで変わらない」."""

from collections.abc import Sequence
from itertools import pairwise

from bot.comparing import alike, by_direction, compare_cells
from bot.criteria import Condition, Outcome
from bot.figures import Row
from bot.naming import figure_name
from data.facts import Fact, Measure
from data.fiscal_year import FiscalYear
from nlp.criteria import Comparison, Moves, Trend
from nlp.operands import Figure


def trend_condition(test: Moves, like: Row) -> Condition:
    """The condition on a trend; where a year of it is missing it cannot be told."""

    def decide(row: Row) -> Outcome:
        series = _series(test, row)
        if series is None or len(series) < 2:
            return Outcome(False)
        missing = _missing(test, row, series)
        cells = [fact.cell for fact in series]
        pairs = list(pairwise(cells)) if test.throughout or test.trend is Trend.STAYS else [(cells[0], cells[-1])]
        if (test.throughout or test.trend is Trend.STAYS) and missing and pairs:
            why = f"{'・'.join(year.label for year in missing)}の目標値がない"
        else:
            why = ""
        match test.trend:
            case Trend.STAYS:
                holds = all(alike(one, other) for one, other in pairs)
            case Trend.RISES:
                holds = all(compare_cells(other, Comparison.MORE, one) for one, other in pairs)
            case Trend.FALLS:
                holds = all(compare_cells(other, Comparison.LESS, one) for one, other in pairs)
            case Trend.IMPROVES:
                holds = all(compare_cells(other, by_direction(Comparison.BETTER, row), one) for one, other in pairs)
            case Trend.WORSENS:
                holds = all(compare_cells(other, by_direction(Comparison.WORSE, row), one) for one, other in pairs)
            case Trend.RISES_NOT:
                holds = not any(compare_cells(other, Comparison.MORE, one) for one, other in pairs)
            case Trend.FALLS_NOT:
                holds = not any(compare_cells(other, Comparison.LESS, one) for one, other in pairs)
        shown = tuple(series if test.throughout or test.trend is Trend.STAYS else (series[0], series[-1]))
        return Outcome(None, shown, why=why) if holds and why else Outcome(holds, shown)

    return Condition(
        f"{_span(test, like)}{'毎年' if test.throughout and test.trend is not Trend.STAYS else ''}{test.trend.value}",
        decide,
    )


def _span(test: Moves, like: Row) -> str:
    measure = (
        "実績値" if any(f and f.measure and f.measure.value == "actual" for f in (test.start, test.end)) else "目標値"
    )
    if test.start is None and test.end is None:
        if test.trend is Trend.STAYS:
            return f"{measure}が全年度で"
        return f"基準値から{figure_name(Figure(), like)}にかけて"
    start = figure_name(test.start, like) if test.start else "基準値"
    end = figure_name(test.end or Figure(), like)
    if test.start and test.start.period and test.end and test.end.period:
        years = like.years(test.start.period)[0].label, like.years(test.end.period)[-1].label
        return f"{years[0]}から{years[1]}まで{measure}が"
    return f"{start}から{end}にかけて"


def _series(test: Moves, row: Row) -> list[Fact] | None:
    """The figures that a trend goes over; without years the baseline (for a change) and all targets."""
    end = row.place(test.end or Figure())
    measure = end[0] if end[0] is not Measure.BASELINE else Measure.TARGET
    figures = row.numbers(measure)
    if test.start is None and test.end is None:
        is_whole = test.trend is Trend.STAYS or test.throughout or measure is Measure.ACTUAL
        if not is_whole and row.number(measure, row.indicator.plan.last_year) is None:
            return None
        return [row.baseline, *figures] if row.baseline and not is_whole else figures
    start = row.baseline if test.start is None else row.number(*row.place(test.start))
    last = row.number(*end)
    if start is None or last is None:
        return None
    first = start.fiscal_year
    between = [
        f
        for f in figures
        if f.fiscal_year
        and (first is None or f.fiscal_year > first)
        and last.fiscal_year
        and f.fiscal_year <= last.fiscal_year
    ]
    return [start, *between]


def _missing(test: Moves, row: Row, series: Sequence[Fact]) -> list[FiscalYear]:
    """The years of the plan without a figure, where the words name no years of their own."""
    plan = row.indicator.plan
    if test.start or test.end:
        first, last = series[0].fiscal_year, series[-1].fiscal_year
        years = range((first or plan.first_year).year, (last or plan.last_year).year + 1)
    else:
        years = range(plan.first_year.year, plan.last_year.year + 1)
    having = {fact.fiscal_year for fact in series}
    return [FiscalYear(year) for year in years if FiscalYear(year) not in having]

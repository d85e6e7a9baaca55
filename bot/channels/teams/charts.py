"""Charts of a card, each with its figures as a table for where no chart is drawn."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.channels.teams.elements import NOTHING, SMALL, Element, size, text
from bot.channels.teams.escape import words
from bot.channels.teams.tables import plain_table, year_table
from bot.chart import Chart, Counts, Course, Point, alt_text, told
from bot.tabular import Table
from data.facts import MEASURES, Measure

_TITLE, _LABEL = 100, 20
_MOST_POINTS = 30
_FALLBACK = 6_000  # bytes
# More bars than these, or longer words under them, stand side by side no longer on a phone.
_BARS, _BAR_LABEL = 5, 5

#: A series: its name and its values by their labels, in order.
_Series = tuple[str, Mapping[str, Decimal]]


def chart_elements(chart: Chart) -> list[Element]:
    """The chart and all of its figures in words; a table where Teams has no chart for them."""
    tabled = plain_table(_table(chart))
    if not tabled or size(tabled) > _FALLBACK:
        tabled = text(alt_text(chart)) or text(NOTHING)
    drawn = _counts(chart) if isinstance(chart, Counts) else _course(chart)
    shown = [one | {"fallback": tabled[0]} for one in drawn] or tabled
    return [*text(alt_text(chart), SMALL), *shown]


def _counts(chart: Counts) -> list[Element]:
    """A bar for each status, lying where there are many."""
    bars = [(words(status, _LABEL), count) for status, count in chart.bars]
    if not 0 < len(bars) <= _MOST_POINTS or not _are_good([label for label, _ in bars]):
        return []
    is_short = len(bars) <= _BARS and all(len(label) <= _BAR_LABEL for label, _ in bars)
    kind = {"type": "Chart.VerticalBar", "showBarValues": True} if is_short else {"type": "Chart.HorizontalBar"}
    axes = {"xAxisTitle": "判定", "yAxisTitle": "件数"} if is_short else {}
    return [kind | {"title": _title(chart.title)} | axes | {"data": [{"x": label, "y": n} for label, n in bars]}]


def _course(chart: Course) -> list[Element]:
    """A line for each measure, the baseline as a level one. Teams would draw a line over a year without a figure:
    where there is one, there are bars, and none in that year."""
    labels = [year.label for year in chart.years]
    baseline = chart.series.get(Measure.BASELINE, ())
    dated = {measure: points for measure, points in chart.series.items() if measure is not Measure.BASELINE and points}
    if not dated or len(baseline) > 1 or not 0 < len(labels) <= _MOST_POINTS or not _are_good(labels):
        return []
    series = [(_name(measure, points), values) for measure, points in dated.items() if (values := _values(points))]
    having = [at for at, label in enumerate(labels) if any(label in values for _, values in series)]
    if not having:
        return []
    span = labels[having[0] : having[-1] + 1]
    name = MEASURES[Measure.BASELINE]
    if all(_is_unbroken(values, span) for _, values in series):
        level: list[_Series] = [(name, dict.fromkeys(span, one.value)) for one in baseline]
        # The years stand on the axis in the order in which the series name them.
        return _drawn("Chart.Line", chart, sorted([*level, *series], key=lambda one: span.index(next(iter(one[1])))))
    named = list(dict.fromkeys(label for _, values in series for label in values))
    is_in_order = named == [label for label in span if label in named]
    first: list[_Series] = [(name, {name: one.value}) for one in baseline]
    return _drawn("Chart.VerticalBar.Grouped", chart, [*first, *series]) if is_in_order else []


def _name(measure: Measure, points: Sequence[Point]) -> str:
    return f"{MEASURES[measure]}（途中経過を含む）" if any(point.interim for point in points) else MEASURES[measure]


def _values(points: Sequence[Point]) -> dict[str, Decimal]:
    return {point.year.label: point.value for point in points if point.year}


def _is_unbroken(values: Mapping[str, Decimal], labels: Sequence[str]) -> bool:
    """Has a series a value for every label from its first to its last?"""
    places = [at for at, label in enumerate(labels) if label in values]
    return len(places) > 0 and places[-1] - places[0] + 1 == len(places)


def _drawn(kind: str, chart: Course, series: Sequence[_Series]) -> list[Element]:
    if not all(math.isfinite(float(value)) for _, values in series for value in values.values()):
        return []
    data = [
        {"legend": name, "values": [{"x": label, "y": _number(value)} for label, value in values.items()]}
        for name, values in series
    ]
    unit = words(f"単位: {chart.unit}" if chart.unit else "", _LABEL)
    axes = {"xAxisTitle": "年度"} | ({"yAxisTitle": unit} if unit else {})
    return [{"type": kind, "title": _title(f"{chart.title}の推移"), "showLegend": True} | axes | {"data": data}]


def _title(title: str) -> str:
    return words(title, _TITLE) or "グラフ"


def _are_good(labels: Sequence[str]) -> bool:
    return all(labels) and len(set(labels)) == len(labels)


def _number(value: Decimal) -> int | float:
    """JSON has no decimals; the figures as written stand beside the chart."""
    return int(value) if value == value.to_integral_value() else float(value)


def _table(chart: Chart) -> Table:
    """The figures as written: a row for each status, or for each year."""
    if isinstance(chart, Counts):
        return Table(chart.title, ("判定", "件数"), tuple((status, f"{count}件") for status, count in chart.bars))
    return year_table(
        {
            (measure, point.year): told(point).removeprefix(f"{point.year.label} ") if point.year else told(point)
            for measure, points in chart.series.items()
            for point in points
        }
    )

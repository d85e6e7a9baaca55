"""A chart as Slack draws it, beside its figures as the plan writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.answer import Text
from bot.channels.slack.blocks import Block, first_lines, rich_text, sections
from bot.channels.slack.escape import escaped, one_line
from bot.channels.slack.messages import TEXT, Message
from bot.channels.slack.tables import classic_table
from bot.chart import Chart, Counts, Course, Point, alt_text, told
from bot.tabular import Table
from data.facts import MEASURES, Measure
from data.fiscal_year import FiscalYear

_TITLE, _LABEL, _AXIS, _MOST_POINTS = 50, 20, 50, 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """`needs_picture` where Slack's own charts would leave something out, so that only a PNG shows all of it."""

    message: Message
    needs_picture: bool


def chart_message(chart: Chart) -> Drawn:
    """The figures in words with a chart of Slack's own where that loses nothing, else with a table."""
    in_words = alt_text(chart)
    words = rich_text(first_lines(Text(in_words)))
    own = _counts(chart) if isinstance(chart, Counts) else _course(chart)
    table = _table(chart)
    tabled = classic_table(table)[0] if table.rows else []
    forms = [[*words, *drawn] for drawn in (own, tabled) if drawn]
    message = Message(escaped(in_words, TEXT), tuple(map(tuple, [*forms, sections([in_words])])))
    return Drawn(message, not own)


def _counts(chart: Counts) -> list[Block]:
    """One bar for each status."""
    labels = [one_line(status, _LABEL) for status, _ in chart.bars]
    if not _are_good(labels):
        return []
    points = [(label, Decimal(count)) for label, (_, count) in zip(labels, chart.bars, strict=True)]
    return _block("bar", chart.title, labels, [("件数", points)], "判定", "件数")


def _course(chart: Course) -> list[Block]:
    """A line for each measure, the baseline as a level one; none where a line would have a gap: Slack draws no gaps.

    Years before the first figure and after the last are left out; a year between them without one would be a gap.
    """
    baseline = chart.series.get(Measure.BASELINE, ())
    dated = {measure: points for measure, points in chart.series.items() if measure is not Measure.BASELINE}
    having = {point.year for points in dated.values() for point in points if point.year}
    years = [year for year in chart.years if having and min(having) <= year <= max(having)]
    labels = [year.label for year in years]
    if not _are_good(labels) or len(baseline) > 1 or any(not _covers(points, years) for points in dated.values()):
        return []
    series = [(MEASURES[Measure.BASELINE], [(label, point.value) for label in labels]) for point in baseline]
    for measure, points in dated.items():
        values = {point.year: point.value for point in points}
        series.append((MEASURES[measure], [(year.label, values[year]) for year in years]))
    return _block("line", chart.title, labels, series, "年度", f"単位: {chart.unit}" if chart.unit else "")


def _covers(points: Sequence[Point], years: Sequence[FiscalYear]) -> bool:
    """Is there exactly one point for every year?"""
    return len(points) == len(years) and {point.year for point in points} == set(years)


def _are_good(labels: Sequence[str]) -> bool:
    return 0 < len(labels) <= _MOST_POINTS and len(set(labels)) == len(labels) and all(labels)


def _block(
    kind: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[tuple[str, Decimal]]]],
    x_label: str,
    y_label: str,
) -> list[Block]:
    axes = {"categories": list(labels), "x_label": x_label, "y_label": one_line(y_label, _AXIS)}
    lines = [
        {"name": name, "data": [{"label": label, "value": _number(value)} for label, value in points]}
        for name, points in series
    ]
    return [
        {
            "type": "data_visualization",
            "title": one_line(title, _TITLE) or "グラフ",
            "chart": {"type": kind, "series": lines, "axis_config": {name: one for name, one in axes.items() if one}},
        }
    ]


def _number(value: Decimal) -> int | float:
    """JSON has no decimals; the figures as written stand beside the chart."""
    return int(value) if value == value.to_integral_value() else float(value)


def _table(chart: Chart) -> Table:
    """The figures as written: a row for each status, or for each year with a column for each measure (a baseline has
    no year and stands in the words above)."""
    if isinstance(chart, Counts):
        return Table(chart.title, ("判定", "件数"), tuple((status, f"{count}件") for status, count in chart.bars))
    measures = [measure for measure in chart.series if measure is not Measure.BASELINE]
    told_of = {(measure, point.year): told(point) for measure in measures for point in chart.series[measure]}
    years = [year for year in chart.years if any((measure, year) in told_of for measure in measures)]
    rows = tuple(
        (year.label, *(told_of.get((measure, year), "").removeprefix(f"{year.label} ") for measure in measures))
        for year in years
    )
    return Table(chart.title, ("年度", *(MEASURES[measure] for measure in measures)), rows)

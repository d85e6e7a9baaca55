"""A chart as a Vega-Lite specification, with all data inline and nothing of a file's text where Vega takes expressions.

Texts of a plan stand only in data values and in titles, which Vega-Lite draws as they are.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Any

from bot.chart import Chart, Counts, Course, Point, clean
from data.facts import MEASURES, Measure

FONT = "Noto Sans CJK JP"
Spec = dict[str, Any]

_BASELINE, _TARGET, _ACTUAL = (MEASURES[one] for one in (Measure.BASELINE, Measure.TARGET, Measure.ACTUAL))
_INTERIM = f"{_ACTUAL}（途中経過）"
# Told apart by shape, size, filling and lightness, so that no colour is needed: kind → shape, filling, outline, size.
# A target is so large that a result on it leaves its outline to be seen.
_MARKS: dict[str, tuple[str, str, str, int]] = {
    _BASELINE: ("diamond", "#ffffff", "#6b6b6b", 110),
    _TARGET: ("square", "#ffffff", "#2f74b5", 230),
    _ACTUAL: ("circle", "#14213d", "#14213d", 85),
    _INTERIM: ("circle", "#ffffff", "#14213d", 85),
}
_HEIGHT, _LEAST_WIDTH, _MOST_WIDTH = 280, 540, 1800
# Pixels of a column: of few, and of more than eight.
_WIDE, _NARROW = 108, 84
_TITLE_WIDTH, _TITLE_LINES, _LABEL_WIDTH = 64, 3, 18
_LINE = 16
_FEW_TICKS = 6
_REMARK = re.compile(r"(?=[【(（])")
_IN_MYRIADS = "datum.value == 0 ? '0' : format(datum.value / 10000, ',') + '万'"


def specification(chart: Chart) -> Spec:
    """A Vega-Lite specification that draws the chart without any other file."""
    drawn = _counts(chart) if isinstance(chart, Counts) else _course(chart)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white",
        "padding": 16,
        "title": {
            "text": wrapped(chart.title, _TITLE_WIDTH, _TITLE_LINES),
            "anchor": "start",
            "frame": "group",
            "fontSize": 17,
            "subtitleFontSize": 13,
            "subtitleColor": "#444444",
            "subtitlePadding": 6,
            "offset": 14,
            **({"subtitle": _subtitle(chart)} if isinstance(chart, Course) else {}),
        },
        "config": {
            "font": FONT,
            # The alternative text tells the picture; without it a screen reader would read out every line.
            "aria": False,
            "view": {"stroke": None},
            "title": {"fontWeight": "normal"},
            "axis": {"labelFontSize": 13, "labelColor": "#333333", "gridColor": "#e6e6e6", "domainColor": "#888888"},
            "legend": {"labelFontSize": 13, "labelColor": "#333333"},
        },
        **drawn,
    }


def _subtitle(course: Course) -> str:
    unit = [f"単位: {clean(course.unit)}"] if course.unit else []
    return "　".join([*unit, course.better])


def _course(course: Course) -> Spec:
    columns = [*([_BASELINE] if Measure.BASELINE in course.series else []), *(year.label for year in course.years)]
    low, high = _limits([point for points in course.series.values() for point in points])
    raws = [point.raw for points in course.series.values() for point in points]
    ticks: Spec = {"labelExpr": _IN_MYRIADS} if all("万" in raw for raw in raws) else {"format": ",f"}
    is_whole = all(float(point.value).is_integer() for points in course.series.values() for point in points)
    if is_whole and high - low < _FEW_TICKS:
        ticks["values"] = list(range(ceil(low), floor(high) + 1))
    x: Spec = {
        "field": "x",
        "type": "ordinal",
        "scale": {"domain": columns, "paddingInner": 0, "paddingOuter": 0, "type": "band"},
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "ticks": False, "labelPadding": 8},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [low, high], "zero": False, "nice": False},
        "axis": {"title": None, "tickCount": _FEW_TICKS, "domain": False, "ticks": False, **ticks},
    }
    return {
        "width": min(_MOST_WIDTH, max(_LEAST_WIDTH, len(columns) * (_WIDE if len(columns) <= 8 else _NARROW))),
        "height": _HEIGHT,
        "data": {"values": []},
        "encoding": {"x": x, "y": y},
        "layer": [*_baseline(course), *_targets(course), *_actuals(course), *_points(course)],
    }


def _limits(points: Sequence[Point]) -> tuple[float, float]:
    """Where the axis of values begins and ends, with room for what is written over and under the points.

    It begins at 0 where the figures spread over half of the way to it; every figure is written at its point.
    """
    values = [float(point.value) for point in points]
    low, high = min(values), max(values)
    if low == high or 0 < low < high / 2:
        low = min(low, 0.0)
    if low == high or low / 2 < high < 0:
        high = max(high, 0.0)
    has_remarks = any(len(label(point.raw)) > 1 for point in points)
    room = (high - low or 1.0) * (0.24 if has_remarks else 0.16)
    return low - (room if low in values else 0), high + (room if high in values else 0)


def _baseline(course: Course) -> Iterator[Spec]:
    for point in course.series.get(Measure.BASELINE, ()):
        yield {
            "data": {"values": [{"y": float(point.value)}]},
            "mark": {"type": "rule", "strokeDash": [7, 5], "color": _MARKS[_BASELINE][2], "strokeWidth": 1.3},
            "encoding": {"x": None},
        }


def _targets(course: Course) -> Iterator[Spec]:
    """Steps: a target holds for its whole year; a riser leads to the next year's where that has one."""
    targets = course.series.get(Measure.TARGET, ())
    mark = {"type": "rule", "color": _MARKS[_TARGET][2], "strokeWidth": 2, "strokeCap": "square"}
    start, end = {"field": "x", "bandPosition": 0}, {"field": "x", "bandPosition": 1}
    if targets:
        yield {
            "data": {"values": [{"x": _column(point), "y": float(point.value)} for point in targets]},
            "mark": mark,
            "encoding": {"x": {**start, "type": "ordinal"}, "x2": end},
        }
    risers = [
        {"x": _column(other), "y": float(one.value), "y2": float(other.value)}
        for one, other in pairwise(targets)
        if _follows(one, other)
    ]
    if risers:
        yield {
            "data": {"values": risers},
            "mark": mark,
            "encoding": {"x": {**start, "type": "ordinal"}, "y2": {"field": "y2"}},
        }


def _actuals(course: Course) -> Iterator[Spec]:
    """A thin line through the results, broken where a year has none."""
    actuals = course.series.get(Measure.ACTUAL, ())
    lines = [
        {"x": _column(point), "y": float(point.value), "line": line}
        for line, ends in enumerate(pairwise(actuals))
        if _follows(*ends)
        for point in ends
    ]
    if lines:
        yield {
            "data": {"values": lines},
            "mark": {"type": "line", "color": _MARKS[_ACTUAL][2], "strokeWidth": 1.4},
            "encoding": {"detail": {"field": "line"}},
        }


def _points(course: Course) -> Iterator[Spec]:
    """The marks with their figures beside them: of two in one year the larger one is written above, the other below."""
    values: list[Spec] = []
    for measure, points in course.series.items():
        for point in points:
            same_year = [
                other.value for m, others in course.series.items() if m is not measure
                for other in others if other.year == point.year
            ]  # fmt: skip
            is_above = all(point.value > other for other in same_year)
            if measure is Measure.TARGET:
                is_above = all(point.value >= other for other in same_year)
            values.append(
                {
                    "x": _column(point),
                    "y": float(point.value),
                    "kind": _INTERIM if point.interim else MEASURES[measure],
                    "text": label(point.raw),
                    "above": is_above,
                }
            )
    kinds = [kind for kind in _MARKS if any(value["kind"] == kind for value in values)]
    legend = {"orient": "top", "title": None, "columnPadding": 22, "offset": 6}

    def by_kind(part: int) -> Spec:
        scale = {"domain": kinds, "range": [_MARKS[kind][part] for kind in kinds]}
        return {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}

    size = {"field": "size", "type": "quantitative", "scale": None, "legend": None}
    yield {
        "data": {"values": [{**value, "size": _MARKS[value["kind"]][3]} for value in values]},
        "mark": {"type": "point", "strokeWidth": 2, "opacity": 1},
        "encoding": {"shape": by_kind(0), "fill": by_kind(1), "stroke": by_kind(2), "size": size},
    }
    for is_above, lines in sorted({(value["above"], len(value["text"])) for value in values}):
        written = [value for value in values if (value["above"], len(value["text"])) == (is_above, lines)]
        place = {"baseline": "bottom", "dy": -11 - _LINE * (lines - 1)} if is_above else {"baseline": "top", "dy": 12}
        text = {"type": "text", "fontSize": 13, "lineHeight": _LINE, **place}
        # A white rim keeps figures readable where a line runs behind them.
        rim = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round", "color": "white"}
        for look in (rim, {"color": "#222222"}):
            yield {
                "data": {"values": written},
                "mark": {**text, **look},
                "encoding": {"text": {"field": "text", "type": "nominal"}},
            }


def _counts(counts: Counts) -> Spec:
    values = [{"status": clean(status), "count": count, "text": f"{count}件"} for status, count in counts.bars]
    order = [value["status"] for value in values]
    most = max((count for _, count in counts.bars), default=1)
    return {
        "width": _LEAST_WIDTH,
        "height": {"step": 40},
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "status",
                "type": "nominal",
                "scale": {"domain": order},
                "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 8, "labelLimit": 300},
            },
            "x": {
                "field": "count",
                "type": "quantitative",
                "scale": {"domain": [0, most * 1.12]},
                "axis": None,
            },
        },
        "layer": [
            {"mark": {"type": "bar", "color": "#2f74b5", "height": 24}},
            {
                "mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 14, "color": "#222222"},
                "encoding": {"text": {"field": "text", "type": "nominal"}},
            },
        ],
    }


def _column(point: Point) -> str:
    return point.year.label if point.year else _BASELINE


def _follows(one: Point, other: Point) -> bool:
    return one.year is not None and one.year.plus(1) == other.year


def label(raw: str) -> list[str]:
    """A cell in the lines that stand at its point: 「37.5%【2月1日時点】」 → 「37.5%」 「【2月1日時点】」."""
    parts = [part for part in _REMARK.split(clean(raw).strip(), maxsplit=1) if part.strip()]
    return [wrapped(part.strip(), _LABEL_WIDTH, 1)[0] for part in parts] or [""]


def wrapped(text: str, width: int, most: int) -> list[str]:
    """Lines of at most `width` columns, of which a Japanese letter takes two; what is beyond `most` lines is cut: …"""
    lines, used = [""], 0
    for letter in clean(text):
        columns = 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
        if used + columns > width:
            if len(lines) == most:
                lines[-1] = f"{lines[-1][:-1]}…"
                break
            lines.append("")
            used = 0
        lines[-1] += letter
        used += columns
    return lines

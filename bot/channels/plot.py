"""Charts in the letters of a terminal: without colour, and with no Japanese where columns must meet."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.chart import Chart, Counts, Course, Point, clean, told
from bot.quantities import plain
from data.facts import MEASURES, Measure

_ROWS, _LEAST, _MOST = 16, 40, 100
_BASELINE, _TARGET, _ACTUAL, _INTERIM = "-", "=", "*", "o"
_SIGNS = {Measure.BASELINE: _BASELINE, Measure.TARGET: _TARGET, Measure.ACTUAL: _ACTUAL}
# Box letters are two columns wide in some Japanese terminals.
_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")


def plot(chart: Chart, columns: int) -> str:
    """The chart in lines of at most `columns` columns, but for the names and figures beneath it."""
    width = max(_LEAST, min(columns, _MOST))
    return "\n".join(_counts(chart, width) if isinstance(chart, Counts) else _course(chart, width))


def _course(course: Course, width: int) -> Iterator[str]:
    yield clean(course.title)
    yield "、".join(filter(None, (f"単位は{clean(course.unit)}" if course.unit else "", course.better)))
    yield _canvas(course, width)
    for measure, points in course.series.items():
        yield f"  {_SIGNS[measure]} {MEASURES[measure]}: {clean('、'.join(map(told, points)))}"
    if any(point.interim for points in course.series.values() for point in points):
        yield f"  {_INTERIM} 途中経過"


def _canvas(course: Course, width: int) -> str:
    """Steps for the targets, points for the results, a line for the baseline, over the years."""
    # A tenth of a second to import: only where a chart is shown.
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, _ROWS)
    at = {year: place for place, year in enumerate(course.years)}
    for point in course.series.get(Measure.BASELINE, ()):
        level = float(point.value)
        figure.draw(figure.segment([-0.5, len(at) - 0.5], [level, level], marker=_BASELINE))
    for measure in (Measure.TARGET, Measure.ACTUAL):
        reach = 0.45 if measure is Measure.TARGET else 0.0
        for point in course.series.get(measure, ()):
            if point.year is not None:
                ends, level = [at[point.year] - reach, at[point.year] + reach], float(point.value)
                sign = _INTERIM if point.interim else _SIGNS[measure]
                figure.draw(figure.segment(ends, [level, level], marker=sign))
    figure.ruler("x").lim(-0.5, len(at) - 0.5)
    figure.ruler("x").ticks(list(at.values()), [year.label for year in at])
    ticks = _ticks([point for points in course.series.values() for point in points])
    figure.ruler("y").ticks([float(value) for value in ticks], [plain(value) for value in ticks])
    drawn: str = figure.build().string(True)
    figure.clear()
    return drawn.rstrip("\n").translate(_FRAME)


def _ticks(points: Sequence[Point]) -> list[Decimal]:
    """The figures that stand at the axis: as many of those drawn as have a row of their own, the largest among them."""
    values = sorted({point.value for point in points}, reverse=True)
    apart = (values[0] - values[-1]) / (_ROWS // 2)
    kept = values[:1]
    for value in values[1:]:
        if kept[-1] - value >= apart:
            kept.append(value)
    return kept


def _counts(counts: Counts, width: int) -> Iterator[str]:
    from rich.cells import cell_len

    yield clean(counts.title)
    label = max((cell_len(status) for status, _ in counts.bars), default=0)
    most = max((count for _, count in counts.bars), default=0) or 1
    for status, count in counts.bars:
        bar = "#" * max(1 if count else 0, round(count / most * (width - label - 10)))
        yield f"{status}{' ' * (label - cell_len(status))} {bar} {count}件"

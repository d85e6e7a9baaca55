"""Results that a question about many goes by, and for which indicators they are not recorded yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.figures import Row
from bot.naming import figure_name
from data.facts import Measure
from nlp.criteria import Compared, Met, Moves, Test
from nlp.measures import Measure as NamedMeasure
from nlp.operands import OF_RESULTS, Change, Figure
from nlp.selection import Selection


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """`name` is the result that was meant (「R5の実績値」), `count` the indicators that have none, `of` how many were
    looked at."""

    name: str
    count: int
    of: int

    @property
    def sentence(self) -> str:
        if self.count == self.of:
            return f"{self.name}はまだ登録されていません。"
        return f"{self.name}がまだ登録されていない{self.count}件は、含めていません。"


def unrecorded(selection: Selection, rows: Sequence[Row]) -> tuple[Unrecorded, ...]:
    """What is not recorded of the results that a selection's conditions and order go by: 「R5の実績が80%以上」."""
    figures = dict.fromkeys(_results(selection))
    counts = ((figure, sum(row.number(*row.place(figure)) is None for row in rows)) for figure in figures)
    return tuple(Unrecorded(figure_name(figure, rows[0]), count, len(rows)) for figure, count in counts if count)


def _results(selection: Selection) -> Iterator[Figure]:
    for condition in selection.conditions:
        for test in condition.tests:
            yield from _of_actual(_figures(test))
    if selection.order:
        if selection.order.operation in OF_RESULTS:
            yield Figure(NamedMeasure.ACTUAL, next((one.period for one in selection.figures if one.period), None))
        yield from _of_actual(selection.figures)


def _figures(test: Test) -> Iterable[Figure | None]:
    match test:
        case Compared(operand=Change() as change):
            if change.operation in OF_RESULTS:
                return [Figure(NamedMeasure.ACTUAL, change.end.period if change.end else None)]
            return [change.start, change.end]
        case Compared(operand=Figure() as figure, other=other):
            return [figure, other if isinstance(other, Figure) else None]
        case Moves(start=start, end=end):
            return [start, end]
        case Met(period=period, by_latest=by_latest):
            return [Figure(NamedMeasure.ACTUAL, None if by_latest else period)]
    return []  # what asks whether a figure is there, or how it is written


def _of_actual(figures: Iterable[Figure | None]) -> Iterator[Figure]:
    return (one for one in figures if one and one.measure is not None and one.measure.value == Measure.ACTUAL)

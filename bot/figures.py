"""The figures of one indicator, to be asked for by measure and year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from data.facts import Direction, Fact, Indicator, Measure, Place, direction
from data.fiscal_year import FiscalYear
from data.part_year import is_under_way
from data.scales import Scale
from data.status import Judgement, judge, meets
from data.values import Part
from nlp.operands import Figure
from nlp.periods import Period, resolve


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator with all its figures, those that are not there (with their kind of 「ない」) among them.

    `published` are the statuses that the plan's owner has published, by year: words, and none of the figures.
    """

    indicator: Indicator
    facts: Mapping[Place, Fact]
    published: Mapping[FiscalYear, Fact]

    @property
    def baseline(self) -> Fact | None:
        return self.number(Measure.BASELINE, None)

    def number(self, measure: Measure, year: FiscalYear | None) -> Fact | None:
        """The figure of a place, None where there is none or it is no single number."""
        fact = self.facts.get((measure, year))
        return fact if fact is not None and fact.cell.value is not None else None

    def numbers(self, measure: Measure) -> list[Fact]:
        """All figures of a measure that are single numbers, by year."""
        return [fact for (m, _), fact in self.facts.items() if m is measure and fact.cell.value is not None]

    @property
    def latest(self) -> Fact | None:
        """The result of the latest year that has one as a single number."""
        return next(reversed(self.numbers(Measure.ACTUAL)), None)

    def years(self, period: Period) -> tuple[FiscalYear, ...]:
        plan = self.indicator.plan
        return resolve(period, plan.first_year, plan.last_year)

    def place(self, figure: Figure) -> Place:
        """The place that words mean: a target where no measure is named; the last year of the plan (of a result the
        latest one) where no year is."""
        measure = Measure(figure.measure.value) if figure.measure else Measure.TARGET
        if measure is Measure.BASELINE:
            return measure, None
        if figure.period:
            return measure, self.years(figure.period)[-1]
        if measure is Measure.ACTUAL:
            latest = self.latest
            return measure, latest.fiscal_year if latest else None
        return measure, self.indicator.plan.last_year

    @property
    def improves(self) -> Direction:
        """Which way the figures improve (data/facts.py: direction)."""
        baseline, targets = self.baseline, self.numbers(Measure.TARGET)
        return direction(
            self.indicator.direction,
            baseline.cell.value if baseline else None,
            targets[-1].cell.value if targets else None,
        )


def judgement_of(row: Row, year: FiscalYear, scale: Scale | None = None) -> Judgement | None:
    """The status of an indicator in a year (data/status.py), by its plan's scale unless another is given.

    None where it has none.
    """
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    baseline, plan = row.baseline, row.indicator.plan
    return judge(
        actual.cell if actual else None,
        target.cell if target else None,
        baseline.cell if baseline else None,
        row.improves,
        scale or plan.scale,
        plan.about,
    )


def is_met(row: Row, actual: Fact, target: Fact) -> bool:
    """Does a result meet a target, of the same year or another (data/status.py)?"""
    value = actual.cell.value
    return value is not None and meets(value, target.cell, row.improves, row.indicator.plan.about)


def parts_of(row: Row, year: FiscalYear) -> list[tuple[str, Row]]:
    """A row for each measure of a cell that holds several (①②), by its label; none of the indicator has one number."""
    cells = [row.facts[place].cell for place in _judged_places(year) if place in row.facts]
    labels = dict.fromkeys(part.label for cell in cells if cell.value is None for part in cell.parts)
    return [(label, Row(row.indicator, _of_part(row, label), {})) for label in labels]


def _of_part(row: Row, label: str) -> dict[Place, Fact]:
    found: dict[Place, Fact] = {}
    for place, fact in row.facts.items():
        part = next((one for one in fact.cell.parts if one.label == label), None)
        if part:
            cell = replace(fact.cell, raw=part_raw(part), value=part.value, unit=part.unit or fact.cell.unit, parts=())
            found[place] = replace(fact, cell=cell)
    return found


def part_raw(part: Part) -> str:
    """One measure of a cell that holds several, as it is shown alone: 「500件」."""
    return f"{part.value:,f}{part.unit}"


def _judged_places(year: FiscalYear) -> tuple[Place, ...]:
    return (Measure.ACTUAL, year), (Measure.TARGET, year)


def judged_by(row: Row, year: FiscalYear) -> list[Fact]:
    """The result and the target of a year, as far as they are given."""
    facts = (row.facts.get(place) for place in _judged_places(year))
    return [fact for fact in facts if fact and fact.cell.absence is None]


def under_way(row: Row, year: FiscalYear, today: date) -> bool:
    """Is the result of a year 途中経過 (data/part_year.py)?"""
    actual = row.facts.get((Measure.ACTUAL, year))
    return actual is not None and actual.cell.absence is None and is_interim(actual, today)


def is_interim(fact: Fact, today: date) -> bool:
    """Is a figure a result that is 途中経過?"""
    year = fact.fiscal_year
    return fact.measure is Measure.ACTUAL and year is not None and is_under_way(fact.cell.as_of, year, today)


def rows_of(indicators: Iterable[Indicator], facts: Iterable[Fact]) -> list[Row]:
    """A row for each indicator, in their order."""
    figures: dict[int, dict[Place, Fact]] = defaultdict(dict)
    published: dict[int, dict[FiscalYear, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.measure is Measure.PUBLISHED and fact.fiscal_year:
            published[fact.indicator.id][fact.fiscal_year] = fact
        else:
            figures[fact.indicator.id][fact.measure, fact.fiscal_year] = fact
    return [Row(indicator, figures[indicator.id], published[indicator.id]) for indicator in indicators]

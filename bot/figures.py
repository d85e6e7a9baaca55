"""The figures of one indicator, to be asked for by measure and year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.facts import Direction, Fact, Indicator, Measure, Place, direction
from data.fiscal_year import FiscalYear
from data.status import Judgement, judge
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
            recorded = self.numbers(measure)
            return measure, recorded[-1].fiscal_year if recorded else None
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


def judgement_of(row: Row, year: FiscalYear) -> Judgement | None:
    """The status of an indicator in a year (data/status.py), None where it has none."""
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    baseline = row.baseline
    return judge(
        actual.cell if actual else None,
        target.cell if target else None,
        baseline.cell if baseline else None,
        row.improves,
    )


def judged_by(row: Row, year: FiscalYear) -> list[Fact]:
    """The result and the target of a year, as far as they are given."""
    facts = (row.facts.get((measure, year)) for measure in (Measure.ACTUAL, Measure.TARGET))
    return [fact for fact in facts if fact and fact.cell.absence is None]


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

"""Which figures a question wants, and which of them the store has."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.facts import Fact, Indicator, Measure, Place
from data.fiscal_year import FiscalYear
from data.values import Absence
from nlp.asked import Asked
from nlp.measures import MeasureReading
from nlp.periods import PeriodReading, resolve


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that was asked for and is not there, with the kind of 「ない」; `raw` is what the cell shows."""

    place: Place
    absence: Absence
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The facts that were asked for, those that are missing, and whether the whole series was asked for."""

    facts: tuple[Fact, ...]
    missing: tuple[Missing, ...]
    whole_series: bool


def asked_years(asked: Asked, indicator: Indicator) -> list[tuple[PeriodReading, tuple[FiscalYear, ...]]]:
    """Each period of the question with its years in the indicator's plan."""
    plan = indicator.plan
    years = [(reading, resolve(reading.period, plan.first_year, plan.last_year)) for reading in asked.periods]
    # 「H30からの通算でR6は」 asks for R6: an open range from before the plan only describes the figure.
    named = [one for one in years if not (one[0].rule == "onward" and one[1][0] < plan.first_year)]
    return named or years


def find_wanted(
    text: str, asked: Asked, indicator: Indicator, facts: Sequence[Fact], *, all_results: bool = False
) -> Wanted:
    """Sorts out what was asked: ANSWER.md's conventions.

    A year without a measure asks for the target; neither year nor measure for all targets; a result without a year for
    the latest one, or `all_results` where their course is asked for (「実績の推移」). Empty years of a whole series are
    not missing, unless all are empty.
    """
    stored: dict[Place, Fact] = {(fact.measure, fact.fiscal_year): fact for fact in facts}
    years = _years(asked, indicator)
    places: list[Place] = []
    series: list[Place] = []
    for measure in _measures(text, asked):
        if measure is Measure.BASELINE:
            places.append((measure, None))
        elif years:
            places += [(measure, year) for year in years]
        elif measure is Measure.TARGET:
            series = [place for place in stored if place[0] is Measure.TARGET]
            places += series or [(measure, None)]
        else:
            recorded = [year for m, year in stored if m is Measure.ACTUAL]
            wanted = recorded if all_results else recorded[-1:]
            places += [(measure, year) for year in wanted or [None]]
    found = [stored[place] for place in places if place in stored and stored[place].cell.absence is None]
    missing = [_missing(place, stored, indicator) for place in places if place not in {_place(f) for f in found}]
    if any(fact.measure is Measure.TARGET for fact in found):
        missing = [one for one in missing if one.place not in series]
    return Wanted(tuple(found), tuple(missing), bool(series))


def _place(fact: Fact) -> Place:
    return fact.measure, fact.fiscal_year


def _measures(text: str, asked: Asked) -> list[Measure]:
    """The measures asked for, the target where none is named, or where a year stands beside the baseline."""
    named = list(dict.fromkeys(Measure(reading.measure.value) for reading in asked.measures))
    if not named:
        return [Measure.TARGET]
    if named == [Measure.BASELINE] and not _of_baseline(text, asked.measures[0], asked):
        return [Measure.BASELINE, Measure.TARGET] if asked.periods else named
    return named


def _of_baseline(text: str, baseline: MeasureReading, asked: Asked) -> bool:
    """Does the year belong to the word for the baseline (「R3の基準値」), not beside it (「基準値とR4」)?"""
    return all(
        reading.end <= baseline.start and text[reading.end : baseline.start].strip() in ("", "の")
        for reading in asked.periods
    )


def _years(asked: Asked, indicator: Indicator) -> list[FiscalYear]:
    return sorted({year for _, years in asked_years(asked, indicator) for year in years})


def _missing(place: Place, stored: dict[Place, Fact], indicator: Indicator) -> Missing:
    measure, year = place
    plan = indicator.plan
    if place in stored:
        cell = stored[place].cell
        return Missing(place, cell.absence or Absence.BLANK, cell.raw)
    if measure is Measure.BASELINE:
        return Missing(place, Absence.NOT_SET)
    # A result may stand for the year before the plan, which it starts from.
    first = plan.first_year.plus(-1) if measure is Measure.ACTUAL else plan.first_year
    if year is not None and not first <= year <= plan.last_year:
        return Missing(place, Absence.OUTSIDE_PLAN)
    if measure is Measure.ACTUAL:
        return Missing(place, Absence.NOT_RECORDED)
    return Missing(place, Absence.NOT_SET)  # the table has no cell for it at all

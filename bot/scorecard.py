"""The state of many indicators in one year: how many stand where, and which to look at first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.figures import Row, judgement_of, under_way
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.scales import STANDARD, Scale, Status
from data.status import Judgement


@dataclass(frozen=True, slots=True)
class Judged:
    """An indicator with its status in the scorecard's year, and whether the result that tells it is 途中経過."""

    row: Row
    judgement: Judgement
    is_under_way: bool

    @property
    def share(self) -> Decimal:
        """進捗率, or 達成率 where the status goes by that; 0 where it goes by neither."""
        progress, rate = self.judgement.progress, self.judgement.rate
        return (progress if progress is not None else rate) or Decimal(0)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every indicator of a scope that has a status in the year; those with neither result nor target do not count."""

    year: FiscalYear
    scale: Scale
    judged: tuple[Judged, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many have which status, in the order of the scale, those that none has left out."""
        found = Counter(one.judgement.status for one in self.judged)
        return {word: found[word] for word in (*self.scale.words, *found) if found[word]}

    @property
    def recorded(self) -> int:
        return sum(one.judgement.status != Status.NOT_RECORDED for one in self.judged)

    @property
    def unfinished(self) -> int:
        """How many of the recorded results are 途中経過."""
        return sum(one.is_under_way for one in self.judged)

    @property
    def weak(self) -> list[Judged]:
        """Those to look at first: 後退 before 遅れ, of each the least progress first."""
        order = self.scale.weak
        return sorted(
            (one for one in self.judged if one.judgement.status in order), key=lambda one: _weight(one, order)
        )

    @property
    def best(self) -> list[Judged]:
        """Those of the best status, the furthest beyond their targets first."""
        found = [one for one in self.judged if one.judgement.status == self.scale.best]
        return sorted(found, key=lambda one: -one.share)

    def areas(self) -> Mapping[str, "Scorecard"]:
        """A scorecard for each area, in the order of the plan; an indicator counts in each area that lists it."""
        listings = (listing for one in self.judged for listing in one.row.indicator.listings)
        ordered = sorted(listings, key=lambda listing: (listing.initiative.plan.id, listing.line))
        own: dict[str, list[Judged]] = {listing.initiative.area: [] for listing in ordered}
        for one in self.judged:
            for area in {listing.initiative.area for listing in one.row.indicator.listings}:
                own[area].append(one)
        return {area: Scorecard(self.year, self.scale, tuple(judged)) for area, judged in own.items()}


def scorecard(
    rows: Sequence[Row], today: date, year: FiscalYear | None = None, scale: Scale | None = None
) -> Scorecard:
    """The state of these indicators in a year: the latest one that is over and has results, unless one is given.

    By the scale of the indicators' plan, unless another is given.
    """
    meant = year or latest_year(rows, today)
    judged = (
        Judged(row, judgement, under_way(row, meant, today))
        for row in rows
        if (judgement := judgement_of(row, meant, scale))
    )
    own = scale or (rows[0].indicator.plan.scale if rows else STANDARD)
    return Scorecard(meant, own, tuple(judged))


def latest_year(rows: Sequence[Row], today: date) -> FiscalYear:
    """The latest year that is over and has results, else the last one of the plan that is over."""
    this_year = FiscalYear.of_date(today)
    planned = max((row.indicator.plan.last_year for row in rows), default=this_year)
    years = (fact.fiscal_year for row in rows for fact in row.numbers(Measure.ACTUAL))
    return max((year for year in years if year and year < this_year), default=min(planned, this_year.plus(-1)))


def _weight(one: Judged, order: Sequence[str]) -> tuple[int, Decimal]:
    return order.index(one.judgement.status), one.share

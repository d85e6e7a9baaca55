"""Samples: invented results, to show what Shirube does before any result is recorded. They are never written down.

Of a target of 55.3% comes a result like 「52.1%」, always the same for the same name and year: about half meet their
target, others are on the way or behind, a few fall back, and one in twelve is left without a result.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from hashlib import sha256

from data.facts import Aggregation, Direction, Fact, Indicator, Measure, direction
from data.fiscal_year import FiscalYear
from data.scales import Status
from data.status import judge
from data.values import SCALES, Cell

#: The note of an invented result.
SAMPLE = "サンプル"

# Of a hundred indicator-years so many are without a result, and of those with one so many have which status.
_MISSING = 8
_SPREAD = ((Status.ACHIEVED, 50), (Status.ON_TRACK, 27), (Status.BEHIND, 17), (Status.WORSE, 6))
# What comes next where no figure has the status: of a target of 1 nothing is 「概ね順調」.
_NEAREST = {
    Status.ACHIEVED: (Status.ON_TRACK, Status.BEHIND, Status.WORSE),
    Status.ON_TRACK: (Status.BEHIND, Status.WORSE, Status.ACHIEVED),
    Status.BEHIND: (Status.ON_TRACK, Status.WORSE, Status.ACHIEVED),
    Status.WORSE: (Status.BEHIND, Status.ON_TRACK, Status.ACHIEVED),
}
# How far on the way from the baseline to the target, or of the target, in percent: from, to.
_SHARES = {Status.ACHIEVED: (100, 112), Status.ON_TRACK: (81, 98), Status.BEHIND: (20, 78), Status.WORSE: (-30, -5)}
# A share of the target that is far from it is unlikely where nobody knows where the way began.
_LEAST_RATE = 55
_DECIMALS = re.compile(rf"\.(\d+)(?!\d|\s?(?:{'|'.join(SCALES)}))")
# What adds up over the years does not shrink; few plans have a column for it.
_ADDS_UP = "累計"
_MOST_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Aim:
    """What an invented result is for: the year's target, where the plan starts from, which way it improves."""

    year: FiscalYear
    target: Cell
    aimed: Decimal
    baseline: Cell | None
    way: Direction

    @property
    def start(self) -> Decimal | None:
        return self.baseline.value if self.baseline else None


def with_samples(facts: Sequence[Fact], indicators: Iterable[Indicator], until: FiscalYear) -> tuple[Fact, ...]:
    """The facts of these indicators with an invented result for each year up to `until` that has a numeric target.

    Whatever is recorded for a year stands, a mark for none, too. In the order of the indicators; of each the baseline
    first, then targets, results, published statuses (Store.facts).
    """
    order = {measure: position for position, measure in enumerate(Measure)}
    own: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        own[fact.indicator.id].append(fact)
    found: list[Fact] = []
    for indicator in indicators:
        all_facts = [*own[indicator.id], *_samples(indicator, own[indicator.id], until)]
        all_facts.sort(key=lambda fact: (order[fact.measure], fact.fiscal_year.year if fact.fiscal_year else 0))
        found += all_facts
    return tuple(found)


def is_sample(fact: Fact) -> bool:
    """Is a figure an invented result?"""
    return fact.measure is Measure.ACTUAL and fact.cell.note == SAMPLE


def _samples(indicator: Indicator, facts: Sequence[Fact], until: FiscalYear) -> Iterator[Fact]:
    baseline = next((fact.cell for fact in facts if fact.measure is Measure.BASELINE), None)
    recorded = {fact.fiscal_year: fact.cell.value for fact in facts if fact.measure is Measure.ACTUAL}
    targets = [fact for fact in facts if fact.measure is Measure.TARGET and fact.cell.value is not None]
    last = targets[-1].cell.value if targets else None
    way = direction(indicator.direction, baseline.value if baseline else None, last)
    adds_up = indicator.aggregation is Aggregation.CUMULATIVE or _ADDS_UP in indicator.name
    so_far: Decimal | None = None
    for fact in targets:
        year, aimed = fact.fiscal_year, fact.cell.value
        if year is None or aimed is None or year > until:
            continue
        if year in recorded:
            so_far = recorded[year] or so_far
            continue
        value = _invented(indicator, _Aim(year, fact.cell, aimed, baseline, way))
        if value is None:
            continue
        so_far = value = max(value, so_far) if adds_up and so_far is not None else value
        unit = fact.cell.unit
        yield Fact(
            indicator,
            Measure.ACTUAL,
            year,
            Cell(f"{value:,f}{unit}", value, unit, note=SAMPLE),
            indicator.listings,
        )


def _invented(indicator: Indicator, aim: _Aim) -> Decimal | None:
    """A result of the status that name and year give, else of the next one that whole numbers allow."""
    if _drawn(100, indicator.name, aim.year.label, "missing") < _MISSING:
        return None
    # An indicator often stays where it is: every other year goes by its name alone.
    by_year = aim.year.label if _drawn(2, indicator.name, aim.year.label, "strays") else ""
    wanted = _status(_drawn(100, indicator.name, by_year, "status"))
    tries = (wanted, *_NEAREST[wanted])
    candidates = ((status, value) for status in tries for value in _values(indicator, aim, status))
    return next((value for status, value in candidates if _judged(value, aim) == status), aim.aimed)


def _status(drawn: int) -> Status:
    for status, share in _SPREAD:
        if drawn < share:
            return status
        drawn -= share
    raise AssertionError(drawn)


def _values(indicator: Indicator, aim: _Aim, status: Status) -> Iterator[Decimal]:
    """Possible results of about this status, the first choice first."""
    least, most = _SHARES[status]
    step = Decimal(1).scaleb(-_places(aim.target))
    percent = least + _drawn(most - least + 1, indicator.name, aim.year.label, "share")
    for share in dict.fromkeys((percent, least, most)):
        exact = _at(aim, Decimal(share) / 100)
        for rounding in (ROUND_CEILING, ROUND_FLOOR):
            value = exact.quantize(step, rounding) + 0  # 0, never -0
            if _is_possible(value, aim):
                yield value
    if status is Status.ACHIEVED:
        yield aim.aimed.quantize(step, ROUND_CEILING)


def _at(aim: _Aim, share: Decimal) -> Decimal:
    """So far on the way from the baseline to the target; of the target where there is no way."""
    start = aim.start
    if start is not None and (start < aim.aimed if aim.way is Direction.HIGHER else start > aim.aimed):
        return start + share * (aim.aimed - start)
    rate = max(share, Decimal(_LEAST_RATE) / 100)
    return aim.aimed * rate if aim.way is Direction.HIGHER else aim.aimed / rate


def _is_possible(value: Decimal, aim: _Aim) -> bool:
    """No negative counts, and no more than 100 % where nobody aims higher."""
    known = [aim.aimed, *([] if aim.start is None else [aim.start])]
    if value < 0 and min(known) >= 0:
        return False
    return not ("%" in aim.target.unit and value > _MOST_PERCENT and max(known) <= _MOST_PERCENT)


def _judged(value: Decimal, aim: _Aim) -> str | None:
    judgement = judge(Cell("", value), aim.target, aim.baseline, aim.way)
    return judgement.status if judgement else None


def _places(cell: Cell) -> int:
    """How many decimals a cell is written with: 「55.30%」 two, 「1.5万人」 none, which is 15,000人."""
    match = _DECIMALS.search(cell.raw)
    return len(match[1]) if match else 0


def _drawn(below: int, *seed: str) -> int:
    """A number from 0, always the same for the same words."""
    return int.from_bytes(sha256("\0".join(seed).encode("utf-8", "replace")).digest()[:8]) % below

"""The shape of a question: its text with a letter for everything that has been read.

Rules about whole phrases are written over it: 「r7の目標が80%以上」 is 「PのTがN以上」, however years and amounts are
spelt. The text is in lower case, so a capital letter is always such a sign.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.amounts import Amount
from nlp.measures import Measure, MeasureReading
from nlp.mentions import Mention
from nlp.periods import PeriodReading
from nlp.pieces import Span, overlaps

Reading = PeriodReading | MeasureReading | Amount | Mention

#: P a period, T a target, B a baseline, A an actual, N an amount, X the name of an indicator.
_MEASURES = {Measure.TARGET: "T", Measure.BASELINE: "B", Measure.ACTUAL: "A"}
_CAPITALS = re.compile("[A-Z]")
# Stands for what has been read; no pattern matches it.
_READ = "〓"


@dataclass(frozen=True, slots=True)
class Shape:
    """`text` with a letter for each of `readings` (by its place in it); `places` are those of its characters before."""

    text: str
    places: tuple[int, ...]
    readings: dict[int, Reading]

    def span(self, match: re.Match[str], group: int | str = 0) -> Span:
        """Where a match, or a group of it, stands in the normalised text."""
        start, end = match.span(group)
        return self.places[start], self.end(end)

    def end(self, end: int) -> int:
        """The place in the normalised text behind the first `end` characters of the shape."""
        last = self.readings.get(end - 1)
        return last.end if last is not None else self.places[end - 1] + 1 if end else 0

    def at(self, match: re.Match[str], group: str) -> Reading | None:
        """What was read where a group of a match begins; None where the match has no such group."""
        if group not in match.re.groupindex or not match[group]:
            return None
        return self.readings.get(match.start(group))

    def without(self, spans: Iterable[Span]) -> "Shape":
        """The shape with marks at these spans of the normalised text, for what is left to be read."""
        signs = list(self.text)
        for start, end in spans:
            first = bisect_left(self.places, start)
            if first and first - 1 in self.readings and start < self.end(first):
                first -= 1
            for at in range(first, min(bisect_left(self.places, end), len(signs))):
                signs[at] = _READ
        text = "".join(signs)
        return self if text == self.text else Shape(text, self.places, self.readings)


def shape_of(text: str, readings: Iterable[Reading]) -> Shape:
    """The shape of a normalised text; of readings that overlap the one given first counts.

    「r7の目標が80%以上」 → 「PのTがN以上」.
    """
    kept: list[Reading] = []
    for reading in readings:
        if not overlaps((reading.start, reading.end), [(one.start, one.end) for one in kept]):
            kept.append(reading)
    signs: list[str] = []
    places: list[int] = []
    by_place: dict[int, Reading] = {}
    at = 0
    for reading in sorted(kept, key=lambda one: one.start):
        signs += _CAPITALS.sub(" ", text[at : reading.start])
        places += range(at, reading.start)
        by_place[len(signs)] = reading
        signs.append(_sign(reading))
        places.append(reading.start)
        at = reading.end
    signs += _CAPITALS.sub(" ", text[at:])
    places += range(at, len(text) + 1)
    return Shape("".join(signs), tuple(places), by_place)


def _sign(reading: Reading) -> str:
    if isinstance(reading, PeriodReading):
        return "P"
    if isinstance(reading, Amount):
        return "N"
    return "X" if isinstance(reading, Mention) else _MEASURES[reading.measure]

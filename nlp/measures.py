"""Which measure a question asks for: 目標値, 基準値 or 実績値."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """The store's measures by the same values; nlp does not import the store's own."""

    BASELINE = "baseline"
    TARGET = "target"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class MeasureReading:
    """A measure and the words at [start, end) that ask for it."""

    measure: Measure
    start: int
    end: int
    text: str


# What follows makes another word of it: 目標年度 (a year), 基準年, 当初予算, 実績報告書, 目標設定シート.
_NO_MEASURE = r"(?!年|月|日|予算|報告|書|シート|設定|達成|管理|期間|地方|法|点|案内)"
RULES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    (
        Measure.BASELINE,
        re.compile(
            rf"(?:基準値|基準地|基準|現状値|現況値|当初値|当初|策定時|開始時|もともと|元々|ベースライン){_NO_MEASURE}"
        ),
    ),
    (Measure.TARGET, re.compile(rf"(?:目標値|目標数値|目標|もくひょう|ターゲット|めざす値|目指す値){_NO_MEASURE}")),
    (Measure.ACTUAL, re.compile(rf"(?:実績値|実績|実際の値|実測値){_NO_MEASURE}")),
    # Past tense about the figure asks for what was reached; a recalling っけ does not.
    (Measure.ACTUAL, re.compile(r"(?:でした|だった|ました|なった)(?:んです|のです|の)?か?(?=[?。\s]*$)(?!っけ)")),
)


def read_measures(text: str, is_name: Callable[[int, int], bool]) -> tuple[MeasureReading, ...]:
    """The measures that a normalised text asks for, in order of appearance.

    `is_name` tells whether the words at [start, end) belong to an indicator's own name (「補助実績」), where they ask
    for nothing. 「伝承館の基準値とr4の目標」 → baseline, target.
    """
    found = [
        MeasureReading(measure, match.start(), match.end(), match[0])
        for measure, pattern in RULES
        for match in pattern.finditer(text)
        if not is_name(match.start(), match.end())
    ]
    return _without_overlaps(sorted(found, key=lambda reading: (reading.start, -reading.end)))


def _without_overlaps(readings: Sequence[MeasureReading]) -> tuple[MeasureReading, ...]:
    kept: list[MeasureReading] = []
    for reading in readings:
        if not kept or reading.start >= kept[-1].end:
            kept.append(reading)
    return tuple(kept)

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
    """A measure and the words at [start, end) that ask for it; `is_word` is false for a mere tense.

    `if_recorded` asks for the result only where one is recorded: 「8割を超えていますか」 may be said of a plan, too.
    """

    measure: Measure
    start: int
    end: int
    text: str
    is_word: bool = True
    if_recorded: bool = False


# What follows makes another word of it: 目標年度 (a year), 基準年, 当初予算, 実績報告書, 目標設定シート.
_NO_MEASURE = r"(?!年|月|日|予算|報告|書|シート|設定|達成|管理|期間|地方|法|点|案内)"
# As verbs of what a figure has done.
_HAS_MOVED = (
    r"(?:増え|ふえ|減っ|へっ|伸び|下がっ|上がっ|超え|越え|こえ|上回っ|下回っ|縮まっ|広がっ|落ち|届い|達し|いっ|行っ|進ん|やれ|でき"
    r"|(?:悪化|改善|増加|減少|低下|上昇|達成|クリア)(?:でき|し)|(?:良|よ|悪|多|少な)くなっ|され|来|き)"
)
# 「どれくらいの想定でしたか」 asks for what was planned.
PAST_TENSE = re.compile(
    r"(?:(?<![0-9度年])(?<!想定)(?<!予定)(?<!計画)(?<!見込み)(?<!目標)(?:でした|だった|ました|なった)"
    rf"|{_HAS_MOVED}た)(?:んです|のです|の|ん)?(?:か|かな)?"
    r"(?=[?。\s]*$)(?!っけ)"
)
# How things stand now, which of an indicator without results can only be meant of its plan.
_NOW = re.compile(
    rf"{_HAS_MOVED}て(?:き(?:て)?)?(?:い)?(?:る|ます|ない|ません)(?:の|んです|のです|ん)?(?:か|かな|でしょうか)?(?=[?。\s]*$)"
    r"|(?<![一-鿿])(?:今|いま|現在|現状|直近|最新|足元)(?:の?ところ|は|の|で|、|まで|時点|どれ|どの|いく|何|だと|って)+"
    r"|実績ベース(?:で|だと)?"
)
# 「計画を作る前」, 「計画策定時」; not 避難計画, which is another plan.
_BEFORE_PLAN = (
    r"(?<![一-鿿])計画(?:を|が)?(?:作る|つくる|策定する|始まる|始める|策定)?前(?:の値|の数字)?"
    r"|(?<![一-鿿])計画(?:を|が)?(?:作った|つくった|策定した|始まった)(?:時点?|とき)?(?:の値)?"
)
_BASELINE = (
    "基準値|基準地|規準値|基準|(?:元|もと)の(?:値|数字)|現状値|現況値|当初値|当初|策定時|開始時|もともと|元々"
    "|ベースライン"
)
RULES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    (Measure.BASELINE, re.compile(rf"(?:{_BASELINE}|{_BEFORE_PLAN}){_NO_MEASURE}")),
    (Measure.TARGET, re.compile(rf"(?:目標値|目標数値|目標|もくひょう|ターゲット|めざす値|目指す値){_NO_MEASURE}")),
    (Measure.ACTUAL, re.compile(rf"(?:実績値|実績|実積|実際の値|実測値){_NO_MEASURE}")),
    # Past tense about the figure asks for what was reached; a recalling っけ does not.
    (Measure.ACTUAL, PAST_TENSE),
    (Measure.ACTUAL, _NOW),
)
_TENSES = (PAST_TENSE, _NOW)


def read_measures(text: str, is_name: Callable[[int, int], bool]) -> tuple[MeasureReading, ...]:
    """The measures that a normalised text asks for, in order of appearance.

    `is_name` tells whether the words at [start, end) belong to an indicator's own name (「補助実績」), where they ask
    for nothing. 「伝承館の基準値とr4の目標」 → baseline, target.
    """
    found = [
        MeasureReading(measure, match.start(), match.end(), match[0], pattern not in _TENSES, pattern is _NOW)
        for measure, pattern in RULES
        for match in pattern.finditer(text)
        if not is_name(match.start(), match.end())
    ]
    named = [reading for reading in found if reading.is_word]
    return _without_overlaps(sorted(named or found, key=lambda reading: (reading.start, -reading.end)))


def _without_overlaps(readings: Sequence[MeasureReading]) -> tuple[MeasureReading, ...]:
    kept: list[MeasureReading] = []
    for reading in readings:
        if not kept or reading.start >= kept[-1].end:
            kept.append(reading)
    return tuple(kept)

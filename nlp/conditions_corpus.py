"""Phrases and the conditions that they set; NON_EXAMPLES set none. Asked on 2024-11-20, in R6."""

from dataclasses import replace
from decimal import Decimal

from data.fiscal_year import FiscalYear
from nlp.amounts import Amount
from nlp.criteria import BLANK, Compared, Comparison, Given, Judged, Met, Moves, OnlyIn, Test, Trend, Written
from nlp.measures import Measure
from nlp.operands import Change, Figure, Operand, Operation
from nlp.periods import Period


def year(number: int) -> Period:
    return Period(FiscalYear(2018 + number), FiscalYear(2018 + number))


def amount(value: str, unit: str = "") -> Amount:
    """An amount without the place where it stands."""
    return Amount(Decimal(value), unit, 0, 0, "")


def anywhere(test: Test) -> Test:
    """A test as it is compared here: without the places of its amount."""
    if isinstance(test, Compared) and isinstance(test.other, Amount):
        return replace(test, other=amount(str(test.other.value), test.other.unit))
    return test


def mean(tests: tuple[Test, ...], *spellings: str) -> list[tuple[tuple[Test, ...], str]]:
    return [(tests, spelling) for spelling in spellings]


def limit(
    comparison: Comparison, value: str, unit: str, operand: Operand, *, exactly: bool = False
) -> tuple[Test, ...]:
    return (Compared(operand, comparison, amount(value, unit), exactly),)


_R6, _R7 = Figure(None, year(6)), Figure(None, year(7))
_TARGET_R7 = Figure(Measure.TARGET, year(7))
_BASELINE = Figure(Measure.BASELINE)

EXAMPLES = [
    *mean(
        limit(Comparison.AT_LEAST, "80", "%", _TARGET_R7),
        "R7の目標が80%以上の指標",
        "令和７年度の目標値が８割以上のもの",
        "目標がR7で80パーセント以上",
        "R7目標80%以上",
    ),
    *mean(limit(Comparison.MORE, "10000", "", _TARGET_R7), "R7の目標が1万を超える指標", "R7の目標値が10,000超のもの"),
    *mean(limit(Comparison.LESS, "50", "%", _R7), "R7が50%未満", "R7で50%を下回る指標", "R7が50%に届かない指標"),
    *mean(limit(Comparison.AT_MOST, "65", "%", _R7), "R7が65%以下", "R7が65%を超えない指標"),
    *mean(limit(Comparison.AT_LEAST, "80", "%", Figure()), "80%以上のもの"),
    *mean(
        limit(Comparison.EQUAL, "100", "%", _TARGET_R7, exactly=True),
        "R7の目標がちょうど100%の指標",
        "R7の目標が100%ぴったりの",
    ),
    *mean(limit(Comparison.EQUAL, "0", "", _BASELINE), "基準値が0の指標", "基準値がゼロのもの", "基準値0の"),
    *mean(limit(Comparison.AT_MOST, "0", "", _BASELINE), "基準値が0・マイナスのもの"),
    *mean(limit(Comparison.LESS, "0", "", _TARGET_R7), "R7の目標がマイナスになっている指標"),
    *mean(
        limit(Comparison.AT_LEAST, "2", "倍", Change(Operation.RATIO, _BASELINE, _R7)),
        "R7が基準値の2倍以上の指標",
        "基準値からR7で2倍以上になる指標",
        "R7が基準値の倍以上",
    ),
    *mean(
        limit(Comparison.AT_LEAST, "10", "ポイント", Change(Operation.DIFFERENCE, _R6, _R7)),
        "R6からR7で10ポイント以上上がる指標",
    ),
    *mean(limit(Comparison.AT_LEAST, "50", "%", Change(Operation.GROWTH_RATE)), "伸び率が50%以上の指標"),
    *mean(
        (*limit(Comparison.AT_LEAST, "70", "%", _R6), *limit(Comparison.AT_MOST, "80", "%", _R6)),
        "R6が70%以上80%以下の指標",
    ),
    *mean((Compared(_R6, Comparison.EQUAL, _R7),), "R6とR7が同じ指標", "R6とR7で変わらない指標", "R6がR7と同じもの"),
    *mean(
        (Compared(_R7, Comparison.LESS, _BASELINE),),
        "R7が基準値より低い指標",
        "基準値よりR7が小さい指標",
        "R7が基準値を下回る指標",
    ),
    *mean((Given(_TARGET_R7, False),), "R7の目標がない指標", "R7の目標が設定されていない指標", "R7目標なしの指標"),
    *mean((Given(_TARGET_R7, False, "/"),), "R7の目標が「/」の指標", "R7の目標がスラッシュになっている指標"),
    *mean((Given(_BASELINE, False, BLANK),), "基準値が空欄の指標"),
    *mean((Given(_BASELINE, False),), "基準値がない指標", "基準値の記載がないもの"),
    *mean((Given(_R6, False), Given(_R7, False)), "R6・R7は無い指標"),
    *mean((Given(Figure(Measure.ACTUAL, year(5)), True),), "R5の実績が登録済みの指標", "R5の実績が入っている指標"),
    *mean(
        (OnlyIn((year(7),)),),
        "R7だけに目標がある指標",
        "目標がR7だけの指標",
        "R7しか目標がない指標",
        "R7にしか目標が入っていない",
    ),
    *mean((Moves(Trend.STAYS, throughout=True),), "ずっと同じ値の指標", "ずっと変わらない指標"),
    *mean((Moves(Trend.FALLS, Figure(None, year(4)), _R7),), "R4からR7で減る指標", "R4からR7にかけて下がる指標"),
    *mean((Moves(Trend.RISES, _BASELINE, _R7),), "基準値からR7で増える指標"),
    *mean((Moves(Trend.RISES, Figure(Measure.TARGET, year(4)), _TARGET_R7, True),), "R4からR7まで目標が毎年増える指標"),
    *mean((Moves(Trend.RISES_NOT),), "増えない指標"),
    *mean(limit(Comparison.UNEQUAL, "100", "%", _TARGET_R7), "R7の目標が100%以外の指標", "R7の目標が100%でない指標"),
    *mean(
        (*limit(Comparison.AT_LEAST, "50", "%", _TARGET_R7), *limit(Comparison.AT_MOST, "80", "%", _TARGET_R7)),
        "R7の目標が50〜80%の指標",
        "R7の目標が50%から80%の指標",
    ),
    *mean(
        (
            *limit(Comparison.AT_LEAST, "80", "%", Figure(Measure.TARGET, year(5))),
            *limit(Comparison.AT_LEAST, "80", "%", Figure(Measure.TARGET, year(6))),
        ),
        "R5の目標もR6の目標も80%以上の指標",
    ),
    *mean((Met(year(5), True),), "R5に達成できた指標", "R5で達成したものは?"),
    *mean((Met(year(5), False),), "R5が未達の指標", "R5に達成できなかった指標"),
    *mean((Judged(year(5), ("後退",)),), "R5の判定が「後退」の指標", "R5で後退した指標", "R5の判定が後退になった指標"),
    *mean((Judged(year(5), ("遅れ",)),), "R5で遅れている指標", "R5の判定が「遅れ」のKPI"),
    *mean((Judged(year(5), ("概ね順調",)),), "R5の判定が「概ね順調」の指標", "R5の達成状況がおおむね順調な指標"),
    *mean((Judged(year(5), ("達成",)),), "R5の判定が「達成」の指標"),
    *mean((Judged(None, ("遅れ",)),), "遅れている指標", "遅れてるのはどれ?", "判定が「遅れ」の指標"),
    *mean((Judged(None, ("後退",)),), "後退している指標は?", "後退したもの"),
    *mean((Judged(None, ("達成", "概ね順調")),), "順調な指標", "順調に進んでいるKPIは?"),
    *mean((Judged(None, ("遅れ", "後退")),), "順調でない指標", "うまくいっていない指標は?"),
    *mean((Judged(None, ("判定不可",)),), "判定不可の指標", "判定できない指標は?"),
    *mean((Judged(None, ("実績未登録",)),), "実績未登録の指標"),
    *mean((Judged(None, ("C",)),), "判定がCの指標", "判定が「C」のもの"),
    *mean((Met(None, True),), "達成した指標は?", "達成できているものは?"),
    *mean((Met(None, False),), "未達成の指標", "未達の指標は?", "達成できていないものは?"),
    *mean((Judged(year(5), ("実績未登録",)),), "R5の判定が「実績未登録」の指標"),
    *mean((Met(year(5), True),), "R5の目標を達成した指標", "R5の実績が目標に届いた指標"),
    *mean(
        (Met(year(5), False),),
        "R5の目標に届かなかった指標",
        "R5の実績が目標未達の指標",
        "R5の実績が目標に届いていない指標",
    ),
    *mean(
        (Compared(Figure(Measure.ACTUAL, year(5)), Comparison.LESS, Figure(Measure.TARGET, year(5))),),
        "R5の実績が目標を下回った指標",
        "R5実績<R5目標の指標",
    ),
    *mean(
        (Met(year(4), True), Met(year(5), False)),
        "R4実績が目標を達成していて、R5実績は未達だった指標",
        "R4は達成だったのにR5は実績が目標に届かなかった指標",
    ),
    *mean((Met(year(4), False), Met(year(5), False)), "R4とR5どちらも目標未達の指標"),
    *mean(
        limit(
            Comparison.LESS,
            "0.9",
            "倍",
            Change(Operation.RATIO, Figure(Measure.TARGET, year(5)), Figure(Measure.ACTUAL, year(5))),
        ),
        "R5の実績が目標の9割に満たない指標",
    ),
    *mean((Compared(Figure(Measure.ACTUAL, year(5)), Comparison.WORSE, _BASELINE),), "R5の実績が基準値より悪い指標"),
    *mean(
        (Compared(_R6, Comparison.EQUAL, _R7), Compared(_R6, Comparison.UNEQUAL, Figure(Measure.TARGET, year(5)))),
        "R6とR7が同じで、R5の目標とは違う指標",
    ),
    *mean(
        limit(Comparison.AT_LEAST, "15", "ポイント", Change(Operation.DIFFERENCE, Figure(None, year(4)), _R7)),
        "R4からR7の上げ幅が15ポイント以上の指標",
    ),
    *mean(limit(Comparison.REACHES, "100", "%", _BASELINE), "元から100%の指標", "最初から100%の指標"),
    *mean(limit(Comparison.EQUAL, "47", "%", Figure(Measure.TARGET, year(5))), "47%をR5の目標にしている指標"),
    *mean((Given(Figure(Measure.ACTUAL), False),), "実績が1年度も登録されていない指標", "実績がひとつもない指標"),
    *mean((Written(Figure(Measure.TARGET), "以上"),), "目標に「以上」と書かれた指標", "目標に以上と付いている指標"),
]

#: The last test is negated: 「除く」 takes its clause along, and no more.
EXCLUDED = [
    "R7の目標が80%以上の指標、基準値が0のものは除く",
    "R7の目標が80%以上の指標から基準値が0のものは除いて",
]

NON_EXAMPLES = [
    "R7の目標は?",
    "伸び率の高い順に並べて",
    "増加数が大きい順",
    "ぶら下がっている指標",
    "産業振興のKPI一覧",
]

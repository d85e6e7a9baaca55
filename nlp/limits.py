"""Limits and comparisons: 「R7の目標が80%以上」, 「基準値の2倍以上」, 「R6とR7が同じ」, 「R5の実績が目標を下回る」."""

import re
from dataclasses import replace
from re import Match

from data.fiscal_year import FiscalYear
from nlp.amounts import PERCENT, POINTS, TIMES, Amount
from nlp.criteria import Compared, Comparison, Test
from nlp.measures import Measure
from nlp.operands import Change, Figure, Operand, Operation, ends_of, figure_of
from nlp.periods import Period, PeriodReading
from nlp.rulebook import FALL, GREATER, IS, RISE, SMALLER, ZERO, F, G, rules
from nlp.shape import Shape

RULES, rule = rules()

_COMPARISONS: tuple[tuple[Comparison, str], ...] = (
    (Comparison.AT_LEAST, "以上"),
    (Comparison.AT_MOST, "以下|以内"),
    (
        Comparison.LESS,
        r"未満|[をに]?(?:下回|切)[るっりら]|[にを]満た(?:ない|ず|ぬ|していない)|より(?:も)?(?:低|小さ|少な)い?|[にへ](?:達|届|至|い)(?:か|さ|し|ら)?(?:ない|ていない|ません)",
    ),
    (
        Comparison.MORE,
        r"[をは]?超(?:え|す)?(?!過|音|短)|[をが]?こえ|を?上回[るっり]|より(?:も)?(?:高|大き|多|上)い?|オーバー",
    ),
    (Comparison.AT_MOST, r"(?:まで(?:に)?|に|へ)(?:減|下が|下げ|落|抑|縮)[らりえすさしてるっ]*"),
    (
        Comparison.REACHES,
        r"(?:には?|へ|まで(?:は)?|は|も)?(?:達|届|到達|い[くけっき]|行[くけっき]|乗[るせっ]|至)[しすくいけてるたっ]*",
    ),
    (Comparison.AT_LEAST, r"(?:まで|に)(?:増|伸|上が|上げ|引き?上)[えやばびがすてるっい]*"),
    (Comparison.UNEQUAL, r"(?:では|じゃ|で)ない|以外"),
)
# Behind an amount that a figure equals: 「基準値が0の」, 「R6は36,000だっけ」.
_IS_SO = (
    r"から(?:スタート|始|の)|スタート|の|である|とな[るっ]|に(?:も)?な[るっり]|にす[るれ]|(?:を)?(?:めざ|目指)|な[っる](?:た|て|か|$)|そろ[っい]|にし|に設定|と(?:する|いう)|を(?:目標|目指)|や|・|か|または|もしくは|[はをも]?(?:除|外|抜|対象外)|以外|って(?:こと|話|聞)"
    r"|で(?:す|合|あって|いい|良い|よい|よか|よろし|間違|正し|し(?:た|ょ))|だ(?:っけ|よ|った|と)|じゃ|な[のん]|っけ|よね|で(?=[PTBA])|で?(?:$|[、。?\s])"
)
_COMPARE = "|".join(f"(?P<c{number}>{pattern})" for number, (_, pattern) in enumerate(_COMPARISONS))


_RATES = {"達成率": Operation.ACHIEVEMENT_RATE, "進捗率": Operation.PROGRESS_RATE, "倍率": Operation.RATIO}


@rule(
    rf"(?:{F}(?:の|から|で|は|が|、)*)?(?P<o>伸び率|増加率|成長率|減少率|達成率|進捗率|倍率|A(?:の)?÷(?:Pの?)?T)〓*{IS}(?:(?P<n>N)(?:(?P<k>{_COMPARE})|(?P<eq>ちょうど|ぴったり|の|である))|(?P<minus>マイナス))"
)
def rate(shape: Shape, match: Match[str]) -> Test | None:
    """「伸び率が50%以上」, 「達成率80%未満」."""
    amount = ZERO if match["minus"] else shape.at(match, "n")
    if not isinstance(amount, Amount):
        return None
    comparison = Comparison.LESS if match["minus"] else Comparison.EQUAL
    comparison = next((c for number, (c, _) in enumerate(_COMPARISONS) if match[f"c{number}"]), comparison)
    operation = _RATES.get(match["o"], Operation.ACHIEVEMENT_RATE if "÷" in match["o"] else Operation.GROWTH_RATE)
    figure = figure_of(shape, match, "f")
    return Compared(Change(operation, *ends_of([figure] if figure else [])), comparison, amount)


@rule(
    rf"(?:{F}{IS})?(?P<n>N)(?:以上)?(?:から|より|[~〜–−-]|、)\s?(?P<m>N)(?:(?P<k>未満|以下|まで)|(?:の)?(?:間|範囲|あいだ))?(?:に(?:ある|おさまる|収まる|入る))?"
)
@rule(rf"(?:{F}{IS})?(?P<n>N)(?P<m>台)")
def span(shape: Shape, match: Match[str]) -> tuple[Test, ...] | None:
    """「50〜80%」, 「100から1000」, 「50%台」."""
    low, high = shape.at(match, "n"), shape.at(match, "m")
    if not isinstance(low, Amount):
        return None
    last = Comparison.AT_MOST
    if match["m"] == "台":
        if low.value % 10 or low.unit not in (PERCENT, ""):
            return None
        high, last = replace(low, value=low.value + 10), Comparison.LESS
    if not isinstance(high, Amount):
        return None
    if "k" in match.re.groupindex and match["k"] == "未満":
        last = Comparison.LESS
    operand = figure_of(shape, match, "f") or Figure()
    unit = high.unit or low.unit
    low, high = replace(low, unit=unit), replace(high, unit=unit)
    return Compared(operand, Comparison.AT_LEAST, low), Compared(operand, last, high)


@rule(rf"(?:{F}{IS})?(?:から|[~〜→])?(?:{G}(?:の|から|より|と比べて?|比で?|に比べて?|に対して|までに?|にかけて)*{IS})?"
      rf"(?:(?:まで)?の?(?P<w>上げ幅|上昇幅|伸び幅|上がり幅|増加幅|増え幅|上昇|増加数|差)(?:が|は)?)?"
      rf"(?P<sign><=|>=|[<>=≦≧≤≥])?\s?(?P<e>ちょうど|ぴったり|丁度|ジャスト)?[「『]?(?P<n>N)(?P<e2>ちょうど|ぴったり|丁度|ジャスト)?"
      rf"(?:も|ほど|くらい|ぐらい)?\s?(?:(?P<k>{_COMPARE})|(?P<eq>(?(sign)|(?={_IS_SO}|(?:も)?(?:{RISE}|{FALL})))))"
      rf"(?:の)?(?P<t>{RISE}|{FALL}|(?<=[上下])(?:多|高|大き|少な|低|小さ))?")  # fmt: skip
def compared(shape: Shape, match: Match[str]) -> Test | tuple[Test, ...] | None:
    """「R7の目標が80%以上」, 「R7が基準値の2倍以上」, 「R4からR7で10ポイント以上上がる」, 「基準値が0」."""
    amount = shape.at(match, "n")
    figures = [one for one in (figure_of(shape, match, "f"), figure_of(shape, match, "g")) if one]
    if not isinstance(amount, Amount) or amount.unit in (
        "つ",
        "位",
        "個",
        "指標",
        "項目",
        "行",
        "kpi",
        "か所",
        "箇所",
        "ヶ所",
        "カ所",
    ):
        return None
    if (
        not match["k"]
        and not figures
        and not (match["e"] or match["e2"])
        and not _AFTER_OR.search(shape.text, 0, match.start("n"))
    ):
        return None  # a mere number is no condition
    if _QUOTED.match(shape.text, match.end()) or (not figures and _COUNTED.match(shape.text, match.end())):
        return None
    comparison = next((c for number, (c, _) in enumerate(_COMPARISONS) if match[f"c{number}"]), Comparison.EQUAL)
    if match["sign"]:
        comparison = _SIGNS[match["sign"]]
    exactly = bool(match["e"] or match["e2"])
    operand: Operand
    if amount.unit == PERCENT and len(figures) == 2 and shape.text[: match.start("n")].endswith("の"):
        # 「実績が目標の9割に満たない」: a share of the other figure
        amount = replace(amount, value=amount.value / 100, unit=TIMES)
        one, other = _same_year(*figures)
        operand = Change(Operation.RATIO, other, one)
    elif amount.unit == TIMES:
        operand = Change(Operation.RATIO, *ends_of(figures))
    elif match["t"] or match["w"] or amount.unit == POINTS:
        by_rate = amount.unit == PERCENT and not match["w"]
        operand = Change(Operation.GROWTH_RATE if by_rate else Operation.DIFFERENCE, *ends_of(figures))
        if match["t"] and re.match(rf"{FALL}|少な|低|小さ", match["t"]):
            amount = replace(amount, value=-amount.value)
            comparison = _REVERSED.get(comparison, comparison)
    else:
        operand = figures[-1] if figures else Figure()
        if len(figures) == 2 and figures[-1].period is None:
            operand = figures[0]
        if isinstance(operand, Figure) and operand.period and operand.period.start != operand.period.end:
            return None
        if len(figures) == 2 and all(one.period for one in figures) and re.search("[もと・、]", match[0]):
            # 「R5の目標もR6の目標も80%以上」
            measure = next((one.measure for one in reversed(figures) if one.measure), None)
            both = (Figure(one.measure or measure, one.period) for one in figures)
            return tuple(Compared(one, comparison, amount, exactly) for one in both)
    return Compared(operand, comparison, amount, exactly)


@rule(r"(?:元から|もとから|もともと|最初から|当初から|始めから)(?P<n>N)")
def from_the_start(shape: Shape, match: Match[str]) -> Test | None:
    """「元から100%?」 is said of the baseline."""
    amount = shape.at(match, "n")
    return Compared(Figure(Measure.BASELINE), Comparison.REACHES, amount) if isinstance(amount, Amount) else None


@rule(
    rf"(?P<n>N)を\s?{F}(?:の値|値)?(?:に(?:して|し[たま]|据え|掲げ|設定|置い)|と(?:して|し[たま]))(?:い)?(?:る|ます)?"
)
def set_as(shape: Shape, match: Match[str]) -> Test | None:
    """「47%をR5の目標にしている」."""
    amount, figure = shape.at(match, "n"), figure_of(shape, match, "f")
    return Compared(figure, Comparison.EQUAL, amount) if isinstance(amount, Amount) and figure else None


_AFTER_OR = re.compile(r"(?:または|もしくは|か|や|・|あるいは)\s?$")
# 「指標は10件以上ある?」 counts indicators, 「「4以上」と書かれた」 quotes a cell.
_COUNTED = re.compile(r"(?:は)?(?:あ[るり]|載|出)")
_QUOTED = re.compile(r"」と(?:書|記|い)")
_REVERSED = {
    Comparison.AT_LEAST: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.MORE: Comparison.LESS,
    Comparison.LESS: Comparison.MORE,
}


# How one figure stands to another, behind the other: 「目標を下回る」, 「R6より高い」, 「目標と同じ」.
_STANDS: tuple[tuple[Comparison, str], ...] = (
    (
        Comparison.LESS,
        rf"(?:より|に比べて?|と比べて?)(?:も)?(?:{SMALLER}|落ち)|[をに]?(?:も)?(?:下回|割[りるっ込])|<(?!=)|未満",
    ),
    (
        Comparison.MORE,
        rf"(?:より|に比べて?|と比べて?)(?:も)?(?:{GREATER})|[をに]?(?:も)?(?:上回|超え|こえ|超し|越え|追い越|追い抜)|>(?!=)",
    ),
    (Comparison.BETTER, r"(?:より|に比べて?|と比べて?)(?:も)?(?:良|改善)"),
    (Comparison.WORSE, r"(?:より|に比べて?|と比べて?)(?:も)?悪|を?(?:割り込んで)?悪化"),
    (Comparison.AT_LEAST, ">=|≧|≥|以上"),
    (Comparison.AT_MOST, "<=|≦|≤|以下|以内|の(?:枚数|数|件数)?以内"),
    (Comparison.UNEQUAL, r"(?:と|とは|が|は|で|も|の)*(?:違|異な|ことな|ずれ)"),
    (
        Comparison.EQUAL,
        r"(?:と|が|は|って|で|も|の|、|まったく|全く|ずっと|全部|ともに|ぴったり)*(?:同じ|同額|同数|同値|等し|一緒|イコール|変わら|変化(?:が|の|は)?な|据え置)(?:値|数)?(?:ぴったり)?|=|どおり|通り",
    ),
)
_STANDING = "|".join(f"(?P<s{number}>{pattern})" for number, (_, pattern) in enumerate(_STANDS))


_SUBJECT = re.compile(r"[PATB](?:の?(?:値|数字))?(?:が|は|も|って|、|の方が|のほうが|\s)*$")


@rule(
    r"(?:(?P<q>P)(?:の|で|は|に|、)*)?(?:A(?:は|が|で|の)*)?(?P<t>T)(?:値)?(?:を|より)(?:も)?(?:大きく|少し|かなり)?"
    r"(?:(?P<less>下回)|(?P<more>上回|超え|こえ|越え))"
)
def beyond_target(shape: Shape, match: Match[str]) -> Test | None:
    """「R5で目標を下回った」: the result of that year against its target."""
    if _SUBJECT.search(shape.text[: match.start()]) and "A" not in match[0]:
        return None  # 「R6がR5の目標を下回る」
    period = shape.at(match, "q")
    year = period.period if isinstance(period, PeriodReading) else None
    comparison = Comparison.LESS if match["less"] else Comparison.MORE
    return Compared(Figure(Measure.ACTUAL, year), comparison, Figure(Measure.TARGET, year))


@rule(rf"{F}(?:と|が|は|も|って|、|・|の方が|のほうが|の時点で|もう|すでに|既に|まだ|\s)*{G}(?:値)?(?:{_STANDING})")
@rule(rf"{F}(?P<o><=|>=|[<>=≦≧≤≥])\s?{G}")
def versus(shape: Shape, match: Match[str]) -> Test | None:
    """「R7の目標がR6より高い」, 「R5の実績が目標を下回る」, 「R6とR7が同じ」, 「R6実績<R6目標」."""
    if "o" in match.re.groupindex:
        comparison = _SIGNS[match["o"]]
    else:
        comparison = next(c for number, (c, _) in enumerate(_STANDS) if match[f"s{number}"])
    return _between(shape, match, comparison)


_SIGNS = {
    "<": Comparison.LESS,
    ">": Comparison.MORE,
    "=": Comparison.EQUAL,
    "<=": Comparison.AT_MOST,
    "≦": Comparison.AT_MOST,
    "≤": Comparison.AT_MOST,
    ">=": Comparison.AT_LEAST,
    "≧": Comparison.AT_LEAST,
    "≥": Comparison.AT_LEAST,
}


@rule(
    rf"{F}(?:値)?(?:より|に比べて?|と比べて?)(?:も)?(?:、)?{G}(?:が|は|の方が|のほうが|で)?(?:も)?"
    rf"(?:(?P<more>{GREATER})|(?P<less>{SMALLER}|落ち)|(?P<better>良|改善)|(?P<worse>悪))"
)
def turned_round(shape: Shape, match: Match[str]) -> Test | None:
    """「基準値よりR7が低い」."""
    one, other = _figures(shape, match)
    if one is None or other is None or one == other:
        return None
    words = {"more": Comparison.MORE, "less": Comparison.LESS, "better": Comparison.BETTER, "worse": Comparison.WORSE}
    return Compared(other, next(comparison for group, comparison in words.items() if match[group]), one)


@rule(rf"{G}(?:とは|と)(?:違|異な)")
def differs(shape: Shape, match: Match[str]) -> Test | None:
    """「R6とR7の目標が同じで、R5とは違う」: differs from what was named before."""
    figure = figure_of(shape, match, "g")
    return Compared(Figure(), Comparison.UNEQUAL, figure) if figure and match.start() else None


@rule(
    rf"前の?年(?:度)?(?:の?(?:実績|目標|値))?(?:より|から|に比べて?|と比べて?|比で)(?:も)?(?:、)?{F}(?:が|は|の方が)?(?:も)?"
    rf"(?:(?P<more>{GREATER}|伸)|(?P<less>{SMALLER}|落ち))"
)
def since_year_before(shape: Shape, match: Match[str]) -> Test | None:
    """「前の年よりR5の実績が落ち込んだ」."""
    figure = figure_of(shape, match, "f")
    if figure is None or figure.period is None or not isinstance(figure.period.end, FiscalYear):
        return None
    before = figure.period.end.plus(-1)
    return Compared(
        figure, Comparison.MORE if match["more"] else Comparison.LESS, Figure(figure.measure, Period(before, before))
    )


def _figures(shape: Shape, match: Match[str]) -> tuple[Figure | None, Figure | None]:
    """The two figures of a match; a year that stands at a target or a result alone is meant for both."""
    one, other = figure_of(shape, match, "f"), figure_of(shape, match, "g")
    if one is None or other is None:
        return one, other
    return _same_year(one, other)


def _same_year(one: Figure, other: Figure) -> tuple[Figure, Figure]:
    if {one.measure, other.measure} != {Measure.TARGET, Measure.ACTUAL}:
        return one, other
    period = one.period or other.period
    return replace(one, period=one.period or period), replace(other, period=other.period or period)


def _between(shape: Shape, match: Match[str], comparison: Comparison) -> Compared | None:
    one, other = _figures(shape, match)
    if one is None or other is None or one == other or any(_is_range(figure) for figure in (one, other)):
        return None
    return Compared(one, comparison, other)


def _is_range(figure: Figure) -> bool:
    return figure.period is not None and figure.period.start != figure.period.end

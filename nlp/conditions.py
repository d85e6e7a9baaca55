"""The conditions of a question: 「R7の目標が80%以上」, 「基準値がない」, 「R6とR7が同じ」.

Rules stand over the question's shape (shape.py). What is read here is put to the figures, and into a sentence, by
bot/conditions.py.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from re import Match, Pattern

from data.fiscal_year import FiscalYear
from nlp.amounts import PERCENT, POINTS, TIMES, Amount
from nlp.criteria import BLANK, Compared, Comparison, ConditionReading, Given, Met, Moves, OnlyIn, Test, Trend, Written
from nlp.measures import Measure
from nlp.operands import Change, Figure, Operand, Operation, ends_of, figure_of, figure_pattern
from nlp.periods import Period, PeriodReading, PlanYear
from nlp.pieces import Span
from nlp.shape import Shape

#: One test, or several that must all hold; None where the words are none of the rule's business.
Read = Callable[[Shape, Match[str]], "Test | tuple[Test, ...] | None"]
_RULES: list[tuple[Pattern[str], Read]] = []


def rule(pattern: str) -> Callable[[Read], Read]:
    """Register a rule over a shape; rules written first take their words first."""

    def register(read: Read) -> Read:
        _RULES.append((re.compile(pattern), read))
        return read

    return register


_F, _G = figure_pattern("f"), figure_pattern("g")
# Between a figure and what is said of it.
_IS = r"(?:[がはもでにをと、\s=]|って|もう|すでに|既に|の時点で|では|には|とも|時点で|のうち)*"
_RISE = r"増|伸|上が|上昇|アップ|引き上げ|高まる|増加|拡大"
_FALL = r"減|下が|低下|ダウン|引き下げ|縮小|下落"
# As verbs, of what the figures do over the years; 「伸び率」 and 「増加数」 name a quantity.
_RISES = (
    r"増(?:え(?!幅)|や[すしさ]|加(?:する|し|傾向|させ))|伸(?:び(?:る|て|た|ま)|ば[すし])|上が(?:る|って|り(?!幅)|った)|上げ(?:る|て|た)"
    r"|上昇(?:する|し)|アップ(?:する|し)|引き?上げ(?:る|て)|高(?:ま|め[るて])|拡大(?:する|し)|右肩上がり|(?:前の?年より)?(?:大きく|多く|高く)な[るっり]"
)
_FALLS = (
    r"減(?:る|ら[すしさ](?!な)|ら(?=な|ず)|っ[てた]|り(?!幅)|少(?:する|し|傾向|させ))|(?<!ぶら)下が(?:る|って|り(?!幅)|った)|下げ(?:る|て|た)|低下(?:する|し)|ダウン(?:する|し)"
    r"|引き?下げ(?:る|て)|縮小(?:する|し)|右肩下がり|(?:前の?年より)?(?:小さく|少なく|低く)な[るっり]"
)
_GREATER, _SMALLER = r"高|大き|多|上(?!位)|増", r"低|小さ|少な|下(?!位)|減"
_COMPARISONS: tuple[tuple[Comparison, str], ...] = (
    (Comparison.AT_LEAST, "以上"),
    (Comparison.AT_MOST, "以下|以内"),
    (
        Comparison.LESS,
        r"未満|[をに]?(?:下回|切)[るっりら]|[にを]満た(?:ない|ず|ぬ|していない)|より(?:も)?(?:低|小さ|少な)い?|[にへ](?:達|届|至|い)(?:か|さ|し|ら)?(?:ない|ていない|ません)",
    ),
    (
        Comparison.MORE,
        r"を?超(?:え|す)?(?!過|音|短)|[をが]?こえ|を?上回[るっり]|より(?:も)?(?:高|大き|多|上)い?|オーバー",
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
    r"から(?:スタート|始|の)|の|である|とな[るっ]|に(?:も)?な[るっり]|にす[るれ]|(?:を)?(?:めざ|目指)|な[っる](?:た|て|か|$)|そろ[っい]|にし|に設定|と(?:する|いう)|を(?:目標|目指)|や|・|か|または|もしくは|[はをも]?(?:除|外|抜|対象外)|以外|って(?:こと|話|聞)"
    r"|で(?:す|合|あって|いい|良い|よい|よか|よろし|間違|正し|し(?:た|ょ))|だ(?:っけ|よ|った|と)|じゃ|な[のん]|っけ|よね|で?(?:$|[、。?\s])"
)
_COMPARE = "|".join(f"(?P<c{number}>{pattern})" for number, (_, pattern) in enumerate(_COMPARISONS))


_ZERO = Amount(Decimal(0), "", 0, 0, "0")
_RATES = {"達成率": Operation.ACHIEVEMENT_RATE, "倍率": Operation.RATIO}


@rule(
    rf"(?:{_F}(?:の|から|で|は|が|、)*)?(?P<o>伸び率|増加率|成長率|減少率|達成率|倍率|A(?:の)?÷(?:Pの?)?T){_IS}(?:(?P<n>N)(?:(?P<k>{_COMPARE})|(?P<eq>ちょうど|ぴったり|の|である))|(?P<minus>マイナス))"
)
def rate(shape: Shape, match: Match[str]) -> Test | None:
    """「伸び率が50%以上」, 「達成率80%未満」."""
    amount = _ZERO if match["minus"] else shape.at(match, "n")
    if not isinstance(amount, Amount):
        return None
    comparison = Comparison.LESS if match["minus"] else Comparison.EQUAL
    comparison = next((c for number, (c, _) in enumerate(_COMPARISONS) if match[f"c{number}"]), comparison)
    operation = _RATES.get(match["o"], Operation.ACHIEVEMENT_RATE if "÷" in match["o"] else Operation.GROWTH_RATE)
    figure = figure_of(shape, match, "f")
    return Compared(Change(operation, *ends_of([figure] if figure else [])), comparison, amount)


@rule(
    rf"(?:{_F}{_IS})?(?P<n>N)(?:以上)?(?:から|より|[~〜–−-]|、)\s?(?P<m>N)(?:(?P<k>未満|以下|まで)|(?:の)?(?:間|範囲|あいだ))?(?:に(?:ある|おさまる|収まる|入る))?"
)
@rule(rf"(?:{_F}{_IS})?(?P<n>N)(?P<m>台)")
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


@rule(rf"(?:{_F}{_IS})?(?:から|[~〜→])?(?:{_G}(?:の|から|より|と比べて?|比で?|に比べて?|に対して|までに?|にかけて)*{_IS})?"
      rf"(?P<sign><=|>=|[<>=≦≧≤≥])?\s?(?P<e>ちょうど|ぴったり|丁度|ジャスト)?[「『]?(?P<n>N)(?P<e2>ちょうど|ぴったり|丁度|ジャスト)?"
      rf"(?:も|ほど|くらい|ぐらい)?\s?(?:(?P<k>{_COMPARE})|(?P<eq>(?(sign)|(?={_IS_SO}|(?:も)?(?:{_RISE}|{_FALL})))))"
      rf"(?:の)?(?P<t>{_RISE}|{_FALL}|(?<=[上下])(?:多|高|大き|少な|低|小さ))?")  # fmt: skip
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
    if amount.unit == TIMES:
        operand = Change(Operation.RATIO, *ends_of(figures))
    elif match["t"] or amount.unit == POINTS:
        by_rate = amount.unit == PERCENT
        operand = Change(Operation.GROWTH_RATE if by_rate else Operation.DIFFERENCE, *ends_of(figures))
        if match["t"] and re.match(rf"{_FALL}|少な|低|小さ", match["t"]):
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
        rf"(?:より|に比べて?|と比べて?)(?:も)?(?:{_SMALLER}|落ち|悪)|[をに]?(?:も)?(?:下回|割[りるっ込])|<(?!=)|未満",
    ),
    (
        Comparison.MORE,
        rf"(?:より|に比べて?|と比べて?)(?:も)?(?:{_GREATER}|良)|[をに]?(?:も)?(?:上回|超え|こえ|超し|越え|追い越|追い抜)|>(?!=)",
    ),
    (Comparison.AT_LEAST, ">=|≧|≥|以上"),
    (Comparison.AT_MOST, "<=|≦|≤|以下|以内|の(?:枚数|数|件数)?以内"),
    (Comparison.UNEQUAL, r"(?:と|とは|が|は|で|も|の)*(?:違|異な|ことな|ずれ)"),
    (
        Comparison.EQUAL,
        r"(?:と|が|は|って|で|も|の|、|まったく|全く|ずっと|全部|ともに|ぴったり)*(?:同じ|同額|同数|同値|等し|一緒|イコール|変わら|変化(?:が|の|は)?な|据え置)(?:値|数)?(?:ぴったり)?|=|どおり|通り",
    ),
)
_STANDING = "|".join(f"(?P<s{number}>{pattern})" for number, (_, pattern) in enumerate(_STANDS))


@rule(rf"{_F}(?:と|が|は|も|って|、|・|の方が|のほうが|の時点で|もう|すでに|既に|まだ|\s)*{_G}(?:値)?(?:{_STANDING})")
@rule(rf"{_F}(?P<o><=|>=|[<>=≦≧≤≥])\s?{_G}")
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
    rf"{_F}(?:値)?(?:より|に比べて?|と比べて?)(?:も)?(?:、)?{_G}(?:が|は|の方が|のほうが|で)?(?:も)?"
    rf"(?:(?P<more>{_GREATER})|(?P<less>{_SMALLER}|落ち|悪))"
)
def turned_round(shape: Shape, match: Match[str]) -> Test | None:
    """「基準値よりR7が低い」."""
    one, other = _figures(shape, match)
    if one is None or other is None or one == other:
        return None
    return Compared(other, Comparison.MORE if match["more"] else Comparison.LESS, one)


@rule(
    rf"前の?年(?:度)?(?:の?(?:実績|目標|値))?(?:より|から|に比べて?|と比べて?|比で)(?:も)?(?:、)?{_F}(?:が|は|の方が)?(?:も)?"
    rf"(?:(?P<more>{_GREATER}|伸)|(?P<less>{_SMALLER}|落ち))"
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
    if {one.measure, other.measure} == {Measure.TARGET, Measure.ACTUAL}:
        period = one.period or other.period
        one, other = (replace(figure, period=figure.period or period) for figure in (one, other))
    return one, other


def _between(shape: Shape, match: Match[str], comparison: Comparison) -> Compared | None:
    one, other = _figures(shape, match)
    if one is None or other is None or one == other or any(_is_range(figure) for figure in (one, other)):
        return None
    return Compared(one, comparison, other)


def _is_range(figure: Figure) -> bool:
    return figure.period is not None and figure.period.start != figure.period.end


_NOT_MET = r"未達(?:成)?|(?:届|達|及|満た|足り|クリア|達成|収ま|下げ)[かきしせでさばれらりえけ]*(?:て)?(?:い)?(?:な[いかく]|ません|ず|ぬ)"
_MET = r"(?:達成(?!率|度|状況)|クリア|届|到達|達し|満たし|果たし|収ま|まで下げ)"


_YEARS = r"(?P<years>P(?:(?:と|・|、|や|及び|,|も|\s)*P)*)(?:年度)?(?:[0-9二三四五六]年(?:間)?)?(?:とも|の両方|両方|のどちら)?(?:の|は|に|が|も|で)*"
_THERE = r"(?:設定|記載|値|数字)?(?:が|の)*(?:され|し|て)*(?:が|の)?(?:ある|あり|いる|あって|書|つい|入って|載って|の|だと|$)"
_NOT_THERE = (
    r"(?:設定|記載|値|数字)?(?:が|は|され|も)*(?:書かれて|載って|入って|出て|て)?(?:い)?(?:ない|なし|無い|ません)"
)


@rule(rf"{_YEARS}(?:に|の|で)?だけ(?:に|が|は|、)*T?(?:の|が|は|も)*{_THERE}")
@rule(rf"T(?:値)?(?:が|は|の)*{_YEARS}だけ(?:に)?(?:が|は)?(?:ある|あり|設定|記載|入って|書かれ|の|$)?")
@rule(rf"{_YEARS}(?:に|の)?しか(?:、)?T?(?:値)?(?:が|は|も|を)*{_NOT_THERE}")
@rule(rf"T(?:値)?(?:が|は|の)*{_YEARS}しか{_NOT_THERE}")
def only(shape: Shape, match: Match[str]) -> Test | None:
    """「R7だけに目標がある」, 「R4とR5しか目標がない」."""
    return OnlyIn(_periods(shape, match))


def _periods(shape: Shape, match: Match[str]) -> tuple[Period, ...]:
    start, end = match.span("years")
    found = (shape.readings.get(at) for at in range(start, end))
    return tuple(reading.period for reading in found if isinstance(reading, PeriodReading))


@rule(
    rf"(?:{_YEARS}(?:とも|\s)*)?(?:(?P<a>A)(?:値)?(?:が|は|も|って|、|の|で|もう|すでに|\s)*)?(?:(?P<q>P)の)?(?P<t>T)(?:値)?(?:を|に|には|は|が|まで|も|通り|に対して)*"
    rf"(?:(?P<no>{_NOT_MET})|(?P<yes>{_MET}))"
)
def met(shape: Shape, match: Match[str]) -> tuple[Test, ...] | None:
    """「R5の目標を達成した」, 「実績が目標に届かない」: better than the target counts, whichever way is better."""
    own = shape.at(match, "q")
    periods: tuple[Period | None, ...] = (own.period,) if isinstance(own, PeriodReading) else ()
    if not periods:
        periods = (_periods(shape, match) if match["years"] else ()) or (None,)
    return tuple(Met(period, is_met=match["yes"] is not None) for period in periods)


_ABSENT = (
    r"(?:(?:設定|記載|登録|記入|値|数値|数字|記述|入力)?(?:が|は|も|の|を)?(?:され|して|って|て|書かれて|入って|載って|入力されて|決まって|出て|置かれて|付いて|つけて|埋まって)*(?:い)?"
    r"(?:ない|無い|なし|無し|ません|なく)|未設定|未登録|未入力|未定)"
)
_PRESENT = (
    r"(?:(?:設定|記載|登録|記入|入力)(?:が|は|も)?(?:済み?|され|ある|あり|して|し終え)"
    r"|(?:値|数値|数字)?(?:が|も)?(?:ある|あり|入っ[てと]|載って|出て|あって|置かれて)(?!ません|(?:い)?な))"
)


_MARK = r"(?P<mark>[「『(]?(?:/|-|ー|―|スラッシュ|斜線|ハイフン|横棒)[」』)]?(?=に|で|の|が|と|だ|表示|$))"


@rule(r"(?P<blank>空欄|空白|ブランク)|(?P<mark>「[/-]」)")
@rule(
    rf"(?:{_YEARS}(?:とも)?(?:の|、|に)*(?:T|A)?|{_F})(?:値|セル|欄)?(?:が|は|も|に|の|、|に設定|を|まだ|いまだに|一度も|1年分も|1つも|一つも|全然|とも|もう|すでに|既に|どちらも|両方とも|いずれも|\s)*"
    rf"(?:(?P<either>(?:空欄|空白|斜線|スラッシュ|「[/-]」|/)(?:(?:か|または|や|・|、|もしくは)?(?:空欄|空白|斜線|スラッシュ|「[/-]」|/))+(?:で、?(?:数字|値)が入って(?:い)?ない)?)|{_MARK}|(?P<blank>空欄|空白|ブランク)|(?P<no>{_ABSENT})|(?P<yes>{_PRESENT}))"
)
def given(shape: Shape, match: Match[str]) -> tuple[Test, ...] | None:
    """「R7の目標がない」, 「基準値が「/」」, 「R5の実績が登録済み」, 「R6・R7は無い」."""
    mark = ""
    parts = match.groupdict()
    if parts["mark"]:
        mark = "/" if re.search("/|スラ|斜線", match["mark"]) else "-"
    elif parts["blank"]:
        mark = BLANK
    if parts.get("years"):
        is_actual = "A" in match[0] or "登録" in match[0]
        measure = Measure.ACTUAL if is_actual else Measure.TARGET if "T" in match[0] else None
        figures = [Figure(measure, period) for period in _periods(shape, match)]
    else:
        figure = figure_of(shape, match, "f")
        figures = [figure or Figure()]
    return tuple(Given(figure, is_there=bool(parts.get("yes")), mark=mark) for figure in figures)


@rule(rf"(?:{_F}{_IS})?(?:マイナス|負の数|負の値|0より(?:小さ|低)い?)(?:になって(?:い)?る|になる|の|$|で)")
def negative(shape: Shape, match: Match[str]) -> Test | None:
    """「目標がマイナスになっている」."""
    return Compared(figure_of(shape, match, "f") or Figure(), Comparison.LESS, _ZERO)


@rule(rf"(?:{_F}(?:から|[~〜→]|の間|まで|にかけて|で|は|が|も|、|に|を|\s)*)?(?:{_G}(?:まで|にかけて|へ|で|は|が|も|、|に|を|\s)*)?(?:4年間|4年とも)?(?:で|とも|、)*"
      r"(?:(?:目標)?(?:数字|数値|値|数|T)(?:が|は|も)?)?(?P<all>ずっと|毎年|全部|すべて|全て|一貫して|どの年も|年々|4年とも)?(?:で|が|は|の|も)*(?:(?:数字|数値|値|数|T)(?:が|は|も)?)?"
      r"(?:(?P<stays>変わらな|変わりがな|変わってな|変化(?:し|が|の)*な|横ばい|据え置|据置|一定(?![のな]条)|(?<=P)(?:が|は|も)?同じ|(?(all)同じ|同じ(?:値|目標|数字|数|まま|水準|で|の(?!分野|取組|項目|指標)))|固定)"
      rf"|(?P<rises>{_RISES})|(?P<falls>{_FALLS}))(?P<no>な[いかく]|ません|ず)?")  # fmt: skip
def moves(shape: Shape, match: Match[str]) -> Test | None:
    """「ずっと同じ」, 「R4からR7で減る」, 「毎年増える」."""
    trend = Trend.STAYS if match["stays"] else Trend.RISES if match["rises"] else Trend.FALLS
    if match["no"]:
        trend = {Trend.RISES: Trend.RISES_NOT, Trend.FALLS: Trend.FALLS_NOT}.get(trend, trend)
    figures = [one for one in (figure_of(shape, match, "f"), figure_of(shape, match, "g")) if one]
    every_year = Period(PlanYear.FIRST, PlanYear.LAST)
    # 「毎年」 is read as all the plan's years.
    yearly = [figure for figure in figures if figure.period == every_year]
    start, end = ends_of([figure for figure in figures if figure.period != every_year])
    if end is not None and end.period is None and start is None and end.measure is Measure.TARGET:
        end = None
    every = match["all"] and (match["stays"] or match["all"] not in ("すべて", "全部", "全て"))
    steadily = match["rises"] == "右肩上がり" or match["falls"] == "右肩下がり"
    return Moves(trend, start, end, throughout=bool(yearly or every or steadily))


_WORDS = "以上|以下|未満|ほぼ|約|超|程度|時点|込み|累計"


@rule(
    rf"(?:{_F}{_IS})?[「『\"](?P<w>{_WORDS})[」』\"](?:と|が|の|って|を|という(?:言葉|文字|表記)?[がのを])*(?:書|付|つ[いけ]|入|記載|表記|ある|含)"
)
@rule(rf"{_F}{_IS}(?P<w>{_WORDS})(?:と|って)(?:書|付|つ[いけ]|入|記載|表記)")
def written(shape: Shape, match: Match[str]) -> Test | None:
    """「以上」と書かれた."""
    return Written(figure_of(shape, match, "f") or Figure(), match["w"])


# What a verb or an adjective ends in: 「超え」る, 「少な」くなってます, 「届か」ない, 「以上」」.
_INFLECTION = re.compile(
    r"[」』]?(?:(?:では|じゃ|で)?な(?:い|かった|く)|ません|ず)?(?:くなって(?:い)?(?:る|ます)|くなる|[れせっえけびがりし]?(?:て|で)(?:い)?(?:る|ます|た)|ました|ます|[いるすくたけ])?"
)
_NOT_SO = re.compile(r"[えからっ]?(?:て(?:い)?)?(?:では|じゃ|で)?(?:な[いかく](?!か|ですか)|ません(?!か))")
# A limit that is itself worded with 「ない」 (「届かない」) is none that is negated again.
_WITH_NOT = re.compile(r"な[いか]|ません|ず|変わら|変化")
_NEGATED = {
    Comparison.MORE: Comparison.AT_MOST,
    Comparison.REACHES: Comparison.LESS,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.AT_MOST: Comparison.MORE,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.EQUAL: Comparison.UNEQUAL,
}
# 「基準値が0・マイナスの」: or below it.
_OR_BELOW = re.compile(r"\s*(?:・|や|か|または|もしくは|、)?(?:マイナス|負)")
_OR = re.compile(r"\s*(?:の(?:指標|もの|やつ)?)?\s*(?:(?:か、?)?(?:または|もしくは|あるいは)|か、?)\s*$")
_EXCEPT = re.compile(
    r"(?:の)?(?:もの|指標|やつ|ところ|kpi)?(?:を|は|も)?\s?(?:除[いくき]|のぞ[いくき]|以外|抜き|外して|対象外|除外|抜い|含め(?:ない|ず))(?:て|に|と|し|で|た|ます|ください|下さい)*"
)
_CLAUSE = re.compile(r"[。、?!()]|/(?![」』])")


def read_conditions(shape: Shape) -> tuple[ConditionReading, ...]:
    """The conditions of a question, in order; what one rule has read the next ones no longer see.

    「r7の目標が80%以上で基準値がない」 → two conditions.
    """
    found: list[tuple[Test, Span]] = []
    rest = shape.text
    for pattern, read in _RULES:
        for match in pattern.finditer(rest):
            if not match[0].strip():
                continue
            read_as = read(shape, match)
            if read_as is None:
                continue
            start, end = match.span()
            if isinstance(read_as, Compared) and (below := _OR_BELOW.match(rest, end)):
                read_as, end = replace(read_as, comparison=Comparison.AT_MOST), below.end()
            tests = read_as if isinstance(read_as, tuple) else (read_as,)
            is_negated = _NOT_SO.match(rest, end) and not _WITH_NOT.search(match[0])
            if isinstance(read_as, Compared) and read_as.comparison in _NEGATED and is_negated:
                tests = (replace(read_as, comparison=_NEGATED[read_as.comparison]),)
            ending = _INFLECTION.match(rest, end)
            end = ending.end() if ending else end
            found += [(test, (start, end)) for test in tests]
            rest = rest[:start] + "〓" * (end - start) + rest[end:]
    return tuple(_joined(_with_operands(sorted(found, key=lambda one: one[1])), shape))


def _with_operands(found: Sequence[tuple[Test, Span]]) -> list[tuple[Test, Span]]:
    """「R6が70%以上80%以下」: a limit without a figure of its own is one more on the figure before it."""
    kept: list[tuple[Test, Span]] = []
    for test, span in found:
        before = kept[-1][0] if kept else None
        if isinstance(test, Compared) and test.operand == Figure() and isinstance(before, Compared):
            test = replace(test, operand=before.operand)
        kept.append((test, span))
    return kept


def _joined(found: Sequence[tuple[Test, Span]], shape: Shape) -> Iterator[ConditionReading]:
    """Conditions with 「または」 between them as one; those of a clause that ends in 「除く」 negated."""
    at = 0
    while at < len(found):
        tests, (start, end) = [found[at][0]], found[at][1]
        while at + 1 < len(found) and _OR.fullmatch(shape.text[end : found[at + 1][1][0]]):
            at += 1
            tests.append(found[at][0])
            end = found[at][1][1]
        at += 1
        excluded = _exclusion(shape.text, end)
        yield ConditionReading(tuple(tests), shape.places[start], shape.end(excluded or end), bool(excluded))


def _exclusion(text: str, end: int) -> int:
    """Where the word ends with which the clause of a condition leaves it out (「除く」), 0 where there is none.

    「80%以上の指標から基準値がないものは除く」 leaves out the second condition alone.
    """
    clause = _CLAUSE.search(text, end)
    last = clause.start() if clause else len(text)
    excluded = _EXCEPT.search(text, end, last)
    if excluded is None or re.search("から|のうち|の中", text[end : excluded.start()]):
        return 0
    return excluded.end()

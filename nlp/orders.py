"""Rankings: 「伸び率が高い順に3つ」, 「一番大きい」, 「ワースト5」."""

import re
from dataclasses import dataclass

from nlp.amounts import Amount
from nlp.operands import Operation
from nlp.pieces import Span
from nlp.shape import Shape


@dataclass(frozen=True, slots=True)
class OrderReading:
    """By what the indicators are ranked (None: by the figure itself), from which end, and how many are asked for.

    `limit` is 0 for all of them; 「一番」 asks for one. `is_cut` is 「上位3つ」, which says no more than how many,
    `in_points` a difference in points, of percents alone.
    `spans` are the words.
    """

    operation: Operation | None
    descending: bool
    limit: int
    is_cut: bool
    in_points: bool
    spans: tuple[Span, ...]


_MUCH, _LITTLE = r"高|多|大き|長|遠|上|たか|おお|おおき|良", r"低|少な|小さ|短|下|ひく|すくな|ちいさ|悪"
_RISE = r"伸び(?!率|幅)|増え|増や|増加(?!率|幅|数|量)|上が(?!り幅)|上昇(?!率|幅)|伸ば"
_FALL = r"減(?!少率|り幅)|落ち|下が(?!り幅)|低下(?!率)"
_DIRECTION = re.compile(
    rf"(?:(?P<desc>{_MUCH})|(?P<asc>{_LITTLE}))(?:い|かった)?(?:(?:もの|方|ほう)?(?:から)?順番?|(?:もの|方|ほう)から)"
    rf"|(?P<desc2>高|多|大き)い(?:指標|もの|やつ|kpi)(?:を|は|が|、)*(?=N)|(?P<asc2>低|少な|小さ)い(?:指標|もの|やつ|kpi)(?:を|は|が|、)*(?=N)|(?P<falling>降順)|(?P<rising>昇順)"
    rf"|(?:(?P<rises>{_RISE})|(?P<falls>{_FALL}))[るしてすいた]*順"
    rf"|(?P<most>いちばん|一番(?!目|下の|上の)|最も|もっとも|(?:ダントツ|断トツ)(?:で|に)?)(?:の|に)?"
    rf"(?:T|A|目標値?|値|数|達成率|進捗率?|率|数字)?(?:が|の|を|は)*(?:大きく|多く|たくさん|高く|よく)?"
    rf"(?:(?P<most_desc>{_MUCH})|(?P<most_asc>{_LITTLE})|(?P<most_rises>{_RISE})|(?P<most_falls>{_FALL}))(?:い|かった|る|す|く|ない)*"
    r"|(?P<ranking>(?<=率)(?:の)?ランキング)"
    r"|(?P<max>最大|最多|最高(?!裁|齢)|トップ(?=は|の|$|を|で)|1位|首位|(?:一番|いちばん|最も)(?=すご|[^一-鿿]*高))"
    rf"|(?P<low>下)から(?P<ln>N)|(?P<high>上)から(?P<hn>N)"
    r"|(?P<min>最小|最少|最低|最下位|ビリ)"
    rf"|(?:(?P<better>上位(?!計画|機関|概念|互換)|トップ|ベスト|top)|(?P<worse>下位|ワースト|worst))\s?(?P<n>N)?(?:つ|件|個|位|指標|まで)?"
)
# 「数が大きいトップ3」 says the same twice.
_SUCH = re.compile(
    rf"(?:{_MUCH}|{_LITTLE})い(?=の(?:は|が)?(?:どっち|どちら|どれ)|〓*(?:率|割合)?の?(?:指標|もの)?〓*を?[上下]から|(?:指標|もの|方|ほう)?の?(?:上位|トップ|ベスト|下位|ワースト))"
)
_BY = re.compile(
    r"(?P<growth>伸び率|増加率|成長率|上昇率|伸びの?割合|増え方|伸び方|増減率|変化率|伸び(?=が|の|で)|増えた割合)"
    r"|(?P<decrease>減少率|低下率|減り方|削減率)"
    r"|(?P<difference>何ポイント(?:上が|増え|伸び)[るか]*|ポイントの?(?:上昇|増加|改善|アップ)(?:幅|数|分)?|(?:何)?ポイント(?:差|数|の差)?|上昇幅|上げ幅|伸び幅|上がり幅|上昇ポイント|ポイント(?:の(?:上がり|伸び|増え)方)?(?=が|の|で)|何ポイント(?:上が|増え|伸び)[るか]*|増え(?:る|た)数|増加幅|増加数|増加量|増加分|増え幅|上がり幅|引き?上げ幅|増減)"
    r"|(?P<fall>下げ幅|減少幅|減少数|減少量|減り幅|削減幅)"
    r"|(?P<ratio>何倍(?:に)?(?:な|増え)?[るか]*|倍率|倍(?=に|が|で))|(?P<achievement>達成率|達成度|A(?:の)?÷(?:Pの?)?T)|(?P<progress>進捗率|進捗度)"
)
_OPERATIONS = {
    "growth": Operation.GROWTH_RATE,
    "decrease": Operation.GROWTH_RATE,
    "difference": Operation.DIFFERENCE,
    "fall": Operation.DIFFERENCE,
    "ratio": Operation.RATIO,
    "achievement": Operation.ACHIEVEMENT_RATE,
    "progress": Operation.PROGRESS_RATE,
}
_LIMIT = re.compile(
    r"(?:順(?:番)?(?:に|で)(?P<m>N)(?=$|[。、?\s])|(?P<n>N))(?!以[上下内]|未満|を超|より|も|に(?:達|届|な))"
)


#: 「一番…な分野は?」 ranks areas.
RANKS_AREAS = re.compile(r"分野(?:は|を|が|って|$|[?。、])")


def read_order(shape: Shape) -> OrderReading | None:
    """The ranking that a question asks for, None where it asks for none.

    「伸び率が高い順に3つ」 → by growth rate, descending, 3; 「一番大きい指標」 → by value, descending, 1.
    """
    found = list(_DIRECTION.finditer(shape.text))
    if not found:
        return None
    spans = [shape.span(match) for match in (*found, *_SUCH.finditer(shape.text))]
    # 「トップ3を高い順に」: the direction said outright counts.
    match = next((m for m in found if not any(m[g] for g in ("better", "worse", "low", "high"))), found[0])
    descending, limit = _direction(match), 0
    named = list(_BY.finditer(shape.text))
    by = named[0] if named else None
    operation = _OPERATIONS[by.lastgroup or ""] if by else None
    spans += [shape.span(one) for one in named]
    if by and by.lastgroup in ("decrease", "fall"):
        descending = not descending and not (match["falls"] or match["most_falls"])
    elif operation is None and any(match[g] for g in ("rises", "falls", "most_rises", "most_falls")):
        operation = Operation.GROWTH_RATE
    if any(m[g] for m in found for g in ("most", "max", "min")):
        limit = 1
    for m in found:
        counted = shape.at(m, "n") or shape.at(m, "ln") or shape.at(m, "hn")
        if isinstance(counted, Amount):
            limit = int(counted.value)
    for count in _LIMIT.finditer(shape.text):
        number = shape.at(count, "n") or shape.at(count, "m")
        if (
            isinstance(number, Amount)
            and (number.unit in ("つ", "個", "件", "位", "指標") or count["m"])
            and limit in (0, 1)
            and 0 < number.value < 100
        ):
            limit = int(number.value)
            spans.append((number.start, number.end))
    is_cut = operation is None and all(m["better"] or m["high"] for m in found)
    in_points = operation is Operation.DIFFERENCE and "ポイント" in shape.text
    return OrderReading(operation, descending, limit, is_cut, in_points, tuple(spans))


def _direction(match: re.Match[str]) -> bool:
    return not any(
        match[group] for group in ("asc", "rising", "falls", "most_asc", "most_falls", "min", "worse", "low", "asc2")
    )

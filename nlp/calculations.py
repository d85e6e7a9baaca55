"""What a question wants calculated: 「何ポイント増える」, 「R4の何倍」, 「年平均で」, 「4年間の合計」."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nlp.measures import Measure
from nlp.operands import Figure, Operation, ends_of, figure_of, figure_pattern
from nlp.pieces import Span
from nlp.shape import Shape


@dataclass(frozen=True, slots=True)
class CalculationReading:
    """An operation, and the figures from `start` to `end` (None where the words leave one open).

    `needs_two` marks words (「差」) that mean a calculation only where two figures, or indicators, are named. `is_past`
    asks what came of it (「何件増えた?」). `a_year` is 「年平均」 without a word for a change. `before` means the year
    before (「前年度比」). `remaining` asks how far it still is to a target (「R7目標まであと何ポイント」).
    """

    operation: Operation
    start: Figure | None
    end: Figure | None
    spans: tuple[Span, ...]
    needs_two: bool = False
    is_past: bool = False
    a_year: bool = False
    before: bool = False
    remaining: bool = False


_MOVE = (
    r"(?:増|減|伸|上[がげ昇]|下[がげ]|アップ|ダウン(?!ロード)|削減|低下|カット|縮|引き上|引き下|高ま|落|削[っらりるろ]|変わ|変化|違|開き|多(?!分)|少な|高(?![齢校])|低|大き|小さ|短|長(?!期)|ふえ|ふや|へ[るらっ]|プラス|マイナス|足り|たり(?=な|ま)|不足|必要|届か|上回|下回|超え|オーバー)"
    r"(?:加|少|減)?(?:え|や|ら|び|ば|が|げ|り|っ|い|く|な|せ|込)*(?:す|る|た|て|ている|してい?る?|ん|の)*"
)
_UNIT = (
    r"(?:件|人|名|枚|回|台|社|校|時間|団体|市町村|施設|円|本|個|つ|万枚|万人|万|億|千|機関|箇所|か所|経営体"
    r"|アクセス|pv|種類)(?:分)?"
)
_ABOUT = r"(?:くらい|ぐらい|ほど|位|程度)?(?:の|も|、|ずつ)?"
_HOW_MUCH = r"(?:(?:どれ|どの|いか|どん)(?:くらい|ぐらい|だけ|ほど|位|程度)|いくつ|いくら|何ぼ|なんぼ)"
_RULES: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    (
        Operation.PER_YEAR,
        re.compile(
            rf"何(?:{_UNIT}|%|ポイント)ずつ(?:の?ペースで)?{_MOVE}|(?:年(?:間)?平均(?!気温)|(?:1|一|N)年(?:間)?(?:あたり|当たり|当り|ごと)|年(?:あたり|当たり)|(?:1|一)年に|平均して(?:1|一|毎)年|(?:なら|均)(?:すと|して)(?:1|一|毎)?年|毎年|P(?=平均)|年度?(?:ごと|毎)に)(?:で|に|の|は|、|P平均)*"
            rf"(?:(?:だいたい|平均(?:で|して)?|約)?(?:{_HOW_MUCH}|何{_UNIT}|何(?:%|ポイント|パー(?:セント)?)){_ABOUT}(?:の?ペースで)?{_MOVE}|(?:の)?(?:増|減|伸び?)(?:加|少)?(?:え|り|数|量|幅|ペース)*(?:は|って|を|$)|(?=[?。\s]|$|だと|は|で(?:い|は|$)))"
        ),
    ),
    (
        Operation.RATIO,
        re.compile(
            r"何倍(?:に|で|くらい|ぐらい|ほど|増|の)*(?:な|増|す|伸)?[るりすっえびいんの]*|倍率(?=は|を|$|\?|って)"
        ),
    ),
    (
        Operation.GROWTH_RATE,
        re.compile(
            rf"何(?:%|パーセント|パー|割){_ABOUT}{_MOVE}|(?:伸び率|増加率|減少率|増減率|変化率|上昇率|成長率|低下率|削減率)(?:\(%\))?(?!順|の?(?:高|低)|が(?:高|低|一番|最))(?:は|を|が|って|で|だと)*"
            rf"|(?:対)?前年度?比(?:は|で|だと|$|何(?:%|パーセント|割))*(?:何(?:%|パーセント|割))?{_ABOUT}(?:{_MOVE})?"
            rf"|(?:前の?年(?:度)?|P)(?:と|に)比べて何(?:%|パーセント|割)"
        ),
    ),
    (
        Operation.DIFFERENCE,
        re.compile(
            rf"あと(?:、)?(?:何(?:{_UNIT}|ポイント|%)|{_HOW_MUCH})(?:{_MOVE})?|何(?:ポイント|pt|ポイ){_ABOUT}(?:{_MOVE})?|{_HOW_MUCH}{_ABOUT}(?:ポイント)?{_MOVE}|何{_UNIT}{_ABOUT}{_MOVE}"
            rf"|(?:増加|減少|増|減)(?:数|量|分|幅|え幅|り幅)(?=は|を|$|って|\?|いく|どの)|(?:伸び|上げ|下げ|上昇|増減|削減)幅(?=は|を|$|って|\?)|(?:増え|減っ|伸び|増やし|減らし)た?分(?=は|を|が|って|だけ|何|$|\?)|ポイント差|増減(?=は|を|$|って|\?)"
            rf"|何{_UNIT}(?:の)?差"
        ),
    ),
    (
        Operation.SUM,
        re.compile(
            rf"(?:合わせ|足し上げ|足し合わせ|合算し)(?:たら|ると|て)(?:何{_UNIT}|いくつ|{_HOW_MUCH}|で|、)*|(?:合計|総計|トータル)(?:で|して|すると|は|って)*(?:何{_UNIT}|いくつ|{_HOW_MUCH})?(?:やる|する|実施する|なる|こと|に|の)*|(?:足す|足し上げる|足したら|足し算すると|合算)(?:と|して)?|(?:N|P|4|四|三|3)?(?:年間)?(?:で|の)?(?:全部|ぜんぶ|合わせて|あわせて|通算|通し)(?:で|すると|たら)*(?:何{_UNIT}|いくつ|{_HOW_MUCH})|年間で何{_UNIT}"
        ),
    ),
    (Operation.AVERAGE, re.compile(r"平均(?:値|で|する|したら|して|は|を|って|$|\?)(?:すると|だと|ください|下さい)?")),
)
# 「達成率は?」, 「R7目標に対して今何%?」: of the results.
_OF_RESULTS = re.compile(
    r"[TP](?:値)?(?:の|に対(?:し(?:て)?|する))(?:今|いま|現在|、|の)*(?:何(?:%|パーセント|割)|どれ(?:くらい|ぐらい|だけ|ほど))(?:まで|くらい|ほど)?(?=来|き|進|達|行|い|で|か|の|$|[?。])(?:来|き|進|達成|行)?[^。?、]{0,5}"
    r"|(?:達成率|達成度|(?P<progress>進捗率|進捗度))(?:は|を|って|が|で(?:いうと|言うと)?|の(?:数字|値))*(?:何(?:%|パーセント|割)|いくつ|どれ(?:くらい|ぐらい))?"
)
# 「差」 alone: only of two figures.
_GAP = re.compile(
    rf"(?:の|との|その)?(?:差(?!額|分化|別|出)|開き)(?:額|は|を|が|って|分|どれ|いく|何(?:{_UNIT}|%|ポイント)?)*"
)
_NOW = re.compile("(?<![一-鿿])(?:今|いま|現在|現時点|現状)(?![年月週回期後一-鿿])")
# 「差はR4より良くなった?」 asks whether, not by how much.
_BETTER = re.compile("より[^。、]{0,6}(?:良|悪|改善|悪化)")
# 「何件増えた?」, 「減りましたか」; a recalling 「〜だったっけ」 asks for the plan.
_PAST = re.compile(r"(?:た|ました|でした)(?:の|んです|のです|ん|こと(?:に(?:なる|なります)?)?)?(?:か|の)?[?。!\s]*$")
_CHANGES = re.compile("増|減|伸|上|下|ずつ|短|長|縮|何|どれ|いく")
# 「前の年度より」, 「前年度比」.
_BEFORE = re.compile(r"前の?年(?:度)?(?:より|から|比|と比べ|に比べ|対比)|P(?=比)|前年(?:度)?(?:より|から|比)")
_F = re.compile(figure_pattern("f"))


# 「目標まであと何件」, 「目標に何件足りなかった」: from a result to a target.
_SHORT_OF = re.compile(
    r"T(?:まで|に(?:は)?|に対して)?[^。]{0,12}(?:あと|足り|たり(?=な|ま)|不足|届か|及ば|必要)|あと[^。]{0,8}(?:必要|足り)"
    r"|あと(?:、)?(?:何[^。、?]{1,4}|どれ(?:くらい|ぐらい|だけ|ほど)|いくつ)で(?:P)?T|T(?:値)?(?:を|より)[^。、?]{0,8}(?:上回|下回|超え|オーバー)"
    r"|(?:増や|減ら|伸ば|上げ|下げ|積み上げ|積み増)(?:せ|れ)?ば(?:いい|良い|よい|間に合|達成|届|目標|P)|(?:増や|減ら|伸ば|上げ|下げ)(?:す|る)必要"
    r"|あと(?:、)?(?:何[^。、?増減上下伸縮]{1,4}?|どれ(?:くらい|ぐらい|だけ|ほど)|いくつ)(?:です|だ|か|の)*(?=[?。]|$)"
)


# 「このペースで間に合う?」: what is still missing, and at what pace, is what can be said of it.
_IN_TIME = re.compile(
    r"(?:(?:この|今の)(?:ペース|調子)(?:だと|で(?:いけば|行けば)?|なら)?(?:は|、)*)?"
    r"(?:(?:間に合|まにあ)(?:う|い(?:そう|ます)|わない)|(?:達成|クリア|到達)(?:でき|出来)(?:そう|る見込み)|(?:達成|到達)(?:の)?見込み|届き(?:そう))"
    r"(?:です|か|の|なの|でしょう|は|ある|あり|ます|を|教えて)*"
    r"|(?:増や|減ら|伸ば|上げ|下げ|積み上げ)(?:せ|れ)?ば(?:いい|良い|よい|間に合)[うのですかん]*"
    r"|(?:必要な?|求められる)(?:ペース|伸び)(?:は|って|を|教えて)*"
)


def _of_goal(figures: list[Figure]) -> list[Figure]:
    """The target and the result of such words; the last figure named is the target where none is called one."""
    actual = next((one for one in figures if one.measure is Measure.ACTUAL), None)
    target = next((one for one in figures if one.measure is Measure.TARGET), None)
    lone = [one for one in figures if one.measure is None]
    if target is None:
        target = Figure(Measure.TARGET, lone[-1].period if lone else None)
    elif target.period is None and lone and actual is None:
        target = Figure(Measure.TARGET, lone[0].period)
    return [target, actual or Figure(Measure.ACTUAL, target.period)]


def read_calculation(shape: Shape, is_name: Callable[[int, int], bool]) -> CalculationReading | None:
    """The calculation that a question wants, None where it wants none.

    `is_name` tells whether the words at [start, end) of the text belong to an indicator's own name (「売上増加率」).
    「r4からr6で何%減る」 → growth rate, R4 to R6.
    """
    found = next(
        (
            (operation, match)
            for operation, pattern in _RULES
            for match in pattern.finditer(shape.text)
            if not is_name(*shape.span(match))
        ),
        None,
    )
    if found is None and (rate := _OF_RESULTS.search(shape.text)):
        found = Operation.PROGRESS_RATE if rate["progress"] else Operation.ACHIEVEMENT_RATE, rate
    if found is None and (in_time := _IN_TIME.search(shape.text)):
        found = Operation.DIFFERENCE, in_time
    needs_two = False
    if found is None:
        gap = next((match for match in _GAP.finditer(shape.text) if not is_name(*shape.span(match))), None)
        if gap is None or _BETTER.search(shape.text):
            return None
        found, needs_two = (Operation.DIFFERENCE, gap), True
    operation, match = found
    figures = [figure for f in _F.finditer(shape.text) if (figure := figure_of(shape, f, "f"))]
    to_target = match.re is _IN_TIME or _SHORT_OF.search(shape.text) is not None
    if to_target:
        figures = _of_goal(figures)
    before = _BEFORE.search(shape.text) is not None
    start, end = ends_of(figures)
    gaps = (shape.span(gap) for gap in _GAP.finditer(shape.text) if not is_name(*shape.span(gap)))
    is_done = _PAST.search(shape.text) is not None
    is_past = is_done or _NOW.search(shape.text) is not None
    a_year = operation is Operation.PER_YEAR and _CHANGES.search(match[0]) is None
    spans = (shape.span(match), *gaps)
    remaining = to_target and not is_done
    return CalculationReading(operation, start, end, spans, needs_two, is_past, a_year, before, remaining)

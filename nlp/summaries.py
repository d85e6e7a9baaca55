"""Questions for the state of many indicators at a glance: 「産業振興のR5の状況を一言で」, 「部長説明用にまとめて」."""

import re
from dataclasses import replace

from nlp.conditions import read_conditions
from nlp.cues import Cues, read_cues
from nlp.normalize import normalize, squeeze
from nlp.operands import Figure
from nlp.orders import read_order
from nlp.readings import Readings
from nlp.scales import SCALE, read_scale
from nlp.scopes import scoped
from nlp.selection import Selection
from nlp.shape import Shape

_PLEASE = (
    r"(?:て|する|し|ると|たい|たく|と|から|の|んだ(?:けど|が)?|のですが)*(?:教えて|説明して|見せて|報告して)?"
    r"(?:ください|下さい|ほしい|欲しい|お願いします|もらえますか|もらえる)?"
)
_GRADES = r"判定(?:結果)?"
_STATE = (
    r"(?:(?:達成|進捗|実績|取組)(?:の)?(?:状況|具合|度合い)|(?<![一-鿿ァ-ヺ])(?:状況|具合|度合い)"
    r"|進捗(?!会議|管理|表|確認)|進み具合)"
)
_OF = rf"(?:を|は|って|の|、|について|が|も|{SCALE})*"
_BRIEFLY = (
    r"(?:(?:一言|ひとこと|一行|簡単|手短|ざっくり|大まか|おおまか|全体感|概要|要点|ポイント)(?:で|に|を|、)*"
    r"|(?:まとめ|要約|総括|サマリー?|整理|総評)(?:て|し|する|を|に|で)*)"
)
_ABOVE = r"(?:部長|課長|次長|局長|理事|知事|副知事|市長|町長|議会|議員|上司|幹部|庁議|会議|委員会|記者)"
# 「部長説明用に」: who is told says that it is the whole.
_FOR = (
    rf"{_ABOVE}(?:への?|に|で|の|向け(?:に|の)?|さん)*(?:[^。、?]{{0,8}}?)(?:説明|報告|答弁|発表|レク)(?:用|資料|する|し)*"
    r"(?:の|に|で|を|と|が)*"
)
_WHOLE = r"(?:全体|計画|kpi|指標|目標)(?:全体)?(?:として(?:は)?|的に|で(?:は)?|の|は)*"
_BY_AREA = r"(?:分野|章)(?:別|ごと|毎)(?:の|に|で)*"
_RULES = (
    re.compile(
        rf"(?:{_STATE}{_OF})?{_GRADES}(?:別|ごと|の?内訳)(?:の|に|で)*(?:件数|内訳|数|集計)?"
        rf"(?:\([^()]*\))?(?:で|を|に|は|って|、)*(?:まとめ|集計し|出し|教え|見せ|知り)?{_PLEASE}"
    ),
    re.compile(rf"(?P<area>{_BY_AREA}){_OF}(?:P{_OF})?(?:{_STATE}|{_GRADES}){_OF}{_BRIEFLY}?{_PLEASE}"),
    re.compile(rf"(?:{_STATE}|{_GRADES}){_OF}(?P<area2>{_BY_AREA}){_OF}(?:出し|並べ|見せ|教え)?{_BRIEFLY}?{_PLEASE}"),
    re.compile(
        rf"(?:全(?:指標|部)の|指標(?:の|、)*)?(?:P(?:の|、)*)?"
        rf"(?P<each>{_GRADES}(?:を|は|の)*(?:一覧|それぞれ|全部)(?:で|に|を)*(?:出し|教え|見せ|知り|し|並べ)?{_PLEASE})"
    ),
    re.compile(rf"(?:{_FOR})?(?:P{_OF})?(?:{_WHOLE})?{_STATE}{_OF}(?:全体で)?(?:{_FOR})?{_BRIEFLY}+{_PLEASE}"),
    re.compile(rf"{_FOR}(?:{_BRIEFLY}|(?:全体)?{_OF}{_STATE}?{_OF})*{_PLEASE}"),
    re.compile(
        rf"(?:P{_OF})?(?:{_WHOLE})?{_STATE}{_OF}(?:{_FOR})?(?:説明|報告|総括|把握)(?:し|を|が)*{_PLEASE}"
        rf"|(?:P{_OF})?(?:{_WHOLE}){_BRIEFLY}{_PLEASE}"
    ),
    re.compile(
        rf"(?:達成(?:した|できた|済みの?)|順調な|遅れて(?:い)?る|未達成?の)(?:指標|kpi)の割合{_OF}{_PLEASE}"
        rf"|(?:達成(?:の)?割合|何割(?:が|は)?達成(?:でき|し)?(?:て(?:い)?る|た)?){_OF}{_PLEASE}"
        rf"|(?:指標|kpi|目標)の(?:達成割合|達成した割合|何割(?:が|は)?(?:達成|順調)[しでなかたいるきて]*){_OF}{_PLEASE}"
    ),
)
# 「産業振興の状況は?」, 「全体は順調?」: of an area, a plan or the whole; of an indicator it is the status of that one.
_OF_SCOPE = re.compile(
    rf"(?P<whole>(?:全体|(?:この|うちの|本)?計画(?:全体)?|kpi全体|全(?:指標|分野|kpi))(?:として(?:は)?|的に|で|の|は|、)*)?(?:P{_OF})?"
    rf"(?:T(?:の|に対する|に対して)*)?(?:{_STATE}|順調|どう|どんな感じ|どんな具合|うまくいって(?:い)?る)"
    r"(?:は|って|を|が|も|、|に(?:進|推移|いっ)[んでいるてっ]*|なって(?:い)?る|です|でしょう|か|の|ん|\s)*"
    rf"(?:どう|どんな(?:感じ|具合)?|いかが)?(?:です|でしょう|なって(?:い)?る|なの|か|の|ん)*{_PLEASE}[?。]*$"
)


# Without any of these words nothing is summed up.
_LIKELY = re.compile(
    "状況|判定|進捗|進み|達成|順調|具合|割合|説明|報告|答弁|発表|レク|まとめ|要約|総括|整理|サマリ|どう|どんな|いって|言"
)


def _asks_for_some(rest: Shape) -> bool:
    """Does what stands beside a summary's words pick out some indicators: 「「スマート」とある指標を議会答弁用に」?"""
    cues = read_cues(rest)
    picks = cues.strong or cues.counts or cues.containing or cues.unit or cues.number or cues.owner
    return bool(picks or read_order(rest) or read_conditions(rest))


def read_summary(found: Readings, shape: Shape) -> Selection | None:
    """Which indicators are to be summed up, and in which year; None where no summary is asked for.

    「判定を一覧で」 asks for the status of each, 「分野別の状況」 for the counts of each area.
    """
    if not _LIKELY.search(shape.text):
        return None
    scale = read_scale(shape)
    match = next((match for rule in (*_RULES, _OF_SCOPE) if (match := rule.search(shape.text))), None)
    if match is None or _asks_for_some(shape.without([shape.span(match)])):
        return None
    groups = match.groupdict()
    said = Selection(
        Cues(),
        figures=tuple(Figure(None, reading.period) for reading in found.periods[-1:]),
        each=bool(groups.get("each")),
        by_area=bool(groups.get("area") or groups.get("area2")),
        scale=scale[0] if scale else "",
    )
    selection = scoped(found, said, [shape.span(match), *([scale[1]] if scale else [])])
    if selection is None:
        return None
    if selection.areas and _is_of_plans(selection.topic, found):
        return replace(selection, areas=(), topic="")  # 「DXの状況は?」 where the plan itself is about DX
    is_scoped = match.re is not _OF_SCOPE or groups["whole"] or selection.areas or selection.plan
    return selection if is_scoped else None


def _is_of_plans(topic: str, found: Readings) -> bool:
    """Is a topic one of the plans' own titles: 「DX」 of 「デジタル変革（DX）推進基本方針」?"""
    titles = {squeeze(normalize(title)) for title in found.index.plans.values()}
    return bool(topic and titles) and all(squeeze(normalize(topic)) in title for title in titles)

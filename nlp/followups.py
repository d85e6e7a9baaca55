"""What in a message points back into its thread: 「じゃあ」, 「次の年」, 「〜の方」; and what begins afresh."""

import re
from dataclasses import dataclass

from data.fiscal_year import read_kanji_number


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a message leans on the one before it.

    `step` moves the years (「次の年」 +1), `pick` chooses the nth candidate (from 1, -1 the last),
    `pick_all` all of them, `agrees` takes the only one (「はい」), `series` asks for all years, `contrast` asks for
    another one of the same sort (「Dの方は?」), `continues` refers back (「じゃあ」, 「それって」), `fresh` opens a new
    topic (「別件です」), `rejects` says that the answer before it was wrong (「違う、Dの方」).
    `spans` are the places [start, end) of these words.
    """

    step: int = 0
    pick: int = 0
    pick_all: bool = False
    agrees: bool = False
    series: bool = False
    contrast: bool = False
    continues: bool = False
    fresh: bool = False
    rejects: bool = False
    spans: tuple[tuple[int, int], ...] = ()


_KANJI = "一二三四五六七八九"
_STEPS = (
    (1, re.compile(r"(?:[そこ]の)?(?:次|つぎ)の?年度?|[そこ]の(?:次|つぎ|翌年度?)|翌年度?|1年後|[そこ]のあとの年度?")),
    (-1, re.compile(r"(?:[そこ]の)?(?:前|まえ)の年度?|[そこ]の(?:前|まえ)(?!の[^年])|前年度?(?!比)|1年前")),
)
_PICK = re.compile(
    rf"(?P<number>[1-9]|[{_KANJI}])(?:番目?|つ目|個目)(?:の?(?:方|ほう|やつ))?|^(?P<bare>[1-9])(?:です|で|番)?[。!]?$"
)
_EACH = re.compile(
    r"^(?P<first>前者)|^(?P<last>後者|最後の(?:方|やつ))|^(?P<all>両方|どっちも|どちらも|全部|全て|すべて)(?!の年)"
)
_AGREES = re.compile(r"^(?:はい|ええ|うん|そう(?:です)?|それ(?:です)?|その通り(?:です)?|合ってます)(?=[、。!\s]|$)")
_SERIES = re.compile(r"推移|経過|移り変わり|グラフ")
_CONTRAST = re.compile(
    r"[のな](?:方|ほう)(?=は|が|も|で|を|だと|の|ね|です|[?。!、\s]|$)|の(?:やつ|奴)(?=は|も|で|[?。!、\s]|$)"
    r"|(?:そう|それ|そっち)?(?:じゃ|では)なく(?:て|、)?|違(?:う|って|くて|います)"
)
_REJECTS = re.compile(
    r"^(?:いや|いえ|いいえ|あ)?[、。\s]*(?:(?:そう|それ|そっち)(?:じゃ|では)なく|(?:それは)?(?:違|ちが)(?:う|って|くて|います))"
)
_CONTINUES = re.compile(
    r"^(?:じゃあ?|では|で、|それなら|なら|ついでに|あと、?|ちなみに|やっぱり?|あ、|ごめん、?)|だと(?=[?。!\s]|$|どう)"
    r"|それ(?:って|は|の|も|だと)|その|さっきの?(?:やつ|もの)?|同じ(?:く|年|の)|もう一度|も(?=[?。!\s]|$|教え|お願い|ください|出し|見せ)"
)
_FRESH = re.compile(r"別件|ところで|話(?:は|が|を)?変(?:わ|え)|話変|全く別|まったく別|^次、|^次に、|別の(?:質問|話|件)")


def read_followup(text: str) -> FollowUp:
    """What a normalised text says about its thread. 「じゃあその次の年は?」 → a step of one year, continuing."""
    spans: list[tuple[int, int]] = []
    step = 0
    for years, pattern in _STEPS:
        if match := pattern.search(text):
            step = years
            spans.append(match.span())
            break
    pick = 0
    if match := _PICK.search(text):
        pick = read_kanji_number(match["number"] or match["bare"])
        spans.append(match.span())
    each = _EACH.search(text)
    if each:
        pick = 1 if each["first"] else -1 if each["last"] else pick
        spans.append(each.span())
    agrees = _AGREES.search(text)
    if agrees:
        spans.append(agrees.span())
    contrast = [match.span() for match in _CONTRAST.finditer(text)]
    continues = [] if agrees else [match.span() for match in _CONTINUES.finditer(text)]
    fresh = [match.span() for match in _FRESH.finditer(text)]
    spans += contrast + continues + fresh
    pick_all, series = bool(each and each["all"]), bool(_SERIES.search(text))
    rejects = _REJECTS.search(text) is not None
    return FollowUp(
        step,
        pick,
        pick_all,
        bool(agrees),
        series,
        bool(contrast),
        bool(continues),
        bool(fresh),
        rejects,
        tuple(spans),
    )

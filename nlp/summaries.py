"""Questions for the state of many indicators at a glance: 「産業振興のR5の状況を判定別の件数でまとめて」."""

import re

from nlp.cues import Cues
from nlp.operands import Figure
from nlp.readings import Readings
from nlp.scales import read_scale
from nlp.scopes import scoped
from nlp.selection import Selection
from nlp.shape import Shape

_PLEASE = (
    r"(?:て|する|し|ると|たい|と|から|の)*(?:教えて|説明して|見せて)?"
    r"(?:ください|下さい|ほしい|欲しい|お願いします|もらえますか)?"
)
_GRADES = r"判定(?:結果)?"
_ASKED = re.compile(
    rf"(?:(?:達成|進捗)?(?:の)?状況(?:を|は|の|、)*)?{_GRADES}(?:別|ごと|の?内訳)(?:の|に|で)*(?:件数|内訳|数|集計)?"
    rf"(?:\([^()]*\))?(?:で|を|に|は|って|、)*(?:まとめ|集計し|出し|教え|見せ|知り)?{_PLEASE}"
    r"|(?:達成|進捗)(?:の)?状況(?:を|は|の|、|について)*(?:全体で)?(?:一言で|まとめ|要約し|ざっくり|サマリー?)(?:で|を|に|、)*"
    rf"{_PLEASE}"
    rf"|(?:全(?:指標|部)の|指標(?:の|、)*)?(?:P(?:の|、)*)?(?P<each>{_GRADES}(?:を|は|の)*(?:一覧|それぞれ|全部)(?:で|に|を)*(?:出し|教え|見せ|知り|し|並べ)?{_PLEASE})"
)


def read_summary(found: Readings, shape: Shape) -> Selection | None:
    """Which indicators are to be summed up, and in which year; None where no summary is asked for.

    「判定を一覧で」 asks for the status of each.
    """
    match, scale = _ASKED.search(shape.text), read_scale(shape)
    if match is None:
        return None
    said = Selection(
        Cues(),
        figures=tuple(Figure(None, reading.period) for reading in found.periods[-1:]),
        each=match["each"] is not None,
        scale=scale[0] if scale else "",
    )
    return scoped(found, said, [shape.span(match), *([scale[1]] if scale else [])])

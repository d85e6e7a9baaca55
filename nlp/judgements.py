"""Questions about the status of an indicator: 「オンライン利用率のR5の判定は?」, 「R6の目標に対して順調ですか」."""

import re

from nlp.pieces import Span
from nlp.shape import Shape

_ASKED = re.compile(
    r"(?:判定|達成状況|進捗状況|ステータス)(?:結果)?(?:は|を|って|が|も|、|\s)*(?=$|[?。]|教|どう|どんな|何|なに|です|で(?:す|し)|だ|わか|分か|出し|見せ|知り|お願い|ください)"
    r"|(?:進捗|進み具合|達成具合|達成度合い|到達度合い)(?:は|って|を|が|も|、)*(?:どう|どんな(?:感じ|具合)?|いかが|教|見せ|$|[?。])"
    r"(?:です|でしょう|なって(?:い)?る|なの|か|の|ん)*"
    r"|(?:判定|評価|採点)(?:する|し直す|した|しなおす)(?:と|ら|場合)?(?:は|、)*(?:どう|何|なに)?(?:です|なる|なり|ます|か|の|ん)*(?=$|[?。])"
    r"|(?:今|いま|現在|現状)?(?:は|、)*(?:A(?:は|で|、)*)?どこまで(?:は)?(?:来|き|進|行|い|達|到達|伸び|でき|出来)[^。?、]{0,8}"
    r"|(?:T(?:に対し(?:て)?|通りに?|どおりに?)|計画(?:通りに?|どおりに?|に対して))?(?:は|に|、)*順調(?=$|[?。]|です|か|に(?:進|推移|いっ)|でし|なの|だ)"
)


def read_judgement(shape: Shape) -> Span | None:
    """The words that ask for a status, None where none do; which indicator and year are meant is read elsewhere."""
    match = _ASKED.search(shape.text)
    return shape.span(match) if match else None

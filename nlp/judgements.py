"""Questions about the status of an indicator: 「オンライン利用率のR5の判定は?」, 「R6の目標に対して順調ですか」."""

import re

from nlp.pieces import Span
from nlp.shape import Shape

_PLEASE = (
    r"(?:は|を|って|が|も|、|\s)*"
    r"(?=$|[?。]|教|どう|どんな|何|なに|です|で(?:す|し)|だ|わか|分か|出し|見せ|知り|お願い|ください)"
)
_ASKED = re.compile(
    rf"(?:判定|達成状況|進捗状況|ステータス|評価(?=は))(?:結果)?(?:P)?{_PLEASE}"
    r"|(?:の|、|って)(?:状況|現状|状態|具合)(?:は|を|って|、)*(?:どう|どんな|教えて|知りたい|見せて)?(?:です|なって(?:い)?る|か|の|ください|下さい)*[?。]*$"
    r"|T(?:に対し(?:て)?|から(?:見|み)て)(?:は|、)*どう(?:です|なって(?:い)?る|なの|か|の|ん)*[?。]*$"
    r"|(?:T(?:に対(?:し(?:て)?|する)(?:の)?)?(?:今|いま|現在|、)*(?:どのくらい|どれくらい)?の?)?(?:進捗|進み具合|達成具合|達成度合い|到達度合い)"
    r"(?:は|って|を|が|も|、)*(?:どう|どんな(?:感じ|具合)?|いかが|教|見せ|$|[?。])(?:です|でしょう|なって(?:い)?る|なの|か|の|ん)*"
    r"|(?:判定|評価|採点)(?:する|し直す|した|しなおす)(?:と|ら|場合)?(?:は|、)*(?:どう|何|なに)?(?:です|なる|なり|ます|か|の|ん)*(?=$|[?。])"
    r"|(?:今|いま|現在|現状)?(?:は|、)*(?:A(?:は|で|、)*)?どこまで(?:は)?(?:来|き|進|行|い|達|到達|伸び|でき|出来)[^。?、]{0,8}"
    r"|(?:T(?:に対し(?:て)?|通りに?|どおりに?)|計画(?:通りに?|どおりに?|に対して))?(?:は|に|、)*順調(?=$|[?。]|です(?!が)|か|に(?:進|推移|いっ)|でし|なの|だ(?!と))"
)


# Without any of these words no status is asked for.
_LIKELY = re.compile("判定|状況|現状|状態|具合|ステータス|評価|採点|どう|進捗|進み|どこまで|順調")


def read_judgement(shape: Shape) -> Span | None:
    """The words that ask for a status, None where none do; which indicator and year are meant is read elsewhere."""
    match = _ASKED.search(shape.text) if _LIKELY.search(shape.text) else None
    return shape.span(match) if match else None

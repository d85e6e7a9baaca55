"""Questions about how the store's figures were changed: 「目標はいつ変わった?」, 「実績の変更履歴は?」."""

import re

from nlp.pieces import Span
from nlp.shape import Shape

_CHANGED = r"(?:変わ|変え|変更|改定|改訂|見直|修正|更新|書き換え|引き?上げられ|引き?下げられ|訂正|登録|入力|入れ)"
_ASKED = re.compile(
    rf"(?:T|A|B|値|数字|数値)?(?:が|は|って|を|、|の)*(?:いつ(?:から|ごろ|頃|の間に)?(?:、)?|誰が|だれが|何回|途中で)(?:に|、|いつ|誰が)*{_CHANGED}[^。?、]{{0,10}}"
    rf"|(?:T|A|B|値|数字|数値)?(?:が|は|の|を|、)*{_CHANGED}(?:されたの|したの|ったの|わったの|れたの|の|時期)(?:は)?(?:いつ|何月|誰|だれ)[^。?、]{{0,8}}"
    r"|(?:T|A|B|値)?(?:の|が|は)*(?:変更|改定|改訂|修正|更新|登録|見直し)(?:の)?(?:履歴|経緯|経過|記録)(?:は|を|って|が)*(?:教えて|見せて|ある|あり)?"
    r"|(?:T|A|B|値|数字)(?:が|は|って)*(?:途中で)?(?:変更|改定|改訂|修正|見直)(?:さ|し)?(?:れ)?(?:た|て(?:い)?る)(?:こと)?(?:が|は)*(?:ある|あり)?(?:ます|の|か|んですか)*(?=[?。]|$)"
)


# Without any of these words nothing is asked about a change.
_LIKELY = re.compile("いつ|誰|だれ|何回|途中|履歴|経緯|経過|記録|時期|変更|改定|改訂|修正|見直")


def read_history(shape: Shape) -> Span | None:
    """The words that ask how a figure was changed, None where none do."""
    match = _ASKED.search(shape.text) if _LIKELY.search(shape.text) else None
    return shape.span(match) if match else None

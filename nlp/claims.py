"""What a yes/no question claims: 「R7で8割いく計画?」, 「減らすんだっけ?」."""

import re
from dataclasses import replace

from nlp.conditions import read_conditions
from nlp.criteria import Compared, ConditionReading, Given, Moves, OnlyIn, Written
from nlp.shape import Shape

# A question for a value, a way or a thing claims nothing.
_OPEN = re.compile(
    r"何(?!と)|どん|なん(?!だっけ|です|でしょ|だよ|だろ|だ$|か)|いくつ|いくら|どれ|どの|どう|どこ|どっち|どちら|なぜ|いつ|誰|だれ|一覧|教えて(?!.*か)|推移"
)
# What may follow a claim: 「〜計画?」, 「〜んだっけ」, 「〜でいいの?」.
_TAIL = re.compile(
    r"(?:に(?:も)?(?:な(?:る|って(?:い)?る|ります)|する|しよう))?(?:って|という|との|っていう|な)?(?:計画|T|目標|予定|想定|見込み?|方針|こと|話|感じ|数字|数|認識|理解|値|つもり|もの|ん|の)*(?:で|に|に?なって|と|って|まで|を|が)*"
    r"(?:合って|あって|よかっ|いい|よい|良い|よろしい|間違いない|正しい|OK|ok|大丈夫|いる|い|設定され|目指し|掲げ|書いて|聞い)*(?:てる|ている|てい|て|た)*"
    r"(?:です|なの|なん|だ|でし|ます|ました|ません|でしょ|だろ|じゃ|る|の|んだ|ん)*(?:た|う|っけ|か|かな|よね|よな|ね|よ|けど|が|の|とか|や|わ|な|っけか)*[?。!、\s]*$"
)
_ASKS = re.compile(
    r"[?]|っけ|か[?。!\s]*$|よね|よな|の[?。!\s]*$|でしょ|だろ|かな|んだ|計画|T$|予定|ね[?。]*$|合ってる|であってる"
)


def read_claims(shape: Shape) -> tuple[ConditionReading, ...]:
    """The claims of a yes/no question, () where the message asks for something open or claims nothing.

    「r7で100%になる計画?」 → equal to 100 % in R7.
    """
    text = shape.text
    if _OPEN.search(text) or not _ASKS.search(text):
        return ()
    conditions = [one for one in read_conditions(shape) if _is_claim(one)]
    # 「減らす時間は1万以上?」: what is compared is claimed, the verb only says of what.
    conditions = [one for one in conditions if isinstance(one.tests[0], Compared)] or conditions
    if conditions:
        end = max(one.end for one in conditions)
        tail = "".join(c for c, place in zip(text, shape.places, strict=False) if place >= end)
        return tuple(replace(one, negated=False) for one in conditions) if _TAIL.fullmatch(tail) else ()
    return ()


def _is_claim(one: ConditionReading) -> bool:
    return all(isinstance(test, Compared | Moves) for test in one.tests) and not any(
        isinstance(test, Given | OnlyIn | Written) for test in one.tests
    )

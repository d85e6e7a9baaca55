"""What a yes/no question claims: 「R7で8割いく計画?」, 「減らすんだっけ?」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.conditions import read_conditions
from nlp.criteria import Compared, ConditionReading, Judged, Met, Moves
from nlp.shape import Shape
from nlp.tokens import Token

# A question for a value, a way or a thing claims nothing.
_OPEN = re.compile(
    r"何(?!と)|どん|なん(?!だっけ|です|でしょ|だよ|だろ|だ$|か)|いくつ|いくら|どれ|どの|どう|どこ|どっち|どちら|なぜ|いつ|誰|だれ|一覧|教えて(?!.*か)|推移"
)
# What may follow a claim beside particles and auxiliaries: 「〜計画?」, 「〜で合ってる?」, 「〜か確認させて」.
_TAIL_KINDS = (
    "助詞",
    "助動詞",
    "動詞-非自立可能",
    "形容詞-非自立可能",
    "接続詞",
    "感動詞",
    "代名詞",
    "補助記号",
    "空白",
)
_TAIL_WORDS = frozenset(
    "計画 目標 予定 想定 見込ミ 方針 事 コト 話 感ジ 数字 数 値 認識 理解 積モリ 物 モノ 訳 本当 確認 "
    "オ願イ 願ウ 合ウ 正シイ 間違イ 間違ウ 良イ 宜シイ "
    "目指ス 掲ゲル 書ク 聞ク 教エル 答エル 知ル 大丈夫 設定 方向 状況 状態 水準 筈 通リ 既ニ 現在 達成 遣ル "
    "メザス 揃ウ 実施 開催 至ッテ 居ル 成ル 為ル 言ウ 思ウ 分カル 頂ク 下サル 呉レル 貰ウ".split()
)
_ASKS = re.compile(
    r"[?]|っけ|か[?。!\s]*$|か(?:を)?(?:確認|教え)|よね|よな|の[?。!\s]*$|でしょ|だろ|かな|んだ|達成(?:した|できた|でき(?:て(?:い)?)?る|して(?:い)?る)(?:の)?$|計画|T$|予定|ね[?。]*$|合ってる|であってる"
)


def read_claims(shape: Shape, tokens: Sequence[Token]) -> tuple[ConditionReading, ...]:
    """The claims of a yes/no question (its shape, its words), () where it asks for something open or claims nothing.

    「r7で100%になる計画?」 → equal to 100 % in R7.
    """
    text = shape.text
    if _OPEN.search(text) or not _ASKS.search(text):
        return ()
    conditions = [one for one in read_conditions(shape) if _is_claim(one)]
    # 「減らす時間は1万以上?」: what is compared is claimed, the verb only says of what.
    conditions = [one for one in conditions if not isinstance(one.tests[0], Moves)] or conditions
    if not conditions:
        return ()
    end = max(one.end for one in conditions)
    if not all(_may_follow(token) for token in tokens if token.start >= end):
        return ()
    return tuple(replace(one, negated=False) for one in conditions)


def _may_follow(token: Token) -> bool:
    return token.kind.startswith(_TAIL_KINDS) or token.base in _TAIL_WORDS


def _is_claim(one: ConditionReading) -> bool:
    return all(isinstance(test, Compared | Judged | Met | Moves) for test in one.tests)

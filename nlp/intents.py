"""What kind of answer a question wants. OTHER is none of them: nothing is claimed for it."""

import re
from collections.abc import Sequence
from enum import Enum

from nlp.tokens import Token


class Intent(Enum):
    LOOKUP = "値"
    LIST = "一覧"
    COUNT = "件数"
    RANKING = "順位"
    REVERSE = "値からの逆引き"
    CALCULATION = "計算"
    COMPARISON = "比べること"
    CLAIM = "はい・いいえ"
    ABOUT = "指標の説明"
    STATUS = "判定"
    SUMMARY = "状況のまとめ"
    HISTORY = "変更の履歴"
    HELP = "使い方"
    THANKS = "お礼"
    WRONG = "違うという返事"
    OTHER = "値ではないもの"


# Asks for a person, a place, a time, a reason or a way: for no figure. どこまで and いつも are no such words.
_NO_FIGURE = re.compile(
    r"誰|だれ(?!も)|どなた|なぜ|何故|なんで(?!す|も|し)|どうして|理由|原因|どうや[っれ]|どうすれば"
    r"|やり方|使い方|[しの]方法|手順|仕方"
    r"|どこ(?:[でにへがの]|です|から(?:申|入|ダウン|見))|いつ(?![もくか])(?:まで|から|頃|ごろ|です|に|の|が|公表|更新|[?]|$)"
)
# 「作り方」, 「払い方」; 「の方」 is a choice.
_WAY = re.compile(r"[りきしいえけみちべめげせてね]方(?=$|[は?。]|って|を?(?:教|知|おし)|が(?:分|わか))")
# Which one is most is another question than how much it is.
_SUPERLATIVE = re.compile(
    r"いちばん|一番(?!目)|最も|もっとも|最大|最小|最多|最少|最高|最低|ランキング|トップ|ワースト|上位|下位"
)
# Which ones fulfil a condition is another question than how much one is.
_CONDITION = re.compile(
    r"(?:以上|以下|未満|[をが]?超(?:え(?:る|た)|の)|より(?:大き|小さ|高|低|多|少な)[いく](?:なる)?)の?(?:指標|kpi|もの(?!の))"
)
_HELP = re.compile(
    r"(?:ヘルプ|へるぷ|help|使い方|つかいかた|使い方を教えて.*|何ができ(?:る|ます).*|できること|[??])[?。!]*"
)

_THANKS = re.compile(
    r"(?:(?:了解|承知|分かり|わかり|助かり)(?:です|しました|いたしました|ました)"
    r"|(?:どうも|大変|本当に)?(?:ありがとう|有難う|サンキュー)(?:ございます|ございました)?"
    r"|感謝(?:です|します)?|[、。!?ー〜~\s])+"
)

_WRONG = re.compile(
    r"(?:(?:いや|いえ|いいえ|あれ|ん|え|すみません|ごめん(?:なさい)?)[、。!?ー〜~\s…]*)?"
    r"(?:(?:それ|これ|そっち|そう|その指標)(?:は|って)?)?(?:ちょっと|全然|全く)?"
    r"(?:(?:違|ちが)(?:う|います|いました|うよ?|いますよ|うんですが|うんだけど|うけど|いますが|うかも|くない|くないですか)"
    r"|間違(?:い|ってる|っている|ってます|っています|えてる|えてます)|(?:じゃ|では)(?:ない|ありません|なくて?))"
    r"(?:です)?(?:よ|ね|が|けど)?[、。!?ー〜~\s]*"
)

# Deeds that a question asks of the one who answers; any other wish (「解除したい」) is no question for a figure.
_TELLING = frozenset(
    "教エル 見セル 出ス 知ル 知ラセル 並ベル 示ス 比ベル 纏メル 調ベル 聞ク 伺ウ 答エル 返ス 送ル 頼ム 願ウ "
    "呉レル 頂ク 下サル 見ル "
    "確認 表示 教示 回答 比較 整理 列挙 連絡 共有 提示 説明 紹介 抽出 為ル 言ウ 書ク 貰ウ 把握 参照 案内 "
    "オ願イ 願イ".split()
)
_ENDING = frozenset(("ノ", "ン", "デス", "ガ", "ケド", "ケレド", "ヨ", "ネ", "ダ", "マス"))
_WISH = ("タイ", "テ", "デ", "下サル", "呉レル", "欲シイ", "チャウ", "ヨ", "ネ", "デス", "ガ", "ケド", "ノ", "ン", "ダ")


def read_intent(text: str, tokens: Sequence[Token]) -> Intent:
    """The kind of answer that a normalised text wants. 「伝承館のr6は?」 → LOOKUP, 「誰が担当?」 → OTHER."""
    if _HELP.fullmatch(text):
        return Intent.HELP
    if _THANKS.fullmatch(text):
        return Intent.THANKS
    if _WRONG.fullmatch(text):
        return Intent.WRONG
    if _WAY.search(text) or _SUPERLATIVE.search(text) or _CONDITION.search(text):
        return Intent.OTHER
    if _NO_FIGURE.search(text) or _wishes_a_deed(tokens) or _reports_trouble(tokens):
        return Intent.OTHER
    return Intent.LOOKUP


def _reports_trouble(tokens: Sequence[Token]) -> bool:
    """Does the message end in something that does not work: 「動かないんですが」? 「載ってない」 is no trouble."""
    end = len(tokens)
    while end and tokens[end - 1].base in _ENDING:
        end -= 1
    if end < 2 or tokens[end - 1].base != "ナイ" or not tokens[end - 1].kind.startswith("助動詞"):
        return False
    deed = tokens[end - 2]
    return deed.kind.startswith("動詞-一般") and deed.base not in _TELLING | {"載ル", "決マル", "分カル", "変ワル"}


def _wishes_a_deed(tokens: Sequence[Token]) -> bool:
    """Does the message end in a wish or an order for something else than telling: 「書き換えて」, 「解除したい」?"""
    end = len(tokens)
    while end and tokens[end - 1].base in _WISH:
        end -= 1
    tail = {token.base for token in tokens[end:]}
    if not tail & {"タイ", "テ", "デ"} or end == 0:
        return False
    deed = tokens[end - 1]
    if deed.base == "為ル" and end > 1 and tokens[end - 2].kind.startswith("名詞"):
        deed = tokens[end - 2]
    return deed.kind.startswith(("動詞", "名詞-普通名詞-サ変可能")) and deed.base not in _TELLING

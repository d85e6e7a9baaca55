"""Words that turn a topic into its contrary: who stopped, refused or does not do it is another figure."""

import re

from nlp.pieces import Span

_DEEDS = "失敗|廃止|中止|反対|拒否|辞退|キャンセル|解約|解除|退会|離脱|脱退|倒産|廃業|取り消し?|取消し?"
_STOPS = rf"(?:(?:やめ|止め|辞め)|断[っる]|(?:{_DEEDS})(?:し|さ[れせ]|す)?)(?:て(?:い|しまっ))?[ただる]"
# 少ない, 危ない, 汚い, 問題ない, 間違いない are words of their own.
_NOT = r"(?<=[一-鿿ぁ-ん])(?<![少危汚])(?<!問題)(?<!違い)(?:ない|なかった)"
# What is counted stands right behind: 「やめた市町村」, 「持たない人」. 「やめて電子にする」 turns nothing.
_COUNTED = (
    "人|者|方々|数|率|割合|件|所|[一-鿿ァ-ヺー]{2,8}の(?:数|割合|率|件)|(?:市町村|自治体|企業|事業所|職員|県民"
    "|学校|施設)(?:は|って|が|を)"
)
_CONTRARY = re.compile(rf"{_STOPS}(?=[一-鿿ァ-ヺー])|{_NOT}(?={_COUNTED})")


def read_contraries(text: str) -> tuple[Span, ...]:
    """The spans [start, end) of such words in a normalised text: 「やめた」 in 「利用をやめた市町村の数」."""
    return tuple(match.span() for match in _CONTRARY.finditer(text))

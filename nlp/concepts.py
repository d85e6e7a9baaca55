"""What a word is known by, whatever its form: its normalised form, or its kind of figure."""

from nlp.tokens import Form, Token

RATE, MONEY = "#率", "#額"
COUNTS = "数 件数 人数 回数 本数 台数 枚数 総数"
#: Nouns that only say what kind of figure it is; those of one kind are one word.
_KINDS_OF_FIGURE = {
    base: kind
    for kind, bases in {
        "#数": COUNTS,
        "#量": "量 排出量 使用量",
        RATE: "率 割合 比率 度合イ 状況",
        MONEY: "額 金額 費 費用 料 料金 代 代金",
        "#合計": "合計 累計 総計 平均",
    }.items()
    for base in bases.split()
}


def concept(token: Token | Form) -> str:
    """What a word is known by: its normalised form, or the kind of figure that it names (件数 = 人数 = 数)."""
    return _KINDS_OF_FIGURE.get(token.base, token.base)


def is_kind_of_figure(token: Token) -> bool:
    return token.base in _KINDS_OF_FIGURE or token.kind.startswith("接尾辞")


def is_grammar(token: Token | Form) -> bool:
    return token.kind.startswith(("助詞", "助動詞"))

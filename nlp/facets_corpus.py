"""Questions and what beside figures they ask about. NON_EXAMPLES ask for figures."""

from nlp.facets import Facet


def mean(facet: Facet, *spellings: str) -> list[tuple[Facet, str]]:
    return [(facet, spelling) for spelling in spellings]


EXAMPLES = [
    *mean(Facet.UNIT, "単位は?", "単位って何", "単位を教えてください"),
    *mean(
        Facet.PLACE,
        "どの分野の指標?",
        "どの取組項目に入ってますか",
        "分野は?",
        "項目番号を教えて",
        "何の取組の指標?",
        "分野でいうとどこ?",
    ),
    *mean(
        Facet.SOURCE, "出典は?", "どの資料に載ってる?", "どこに書いてありますか", "出どころは?", "何の資料の数字ですか"
    ),
    *mean(
        Facet.MEASURED,
        "基準値はいつ時点の数字ですか",
        "いつの値?",
        "いつからいつまでの期間の値ですか",
        "何月時点の数字?",
    ),
    *mean(
        Facet.DIRECTION,
        "多いほうがいいの?",
        "少ないほど良い指標?",
        "高い方が良い?",
        "どっちに動くと良くなったことになる?",
    ),
    *mean(Facet.OWNER, "担当課はどこ?", "所管の課を教えて", "どこの課ですか"),
    *mean(Facet.LISTINGS, "表に何回出てくる?", "何か所に載ってますか", "いくつの項目に再掲されてる?"),
    *mean(Facet.NAME, "正式名称は?", "正しい名前を教えて"),
    *mean(
        Facet.MEANING,
        "「/」って何?",
        "累計ってどういう意味?",
        "※は何ですか",
        "「ほぼ」とはどういうこと?",
        "R5が「/」なのはどういう意味?",
    ),
    *mean(Facet.NOTE, "KPIの設定がなじまない取組項目はどう扱われていますか", "計画の注記は?"),
    *mean(Facet.REMARK, "実績の備考は?", "但し書きを読んで", "注記はなんて書いてある?"),
    *mean(Facet.DEFINITION, "RPAとは?", "SLAって何?"),
    *mean(Facet.YEARS, "計画期間は?", "この計画は何年度まで?"),
]
NON_EXAMPLES = [
    "R6の目標は?",
    "基準値いくつ",
    "伝承館の来館者数",
    "R4〜R7の推移",
    "健民アプリの方は?",
    "累計ダウンロード数の目標",
]

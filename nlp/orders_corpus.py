"""Phrases and the rankings that they ask for: by what, from which end, how many (0: all). NON_EXAMPLES ask for none."""

from nlp.operands import Operation

Expected = tuple[Operation | None, bool, int]


def mean(operation: Operation | None, descending: bool, limit: int, *spellings: str) -> list[tuple[Expected, str]]:
    return [((operation, descending, limit), spelling) for spelling in spellings]


EXAMPLES = [
    *mean(None, True, 0, "R7目標が多い順に並べて", "大きい順で", "降順で出して", "目標の高いものから順に"),
    *mean(None, False, 0, "少ない順", "低い方から並べて", "昇順で"),
    *mean(None, True, 1, "R7の目標が一番大きい指標", "最も多いのは?", "目標が最大の指標", "いちばん高いのは"),
    *mean(None, False, 1, "一番少ないのは", "最小の指標"),
    *mean(None, True, 3, "上位3つ", "トップ3", "多い順に3つ", "ベスト3を出して", "大きい順に三つ"),
    *mean(None, False, 5, "ワースト5", "下位5つ", "低い順に5件"),
    *mean(Operation.GROWTH_RATE, True, 3, "伸び率が高い順に3つ", "伸び率トップ3", "増加率の大きい上位3指標"),
    *mean(Operation.GROWTH_RATE, True, 1, "一番伸びる指標は", "最も増える指標"),
    *mean(Operation.GROWTH_RATE, False, 1, "一番減る指標", "減少率が一番大きい指標"),
    *mean(
        Operation.DIFFERENCE,
        True,
        0,
        "何ポイント上がるかを大きい順に",
        "上げ幅の大きい順",
        "ポイントの上がり幅が大きい順",
    ),
    *mean(Operation.RATIO, True, 2, "基準値の何倍になるか、大きい順に2つ", "倍率トップ2"),
    *mean(Operation.ACHIEVEMENT_RATE, False, 3, "達成率が低いワースト3", "達成率の低い順に3つ"),
]
NON_EXAMPLES = ["R7の目標は?", "一番目の指標", "最高裁", "番号順序", "高齢者の人数", "上位計画", "順調ですか"]

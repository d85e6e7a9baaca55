"""Questions and the calculations that they want. NON_EXAMPLES want none."""

from nlp.operands import Operation


def mean(operation: Operation, *spellings: str) -> list[tuple[Operation, str]]:
    return [(operation, spelling) for spelling in spellings]


EXAMPLES = [
    *mean(
        Operation.DIFFERENCE,
        "R4からR6で何ポイント上がる?",
        "基準値からどれだけ減らすの",
        "R5はR4より何件多い?",
        "いくつ増えますか",
        "R4とR6の差は?",
        "その差何人",
        "増加数は?",
        "何pt上げる",
        "何時間削るの",
        "増えた分は何件",
    ),
    *mean(
        Operation.GROWTH_RATE,
        "R4からR6で何%減?",
        "伸び率は?",
        "増加率(%)を出してください",
        "R5→R7で何%伸ばすんだ",
        "何割増える?",
        "前年度比で何%増ですか",
        "R4→R7の伸び率お願いします",
    ),
    *mean(Operation.RATIO, "R7は基準値の何倍?", "何倍になりますか", "倍率は?"),
    *mean(
        Operation.PER_YEAR,
        "年平均で何件増える?",
        "1年あたりどれくらい増える",
        "年平均だと?",
        "ならすと年何人増?",
        "毎年何人ずつ増える計画?",
    ),
    *mean(Operation.SUM, "R4からR7の合計は?", "4年間の合計", "トータルで何回?", "全部足すといくつ"),
    *mean(Operation.AVERAGE, "R4からR7の平均は?", "平均するといくつ"),
]
NON_EXAMPLES = [
    "R6の目標は?",
    "何%ですか",
    "価格の差額",
    "アプリは何回ダウンロードされますか",
    "差別化",
    "いくつダウンロードされる計画?",
    "平均気温",
    "何件ですか",
]

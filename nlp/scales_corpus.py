"""Messages that name a scale of assessment, by its key; NON_EXAMPLES name none."""

EXAMPLES = {
    "iaa": [
        "独法方式だと?",
        "独法の評価基準では?",
        "独立行政法人評価の基準で見ると",
        "独法基準で判定すると",
        "産業振興の状況を独法方式でまとめて",
        "独立行政法人の評価方式なら",
    ],
    "standard": [
        "標準の判定基準だと?",
        "標準の基準に戻すと",
        "通常の判定方式では",
    ],
}

NON_EXAMPLES = [
    "独立行政法人の数は?",
    "標準化の目標は?",
    "判定基準を満たす施設の数",
    "R5の判定は?",
]

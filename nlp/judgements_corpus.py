"""Messages that ask for the status of an indicator; NON_EXAMPLES ask for something else."""

EXAMPLES = [
    "オンライン利用率のR5の判定は?",
    "牛枝肉価格の差額、R4の判定を教えて",
    "先端技術を活用する市町村数はR6の目標に対して順調ですか",
    "議事録作成支援システムは計画通り順調?",
    "RPAの達成状況はどうですか",
    "コピー用紙の判定結果を出して",
]

NON_EXAMPLES = [
    "オンライン利用率のR5の目標は?",
    "R5の判定が「後退」の指標",
    "コピー用紙のR5の達成率は?",
    "順調な自治体の数",
    "判定基準を満たす施設の数",
]

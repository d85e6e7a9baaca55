"""Messages and how they lean on the one before; NON_EXAMPLES stand on their own."""

from nlp.followups import FollowUp


def mean(followup: FollowUp, *spellings: str) -> list[tuple[FollowUp, str]]:
    return [(followup, spelling) for spelling in spellings]


EXAMPLES = [
    *mean(FollowUp(step=1), "次の年は?", "翌年度は", "1年後だといくつ"),
    *mean(FollowUp(step=1, continues=True), "その次の年は?", "じゃあ次の年", "その翌年は", "その次は"),
    *mean(FollowUp(step=-1), "前の年は?", "1年前は"),
    *mean(FollowUp(step=-1, continues=True), "その前の年は", "じゃあ前の年は"),
    *mean(FollowUp(pick=2), "2番目", "二つ目", "2", "2番です", "2番目の方"),
    *mean(FollowUp(pick=-1), "後者で"),
    *mean(FollowUp(pick=1), "前者"),
    *mean(FollowUp(pick_all=True), "両方", "全部"),
    *mean(FollowUp(agrees=True), "はい", "そうです。", "はい、R5で", "その通りです"),
    *mean(FollowUp(series=True), "推移は?", "グラフで"),
    *mean(FollowUp(contrast=True), "Dの方は?", "閲覧件数のほうは", "授業の方で", "水産のやつ"),
    *mean(FollowUp(contrast=True, rejects=True), "そうじゃなくて環境アプリ", "違う、健民アプリ", "いや、違います。BPR"),
    *mean(FollowUp(continues=True), "じゃあR7は?", "それって何%?", "R6も", "さっきのやつR5", "ついでにR7お願い"),
    *mean(
        FollowUp(fresh=True), "別件です。コピー用紙は?", "ところで伝承館の来館者数は?", "話変わるけど、防犯アプリの目標"
    ),
]

NON_EXAMPLES = [
    "コピー用紙のR6の目標は?",
    "伝承館の来館者数",
    "基準値を教えてください",
    "オープンデータ閲覧件数 R4〜R7",
    "使い方を教えて",
    "令和6年度と令和7年度",
    "24年度の目標",
    "間伐材の搬出量",
    "そうじの回数",
    "それぞれの目標",
]

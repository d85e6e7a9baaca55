"""Results with the target of their year and the baseline, as plans write them, and the status that they have."""

from data.facts import Direction
from data.scales import Status

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER

#: (result, target, baseline; None: there is no such cell), which way improves, the status, 進捗率 or 実績 ÷ 目標 in %.
EXAMPLES: list[tuple[tuple[str | None, str | None, str | None], Direction, Status, str]] = [
    # the target is met, or is better
    (("67.4%", "67.4%", "48.2%"), HIGHER, Status.ACHIEVED, "100.0"),
    (("70%", "67.4%", "48.2%"), HIGHER, Status.ACHIEVED, "113.5"),
    (("30万枚", "32万枚", "40万枚"), LOWER, Status.ACHIEVED, "125.0"),
    (("100件", "100件", None), HIGHER, Status.ACHIEVED, ""),
    # between: how much of the way was gone
    (("66.0%", "67.4%", "48.2%"), HIGHER, Status.ON_TRACK, "92.7"),
    (("80", "100", "0"), HIGHER, Status.ON_TRACK, "80.0"),
    (("79.99", "100", "0"), HIGHER, Status.BEHIND, "80.0"),
    (("34.8万枚", "32万枚", "40万枚"), LOWER, Status.BEHIND, "65.0"),
    (("0.1", "100", "0"), HIGHER, Status.BEHIND, "0.1"),
    # no step forward
    (("48.2%", "67.4%", "48.2%"), HIGHER, Status.WORSE, "0.0"),
    (("41万枚", "32万枚", "40万枚"), LOWER, Status.WORSE, "-12.5"),
    # negative figures
    (("-162", "-110", "-198"), HIGHER, Status.BEHIND, "40.9"),
    (("▲215", "▲154", "▲198"), HIGHER, Status.WORSE, "-38.6"),
    # bounds
    (("4", "4以上", "1"), HIGHER, Status.ACHIEVED, "100.0"),
    (("3.9", "4以上", "1"), HIGHER, Status.ON_TRACK, "96.7"),
    (("95%", "ほぼ100%", "20%"), HIGHER, Status.ACHIEVED, "93.8"),
    (("94.9%", "ほぼ100%", "20%"), HIGHER, Status.ON_TRACK, "93.6"),
    (("10", "10以下", None), LOWER, Status.ACHIEVED, ""),
    (("10", "10未満", "20"), LOWER, Status.ON_TRACK, "100.0"),
    # target = baseline, or no baseline: result ÷ target
    (("98%", "99%以上", "99%"), HIGHER, Status.ON_TRACK, "99.0"),
    (("79件", "100件", None), HIGHER, Status.BEHIND, "79.0"),
    (("80件", "100件", "設定なし"), HIGHER, Status.ON_TRACK, "80.0"),
    (("12件", "10件", "10件"), LOWER, Status.ON_TRACK, "83.3"),
    # target 0: the share of 0 that is reached is none
    (("3件", "0件", None), LOWER, Status.BEHIND, "0.0"),
    (("0件", "0件", None), LOWER, Status.ACHIEVED, ""),
    (("-1", "0", None), HIGHER, Status.BEHIND, ""),
    # a cumulative value beside the first number
    (("3 (累計4)", "2 (累計3)", "1"), HIGHER, Status.ACHIEVED, "200.0"),
    # what cannot be judged
    (("5", "/", "3"), HIGHER, Status.UNDECIDED, ""),
    (("5", None, None), HIGHER, Status.UNDECIDED, ""),
    (("①510 ②49", "①500 ②50", None), HIGHER, Status.UNDECIDED, ""),
    (("検討中", "5", "3"), HIGHER, Status.UNDECIDED, ""),
    # nothing recorded
    ((None, "5", "3"), HIGHER, Status.NOT_RECORDED, ""),
    ((None, "①500 ②50", None), HIGHER, Status.NOT_RECORDED, ""),
    ((None, "運用を始める", None), HIGHER, Status.NOT_RECORDED, ""),
    ((None, "（読み取り不能）", "3"), HIGHER, Status.NOT_RECORDED, ""),
]

#: Neither a result nor a target: no status, and in no count.
NON_EXAMPLES: list[tuple[str | None, str | None, str | None]] = [
    (None, None, "3"),
    (None, "/", "3"),
    (None, "", None),
    (None, "（計画期間外）", "3"),
]

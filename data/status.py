"""The status of an indicator in a year (判定): its result against the target, by the standard scale.

達成: the result meets the target of its year or is better. Otherwise 進捗率 = (実績 − 基準値) ÷ (目標 − 基準値):
80 % and more is 概ね順調, more than 0 遅れ, else 後退. Where there is no baseline, or the target equals it:
実績 ÷ 目標 (目標 ÷ 実績 where less is better), 80 % and more 概ね順調, else 遅れ.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from data.facts import Direction
from data.values import Absence, Bound, Cell

#: 「ほぼ100%」 is met from this share of the target on.
ABOUT = Decimal("0.95")
#: From this 進捗率 on (or 実績 ÷ 目標, without a baseline) an indicator is 概ね順調.
ON_TRACK = Decimal("0.8")


class Status(StrEnum):
    ACHIEVED = "達成"
    ON_TRACK = "概ね順調"
    BEHIND = "遅れ"
    WORSE = "後退"
    UNDECIDED = "判定不可"
    NOT_RECORDED = "実績未登録"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status with what it was told by, as shares, not rounded: one of 進捗率 and 実績 ÷ 目標, or neither of them."""

    status: Status
    progress: Decimal | None = None
    ratio: Decimal | None = None


def judge(actual: Cell | None, target: Cell | None, baseline: Cell | None, way: Direction) -> Judgement | None:
    """The status of one year's result; None where there is neither result nor target, which is in no count.

    A result without a target, or of two measures in one cell (①②), cannot be judged: 判定不可. Of 「3 (累計4)」 the
    first number counts. Raises nothing.
    """
    if actual is None or actual.absence is not None:
        has_target = target is not None and target.absence in (None, Absence.UNREADABLE)
        return Judgement(Status.NOT_RECORDED) if has_target else None
    reached, aimed = actual.value, target.value if target else None
    if target is None or reached is None or aimed is None:
        return Judgement(Status.UNDECIDED)
    start = baseline.value if baseline else None
    has_way = start is not None and start != aimed
    progress = (reached - start) / (aimed - start) if start is not None and has_way else None
    if meets(reached, target, way):
        return Judgement(Status.ACHIEVED, progress)
    if progress is not None:
        status = Status.WORSE if progress <= 0 else Status.BEHIND if progress < ON_TRACK else Status.ON_TRACK
        return Judgement(status, progress)
    ratio = achievement(reached, aimed, way)
    is_near = ratio is not None and ratio >= ON_TRACK
    return Judgement(Status.ON_TRACK if is_near else Status.BEHIND, ratio=ratio)


def meets(reached: Decimal, target: Cell, way: Direction) -> bool:
    """Does a result meet a target, or is it better? 「4以上」 asks for at least 4, 「ほぼ100%」 for at least 95 %.

    False for a target without a number.
    """
    aimed = target.value
    if aimed is None:
        return False
    if target.bound is Bound.ABOUT:
        slack = abs(aimed) * (1 - ABOUT)
        aimed = aimed + slack if way is Direction.LOWER else aimed - slack
    if target.bound is Bound.MORE_THAN:
        return reached > aimed
    if target.bound is Bound.LESS_THAN:
        return reached < aimed
    is_most = target.bound is Bound.AT_MOST or (way is Direction.LOWER and target.bound is not Bound.AT_LEAST)
    return reached <= aimed if is_most else reached >= aimed


def achievement(reached: Decimal, aimed: Decimal, way: Direction) -> Decimal | None:
    """達成率 as a share: 実績 ÷ 目標, where less is better 目標 ÷ 実績; None where the denominator is 0 or less."""
    over, under = (aimed, reached) if way is Direction.LOWER else (reached, aimed)
    return over / under if under > 0 else None

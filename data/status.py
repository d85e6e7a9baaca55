"""The status of an indicator in a year (判定): its result against the target, by a scale (data/scales.py).

By the standard scale: 達成 where the result meets the target of its year or is better. Otherwise 進捗率 =
(実績 − 基準値) ÷ (目標 − 基準値): 80 % and more is 概ね順調, more than 0 遅れ, else 後退. Where there is no baseline,
or the target equals it: 実績 ÷ 目標 (目標 ÷ 実績 where less is better), 80 % and more 概ね順調, else 遅れ.
"""

from dataclasses import dataclass
from decimal import Decimal

from data.facts import Direction
from data.scales import ABOUT, STANDARD, Scale, Status
from data.values import Absence, Bound, Cell


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status with what it was told by, as shares, not rounded: one of 進捗率 and 達成率, or neither of them."""

    status: str
    progress: Decimal | None = None
    rate: Decimal | None = None


def judge(
    actual: Cell | None,
    target: Cell | None,
    baseline: Cell | None,
    way: Direction,
    scale: Scale = STANDARD,
    about: Decimal = ABOUT,
) -> Judgement | None:
    """The status of one year's result; None where there is neither result nor target, which is in no count.

    A result without a target, or of two measures in one cell (①②), cannot be judged: 判定不可. Of 「3 (累計4)」 the
    first number counts. `about` is the share from which 「ほぼ100%」 is met. Raises nothing.
    """
    if actual is None or actual.absence is not None:
        has_target = target is not None and target.absence in (None, Absence.UNREADABLE)
        return Judgement(Status.NOT_RECORDED) if has_target else None
    reached, aimed = actual.value, target.value if target else None
    if target is None or reached is None or aimed is None:
        return Judgement(Status.UNDECIDED)
    rate = achievement(reached, aimed, way)
    if scale.by_progress is None:
        return Judgement(Status.UNDECIDED if rate is None else scale.by_rate.grade(rate), rate=rate)
    progress = progress_of(reached, aimed, baseline.value if baseline else None)
    if scale.met and meets(reached, target, way, about):
        return Judgement(scale.met, progress)
    if progress is not None:
        return Judgement(scale.by_progress.grade(progress), progress)
    return Judgement(scale.by_rate.below if rate is None else scale.by_rate.grade(rate), rate=rate)


def meets(reached: Decimal, target: Cell, way: Direction, about: Decimal = ABOUT) -> bool:
    """Does a result meet a target, or is it better? 「4以上」 asks for at least 4, 「ほぼ100%」 for at least 95 %.

    False for a target without a number.
    """
    aimed = target.value
    if aimed is None:
        return False
    if target.bound is Bound.ABOUT:
        slack = abs(aimed) * (1 - about)
        aimed = aimed + slack if way is Direction.LOWER else aimed - slack
    if target.bound is Bound.MORE_THAN:
        return reached > aimed
    if target.bound is Bound.LESS_THAN:
        return reached < aimed
    is_most = target.bound is Bound.AT_MOST or (way is Direction.LOWER and target.bound is not Bound.AT_LEAST)
    return reached <= aimed if is_most else reached >= aimed


def progress_of(reached: Decimal, aimed: Decimal, start: Decimal | None) -> Decimal | None:
    """進捗率 as a share: (実績 − 基準値) ÷ (目標 − 基準値); None without a baseline, or where the target equals it."""
    return None if start is None or start == aimed else (reached - start) / (aimed - start)


def achievement(reached: Decimal, aimed: Decimal, way: Direction) -> Decimal | None:
    """達成率 as a share: 実績 ÷ 目標, where less is better 目標 ÷ 実績; None where the denominator is 0 or less."""
    over, under = (aimed, reached) if way is Direction.LOWER else (reached, aimed)
    return over / under if under > 0 else None

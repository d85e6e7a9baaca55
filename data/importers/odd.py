"""Results that are no error but may be a slip: a digit too many, 万 forgotten, a sign lost."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from data.values import Cell

# A result that differs from the nearest figure by this factor is far outside.
_FAR = 10
_HUNDRED = Decimal(100)


def oddities(cell: Cell, series: Sequence[Cell]) -> Iterator[str]:
    """What is odd about a result beside the known figures of its indicator, all on one scale.

    「これまでの値（48.2%〜80.0%）から大きく離れています。桁や単位を確かめてください。」
    """
    known = {one.value: one.raw for one in series if one.value is not None}
    value = cell.value
    if value is None or not known:
        return
    low, high = min(known), max(known)
    seen = f"これまでの値（{known[low]}{f'〜{known[high]}' if high != low else ''}）"
    if cell.unit == "%" and not any(one.unit == "%" for one in series if one.value is not None):
        yield f"{seen}には「%」が付いていません。"
    if (value < 0 <= low and high > 0) or (low < 0 and high <= 0 < value):
        yield f"{seen}と正負が逆です。符号（▲）を確かめてください。"
    if _is_far(value, known):
        yield f"{seen}から大きく離れています。桁や単位を確かめてください。"
    elif cell.unit == "%" and value > _HUNDRED >= high:
        yield f"100%を超えています。{seen}を超えてよい指標か、確かめてください。"


def _is_far(value: Decimal, known: Collection[Decimal]) -> bool:
    """Is even the nearest of the figures ten times as large, or a tenth? 0 has no factor and says nothing."""
    sizes = [abs(one) for one in known if one]
    if not sizes or not value or min(known) <= value <= max(known):
        return False
    return all(max(abs(value), size) >= _FAR * min(abs(value), size) for size in sizes)

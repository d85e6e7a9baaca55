"""Bounds in the words of a cell against a number: a comparison is told only where the words settle it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comparing import compare
from data.values import Bound, Cell, read_cell
from nlp.criteria import Comparison

AMOUNTS = st.decimals(Decimal("-1000"), Decimal("10000"), places=1)
CELLS = st.builds(lambda value, bound: Cell("", value, bound=bound), AMOUNTS, st.sampled_from(list(Bound)))
OPPOSITES = [
    (Comparison.AT_LEAST, Comparison.LESS),
    (Comparison.MORE, Comparison.AT_MOST),
    (Comparison.EQUAL, Comparison.UNEQUAL),
]


@given(CELLS, AMOUNTS, st.sampled_from(OPPOSITES))
def test_opposites_never_hold_together(cell: Cell, limit: Decimal, pair: tuple[Comparison, Comparison]) -> None:
    one, other = (compare(cell, comparison, limit) for comparison in pair)
    assert not (one is True and other is True)
    if cell.bound is Bound.EXACT:
        assert {one, other} == {True, False}


@given(CELLS, AMOUNTS)
def test_what_is_more_is_at_least(cell: Cell, limit: Decimal) -> None:
    for strict, wide in ((Comparison.MORE, Comparison.AT_LEAST), (Comparison.LESS, Comparison.AT_MOST)):
        if compare(cell, strict, limit):
            assert compare(cell, wide, limit) is True


@given(CELLS, AMOUNTS, AMOUNTS)
def test_a_lower_limit_is_reached_as_well(cell: Cell, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    if compare(cell, Comparison.AT_LEAST, high):
        assert compare(cell, Comparison.AT_LEAST, low) is True
    if compare(cell, Comparison.LESS, low):
        assert compare(cell, Comparison.LESS, high) is True


@pytest.mark.parametrize(
    ("raw", "comparison", "limit", "holds"),
    [
        ("4以上", Comparison.AT_LEAST, 4, True),
        ("4以上", Comparison.AT_LEAST, 5, None),
        ("4以上", Comparison.LESS, 4, False),
        ("4以上", Comparison.MORE, 4, None),
        ("4以上", Comparison.UNEQUAL, 3, True),
        ("4以上", Comparison.UNEQUAL, 4, None),
        ("4以上", Comparison.EQUAL, 4, None),
        ("ほぼ100%", Comparison.AT_LEAST, 90, True),
        ("ほぼ100%", Comparison.AT_LEAST, 100, None),
        ("ほぼ100%", Comparison.EQUAL, 100, None),
        ("ほぼ100%", Comparison.EQUAL, 90, False),
        ("100を超える", Comparison.MORE, 100, True),
        ("100未満", Comparison.LESS, 100, True),
        ("100未満", Comparison.AT_LEAST, 100, False),
        ("100を超える", Comparison.AT_MOST, 100, False),
        ("-162", Comparison.LESS, -100, True),
        ("/", Comparison.AT_LEAST, 0, None),
    ],
)
def test_words_of_a_cell(raw: str, comparison: Comparison, limit: int, holds: bool | None) -> None:
    assert compare(read_cell(raw), comparison, Decimal(limit)) is holds


def test_nearly_is_left_out_where_exactly_is_asked() -> None:
    """「ちょうど100%」."""
    assert compare(read_cell("ほぼ100%"), Comparison.EQUAL, Decimal(100), exactly=True) is False

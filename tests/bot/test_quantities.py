"""Arithmetic over cells: exact, rounded as ANSWER.md says, with the formula that makes it."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answer import Computed
from bot.quantities import Undefined, between, plain, told, total
from data.facts import Fact, Indicator, Initiative, Listing, Measure, Plan
from data.fiscal_year import FiscalYear
from data.values import Cell, read_cell
from nlp.operands import Operation

FIRST, LAST = FiscalYear(2022), FiscalYear(2025)
PLAN = Plan(1, "計画", "", (), FIRST, LAST)
LISTING = Listing(1, Initiative(1, PLAN, "本編", "分野", "1(1)", "取組", 1), 1, "", "")
INDICATOR = Indicator(1, "指標", "", None, None, (LISTING,), (), "")

NUMBERS = st.decimals(Decimal("0.1"), Decimal("9999999"), places=1)
SIGNED = st.decimals(Decimal("-99999"), Decimal("99999"), places=1)


def fact(cell: Cell, year: FiscalYear | None = LAST) -> Fact:
    return Fact(INDICATOR, Measure.TARGET if year else Measure.BASELINE, year, cell, (LISTING,))


def written(value: Decimal, unit: str = "") -> Cell:
    return Cell(f"{value}{unit}", value, unit)


def made(operation: Operation, one: Decimal, other: Decimal) -> Computed:
    result = between(operation, fact(written(one), None), fact(written(other)))
    assert isinstance(result, Computed)
    return result


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounded by fractions alone, away from zero at the half."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator * 2 // scaled.denominator
    rounded = Decimal((whole + 1) // 2).scaleb(-places)
    return -rounded if value < 0 else rounded


@given(SIGNED, SIGNED)
def test_a_difference_is_exact(one: Decimal, other: Decimal) -> None:
    result = made(Operation.DIFFERENCE, one, other)
    assert one + result.value == other
    assert result.formula.endswith(f"＝ {plain(result.value)}")


@given(NUMBERS, NUMBERS)
def test_rates_and_multiples_are_rounded_half_up(one: Decimal, other: Decimal) -> None:
    a, b = Fraction(one), Fraction(other)
    assert made(Operation.GROWTH_RATE, one, other).value == half_up((b - a) / a * 100, 1)
    assert made(Operation.RATIO, one, other).value == half_up(b / a, 2)


@given(st.lists(SIGNED, min_size=1, max_size=4))
def test_sum_and_average_go_over_all_years(values: list[Decimal]) -> None:
    facts = [fact(written(value), FIRST.plus(at)) for at, value in enumerate(values)]
    whole = total(facts, Operation.SUM)
    assert whole.value == sum(values)
    assert whole.facts == tuple(facts)
    assert total(facts, Operation.AVERAGE).value == (sum(values, Decimal(0)) / len(values)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


@given(SIGNED, NUMBERS)
def test_no_rate_goes_from_nothing_or_less(start: Decimal, end: Decimal) -> None:
    assume(start <= 0)
    for operation in (Operation.GROWTH_RATE, Operation.RATIO):
        result = between(operation, fact(written(start), None), fact(written(end)))
        assert isinstance(result, Undefined)
        assert "基準値" in result.why


@pytest.mark.parametrize(
    ("operation", "start", "end", "reply"),
    [
        (Operation.DIFFERENCE, "48.2%", "80%", "31.8ポイント"),
        (Operation.DIFFERENCE, "40万枚", "12万枚", "-28万枚"),
        (Operation.GROWTH_RATE, "40万枚", "12万枚", "-70%"),
        (Operation.RATIO, "2万人", "5万人", "2.5倍"),
        (Operation.PER_YEAR, "10", "20", "2.5"),
        (Operation.DIFFERENCE, "▲198", "▲162", "36"),
        (Operation.DIFFERENCE, "48.2%", "ほぼ100%", "51.8ポイント"),
    ],
)
def test_told_with_its_unit(operation: Operation, start: str, end: str, reply: str) -> None:
    result = between(operation, fact(read_cell(start), None), fact(read_cell(end)))
    assert isinstance(result, Computed)
    assert told(result) == reply


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("30%", "12件", "単位が違う"),
        ("3", "4以上", "「4以上」と幅のある書き方"),
        ("100未満", "200", "「100未満」と幅のある書き方"),
    ],
)
def test_what_cannot_be_reckoned_says_why(start: str, end: str, why: str) -> None:
    result = between(Operation.DIFFERENCE, fact(read_cell(start), None), fact(read_cell(end)))
    assert isinstance(result, Undefined)
    assert why in result.sentence

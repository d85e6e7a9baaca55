"""Units: which count the same, and cells brought to one scale."""

from decimal import Decimal

import pytest

from data.units import on_scale_of, same_kind
from data.values import read_cell


@pytest.mark.parametrize(
    ("one", "other"),
    [("人", "名"), ("万人", "人"), ("千円", "百万円"), ("件/年", "件"), ("％", "%"), ("人（累計）", "名"), ("", "%")],
)
def test_same_kind(one: str, other: str) -> None:
    assert same_kind(one, other)
    assert same_kind(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("%", "件"), ("%", "ポイント"), ("人", "件"), ("t", "kg"), ("万円", "万枚")]
)
def test_another_kind(one: str, other: str) -> None:
    assert not same_kind(one, other)


@pytest.mark.parametrize(
    ("written", "declared", "unit", "value", "read"),
    [
        ("18万枚", "", "枚", "180000", "枚"),
        ("18万枚", "万枚", "万枚", "18", "万枚"),
        ("18万", "万枚", "万枚", "18", "万枚"),
        ("375,000枚", "万枚", "万枚", "37.5", "万枚"),
        ("4.1", "万枚", "万枚", "4.1", ""),  # the indicator's own
        ("4.1", "万枚", "枚", "41000", "枚"),
        ("55.3", "", "%", "55.3", "%"),
        ("12名", "", "人", "12", "名"),
        ("1,200人", "万人", "万人", "0.12", "万人"),
        ("7", "", "", "7", ""),
    ],
)
def test_on_scale_of_other_figures(written: str, declared: str, unit: str, value: str, read: str) -> None:
    cell = on_scale_of(read_cell(written), declared, unit)
    assert (cell.value, cell.unit, cell.raw) == (Decimal(value), read, written)


def test_what_a_value_adds_up_to_is_on_the_same_scale() -> None:
    (part,) = on_scale_of(read_cell("3万枚（累計9万枚）"), "万枚", "万枚").parts
    assert (part.value, part.unit) == (Decimal(9), "万枚")

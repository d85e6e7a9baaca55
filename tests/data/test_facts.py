from decimal import Decimal

import pytest

from data.facts import Direction, direction, name_key


@pytest.mark.parametrize(
    ("baseline", "last", "expected"),
    [
        ("400000", "120000", Direction.LOWER),
        ("-198", "-110", Direction.HIGHER),
        ("8", "8", Direction.HIGHER),
        (None, "5", Direction.HIGHER),
        ("5", None, Direction.HIGHER),
        (None, None, Direction.HIGHER),
    ],
)
def test_direction_is_where_the_figures_go(baseline: str | None, last: str | None, expected: Direction) -> None:
    figures = (None if text is None else Decimal(text) for text in (baseline, last))
    assert direction(None, *figures) is expected


@pytest.mark.parametrize("declared", Direction)
def test_what_the_plan_declares_comes_first(declared: Direction) -> None:
    assert direction(declared, Decimal(5), Decimal(1)) is declared
    assert direction(declared, Decimal(1), Decimal(5)) is declared


def test_spellings_that_are_one_name() -> None:
    spellings = ["ICT導入施設数（件）", "ＩＣＴ導入施設数(件)", "ict 導入　施設数（件）", "ICT導入施設数\n(件)"]
    assert len({name_key(spelling) for spelling in spellings}) == 1
    assert name_key("ICT導入施設") != name_key("ICT導入施設数")

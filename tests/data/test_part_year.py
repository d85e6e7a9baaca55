"""Results dated inside their year (data/part_year_corpus.py)."""

from datetime import date

import pytest

from data.part_year import is_part_year, is_under_way
from data.part_year_corpus import EXAMPLES, NON_EXAMPLES
from tests.data.stores import R6


@pytest.mark.parametrize("as_of", EXAMPLES)
def test_dated_inside_its_year(as_of: str) -> None:
    assert is_part_year(as_of, R6)


@pytest.mark.parametrize("as_of", NON_EXAMPLES)
def test_dated_at_its_end_or_not_at_all(as_of: str) -> None:
    assert not is_part_year(as_of, R6)


@pytest.mark.parametrize(("today", "expected"), [(date(2025, 3, 31), True), (date(2025, 4, 1), False)])
def test_a_year_that_is_not_over_is_under_way(today: date, expected: bool) -> None:
    assert is_under_way("", R6, today) is expected

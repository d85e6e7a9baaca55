"""The status table: every rule with its examples (data/status_corpus.py)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from data.facts import Direction
from data.scales import Status
from data.status import achievement, judge
from data.status_corpus import EXAMPLES, NON_EXAMPLES
from data.values import Cell, read_cell


def _cell(text: str | None) -> Cell | None:
    return None if text is None else read_cell(text)


@pytest.mark.parametrize(("cells", "way", "status", "percent"), EXAMPLES)
def test_status(cells: tuple[str | None, str | None, str | None], way: Direction, status: Status, percent: str) -> None:
    actual, target, baseline = map(_cell, cells)
    judgement = judge(actual, target, baseline, way)
    assert judgement is not None
    assert judgement.status == status
    share = judgement.progress if judgement.progress is not None else judgement.rate
    shown = "" if share is None else str((share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))
    assert shown == percent


@pytest.mark.parametrize("cells", NON_EXAMPLES)
def test_no_status(cells: tuple[str | None, str | None, str | None]) -> None:
    actual, target, baseline = map(_cell, cells)
    assert judge(actual, target, baseline, Direction.HIGHER) is None


@pytest.mark.parametrize(
    ("reached", "aimed", "way", "share"),
    [
        ("34.8", "32", Direction.LOWER, "0.92"),
        ("66", "80", Direction.HIGHER, "0.825"),
        ("-162", "-110", Direction.HIGHER, None),
        ("0", "5", Direction.LOWER, None),
        ("5", "0", Direction.HIGHER, None),
    ],
)
def test_achievement_rate_is_undefined_for_a_denominator_of_nothing(
    reached: str, aimed: str, way: Direction, share: str | None
) -> None:
    found = achievement(Decimal(reached), Decimal(aimed), way)
    assert (None if found is None else str(round(found, 3)).rstrip("0")) == share

"""Invented results: always the same, believable, never written, never in place of what is recorded."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from data import tables as t
from data.facts import Aggregation, Direction, Fact, Indicator, Initiative, Listing, Measure, Plan, direction
from data.fiscal_year import FiscalYear
from data.samples import SAMPLE, is_sample, with_samples
from data.scales import Status
from data.status import judge
from data.store import Store
from data.values import Cell, read_cell
from tests.data.stores import R4, R5, R6, R7, cells, count_rows, load, record

PLAN = Plan(1, "計画", "", (), R4, R7)
LISTING = Listing(1, Initiative(1, PLAN, "", "分野", "1", "取組", 1), 1, "", "")
YEARS = (R4, R5, R6, R7)


def _indicator(name: str, way: Direction | None = None, adds_up: bool = False) -> Indicator:
    aggregation = Aggregation.CUMULATIVE if adds_up else None
    return Indicator(1, name, "", way, aggregation, (LISTING,), (), "")


def _facts(indicator: Indicator, baseline: str, targets: Sequence[str]) -> list[Fact]:
    written = [
        (Measure.BASELINE, None, baseline),
        *((Measure.TARGET, *one) for one in zip(YEARS, targets, strict=False)),
    ]
    return [Fact(indicator, measure, year, read_cell(raw), (LISTING,)) for measure, year, raw in written if raw]


def _samples(indicator: Indicator, facts: Sequence[Fact], until: FiscalYear = R7) -> list[Fact]:
    return [fact for fact in with_samples(facts, [indicator], until) if is_sample(fact)]


def _of_many(baseline: str, *targets: str, way: Direction | None = None) -> list[Cell]:
    """The samples of a hundred indicators with the same targets."""
    found: list[Cell] = []
    for number in range(100):
        indicator = _indicator(f"指標{number}", way)
        found += [fact.cell for fact in _samples(indicator, _facts(indicator, baseline, targets))]
    return found


@pytest.mark.parametrize(
    ("target", "form"),
    [
        ("55.3%", r"\d{1,2}\.\d%"),
        ("81.60%", r"\d{1,2}\.\d\d%"),
        ("80%", r"\d{1,2}%|100%"),
        ("1,234件", r"\d,\d{3}件|\d{3}件"),
        ("1.5万人", r"\d{1,2},\d{3}人"),
        ("40万枚", r"\d{3},\d{3}枚"),
        ("12", r"\d{1,2}"),
    ],
)
def test_written_like_the_target(target: str, form: str) -> None:
    samples = _of_many("", target)
    assert len(samples) > 80
    for cell in samples:
        assert re.fullmatch(form, cell.raw), cell.raw
        assert cell.note == SAMPLE
        read = read_cell(cell.raw)
        assert (read.value, read.unit) == (cell.value, cell.unit)


@pytest.mark.parametrize("way", list(Direction))
def test_nothing_impossible(way: Direction) -> None:
    for cell in (*_of_many("95%", "97%", "100%", way=way), *_of_many("0", "0", "1", "2", way=way)):
        assert cell.value is not None
        assert cell.value >= 0
        assert cell.unit != "%" or cell.value <= 100
    assert any(cell.value and cell.value > 100 for cell in _of_many("90%", "120%"))
    assert all(cell.value and cell.value < 0 for cell in _of_many("-200", "-150"))


def test_spread_is_what_plans_have() -> None:
    found: Counter[str] = Counter()
    for number in range(200):
        indicator = _indicator(f"指標{number}")
        facts = _facts(indicator, "20", ("40", "60", "80", "100"))
        own = {fact.fiscal_year: fact.cell for fact in _samples(indicator, facts)}
        for fact in facts[1:]:
            judged = judge(own.get(fact.fiscal_year), fact.cell, facts[0].cell, Direction.HIGHER)
            assert judged is not None
            found[judged.status] += 1
    share = {status: count * 100 / found.total() for status, count in found.items()}
    assert 40 <= share[Status.ACHIEVED] <= 55
    assert 18 <= share[Status.ON_TRACK] <= 32
    assert 10 <= share[Status.BEHIND] <= 22
    assert 2 <= share[Status.WORSE] <= 9
    assert 5 <= share[Status.NOT_RECORDED] <= 11


def test_always_the_same_and_not_by_the_order_of_asking() -> None:
    first, second = _indicator("指標甲"), replace(_indicator("指標乙"), id=2)
    facts = [*_facts(first, "1", ("10", "20", "30")), *_facts(second, "1", ("10", "20", "30"))]
    together = with_samples(facts, [first, second], R7)
    assert [fact.indicator.id for fact in together] == sorted(fact.indicator.id for fact in together)
    apart = (*with_samples(facts, [first], R7), *with_samples(facts, [second], R7))
    assert together == apart == with_samples(facts, [first, second], R7)
    shorter = with_samples(facts, [first], R5)
    assert set(shorter) <= set(together)
    assert {fact.fiscal_year for fact in shorter if is_sample(fact)} <= {R4, R5}


def test_what_adds_up_does_not_shrink() -> None:
    for number in range(60):
        for indicator in (_indicator(f"指標{number}", adds_up=True), _indicator(f"指標{number}（累計）")):
            values = [fact.cell.value for fact in _samples(indicator, _facts(indicator, "5", ("10", "20", "20", "20")))]
            assert values == sorted(value for value in values if value is not None)


_numbers = st.decimals(-2000, 2000, places=1).map(lambda number: f"{number:,f}") | st.integers(-9, 9).map(str)
_raws = st.builds(
    lambda number, unit, bound: number + unit + bound,
    _numbers,
    st.sampled_from(["", "%", "件"]),
    st.sampled_from(["", "以上", "以下", "程度"]),
)
_any = _raws | st.sampled_from(["", "/", "①5 ②6", "ほぼ100%", "1.5万人", "3 (累計4)", "検討中"])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=6), _any, st.lists(_any, max_size=4), st.none() | st.sampled_from(Direction), st.booleans())
def test_any_plan(name: str, baseline: str, targets: list[str], way: Direction | None, adds_up: bool) -> None:
    indicator = _indicator(name, way, adds_up)
    facts = _facts(indicator, baseline, targets)
    samples = _samples(indicator, facts)
    numeric = {
        fact.fiscal_year: fact.cell for fact in facts if fact.measure is Measure.TARGET and fact.cell.value is not None
    }
    start = facts[0].cell.value if facts and facts[0].measure is Measure.BASELINE else None
    assert {fact.fiscal_year for fact in samples} <= set(numeric)
    for fact in samples:
        target, value = numeric[fact.fiscal_year], fact.cell.value
        assert value is not None
        assert target.value is not None
        known = [target.value, *([] if start is None else [start])]
        assert fact.cell.unit == target.unit
        assert value >= 0 or min(known) < 0 or adds_up
        assert read_cell(fact.cell.raw).value == value
        assert judge(fact.cell, target, None, direction(way, start, target.value)) is not None


def test_what_is_recorded_stands_and_so_does_a_mark_for_none() -> None:
    indicator = _indicator("利用率")
    facts = _facts(indicator, "1", ("10", "20", "30"))
    recorded = [
        Fact(indicator, Measure.ACTUAL, year, read_cell(raw), (LISTING,)) for year, raw in ((R4, "9"), (R5, "-"))
    ]
    found = with_samples([*facts, *recorded], [indicator], R7)
    assert [fact for fact in found if fact.measure is Measure.ACTUAL and fact.fiscal_year in (R4, R5)] == recorded


# In the store


def test_store_shows_samples_and_holds_none(store: Store, engine: sa.Engine) -> None:
    load(engine, "指標名 | 基準値 | R4 | R5 | R6", "利用率 | 48.2% | 50.1% | 55.3% | 60.0%", "講座数 | 1 | 5 | / | 7")
    record(engine, "指標名 | 年度 | 実績値 | 備考", "利用率 | R4 | 49.9% | 速報")
    record(engine, "指標名 | 年度 | 公表判定", "講座数 | R4 | 順調")
    plain = cells(store, "利用率"), cells(store, "講座数")
    rows = count_rows(engine, t.figures, t.changes)
    sampled = Store(engine, samples=R6)
    for before, name in zip(plain, ("利用率", "講座数"), strict=True):
        after = cells(sampled, name)
        assert after.items() >= before.items()
        assert list(after) == sorted(after, key=lambda key: (key != "基準値", "公表" in key, "実績" in key, key))
    assert cells(sampled, "利用率")["R4実績"] == "49.9%"
    assert {"R5実績", "R6実績"} & set(cells(sampled, "利用率"))
    assert "R5実績" not in cells(sampled, "講座数")
    assert count_rows(engine, t.figures, t.changes) == rows
    assert (cells(store, "利用率"), cells(store, "講座数")) == plain
    assert sampled.revision("default") == store.revision("default")


def test_samples_end_with_their_year(engine: sa.Engine) -> None:
    lines = [f"指標{number} | 1 | 10 | 20 | 30" for number in range(20)]
    load(engine, "指標名 | 基準値 | R4 | R5 | R6", *lines)
    sampled = Store(engine, samples=R5)
    facts = sampled.facts(sampled.catalogue("default").indicators)
    assert {fact.fiscal_year for fact in facts if is_sample(fact)} == {R4, R5}
    assert all(fact.sources for fact in facts if is_sample(fact))
    assert Decimal(0) <= min(fact.cell.value or Decimal(0) for fact in facts)

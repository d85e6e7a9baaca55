"""What the store tells, on both databases."""

import pytest
import sqlalchemy as sa

from data.facts import Measure
from data.store import Store
from data.values import Bound
from tests.data.stores import R4, R5, cells, indicators, load, record


def test_nothing_is_told_of_an_empty_store(store: Store) -> None:
    catalogue = store.catalogue("default")
    assert (catalogue.plans, catalogue.indicators, catalogue.initiatives) == ((), (), ())
    assert store.revision("default") == 0
    assert store.facts([]) == ()


def test_revision_grows_with_every_change_of_the_organisation_alone(engine: sa.Engine, store: Store) -> None:
    seen = [store.revision("県")]
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    seen.append(store.revision("県"))
    load(engine, "指標名 | R4", "X | 5", organisation="市")
    assert store.revision("県") == seen[-1]
    load(engine, "指標名 | R4", "X | 6", organisation="県")
    seen.append(store.revision("県"))
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 6", organisation="県")
    seen.append(store.revision("県"))
    assert seen == sorted(set(seen))
    assert store.catalogue("県").revision == seen[-1]


def test_facts_come_by_indicator_then_baseline_targets_and_results_by_year(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R5 | R4 | 基準値", "X | 2 | 1 | 0", "Y | 5 | 4 | 3")
    record(engine, "指標名 | 年度 | 実績値", "X | R5 | 9", "X | R4 | 8")
    (x,), (y,) = indicators(store, "X"), indicators(store, "Y")
    facts = store.facts([y, x])
    assert [(fact.indicator.name, fact.measure, fact.fiscal_year, fact.cell.raw) for fact in facts] == [
        ("Y", Measure.BASELINE, None, "3"),
        ("Y", Measure.TARGET, R4, "4"),
        ("Y", Measure.TARGET, R5, "5"),
        ("X", Measure.BASELINE, None, "0"),
        ("X", Measure.TARGET, R4, "1"),
        ("X", Measure.TARGET, R5, "2"),
        ("X", Measure.ACTUAL, R4, "8"),
        ("X", Measure.ACTUAL, R5, "9"),
    ]


def test_a_fact_keeps_all_that_was_read(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4 | R5", "X | 約37.5%以上【2月1日時点】（暫定） | 1 (累計1.50)")
    first, second = (fact.cell for fact in store.facts(indicators(store, "X")))
    assert (str(first.value), first.unit, first.bound) == ("37.5", "%", Bound.AT_LEAST)
    assert (first.note, first.as_of) == ("暫定", "2月1日時点")
    assert [(part.label, str(part.value), part.unit) for part in second.parts] == [("累計", "1.50", "")]


@pytest.mark.parametrize(
    ("one", "other", "told", "lines"),
    [
        ("5", "5.0", "5", [2, 3]),
        ("", "5", "5", [3]),
        ("/", "5", "5", [3]),
        ("調査中", "5", "5", [3]),
        ("5", "調査中", "5", [2]),
        ("", "調査中", "調査中", [3]),
        ("調査中", "集計中", "調査中", [2]),
        ("調査中", "調査中", "調査中", [2, 3]),
        ("/", "", "/", [2]),
        ("/", "-", "/", [2]),
        ("", "", "空欄", [2, 3]),
        ("①1 ②2", "/", "①1 ②2", [2]),
    ],
)
def test_source_of_a_fact_is_where_it_stands(
    one: str, other: str, told: str, lines: list[int], engine: sa.Engine, store: Store
) -> None:
    load(engine, "項目 | 指標名 | R4", f"甲 | X | {one}", f"乙 | X | {other}")
    assert cells(store, "X") == {"R4": told}
    (fact,) = store.facts(indicators(store, "X"))
    assert [listing.line for listing in fact.sources] == lines


def test_catalogue_is_in_the_order_of_the_source(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | B | 1", "乙 | A | 1")
    load(engine, "項目 | 指標名 | R4", "丙 | C | 1", "乙 | A | 1", "甲 | B | 2")
    catalogue = store.catalogue("default")
    assert [indicator.name for indicator in catalogue.indicators] == ["C", "A", "B"]
    assert [initiative.title for initiative in catalogue.initiatives] == ["丙", "乙", "甲"]


def test_what_a_store_tells_is_what_is_committed(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    other = Store(sa.create_engine(engine.url))
    load(engine, "指標名 | R4", "X | 6")
    assert cells(other, "X") == {"R4": "6"}
    other.engine.dispose()


def test_facts_of_more_indicators_than_one_statement_takes(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    many = indicators(store, "X") * 70_000
    assert len(store.facts(many)) == 70_000

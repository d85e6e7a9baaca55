"""Lists, counts and rankings over the shipped plan: what is said holds for each row and for no other."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Kind
from bot.ask import Ask, open_door
from bot.question import Question
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Fact, Indicator, Measure
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from data.store import Store
from data.values import Bound

TODAY = date(2024, 11, 20)
YEARS = st.sampled_from([4, 5, 6, 7])
FIXED = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _percents(store: Store, year: int) -> dict[Indicator, Fact]:
    indicators = store.catalogue("default").indicators
    return {
        fact.indicator: fact
        for fact in store.facts(indicators)
        if fact.fiscal_year == FiscalYear.of_era("R", year) and fact.measure is Measure.TARGET
        if fact.cell.value is not None and fact.cell.unit == "%"
    }


def _listed(answer: Answer) -> set[Indicator]:
    assert answer.kind in (Kind.ANSWER, Kind.NO_DATA), answer.text.plain()
    return set(answer.indicators)


@FIXED
@given(year=YEARS, limit=st.integers(1, 100))
def test_at_least_and_below_share_the_percentages_between_them(store: Store, ask: Ask, year: int, limit: int) -> None:
    high = _listed(ask(Question(f"R{year}の目標値が{limit}%以上の指標", TODAY)))
    low = _listed(ask(Question(f"R{year}の目標値が{limit}%未満の指標", TODAY)))
    figures = _percents(store, year)
    assert not high & low
    assert high | low <= set(figures)
    assert all(figures[one].cell.bound is not Bound.EXACT for one in set(figures) - high - low)
    for one in high | low:
        value = figures[one].cell.value
        assert value is not None
        assert (value >= Decimal(limit)) is (one in high)


@FIXED
@given(year=YEARS, limit=st.integers(1, 100), words=st.sampled_from(["以上の", "未満の", "以下の", "を超える"]))
def test_a_count_counts_what_the_list_lists(ask: Ask, year: int, limit: int, words: str) -> None:
    listed = ask(Question(f"R{year}の目標が{limit}%{words}指標は?", TODAY))
    counted = ask(Question(f"R{year}の目標が{limit}%{words}指標は何件?", TODAY))
    assert counted.count == len(_listed(listed))
    assert f"R{year}の目標値が{limit}%{words}指標" in counted.text.plain()


@FIXED
@given(year=YEARS, limit=st.integers(1, 99), top=st.integers(1, 5))
def test_a_ranking_is_in_order_and_passes_over_nothing_larger(
    store: Store, ask: Ask, year: int, limit: int, top: int
) -> None:
    answer = ask(Question(f"%の指標で、R{year}の目標が大きい順に{top}つ", TODAY))
    assert answer.kind is Kind.ANSWER
    values = {one: fact.cell.value or Decimal(0) for one, fact in _percents(store, year).items()}
    ranked = [values[one] for one in answer.indicators]
    assert ranked == sorted(ranked, reverse=True)
    assert len(ranked) >= top
    assert all(value <= ranked[-1] for one, value in values.items() if one not in answer.indicators)


def test_areas_share_all_indicators_between_them(store: Store, ask: Ask) -> None:
    """An indicator that is listed in two areas stands in both; each is somewhere."""
    catalogue = store.catalogue("default")
    found: set[Indicator] = set()
    for area in dict.fromkeys(initiative.area for initiative in catalogue.initiatives):
        here = {one for one in catalogue.indicators if any(place.initiative.area == area for place in one.listings)}
        listed = _listed(ask(Question(f"{area}の指標一覧", TODAY)))
        assert here == listed, area
        found |= listed
    assert found == set(catalogue.indicators)


@pytest.mark.parametrize(
    "noise", ["; DROP TABLE figures", "<script>alert(1)</script>", "%" * 200, "「" * 100, "以上" * 300]
)
def test_no_text_makes_a_list_of_everything(ask: Ask, noise: str) -> None:
    answer = ask(Question(f"{noise}の指標一覧", TODAY))
    assert len(answer.indicators) < 70


def test_a_list_by_owner_goes_by_the_column_of_the_plan(tmp_path: Path) -> None:
    """担当課: a row without one is set aside, with the reason."""
    engine = open_engine(f"sqlite:///{tmp_path / 'owners.db'}")
    ensure_schema(engine)
    rows = [
        ["指標名", "担当課", "R6"],
        ["図書館の来館者数", "生涯学習課", "12,000人"],
        ["窓口の満足度", "情報政策課", "80%"],
        ["電子申請の件数", "情報政策課", "500件"],
        ["職員研修の回数", "", "12回"],
    ]
    with writing(engine) as connection:
        table = read_plan_grids([Grid("", rows)])
        store_plan(connection, "default", table, Details(title="試験計画"), Author("test", datetime.now(UTC)))
    ask = open_door(Store(engine))
    for question in ("担当課が情報政策課の指標は?", "情報政策課が担当している指標の一覧"):
        answer = ask(Question(question, TODAY))
        assert [one.name for one in answer.indicators] == ["窓口の満足度", "電子申請の件数"], question
        assert "担当課が「情報政策課」の指標は2件です" in answer.text.plain()
        assert "「職員研修の回数」は、担当課が計画に書かれていない" in answer.text.plain()
    assert ask(Question("情報政策課が所管する指標は何件?", TODAY)).count == 2

"""The door: exact names give exact cells, nothing is invented, changes are seen, organisations stay apart."""

import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.answer import Kind
from bot.answers import ANSWERS
from bot.ask import Ask, open_door
from bot.knowledge import key_of
from bot.question import Question
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Fact, Measure
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.store import Store
from nlp.intents import Intent

TODAY = date(2024, 11, 20)


def _forms(name: str, year: FiscalYear | None) -> list[str]:
    if year is None:
        return [f"{name}の基準値は?", f"基準値 {name}"]
    return [f"{name}の{year.label}の目標は?", f"{name} {year.name}", f"{year.year}年度の{name}", f"{name}{year.label}"]


def test_every_exact_name_gives_exactly_the_cell_that_was_asked_for(store: Store, ask: Ask) -> None:
    indicators = store.catalogue("default").indicators
    asked = 0
    for indicator in indicators:
        for fact in store.facts([indicator]):
            for question in _forms(indicator.name, fact.fiscal_year):
                answer = ask(Question(question, TODAY))
                asked += 1
                assert answer.indicators == (indicator,), question
                assert answer.facts == (() if fact.cell.absence else (fact,)), question
                assert answer.kind is (Kind.NO_DATA if fact.cell.absence else Kind.ANSWER), question
    assert len(indicators) == 70
    assert asked == 70 * (4 * 4 + 2)


def test_every_alias_leads_to_its_indicator(store: Store, ask: Ask) -> None:
    for indicator in store.catalogue("default").indicators:
        for alias in indicator.aliases:
            answer = ask(Question(f"{alias}の目標", TODAY))
            assert indicator in (*answer.indicators, *answer.choices), alias


def test_same_question_gets_the_same_answer(store: Store) -> None:
    texts = []
    for _ in range(2):
        answer = open_door(store)(Question("農業先端技術の発表件数 R7", TODAY))
        texts.append(answer.text)
    assert texts[0] == texts[1]


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


_awkward = st.text(max_size=200) | st.text(
    alphabet="コピー用紙目標基準値R4567年度令和の?🙏\u0301\u202e'<!>&*`\n%は", max_size=60
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=_awkward)
@example(message="/どういう")
@example(message="何指標")
@example(message="R1最大")
@example(message="R4最大")
@example(message="R4目標10超もの")
def test_any_text_gets_an_answer_without_a_number_of_its_own(message: str, store: Store, ask: Ask) -> None:
    answer = ask(Question(message, TODAY))
    for fact in (*answer.facts, *answer.context_facts):
        assert fact in store.facts([fact.indicator])
    if answer.kind is Kind.ANSWER:
        names = " ".join(i.name for i in answer.indicators)
        told = " ".join(fact.cell.raw for fact in (*answer.facts, *answer.context_facts))
        told += " ".join(computed.formula for computed in answer.computed)
        # what a mark means is one sentence, without a figure: 「/どういう」
        first = answer.text.lead or next(iter(answer.text.details), "")
        counted = [answer.count, *answer.status_counts.values()]
        years = " ".join(fact.fiscal_year.label for fact in answer.facts if fact.fiscal_year)
        if not answer.text.lead:  # the heading of a list: an area with how many stand in it
            areas = [area for i in answer.indicators for area in {listing.initiative.area for listing in i.listings}]
            told += f" {areas} {list(Counter(areas).values())}"
        assert _numbers(first) <= _numbers(f"{names} {told} {years} {counted} 4 7 1")  # 1: the first place of a ranking


@pytest.mark.parametrize("message", ["", " ", "?" * 10_000, "あ" * 10_000, "\ud800", "目標 " * 3000, "R6" * 5000])
def test_extreme_messages_are_answered(message: str, ask: Ask) -> None:
    answer = ask(Question(message, TODAY))
    assert answer.text.plain()
    assert not answer.facts


def test_each_intent_has_its_answer() -> None:
    assert set(ANSWERS) == set(Intent)


def _store(path: Path) -> Store:
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    return Store(engine)


def _load(store: Store, rows: list[list[str]], organisation: str = "default", title: str = "試験計画") -> None:
    table = read_plan_grids([Grid("", rows)])
    with writing(store.engine) as connection:
        store_plan(connection, organisation, table, Details(title=title), Author("test", datetime.now(UTC)))


def test_a_change_is_seen_by_the_next_question(tmp_path: Path) -> None:
    store = _store(tmp_path / "a.db")
    ask = open_door(store)
    question = Question("図書館の来館者数 R6", TODAY)
    assert ask(question).kind is Kind.NOT_UNDERSTOOD
    _load(store, [["指標名", "R6"], ["市立図書館の来館者数", "12,000人"]])
    assert ask(question).text.lead == "12,000人"
    _load(store, [["指標名", "R6"], ["市立図書館の来館者数", "13,000人"]])
    assert ask(question).text.lead == "13,000人"


def test_organisations_do_not_see_each_others_plans(tmp_path: Path) -> None:
    store = _store(tmp_path / "a.db")
    ask = open_door(store)
    _load(store, [["指標名", "R6"], ["市立図書館の来館者数", "12,000人"]], organisation="一つ目")
    assert ask(Question("図書館の来館者数 R6", TODAY, "一つ目")).kind is Kind.ANSWER
    assert ask(Question("図書館の来館者数 R6", TODAY, "二つ目")).kind is Kind.NOT_UNDERSTOOD


def test_namesakes_are_told_apart_wherever_they_are_shown(tmp_path: Path) -> None:
    store = _store(tmp_path / "a.db")
    ask = open_door(store)
    header = ["分野", "項目番号", "項目", "指標名", "R6"]
    _load(
        store,
        [header, ["健康", "1(1)", "運動", "参加者数", "100人"], ["文化", "2(1)", "読書", "参加者数", "200人"]],
    )
    asked_back = ask(Question("参加者数 R6", TODAY))
    assert asked_back.kind is Kind.CHOOSE
    assert "健康 1(1) 運動" in asked_back.text.plain()
    assert "文化 2(1) 読書" in asked_back.text.plain()
    picked = ask(Question("参加者数 R6", TODAY, picked=key_of(asked_back.choices[1])))
    assert picked.text.lead == "200人"
    assert "参加者数（文化 2(1) 読書）" in picked.text.statement


def test_words_instead_of_a_number_are_quoted(tmp_path: Path) -> None:
    store = _store(tmp_path / "a.db")
    _load(store, [["指標名", "R6"], ["苦情の件数", "減少を目指します"]])
    answer = open_door(store)(Question("苦情の件数 R6", TODAY))
    assert answer.text.lead == "減少を目指します"
    assert answer.facts[0].cell.value is None
    assert "数値ではありません" in answer.text.plain()


def _record(store: Store, *rows: tuple[str, str, str]) -> None:
    results = [ResultRow(n, name, "", year, value, "") for n, (name, year, value) in enumerate(rows, 1)]
    with writing(store.engine) as connection:
        store_results(connection, "default", results, Author("test", datetime.now(UTC)))


def test_results_are_answered_with_their_year(tmp_path: Path) -> None:
    store = _store(tmp_path / "a.db")
    _load(store, [["指標名", "単位", "R4", "R5", "R6"], ["来館者数", "人", "100", "120", "140"]])
    _record(store, ("来館者数", "R4", "95"), ("来館者数", "令和5年度", "118"))
    ask = open_door(store)
    latest = ask(Question("来館者数の実績は?", TODAY))
    assert _told(latest.facts) == [(Measure.ACTUAL, "R5", Decimal(118))]
    assert "令和5年度（2023年4月〜2024年3月）の実績値です" in latest.text.statement
    assert _told(ask(Question("R4の来館者数は何人でしたか", TODAY)).facts) == [(Measure.ACTUAL, "R4", Decimal(95))]
    both = ask(Question("来館者数 R5の目標と実績", TODAY))
    assert _told(both.facts) == [(Measure.TARGET, "R5", Decimal(120)), (Measure.ACTUAL, "R5", Decimal(118))]
    missing = ask(Question("来館者数 R6の実績", TODAY))
    assert missing.kind is Kind.NO_DATA
    assert "まだ登録されていません" in missing.text.statement
    assert "R6 140" in missing.text.plain()


def _told(facts: tuple[Fact, ...]) -> list[tuple[Measure, str, Decimal | None]]:
    return [(f.measure, f.fiscal_year.label if f.fiscal_year else "", f.cell.value) for f in facts]


def test_picking_something_that_is_gone_claims_nothing(ask: Ask) -> None:
    assert ask(Question("R6", TODAY, picked="indicator:999999")).kind is Kind.NOT_UNDERSTOOD

"""Answers under permanent numbers: kept exactly, and told of when a figure reads otherwise."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Kind, Text
from bot.ask import Ask, open_door
from bot.chart import Chart, Counts, Course, Point
from bot.permanent import GONE, FigureAt, Shown, asked_again, changed_since, document_of, give_number, shown, shown_of
from bot.question import Question
from bot.tabular import Table
from bot.turn import keeping
from data.answers import GivenAnswer, read_answer
from data.changes import lock_organisation
from data.engine import writing
from data.facts import Direction, Measure
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from data.store import Store
from data.values import Absence
from tests.bot.transcripts import FOLDER, read_dialogues
from tests.bot.village import ROWS, TODAY, author, record, village

NOW = datetime(2024, 11, 20, 3, 0, tzinfo=UTC)
ABSENT = [turn for dialogue in read_dialogues(FOLDER) if dialogue.title.startswith("absent") for turn in dialogue.turns]
VILLAGE = [turn for dialogue in read_dialogues(FOLDER / "village") for turn in dialogue.turns]


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = village(tmp_path_factory.mktemp("village") / "shirube.db")
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A village of which nothing is changed."""
    store = village(tmp_path_factory.mktemp("village") / "shirube.db")
    yield store
    store.engine.dispose()


def _given(store: Store, number: int | None, organisation: str = "default") -> GivenAnswer:
    assert number is not None
    with store.engine.connect() as connection:
        found = read_answer(connection, organisation, number)
    assert found is not None
    return found


def _give(store: Store, text: str, thread: str = "") -> GivenAnswer:
    question = Question(text, TODAY, thread=thread)
    answer = keeping(open_door(store), store, log=False)(question)
    return _given(store, give_number(store, question, answer, NOW))


def _load(store: Store, rows: list[list[str]]) -> None:
    with writing(store.engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details(title="村づくり計画"), author())


def _changes(store: Store, given: GivenAnswer) -> list[tuple[str, str, str, str]]:
    return [
        (
            one.figure.indicator,
            f"{one.figure.year.label if one.figure.year else ''} {one.figure.measure.value}".strip(),
            one.figure.raw or one.figure.absence,
            one.now,
        )
        for one in changed_since(store, "default", shown_of(given.document, given.receipt))
    ]


# What is kept

_words = st.text(max_size=8)
_texts = st.tuples() | st.lists(_words, max_size=3).map(tuple)
_years = st.integers(1990, 2040).map(FiscalYear)
_numbers = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from([Decimal("55.30"), Decimal("-0")])
_points = st.builds(Point, st.none() | _years, _numbers, _words, st.booleans())
_courses = st.builds(
    Course,
    _words,
    _words,
    st.sampled_from(Direction),
    st.lists(_years, max_size=4).map(tuple),
    st.dictionaries(st.sampled_from(Measure), st.lists(_points, max_size=3).map(tuple), max_size=3),
)
_counts = st.builds(Counts, _words, st.lists(st.tuples(_words, st.integers(0, 99)), max_size=3).map(tuple))
_charts: st.SearchStrategy[Chart | None] = st.none() | _courses | _counts
_tables = st.builds(Table, _words, _texts, st.lists(_texts, max_size=3).map(tuple))
_figures = st.builds(
    FigureAt,
    st.integers(1, 10**6),
    _words,
    st.sampled_from(Measure),
    st.none() | _years,
    _words,
    st.sampled_from(["", *Absence]).map(str),
)
_shown = st.builds(
    Shown,
    st.sampled_from(Kind),
    st.builds(Text, _words, _words, _texts, _words, _words, _texts, _texts),
    st.none() | _tables,
    _charts,
    st.lists(_figures, max_size=3).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(_shown)
def test_document_gives_back_what_was_shown(seen: Shown) -> None:
    document = json.loads(json.dumps(document_of(seen)))
    again = shown_of(document, seen.text.receipt)
    assert again == seen
    assert repr(again.chart) == repr(seen.chart)  # 55.30 is no 55.3
    assert "receipt" not in json.dumps(document)
    assert document["form"] == 1


def test_every_answer_of_the_dialogues_comes_back_and_nothing_has_changed(kept: Store, store: Store) -> None:
    """①② cells are shown one by one, and what is not there is a figure, too: neither is a change."""
    kinds = set()
    for asked, turns in ((kept, VILLAGE), (store, ABSENT)):
        ask = open_door(asked)
        for turn in turns:
            answer = ask(Question(turn.message, turn.today))
            seen = shown(answer, turn.today)
            kinds.add(answer.kind)
            assert shown_of(json.loads(json.dumps(document_of(seen))), seen.text.receipt) == seen, turn.message
            assert changed_since(asked, "default", seen) == (), turn.message
    assert {Kind.ANSWER, Kind.NO_DATA} <= kinds


def test_answer_has_the_revision_that_it_was_made_from(own: Store) -> None:
    ask = open_door(own)
    question = Question("植樹の面積のR5の実績は?", TODAY)
    before = own.revision("default")
    assert ask(question).revision == before
    record(own, ("植樹の面積", "R5", "27", ""))
    assert ask(question).revision == own.revision("default") > before


def test_number_leads_to_the_answer_as_it_was(own: Store) -> None:
    ask = open_door(own)
    question = Question("植樹の面積のR5の実績は?", TODAY)
    answer = ask(question)
    given = _given(own, give_number(own, question, answer, NOW))
    record(own, ("植樹の面積", "R5", "27", ""))
    assert shown_of(given.document, given.receipt) == shown(answer, TODAY)
    assert (given.question, given.receipt, given.kind) == (question.text, answer.text.receipt, "answer")
    assert (given.asked_on, given.given_at, given.revision) == (TODAY, NOW, answer.revision)
    assert _given(own, give_number(own, question, ask(question), NOW)).number != given.number


@pytest.mark.parametrize("text", ["ありがとう", "来週の天気は?", "使い方", "面積 R5 実績 灯油"])
def test_what_is_no_answer_from_the_store_gets_no_number(text: str, kept: Store) -> None:
    question = Question(text, TODAY)
    answer = open_door(kept)(question)
    number = give_number(kept, question, answer, NOW)
    assert (number is None) == (answer.kind not in (Kind.ANSWER, Kind.NO_DATA))
    assert number is None or text == "面積 R5 実績 灯油"


def test_samples_get_no_number(own: Store) -> None:
    sampled = Store(own.engine, samples=FiscalYear(2024))
    question = Question("植樹の面積のR5の実績は?", TODAY)
    assert give_number(sampled, question, open_door(sampled)(question), NOW) is None


def test_another_organisation_s_answers_are_its_own(own: Store) -> None:
    given = _give(own, "植樹の面積のR5の実績は?")
    with writing(own.engine) as connection:
        lock_organisation(connection, "県")
        assert read_answer(connection, "県", given.number) is None
    seen = shown_of(given.document)
    assert {one.now for one in changed_since(own, "県", seen)} == {GONE}


# What has changed since


def test_corrected_result(own: Store) -> None:
    given = _give(own, "植樹の面積のR5の実績は?")
    other = _give(own, "灯油の使用量のR5の目標は?")
    record(own, ("植樹の面積", "R5", "27", ""))
    assert ("植樹の面積", "R5 actual", "26", "27") in _changes(own, given)
    assert _changes(own, other) == []


def test_figure_behind_a_calculation(own: Store) -> None:
    given = _give(own, "植樹の面積のR5の達成率は?")
    record(own, ("植樹の面積", "R5", "28", ""))
    assert _changes(own, given) == [("植樹の面積", "R5 actual", "26", "28")]


def test_one_of_two_measures_in_a_cell(own: Store) -> None:
    given = _give(own, "①窯の数 ②窯元の数のR5の実績は?")
    record(own, ("①窯の数 ②窯元の数", "R5", "①5 ②5", ""))
    assert ("①窯の数 ②窯元の数", "R5 actual", "①4 ②5", "①5 ②5") in _changes(own, given)


def test_result_that_was_not_there(own: Store) -> None:
    given = _give(own, "灯油の使用量のR6の実績は?")
    assert given.kind == "no_data"
    record(own, ("灯油の使用量", "R6", "29", ""))
    assert _changes(own, given) == [("灯油の使用量", "R6 actual", "実績未登録", "29")]


def test_target_that_the_plan_changes_and_takes_back(own: Store) -> None:
    given = _give(own, "蛍の観測地点のR6の目標は?")
    changed = [[cell if cell != "5" else "8" for cell in row] for row in ROWS]
    _load(own, changed)
    assert _changes(own, given) == [("蛍の観測地点", "R6 target", "5", "8")]
    _load(own, [[cell if cell != "5" else "/" for cell in row] for row in ROWS])
    assert _changes(own, given) == [("蛍の観測地点", "R6 target", "5", GONE)]
    _load(own, ROWS)
    assert _changes(own, given) == []


def test_indicator_that_is_in_no_plan_any_more(own: Store) -> None:
    given = _give(own, "蛍の観測地点のR6の目標は?")
    _load(own, [row for row in ROWS if "蛍の観測地点" not in row])
    assert _changes(own, given) == [("蛍の観測地点", "R6 target", "5", GONE)]


# What is asked again


def test_count_rests_on_what_it_does_not_show(own: Store) -> None:
    ask: Ask = open_door(own)
    given = _give(own, "R5に達成した指標はいくつ?")
    before = asked_again(ask, "default", given)
    assert before == shown_of(given.document, given.receipt)
    record(own, ("植樹の面積", "R5", "33", ""))
    after = asked_again(ask, "default", given)
    assert after is not None
    assert after.text != before.text


def test_what_went_on_from_its_thread_is_not_asked_again(own: Store) -> None:
    ask: Ask = open_door(own)
    alone = _give(own, "植樹の面積のR5の目標は?", "t")
    on = _give(own, "R6は?", "t")
    again = _give(own, "灯油の使用量のR5の目標は?", "t")
    assert asked_again(ask, "default", on) is None
    for one in (alone, again):
        assert asked_again(ask, "default", one) == shown_of(one.document, one.receipt)


def test_forgotten_question_is_not_asked_again(own: Store) -> None:
    given = _give(own, "植樹の面積のR5の目標は?")
    forgotten = GivenAnswer(given.number, "", "", date(2024, 11, 20), NOW, given.revision, given.kind, given.document)
    assert asked_again(open_door(own), "default", forgotten) is None


def test_of_a_list_without_end_the_first_rows_are_kept(own: Store) -> None:
    wells = [["くらし", f"井戸{chr(ord('ア') + n % 80)}{chr(ord('一') + n)}の水位", str(n)] for n in range(310)]
    _load(own, [["分野", "指標名", "R6"], *wells])
    seen = shown(open_door(own)(Question("名前に「井戸」が入る指標は?", TODAY)), TODAY)
    assert seen.table is not None
    assert (len(seen.table.rows), seen.left_out) == (300, 10)
    assert "310件" in seen.text.statement
    assert shown_of(document_of(seen), seen.text.receipt) == seen

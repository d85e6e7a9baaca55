"""A store with samples: wherever an answer rests on an invented result the word サンプル stands in it."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.answer import Answer
from bot.ask import Ask, open_door
from bot.question import Question
from bot.sampled import REMARK
from bot.tabular import table_of
from data.fiscal_year import FiscalYear
from data.samples import SAMPLE, is_sample
from data.store import Store
from tests.bot.transcripts import FOLDER, read_dialogues
from tests.bot.village import village

TODAY = date(2025, 11, 20)
R5, R6 = FiscalYear(2023), FiscalYear(2024)
IN_TITLE = f"（{SAMPLE}）"


@pytest.fixture(scope="module")
def sampled(store: Store) -> Ask:
    return open_door(Store(store.engine, samples=R6))


def _asked(ask: Ask, text: str) -> Answer:
    return ask(Question(text, TODAY))


def _is_marked(answer: Answer) -> bool:
    return answer.text.lines[-1:] == (REMARK,)


@pytest.mark.parametrize(
    "text",
    [
        "チャットボット満足度のR5の実績は?",
        "チャットボット満足度は達成した?",
        "チャットボット満足度のR5の達成率は?",
        "チャットボット満足度の実績の推移は?",
        "R5に達成した指標は?",
        "R5に達成した指標はいくつ?",
        "R5に達成していない指標はいくつ?",
        "R6の判定が「後退」の指標は?",
        "R6の達成率が低い順に5つ",
        "R6の状況をまとめて",
        "教育の分野はどう?",
        "実績が登録されている指標はいくつ?",
        "R5の実績が100件以上の指標は?",
    ],
)
def test_answer_from_samples_says_so(text: str, sampled: Ask) -> None:
    answer = _asked(sampled, text)
    assert _is_marked(answer)
    assert answer.text.plain().count(REMARK) == 1
    assert answer.chart is None or answer.chart.title.endswith(IN_TITLE)


@pytest.mark.parametrize(
    "text",
    [
        "チャットボット満足度のR6の目標は?",
        "目標が80%以上の指標はいくつ?",
        "R7の目標が大きい順に5つ",
        "KPIがない取組項目",
        "チャットボット満足度とは?",
        "ありがとう",
        "来週の天気は?",
    ],
)
def test_answer_from_the_plan_alone_does_not(text: str, sampled: Ask, ask: Ask) -> None:
    answer = _asked(sampled, text)
    assert SAMPLE not in answer.text.plain()
    assert answer.text == _asked(ask, text).text


def test_picture_with_samples_says_so_beside_a_target(sampled: Ask, ask: Ask) -> None:
    answer, plain = (
        _asked(sampled, "チャットボット満足度のR6の目標は?"),
        _asked(ask, "チャットボット満足度のR6の目標は?"),
    )
    assert answer.chart
    assert plain.chart
    assert answer.chart.title == plain.chart.title + IN_TITLE


def test_every_sample_in_a_table_is_marked(sampled: Ask) -> None:
    answer = _asked(sampled, "R5に達成した指標は?")
    table = table_of(answer, TODAY)
    assert table
    at = table.header.index("R5 実績値")
    assert len(table.rows) > 10
    assert all(row[at].endswith(IN_TITLE) for row in table.rows)
    assert not any(IN_TITLE in cell for row in table.rows for cell in (*row[:at], *row[at + 1 :]))


def test_whatever_is_asked_no_sample_stands_unmarked(sampled: Ask, store: Store) -> None:
    """Every figure that is said is the plan's, or the answer says サンプル."""
    dialogues = [one for one in read_dialogues(FOLDER) if one.title.split(":")[0] in ("absent", "several", "years")]
    marked = 0
    for turn in (turn for dialogue in dialogues for turn in dialogue.turns):
        answer = sampled(Question(turn.message, turn.today))
        facts = (*answer.facts, *answer.context_facts, *(fact for one in answer.computed for fact in one.facts))
        if any(map(is_sample, facts)) or answer.status_counts:
            assert _is_marked(answer), turn.message
            marked += 1
    assert marked


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = village(tmp_path_factory.mktemp("village") / "shirube.db")
    yield store
    store.engine.dispose()


def test_recorded_results_stand_and_are_not_marked(own: Store) -> None:
    ask, sampled = open_door(own), open_door(Store(own.engine, samples=R5))
    recorded = "植樹の面積のR5の実績は?"
    assert _asked(sampled, recorded).text == _asked(ask, recorded).text
    invented = _asked(sampled, "植樹の面積のR4とR5の実績は?")
    assert invented.text == _asked(ask, "植樹の面積のR4とR5の実績は?").text
    assert _is_marked(_asked(sampled, "灯油の使用量のR4の実績は?"))


def test_thread_goes_on_among_samples(sampled: Ask, store: Store) -> None:
    first = sampled(Question("チャットボット満足度のR5の実績は?", TODAY))
    assert first.memory
    assert first.facts
    assert all(map(is_sample, first.facts))
    assert not any(map(is_sample, store.facts(first.indicators)))

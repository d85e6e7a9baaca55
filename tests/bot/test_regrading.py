"""Another scale on the spot, and threads that go on about a status or a summary."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.ask import open_door
from bot.question import Question
from bot.turn import keeping
from data.store import Store
from tests.bot.village import TODAY, village


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return village(tmp_path / "shirube.db")


def _talk(store: Store, *messages: str) -> Answer:
    """The answer to the last message of a thread."""
    ask = keeping(open_door(store), store, log=False)
    question = Question("", TODAY, thread="t")
    return [ask(replace(question, text=message)) for message in messages][-1]


def test_a_summary_by_another_scale_lists_what_changes(store: Store) -> None:
    answer = _talk(store, "全体の達成状況をまとめて", "独法方式だと?")
    assert answer.status_counts == {"C": 3, "判定不可": 3}
    assert answer.text.statement.endswith("の状況です（独立行政法人評価の基準）。")
    assert "標準の判定基準から変わるもの:" in answer.text.lines
    assert "・概ね順調 2件 → C 2件" in answer.text.lines
    assert "・後退 1件 → 判定不可 1件" in answer.text.lines
    back = _talk(store, "全体の達成状況をまとめて", "独法方式だと?", "標準の判定基準だと?")
    assert back.status_counts == {"概ね順調": 2, "遅れ": 1, "後退": 1, "判定不可": 2}


def test_one_indicator_by_another_scale_keeps_the_year(store: Store) -> None:
    answer = _talk(store, "植樹の面積のR5の判定は?", "独法方式だと?")
    assert [(one.year.label, one.status) for one in answer.statuses] == [("R5", "C")]
    assert "標準の判定基準では「概ね順調」です。" in answer.text.lines
    earlier = _talk(store, "植樹の面積のR5の判定は?", "独法方式だと?", "R4は?")
    assert [(one.year.label, one.status) for one in earlier.statuses] == [("R4", "B")]


def test_a_status_thread_goes_on_to_another_year(store: Store) -> None:
    answer = _talk(store, "植樹の面積のR5の判定は?", "R4は?", "R6は?")
    assert [(one.year.label, one.status) for one in answer.statuses] == [("R6", "遅れ")]
    figures = _talk(store, "植樹の面積のR5の判定は?", "R4の目標は?")
    assert not figures.statuses
    assert figures.text.lead == "20"


def test_a_summary_drills_down(store: Store) -> None:
    area = _talk(store, "全体の達成状況をまとめて", "そのうちくらし分野は?")
    assert area.status_counts == {"概ね順調": 1, "遅れ": 1, "後退": 1}
    behind = _talk(store, "全体の達成状況をまとめて", "そのうちくらし分野は?", "遅れてるのはどれ?")
    assert [one.name for one in behind.indicators] == ["灯油の使用量"]
    year = _talk(store, "R4の達成状況をまとめて", "遅れてるのはどれ?")
    assert year.text.statement == "R4の判定が「遅れ」の指標はありません。"


def test_a_summary_by_area(store: Store) -> None:
    answer = _talk(store, "分野別の達成状況")
    assert answer.text.lines[2:] == (
        "・くらし（3指標）: 概ね順調 1件 ／ 遅れ 1件 ／ 後退 1件",
        "・しごと（3指標）: 概ね順調 1件 ／ 判定不可 2件",
    )


def test_part_year_results_are_counted(store: Store) -> None:
    answer = _talk(store, "R6の達成状況をまとめて")
    assert answer.status_counts == {"遅れ": 1, "実績未登録": 5}
    assert (
        "目標か実績のある6指標のうち、実績が登録されているのは1指標です（うち1指標は途中経過）。" in answer.text.lines
    )
    assert any(line.startswith("・遅れ（途中経過） 植樹の面積") for line in answer.text.lines)

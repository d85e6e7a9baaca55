"""Lists as tables: the same rows in the same order, every cell from a fact of the answer."""

from datetime import date
from pathlib import Path

import pytest

from bot.ask import Ask, open_door
from bot.question import Question
from bot.tabular import Table, table_of
from tests.bot.village import village

TODAY = date(2024, 11, 20)


@pytest.fixture(scope="module")
def ask_village(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return open_door(village(Path(tmp_path_factory.mktemp("village")) / "shirube.db"))


def _table(ask: Ask, text: str) -> Table | None:
    return table_of(ask(Question(text, TODAY)), TODAY)


def test_figures_of_a_condition(ask: Ask) -> None:
    table = _table(ask, "R4の目標が基準値より大きい指標")
    assert table
    assert table.title == "R4の目標値が基準値より大きい指標は52件です。"
    assert table.header == ("指標", "基準値", "R4 目標値", "分野")
    assert table.rows[0] == ("BPR実施課", "0", "8", "1 まず始めに実施すべき取組")
    assert len(table.rows) == 52


def test_ranks_and_formulas(ask: Ask) -> None:
    table = _table(ask, "産業振興で伸び率が高い順に3つ")
    assert table
    assert table.header == ("順位", "指標", "基準値", "R7 目標値", "計算")
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    assert all("＝" in row[4] for row in table.rows)


def test_statuses_and_part_year_results(ask_village: Ask) -> None:
    table = _table(ask_village, "R6で遅れている指標")
    assert table
    assert table.header == ("指標", "R6 目標値", "R6 実績値", "R6 判定")
    assert table.rows == (("植樹の面積", "40", "30（途中経過）", "遅れ"),)


def test_initiatives(ask: Ask) -> None:
    table = _table(ask, "KPIがない取組項目")
    assert table
    assert table.header == ("取組項目", "分野")
    assert table.rows[2] == ("4(3)イ 公共工事における情報共有システムを活用した業務効率化", "4 産業振興")


@pytest.mark.parametrize("text", ["マイナカード R6", "KPIは全部でいくつ?", "来週の天気は?", "満足度 R6", "分野の一覧"])
def test_what_lists_no_indicators_has_no_table(text: str, ask: Ask) -> None:
    assert _table(ask, text) is None


@pytest.mark.parametrize(
    "text", ["R4の目標が基準値より大きい指標", "R7の目標が大きい順に10", "R7の目標が80%以上の指標"]
)
def test_a_table_is_in_the_order_of_the_answer(text: str, ask: Ask) -> None:
    answer = ask(Question(text, TODAY))
    table = table_of(answer, TODAY)
    assert table
    at = table.header.index("指標")
    assert [row[at] for row in table.rows] == list(dict.fromkeys(one.name for one in answer.indicators))
    assert {len(row) for row in table.rows} == {len(table.header)}
    told = {fact.cell.raw for fact in answer.facts}
    for row in table.rows:
        figures = [cell for heading, cell in zip(table.header, row, strict=True) if heading.startswith("R")]
        assert all(any(cell.startswith(raw) for raw in told) for cell in figures)

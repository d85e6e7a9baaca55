"""What results make of their targets: rates, the pace that is still asked for, and how figures were changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer import Kind
from bot.answer_json import to_json
from bot.ask import Ask, open_door
from bot.question import Question
from data.engine import writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from tests.bot.village import ROWS, TODAY, author, record, village

NO_WAY = "基準値と目標値が同じである"
MARKET = "（（99% − 98%）÷ 2年 ＝ 0.5ポイント）"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return open_door(village(tmp_path_factory.mktemp("results") / "shirube.db"))


@pytest.mark.parametrize(
    ("question", "lead", "operation", "line"),
    [
        ("灯油の使用量のR5の達成率は?", "94.1%", "achievement_rate", "達成率 ＝ 目標 32 ÷ 実績 34 ＝ 94.1%"),
        ("植樹の面積のR5の進捗率は?", "80%", "progress_rate", "進捗率 ＝ （26 − 10）÷（30 − 10）＝ 80%"),
        ("渡し船の赤字額のR5の達成率は?", "-10%", "progress_rate", "達成率は、分母が0以下になるため出せません。"),
        ("朝市の出店割合のR5の進捗率は?", "99%", "achievement_rate", f"進捗率は、{NO_WAY}ため出せません。"),
    ],
)  # fmt: skip
def test_rates(ask: Ask, question: str, lead: str, operation: str, line: str) -> None:
    answer = ask(Question(question, TODAY))
    assert answer.text.lead == lead
    assert [one.operation for one in answer.computed] == [operation]
    assert line in answer.text.lines
    assert any(line.startswith("判定は「") for line in answer.text.lines)


def test_a_ranking_of_rates_names_the_year_and_the_statuses(ask: Ask) -> None:
    answer = ask(Question("達成率が高い順に2つ", TODAY))
    assert answer.text.statement == "すべての指標を、R5の達成率が大きい順に並べました。"
    assert answer.text.rows == (
        "1. 【概ね順調】朝市の出店割合  実績 98% ÷ 目標 99% ＝ 99%",
        "2. 【遅れ】灯油の使用量  目標 32 ÷ 実績 34 ＝ 94.1%",
    )
    assert [one.status for one in answer.statuses] == ["概ね順調", "遅れ"]


def test_the_pace_beside_the_pace_so_far(ask: Ask) -> None:
    answer = ask(Question("植樹の面積、R7目標まであとどれくらい、年あたりいくつ必要?", TODAY))
    assert answer.text.lead == "あと20"
    assert answer.text.lines == (
        "最新の実績はR6の 30（途中経過）、目標はR7の 50 です（50 − 30 ＝ 20）。",
        "必要なペース: 年あたり+20（（50 − 30）÷ 1年 ＝ 20）",
        "R7の目標に対する進捗率: （30 − 10）÷（50 − 10）＝ 50%",
        "これまでのペース: 年あたり+4.5（R4〜R6の実績、（30 − 21）÷ 2年 ＝ 4.5）",
        "実績どうしの計算で、見込みではありません。",
    )
    assert [(one["operation"], one["value"]) for one in to_json(answer)["computed"]] == [
        ("difference", 20),
        ("per_year", 20),
    ]


@pytest.mark.parametrize(
    ("question", "lead", "pace"),
    [
        ("灯油の使用量はR7目標まであといくつ?", "あと10", "年あたり-5（（24 − 34）÷ 2年 ＝ -5）"),
        ("渡し船の赤字額は目標に間に合いそう?", "あと210", "年あたり+105（（0 − （-210））÷ 2年 ＝ 105）"),
        ("朝市の出店割合はR7の目標まであと何ポイント?", "あと1ポイント", f"年あたり+0.5ポイント{MARKET}"),
    ],
)  # fmt: skip
def test_pace_towards_less_from_below_zero_and_to_a_limit(ask: Ask, question: str, lead: str, pace: str) -> None:
    answer = ask(Question(question, TODAY))
    assert answer.text.lead == lead
    assert f"必要なペース: {pace}" in answer.text.lines
    assert "これまでのペースは、実績が1年分なので出せません。" in answer.text.lines


def test_pace_to_a_target_that_is_met(tmp_path: Path) -> None:
    store = village(tmp_path / "shirube.db")
    record(store, ("灯油の使用量", "R5", "20", ""))
    answer = open_door(store)(Question("灯油の使用量はR7目標まであといくつ?", TODAY))
    assert answer.text.lead == "達成済み"
    assert not any("必要なペース" in line for line in answer.text.lines)


def test_no_pace_without_results(ask: Ask) -> None:
    answer = ask(Question("窯元の数はR7目標まであといくつ?", TODAY))
    assert answer.kind is Kind.NO_DATA


def test_when_a_figure_was_changed(tmp_path: Path) -> None:
    store = village(tmp_path / "shirube.db")
    ask = open_door(store)
    untouched = ask(Question("植樹の面積の目標はいつ変わった?", TODAY))
    assert untouched.text.statement == "植樹の面積の目標値は、2024年10月1日に登録されてから変わっていません。"
    assert not untouched.facts
    rows = [[cell if cell != "50" else "55" for cell in row] for row in ROWS]
    with writing(store.engine) as connection:
        late = author(datetime(2024, 10, 31, 16, tzinfo=UTC))  # the first of November in Japan
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details(title="村づくり計画"), late)
    record(store, ("植樹の面積", "R5", "27", ""), day=datetime(2024, 11, 5, tzinfo=UTC))
    changed = ask(Question("植樹の面積の目標はいつ変わった?", TODAY))
    assert changed.text.statement == "植樹の面積の目標値は、登録されてから1回変わりました。"
    assert changed.text.lines == ("・R7の目標値: 50 → 55（2024年11月1日、鈴木、計画の読み込み results.csv）",)
    assert [fact.cell.raw for fact in changed.facts] == ["55"]
    result = ask(Question("植樹の面積の実績の変更履歴を教えて", TODAY))
    assert result.text.lines == ("・R5の実績値: 26 → 27（2024年11月5日、鈴木、実績の登録 results.csv）",)

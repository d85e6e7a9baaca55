"""The status of an indicator over a plan of its own: what is said, and what stands in the JSON."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answer import Answer, Kind
from bot.answer_json import to_json
from bot.ask import Ask, open_door
from bot.question import Question
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.scale_choice import choose_scale
from data.scales import IAA
from data.store import Store

TODAY = date(2024, 11, 20)
NO_WAY = "基準値からの幅がないので、"
SCALE = "（80%以上で「概ね順調」、標準の判定基準）"
ROWS = [
    ["分野", "指標名", "基準値", "R4", "R5", "R6", "R7"],
    ["くらし", "灯油の使用量", "40", "36", "32", "28", "24"],
    ["くらし", "植樹の面積", "10", "20", "30", "40", "50"],
    ["くらし", "渡し船の赤字額", "-200", "-150", "-100", "-50", "0"],
    ["しごと", "朝市の出店割合", "99%以上", "99%以上", "99%以上", "99%以上", "99%以上"],
    ["しごと", "蛍の観測地点", "", "/", "/", "5", "6"],
]
RESULTS = [
    ("灯油の使用量", "R5", "34", ""),
    ("植樹の面積", "R4", "21", ""),
    ("植樹の面積", "R5", "26", ""),
    ("植樹の面積", "R6", "30", "R6.9月末時点"),
    ("渡し船の赤字額", "R5", "-210", ""),
    ("朝市の出店割合", "R5", "98%", ""),
    ("蛍の観測地点", "R5", "4", ""),
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    path: Path = tmp_path_factory.mktemp("judging") / "shirube.db"
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    author = Author("test", datetime.now(UTC))
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", ROWS)]), Details(title="村づくり計画"), author)
        rows = [ResultRow(line, name, "", *rest) for line, (name, *rest) in enumerate(RESULTS, 2)]
        store_results(connection, "default", rows, author)
    return open_door(Store(engine))


def _status(answer: Answer) -> list[tuple[str, str]]:
    return [(one.year.label, one.status) for one in answer.statuses]


@pytest.mark.parametrize(
    ("question", "status", "line"),
    [
        ("灯油の使用量のR5の判定は?", "遅れ", f"進捗率 ＝ （34 − 40）÷（32 − 40）＝ 75%{SCALE}"),
        ("植樹の面積はR4の目標に対して順調ですか", "達成", "実績が目標を満たしています。"),
        ("植樹の面積、R5の判定を教えて", "概ね順調", f"進捗率 ＝ （26 − 10）÷（30 − 10）＝ 80%{SCALE}"),
        ("渡し船の赤字額のR5の判定は", "後退", f"進捗率 ＝ （-210 − (-200)）÷（-100 − (-200)）＝ -10%{SCALE}"),
        ("朝市の出店割合 R5 判定は?", "概ね順調", f"{NO_WAY}達成率 ＝ 実績 98% ÷ 目標 99% ＝ 99%{SCALE}"),
        ("蛍の観測地点のR5の判定は?", "判定不可", "目標値がないため、判定できません。"),
        ("蛍の観測地点のR6の判定は?", "実績未登録", "実績がまだ登録されていません。"),
    ],
)  # fmt: skip
def test_a_status_stands_with_its_formula(ask: Ask, question: str, status: str, line: str) -> None:
    answer = ask(Question(question, TODAY))
    assert answer.text.lead == status
    assert line in answer.text.lines
    assert {fact.fiscal_year for fact in answer.facts} == {one.year for one in answer.statuses}


def test_without_a_year_the_latest_result_is_judged_and_said_to_be_under_way(ask: Ask) -> None:
    answer = ask(Question("植樹の面積の判定は?", TODAY))
    assert _status(answer) == [("R6", "遅れ")]
    assert "令和6年度の実績は途中経過です。" in answer.text.lines


def test_several_years(ask: Ask) -> None:
    answer = ask(Question("植樹の面積のR4からR7の判定", TODAY))
    assert _status(answer) == [("R4", "達成"), ("R5", "概ね順調"), ("R6", "遅れ"), ("R7", "実績未登録")]
    assert to_json(answer)["statuses"][1] == {"indicator": "植樹の面積", "period": "R5", "status": "概ね順調"}


def test_neither_target_nor_result_has_no_status(ask: Ask) -> None:
    answer = ask(Question("蛍の観測地点のR4の判定は?", TODAY))
    assert answer.kind is Kind.NO_DATA
    assert not answer.statuses


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("R5の判定が「後退」の指標は?", ["渡し船の赤字額"]),
        ("R5で遅れている指標", ["灯油の使用量"]),
        ("しごと分野でR5の判定が概ね順調の指標", ["朝市の出店割合"]),
        ("R5の判定が「判定不可」の指標を教えて", ["蛍の観測地点"]),
        ("R4の判定が「実績未登録」の指標", ["灯油の使用量", "渡し船の赤字額", "朝市の出店割合"]),
    ],
)
def test_lists_by_status(ask: Ask, question: str, names: list[str]) -> None:
    answer = ask(Question(question, TODAY))
    assert [indicator.name for indicator in answer.indicators] == names
    assert ask(Question(question.split("指標")[0] + "指標は何件?", TODAY)).count == len(names)


def test_a_summary_counts_by_status_and_names_what_to_look_at_first(ask: Ask) -> None:
    answer = ask(Question("全体の達成状況をまとめて", TODAY))
    counts = {"概ね順調": 2, "遅れ": 1, "後退": 1, "判定不可": 1}
    assert answer.status_counts == to_json(answer)["status_counts"] == counts
    assert answer.text.lead == "概ね順調 2件 ／ 遅れ 1件 ／ 後退 1件 ／ 判定不可 1件"
    assert "計画全体の令和5年度" in answer.text.statement
    assert [(one.indicator.name, one.status) for one in answer.statuses] == [
        ("渡し船の赤字額", "後退"),
        ("灯油の使用量", "遅れ"),
    ]
    assert "判定のある5指標のうち、実績が登録されているのは5指標です。" in answer.text.lines


def test_a_summary_of_an_area_and_a_year(ask: Ask) -> None:
    answer = ask(Question("くらし分野のR4の判定別の件数を教えて", TODAY))
    assert answer.status_counts == {"達成": 1, "実績未登録": 2}


def test_the_status_of_each(ask: Ask) -> None:
    answer = ask(Question("くらし分野の指標、R5の判定を一覧で", TODAY))
    assert [one.status for one in answer.statuses] == ["遅れ", "概ね順調", "後退"]


def test_nothing_to_sum_up(ask: Ask) -> None:
    assert ask(Question("天気の達成状況をまとめて", TODAY)).kind is Kind.NOT_UNDERSTOOD


def test_the_course_of_results_has_all_of_them(ask: Ask) -> None:
    answer = ask(Question("植樹の面積の実績の推移", TODAY))
    assert [(fact.measure.value, fact.cell.raw) for fact in answer.facts] == [
        ("actual", "21"),
        ("actual", "26"),
        ("actual", "30"),
    ]


def test_what_has_grown_is_told_by_results(ask: Ask) -> None:
    answer = ask(Question("植樹の面積は、昨年度は一昨年度より増えましたか?", TODAY))
    assert answer.yes is True
    assert {fact.cell.raw for fact in answer.facts} == {"21", "26"}


def test_a_scale_that_is_chosen_counts_without_a_restart(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'shirube.db'}")
    ensure_schema(engine)
    author = Author("test", datetime.now(UTC))
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", ROWS)]), Details(title="村づくり計画"), author)
        store_results(connection, "default", [ResultRow(2, "植樹の面積", "", "R5", "26", "")], author)
    ask, question = open_door(Store(engine)), Question("植樹の面積、R5の判定を教えて", TODAY)
    assert ask(question).text.lead == "概ね順調"
    with writing(engine) as connection:
        choose_scale(connection, "default", None, IAA, None, author)
    answer = ask(question)
    assert answer.text.lead == "C"
    assert any("達成率 ＝ 実績 26 ÷ 目標 30 ＝ 86.7%" in line for line in answer.text.lines)

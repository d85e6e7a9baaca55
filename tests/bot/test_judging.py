"""The status of an indicator over a plan of its own: what is said, and what stands in the JSON."""

from pathlib import Path

import pytest

from bot.answer import Answer, Kind
from bot.answer_json import to_json
from bot.ask import Ask, open_door
from bot.question import Question
from data.engine import writing
from data.scale_choice import choose_scale
from data.scales import IAA
from tests.bot.village import TODAY, author, village

KEROSENE = "進捗率 ＝ （34 − 40）÷（32 − 40）＝ 75%"
TREES = "進捗率 ＝ （26 − 10）÷（30 − 10）＝ 80%"
NO_WAY = "基準値からの幅がないので、"
SCALE = "（80%以上で「概ね順調」、標準の判定基準）"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return open_door(village(tmp_path_factory.mktemp("judging") / "shirube.db"))


def _status(answer: Answer) -> list[tuple[str, str]]:
    return [(one.year.label, one.status) for one in answer.statuses]


@pytest.mark.parametrize(
    ("question", "status", "line"),
    [
        ("灯油の使用量のR5の判定は?", "遅れ", f"{KEROSENE}{SCALE}"),
        ("植樹の面積はR4の目標に対して順調ですか", "達成", "実績が目標を満たしています。"),
        ("植樹の面積、R5の判定を教えて", "概ね順調", f"{TREES}{SCALE}"),
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
        ("R5の判定が「判定不可」の指標を教えて", ["蛍の観測地点", "①窯の数 ②窯元の数"]),
        ("R4の判定が「実績未登録」の指標", ["灯油の使用量", "渡し船の赤字額", "朝市の出店割合", "①窯の数 ②窯元の数"]),
    ],
)
def test_lists_by_status(ask: Ask, question: str, names: list[str]) -> None:
    answer = ask(Question(question, TODAY))
    assert [indicator.name for indicator in answer.indicators] == names
    assert ask(Question(question.split("指標")[0] + "指標は何件?", TODAY)).count == len(names)


def test_a_summary_counts_by_status_and_names_what_to_look_at_first(ask: Ask) -> None:
    answer = ask(Question("全体の達成状況をまとめて", TODAY))
    counts = {"概ね順調": 2, "遅れ": 1, "後退": 1, "判定不可": 2}
    assert answer.status_counts == to_json(answer)["status_counts"] == counts
    assert answer.text.lead == "概ね順調 2件 ／ 遅れ 1件 ／ 後退 1件 ／ 判定不可 2件"
    assert "計画全体の令和5年度" in answer.text.statement
    assert [(one.indicator.name, one.status) for one in answer.statuses] == [
        ("渡し船の赤字額", "後退"),
        ("灯油の使用量", "遅れ"),
    ]
    assert "目標か実績のある6指標のうち、実績が登録されているのは6指標です。" in answer.text.lines


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
    store = village(tmp_path / "shirube.db")
    ask, question = open_door(store), Question("植樹の面積、R5の判定を教えて", TODAY)
    assert ask(question).text.lead == "概ね順調"
    with writing(store.engine) as connection:
        choose_scale(connection, "default", None, IAA, None, author())
    answer = ask(question)
    assert answer.text.lead == "C"
    assert any("達成率 ＝ 実績 26 ÷ 目標 30 ＝ 86.7%" in line for line in answer.text.lines)


def test_each_measure_of_a_cell_is_judged_by_itself(ask: Ask) -> None:
    answer = ask(Question("窯の数のR5の判定は?", TODAY))
    assert answer.text.lead == "判定不可"
    first, second = (line for line in answer.text.lines if line[0] in "①②")
    assert first.startswith("① 達成: 実績 4、目標 4、基準値 2")
    assert second.startswith("② 遅れ: 実績 5、目標 6、基準値 4")
    assert "進捗率 ＝ （5 − 4）÷（6 − 4）＝ 50%" in second


@pytest.mark.parametrize(
    ("question", "yes", "lead", "line"),
    [
        ("植樹の面積はR4の目標を達成した?", True, "はい、達成です", "実績が目標を満たしています。"),
        ("灯油の使用量はR5の目標に届きましたか", False, "いいえ、遅れです", f"{KEROSENE}{SCALE}"),
        ("植樹の面積はR5の目標を達成できましたか", False, "いいえ、概ね順調です", f"{TREES}{SCALE}"),
        ("植樹の面積は目標いってる?", False, "いいえ、遅れです", "この実績は途中経過です。"),
        ("植樹の面積、昨年度は遅れていますか", False, "いいえ、概ね順調です", f"{TREES}{SCALE}"),
        ("植樹の面積はR6の目標を達成した?", False, "いいえ、遅れです", "この実績は途中経過です。"),
    ],
)  # fmt: skip
def test_whether_a_target_was_met(ask: Ask, question: str, yes: bool, lead: str, line: str) -> None:
    answer = ask(Question(question, TODAY))
    assert answer.yes is yes
    assert answer.text.lead == lead
    assert line in answer.text.lines
    assert {fact.measure.value for fact in answer.facts} == {"actual", "target"}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("遅れている指標は?", ["灯油の使用量"]),
        ("後退しているのはどれ?", ["渡し船の赤字額"]),
        ("くらし分野で順調な指標", ["植樹の面積"]),
        ("順調でない指標を教えて", ["灯油の使用量", "渡し船の赤字額"]),
        ("判定不可の指標", ["蛍の観測地点", "①窯の数 ②窯元の数"]),
        ("未達成の指標は?", ["灯油の使用量", "植樹の面積", "渡し船の赤字額", "朝市の出店割合"]),
        ("R4に達成した指標", ["植樹の面積"]),
        ("判定がCの指標", ["灯油の使用量", "植樹の面積", "朝市の出店割合"]),
    ],
)
def test_lists_go_by_the_latest_year_that_is_over(ask: Ask, question: str, names: list[str]) -> None:
    answer = ask(Question(question, TODAY))
    assert [indicator.name for indicator in answer.indicators] == names
    assert {one.indicator.name for one in answer.statuses} == set(names)
    assert {one.year.label for one in answer.statuses} == {"R4" if "R4" in question else "R5"}


def test_what_fell_back_is_told_beside_what_is_behind(ask: Ask) -> None:
    answer = ask(Question("遅れている指標は?", TODAY))
    assert "ほかに、基準値より悪くなった「後退」が1件あります。" in answer.text.lines
    assert "・【遅れ】灯油の使用量  R5の実績 34、R5の目標 32（進捗率 75%）" in answer.text.rows


def test_the_area_with_most(ask: Ask) -> None:
    answer = ask(Question("順調でない指標が一番多い分野は?", TODAY))
    assert answer.text.rows == ("・くらし  2件",)
    assert answer.count == 2

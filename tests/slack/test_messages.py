"""Answers as Slack's messages: one of each kind, and every answer of the transcripts."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Answer, Kind
from bot.ask import Ask, open_door
from bot.channels.asked import Asked, Press
from bot.channels.slack.buttons import read_value
from bot.channels.slack.charts import chart_message
from bot.channels.slack.escape import escaped
from bot.channels.slack.messages import Message, answer_message, rest_message
from bot.chart import Counts
from bot.knowledge import key_of
from bot.question import Question
from bot.turn import keeping
from data.engine import open_engine
from data.store import Store
from tests.bot.transcripts import FOLDER, Dialogue, question_of, read_dialogues
from tests.bot.village import village
from tests.slack.rendered import buttons, check, shown

TODAY = date(2024, 11, 20)
SHIPPED = list(read_dialogues(FOLDER))
VILLAGE = list(read_dialogues(FOLDER / "village"))


@pytest.fixture(scope="module")
def store(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(
        open_engine(f"sqlite:///{shutil.copy(file_with_plan, tmp_path_factory.mktemp('plan') / 'shirube.db')}")
    )


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    return open_door(store)


@pytest.fixture(scope="module")
def village_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return village(tmp_path_factory.mktemp("village") / "shirube.db")


@pytest.fixture(scope="module")
def ask_village(village_store: Store) -> Ask:
    return open_door(village_store)


def _message(ask: Ask, text: str, *, private: bool = False) -> Message:
    message = answer_message(ask(Question(text, TODAY)), Asked(text, TODAY), private=private)
    check(message)
    return message


def _kinds(form: tuple[dict[str, object], ...]) -> list[object]:
    return [block["type"] for block in form]


def test_a_value_comes_first_and_in_bold(ask: Ask) -> None:
    message = _message(ask, "マイナカード R6")
    assert message.text.startswith("ほぼ100% — 県民のマイナンバーカードの取得率、令和6年度")
    rich, classic, plain = message.forms
    assert _kinds(rich) == ["rich_text", "context", "context", "actions", "context_actions"]
    assert _kinds(classic) == ["rich_text", "context", "context", "actions"]
    assert _kinds(plain) == ["section", "actions"]
    lead, statement = rich[0]["elements"][0]["elements"]
    assert lead == {"type": "text", "text": "ほぼ100%", "style": {"bold": True}}
    assert statement["text"].startswith(" — 県民のマイナンバーカードの取得率")
    assert rich[1]["elements"][0]["text"].startswith("読み取り: 「マイナカード」")
    assert rich[2]["elements"][0]["text"].startswith("出典: 資料3-3")
    assert buttons(rich) == {"chart": "推移グラフ", "years": "他の年度", "wrong": "違う", "follow": "フォロー"}
    (feedback,) = rich[4]["elements"]
    assert (feedback["positive_button"]["value"], feedback["negative_button"]["value"]) == ("good", "bad")


def test_a_press_says_which_indicator_an_answer_is_about(ask: Ask) -> None:
    answer = ask(Question("マイナカード R6", TODAY))
    message = answer_message(answer, Asked("マイナカード R6", TODAY))
    for button in message.forms[0][3]["elements"]:
        assert read_value(button["value"]) == Press("マイナカード R6", TODAY, key_of(answer.indicators[0]))


def test_all_years_are_not_offered_again(ask: Ask) -> None:
    assert list(buttons(_message(ask, "オープンデータ閲覧件数の目標").forms[0])) == ["chart", "wrong", "follow"]


def test_what_only_the_asker_sees_can_be_shown_to_all(ask: Ask) -> None:
    message = _message(ask, "マイナカード R6", private=True)
    assert "context_actions" not in _kinds(message.forms[0])
    assert buttons(message.forms[0])["post"] == "みんなに見せる"


def test_a_title_stands_above(ask: Ask) -> None:
    message = answer_message(ask(Question("マイナカード R6", TODAY)), Asked("x", TODAY), title="質問: マイナカード R6")
    check(message)
    assert message.text.startswith("質問: マイナカード R6\nほぼ100% — ")
    assert all(shown(form).startswith("質問: マイナカード R6\nほぼ100% — ") for form in message.forms)


def test_no_data_can_be_called_wrong_but_not_judged(ask: Ask) -> None:
    message = _message(ask, "オンライン利用率のR6の実績は?")
    assert "context_actions" not in _kinds(message.forms[0])
    assert list(buttons(message.forms[0])) == ["years", "wrong", "follow"]


def test_candidates_are_buttons(ask: Ask) -> None:
    message = _message(ask, "農業先端技術の発表件数 R7")
    assert buttons(message.forms[0]) == {
        "pick:0": "1. 開発: 農業先端技術の研究開発発表件数（普及に移しうる成果数）",
        "pick:1": "2. 成果: 農業先端技術に係る研究成果発表件数（普及に移しうる成果数）",
    }
    press = read_value(message.forms[0][-1]["elements"][1]["value"])
    assert press
    picked = ask(Question(press.text, press.asked_on, picked=press.picked))
    assert picked.text.lead == "4"


@pytest.mark.parametrize(("text", "count"), [("ヘルプ", 6), ("来週の天気は?", 3)])
def test_example_questions_are_buttons_that_find_an_answer(text: str, count: int, ask: Ask) -> None:
    message = _message(ask, text)
    actions = message.forms[0][-1]["elements"]
    assert [one["action_id"] for one in actions] == [f"ask:{at}" for at in range(count)]
    for one in actions:
        press = read_value(one["value"])
        assert press
        assert press.text in message.text
        assert ask(Question(press.text, press.asked_on)).kind is Kind.ANSWER


def test_thanks_have_no_buttons(ask: Ask) -> None:
    assert [_kinds(form) for form in _message(ask, "ありがとう").forms] == [["rich_text"], ["section"]]


def test_up_to_ten_rows_are_lines_under_bold_headings(ask: Ask) -> None:
    message = _message(ask, "R7の目標が80%以上の指標")
    (head, *parts) = message.forms[0][0]["elements"]
    assert head["elements"][0]["text"] == "R7の目標値が80%以上の指標は9件です。"
    assert [part["type"] for part in parts[:2]] == ["rich_text_section", "rich_text_list"]
    assert parts[0]["elements"][0]["style"] == {"bold": True}
    assert parts[1]["elements"][0]["elements"][0]["text"] == "県及び市町村の行政手続のオンライン利用率  R7 80.0%"


def test_more_rows_are_a_table_that_turns_pages(ask: Ask) -> None:
    message = _message(ask, "伸び率の高い順に12")
    rich, classic, plain = message.forms
    table = next(block for block in rich if block["type"] == "data_table")
    assert [cell["text"] for cell in table["rows"][0]] == ["順位", "指標", "基準値", "R7 目標値", "計算", "分野"]
    assert [cell["text"] for cell in table["rows"][1]][1:5] == [
        "浜通り地域等での起業による事業化件数",
        "3",
        "43",
        "（43 − 3）÷ 3 ＝ 1,333.3%",
    ]
    assert (len(table["rows"]), table["page_size"], table["row_header_column_index"]) == (13, 10, 1)
    first = next(block for block in classic if block["type"] == "table")
    assert len(first["rows"]) == 11
    assert buttons(classic)["rest"] == "残り2件を見る"
    assert "rest" not in buttons(rich)
    assert "12. 仮想ブラウザの同時接続数" in shown(plain)


def test_the_rest_of_a_list(ask: Ask) -> None:
    answer, asked = ask(Question("伸び率の高い順に12", TODAY)), Asked("伸び率の高い順に12", TODAY)
    rest = rest_message(answer, asked)
    assert rest
    check(rest)
    assert rest.text.splitlines()[1:] == [line for line in answer.text.rows if line.startswith(("11.", "12."))]
    assert [cell["text"] for cell in rest.forms[1][1]["rows"][1]][:2] == ["11", "自動車税種別割に係る電子決済利用件数"]
    assert rest_message(ask(Question("R7の目標が80%以上の指標", TODAY)), asked) is None


def test_a_question_too_long_for_a_button_shows_all_rows(ask: Ask) -> None:
    text = "伸び率の高い順に12" + "。" * 2_000
    answer = ask(Question("伸び率の高い順に12", TODAY))
    message = answer_message(answer, Asked(text, TODAY))
    check(message)
    assert all("actions" not in _kinds(form) for form in message.forms)
    assert len(next(block for block in message.forms[1] if block["type"] == "table")["rows"]) == 13


def test_what_nobody_asked_has_no_buttons(ask: Ask) -> None:
    message = answer_message(ask(Question("伸び率の高い順に12", TODAY)), Asked("", TODAY))
    check(message)
    assert all("actions" not in _kinds(form) and "context_actions" not in _kinds(form) for form in message.forms)


def test_a_follow_up_is_not_asked_again(ask: Ask) -> None:
    asked = Asked("そのうち伸び率の高い順に12", TODAY, repeatable=False)
    message = answer_message(ask(Question("伸び率の高い順に12", TODAY)), asked, private=True)
    check(message)
    assert [list(buttons(form)) for form in message.forms] == [["wrong"]] * 3
    assert "12. 仮想ブラウザの同時接続数" in shown(message.forms[2])


def test_a_status_beside_its_figures(ask_village: Ask) -> None:
    message = _message(ask_village, "植樹の面積のR5の判定")
    assert shown(message.forms[0]).startswith("概ね順調")


def test_the_course_of_an_indicator_is_a_line_chart(ask: Ask) -> None:
    answer = ask(Question("マイナカード R6", TODAY))
    assert answer.chart
    drawn = chart_message(answer.chart)
    check(drawn.message)
    assert not drawn.needs_picture
    words, chart = drawn.message.forms[0]
    assert "R4 ほぼ100%、R5 ほぼ100%" in shown((words,))
    series = chart["chart"]["series"]
    assert [one["name"] for one in series] == ["基準値", "目標値"]
    assert {point["value"] for point in series[0]["data"]} == {37.5}
    assert _kinds(drawn.message.forms[1]) == ["rich_text", "table"]


def test_a_course_with_gaps_needs_a_picture(ask_village: Ask) -> None:
    answer = ask_village(Question("植樹の面積 R5", TODAY))
    assert answer.chart
    drawn = chart_message(answer.chart)
    check(drawn.message)
    assert drawn.needs_picture
    table = drawn.message.forms[0][1]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["年度", "目標値", "実績値"],
        ["R4", "20", "21"],
        ["R5", "30", "26"],
        ["R6", "40", "30（途中経過）"],
        ["R7", "50", "・"],
    ]


def test_counts_are_bars(ask_village: Ask) -> None:
    answer = ask_village(Question("R5の状況をまとめて", TODAY))
    assert isinstance(answer.chart, Counts)
    drawn = chart_message(answer.chart)
    check(drawn.message)
    chart = drawn.message.forms[0][1]["chart"]
    assert chart["type"] == "bar"
    assert [point["value"] for point in chart["series"][0]["data"]] == [count for _, count in answer.chart.bars]


def _played(dialogue: Dialogue, ask: Ask, store: Store) -> Iterator[tuple[Answer, Asked]]:
    ask = keeping(ask, store, log=False)
    question, answer = Question("", dialogue.turns[0].today), None
    for turn in dialogue.turns:
        question = question_of(turn, question, answer, f"slack {dialogue.title}")
        answer = ask(question)
        yield answer, Asked(question.text, question.asked_on, question.picked)


def _check_dialogue(dialogue: Dialogue, ask: Ask, store: Store) -> None:
    for answer, asked in _played(dialogue, ask, store):
        for private in (False, True):
            message = answer_message(answer, asked, private=private)
            check(message)
            assert message.text == escaped(answer.text.plain(), 12_000)
        if rest := rest_message(answer, asked):
            check(rest)
        if answer.chart:
            check(chart_message(answer.chart).message)


@pytest.mark.parametrize("dialogue", SHIPPED, ids=lambda dialogue: dialogue.title)
def test_every_answer_of_the_transcripts(dialogue: Dialogue, ask: Ask, store: Store) -> None:
    _check_dialogue(dialogue, ask, store)


@pytest.mark.parametrize("dialogue", VILLAGE, ids=lambda dialogue: dialogue.title)
def test_every_answer_of_the_village(dialogue: Dialogue, ask_village: Ask, village_store: Store) -> None:
    _check_dialogue(dialogue, ask_village, village_store)


def test_example_folder_is_there() -> None:
    assert Path(FOLDER).is_dir()
    assert SHIPPED
    assert VILLAGE

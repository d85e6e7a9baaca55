"""Answers as Teams' cards: one of each kind as a reader sees it, and every answer of the transcripts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer, Kind
from bot.ask import Ask, open_door
from bot.channels.asked import Asked, Press, asked_of
from bot.channels.teams.buttons import (
    ASK,
    BACK,
    CHART,
    PAGE,
    PICK,
    WRONG,
    YEARS,
    Action,
    read_action,
    way_back,
)
from bot.channels.teams.cards import (
    Citation,
    Reply,
    answer_reply,
    chart_reply,
    digest_reply,
    insert_card,
    note_reply,
    preview,
)
from bot.channels.teams.escape import JOINER
from bot.channels.teams.tables import PAGE as ROWS
from bot.channels.teams.tables import entries
from bot.knowledge import key_of
from bot.question import Question
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.files import read_plan_file
from data.importers.writer import Details, store_plan
from data.shipped import load_shipped_plans
from data.store import Store
from tests.bot.transcripts import FOLDER, Dialogue, question_of, read_dialogues
from tests.bot.village import village
from tests.teams.elements import actions, parts, texts
from tests.teams.rendered import check, check_card, labels, lines, untold

TODAY = date(2024, 11, 20)
SHIPPED = list(read_dialogues(FOLDER))
VILLAGE = list(read_dialogues(FOLDER / "village"))
MINISTRIES = list(read_dialogues(FOLDER / "ministries"))
_SOURCE = "出典: 資料3-3、デジタル県庁等、第4-1 市町村支援・連携 1(4) マイナンバーカードの普及促進"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('cards') / 'shirube.db'}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("test", datetime.now(UTC)))
    return Store(engine)


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    return open_door(store)


@pytest.fixture(scope="module")
def village_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return village(tmp_path_factory.mktemp("village") / "shirube.db")


@pytest.fixture(scope="module")
def ask_village(village_store: Store) -> Ask:
    return open_door(village_store)


@pytest.fixture(scope="module")
def ministries(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('ministries') / 'shirube.db'}")
    ensure_schema(engine)
    with writing(engine) as connection:
        for table in read_plan_file(FOLDER.parent / "data" / "ministries.tsv"):
            store_plan(connection, DEFAULT_ORGANISATION, table, Details(), Author("test", datetime.now(UTC)))
    return Store(engine)


def _reply(ask: Ask, text: str, page: int = 0) -> Reply:
    reply = answer_reply(ask(Question(text, TODAY)), Asked(text, TODAY), page)
    check(reply)
    return reply


def _lines(ask: Ask, text: str, page: int = 0) -> list[str]:
    return lines(_card(_reply(ask, text, page)))


def _card(reply: Reply | None) -> dict[str, Any]:
    assert reply
    assert reply.card
    return reply.card


def _pressed(card: dict[str, Any], label: str) -> Action:
    (button,) = (one for one in actions(card) if one["title"] == label)
    action = read_action(button["verb"], button["data"])
    assert action
    return action


def test_a_value_is_large_and_its_source_small(ask: Ask) -> None:
    reply = _reply(ask, "マイナカード R6")
    assert lines(_card(reply)) == [
        "# ほぼ100%",
        "県民のマイナンバーカードの取得率、令和6年度（2024年4月〜2025年3月）の目標値です。",
        "~ 読み取り: 「マイナカード」→ 県民のマイナンバーカードの取得率（別名）／R6 → 令和6年度／指定なし → 目標値",
        f"~ {_SOURCE}",
        "[推移] [他の年度] [違う]",
    ]
    said = "ほぼ100% — 県民のマイナンバーカードの取得率、令和6年度（2024年4月〜2025年3月）の目標値です。"
    assert reply.caption == f"{said} [1]"
    assert reply.citations == (Citation(1, _SOURCE.removeprefix("出典: "), said),)
    assert reply.text == ask(Question("マイナカード R6", TODAY)).text.plain()


def test_a_card_is_japanese_for_screen_readers_and_for_old_clients(ask: Ask) -> None:
    card = _card(_reply(ask, "マイナカード R6"))
    assert (card["version"], card["lang"], card["msteams"]) == ("1.5", "ja", {"width": "full"})
    assert card["speak"].startswith("ほぼ100% — 県民の")
    assert card["fallbackText"].startswith("ほぼ100% — 県民の")


def test_a_series_is_a_table_in_place_of_its_line(ask: Ask) -> None:
    assert _lines(ask, "オープンデータ閲覧件数の目標") == [
        "オープンデータ閲覧件数の目標値です。",
        "| 年度 | 基準値・目標値",
        "| 基準値 | 20,862",
        "| R4 | 23,146",
        "| R5 | 25,430",
        "| R6 | 27,714",
        "| R7 | 30,000",
        "~ 読み取り: 「オープンデータ閲覧件数」→ オープンデータ閲覧件数（正式名）／目標 → 目標値",
        "~ 出典: 資料3-3、デジタル県庁等、2 行政サービスの向上に向けた取組 2(3) オープンデータの充実",
        "[推移] [違う]",
    ]


def test_targets_and_results_are_columns(ask_village: Ask) -> None:
    assert [line for line in _lines(ask_village, "植樹の面積の目標と実績の推移") if line.startswith("|")] == [
        "| 年度 | 基準値・目標値 | 実績値",
        "| 基準値 | 10 | ",
        "| R4 | 20 | 21",
        "| R5 | 30 | 26",
        "| R6 | 40 | 30（途中経過）",
        "| R7 | 50 | ",
    ]


def test_no_table_leaves_a_figure_out(ask_village: Ask) -> None:
    said = _lines(ask_village, "植樹の面積の目標と実績")
    assert said[1] == "基準値 10 ／ 目標値 R4 20 → R5 30 → R6 40 → R7 50 ／ 実績値 R6 30"
    assert not any(line.startswith("|") for line in said)


def test_candidates_are_lines_and_buttons(ask: Ask) -> None:
    card = _card(_reply(ask, "農業先端技術の発表件数 R7"))
    assert lines(card) == [
        "どちらの指標ですか。当てはまるものが2件あります。",
        "1. 開発: 農業先端技術の研究開発発表件数（普及に移しうる成果数） — 1 震災からの復興・再生 1(3) "
        "福島イノベーション・コースト構想に基づく農業先端技術の展開",
        "2. 成果: 農業先端技術に係る研究成果発表件数（普及に移しうる成果数） — 4 産業振興 4(2)ア "
        "スマート農業の推進（ア）",
        "[1. 開発: 農業先端技術の研究開発発表件数（普及に移しうる成果数）]",
        "[2. 成果: 農業先端技術に係る研究成果発表件数（普及に移しうる成果数）]",
    ]
    action = _pressed(card, labels(card)[1])
    assert action.act == PICK
    picked = ask(Question(action.press.text, action.press.asked_on, picked=action.press.picked))
    assert picked.text.lead == "4"
    asked = Asked(action.press.text, action.press.asked_on, action.press.picked)
    assert labels(_card(answer_reply(picked, asked, back=way_back(action))))[-1] == "戻る"


def test_a_kind_of_nothing_says_which(ask: Ask) -> None:
    said = _lines(ask, "オンライン利用率のR6の実績は?")
    assert "まだ登録されていません" in said[0]
    assert said[-1] == "[他の年度] [違う]"


@pytest.mark.parametrize(("text", "count"), [("ヘルプ", 6), ("来週の天気は?", 3)])
def test_example_questions_are_buttons_that_find_an_answer(text: str, count: int, ask: Ask) -> None:
    reply = _reply(ask, text)
    pressed = [_pressed(_card(reply), label) for label in labels(_card(reply))]
    assert [one.act for one in pressed] == [ASK] * count
    assert reply.suggestions == tuple(one.press.text for one in pressed)
    assert reply.citations == ()
    for one in pressed:
        assert ask(Question(one.press.text, one.press.asked_on)).kind is Kind.ANSWER


def test_thanks_have_no_buttons(ask: Ask) -> None:
    assert _lines(ask, "ありがとう") == ["どういたしまして。"]


def test_a_list_is_a_table_under_the_headings_of_its_groups(ask: Ask) -> None:
    said = _lines(ask, "R7の目標が80%以上の指標")
    assert said[:5] == [
        "* R7の目標値が80%以上の指標は9件です。",
        "| 指標 | 内容",
        "| 2 行政サービスの向上に向けた取組 | 1件",
        "| 県及び市町村の行政手続のオンライン利用率 | R7 80.0%",
        "| 第4-1 市町村支援・連携 | 1件",
    ]
    assert said[-1] == "[違う]"


def test_names_alone_are_lines(ask: Ask) -> None:
    said = _lines(ask, "市町村支援・連携のKPIを教えて")
    assert said[1] == "・県及び市町村の行政手続のオンライン利用率"
    assert not any(line.startswith("|") for line in said)


def test_a_long_list_has_pages(ask: Ask) -> None:
    first = _card(_reply(ask, "伸び率の高い順に12"))
    said = lines(first)
    assert said[1:3] == ["1〜10件目（全12件）", "| 指標 | 内容"]
    assert said[3] == "| 1. 浜通り地域等での起業による事業化件数 | （43 − 3）÷ 3 ＝ 1,333.3%"
    assert "[次の2件]" in said
    action = _pressed(first, "次の2件")
    assert action == Action(PAGE, Press("伸び率の高い順に12", TODAY), 1)
    second = _lines(ask, "伸び率の高い順に12", action.page)
    assert second[1:3] == ["11〜12件目（全12件）", "| 指標 | 内容"]
    assert second[3].startswith("| 11. 自動車税種別割に係る電子決済利用件数 | ")
    assert "[前の10件]" in second
    assert second == _lines(ask, "伸び率の高い順に12", 99)


@pytest.mark.parametrize(
    "asked", [Asked("", TODAY), Asked("そのうち…", TODAY, repeatable=False), Asked("長" * 500, TODAY)]
)
def test_a_list_that_cannot_be_asked_again_is_shown_whole(asked: Asked, ask: Ask) -> None:
    reply = answer_reply(ask(Question("伸び率の高い順に12", TODAY)), asked)
    check(reply)
    said = "\n".join(texts(_card(reply)))
    assert "12. 仮想ブラウザの同時接続数" in said
    assert "件目" not in said


def test_what_nobody_asked_has_no_buttons(ask: Ask) -> None:
    reply = digest_reply(ask(Question("マイナカード R6", TODAY)), TODAY)
    check(reply)
    assert labels(_card(reply)) == []
    assert lines(_card(reply))[0] == "# ほぼ100%"


def test_a_digest_links_to_where_results_are_recorded(ask: Ask) -> None:
    reply = digest_reply(ask(Question("マイナカード R6", TODAY)), TODAY, "https://kpi.example.lg.jp/record")
    check(reply)
    (link,) = _card(reply)["actions"]
    assert (link["type"], link["url"]) == ("Action.OpenUrl", "https://kpi.example.lg.jp/record")


def test_an_inserted_card_has_no_buttons(ask: Ask) -> None:
    answer = ask(Question("マイナカード R6", TODAY))
    card = insert_card(answer, TODAY)
    check_card(card)
    assert labels(card) == []
    assert not untold(answer, [card])
    title, text = preview(answer)
    assert title == "県民のマイナンバーカードの取得率"
    assert text.startswith("ほぼ100% — ")


def test_the_preview_of_a_series_says_its_figures(ask: Ask) -> None:
    assert preview(ask(Question("オープンデータ閲覧件数の目標", TODAY))) == (
        "オープンデータ閲覧件数",
        "基準値 20,862 ／ R4 23,146 → R5 25,430 → R6 27,714 → R7 30,000",
    )


def test_the_course_of_an_indicator_is_a_line_chart_with_its_figures(ask: Ask) -> None:
    first = _card(_reply(ask, "マイナカード R6"))
    action = _pressed(first, "推移")
    answer = ask(Question(action.press.text, action.press.asked_on, picked=action.press.picked))
    reply = chart_reply(answer, way_back(action))
    assert reply
    check(reply)
    words, chart, *_ = _card(reply)["body"]
    assert "R4 ほぼ100%、R5 ほぼ100%" in words["inlines"][0]["text"]
    assert chart["type"] == "Chart.Line"
    assert [one["legend"] for one in chart["data"]] == ["基準値", "目標値"]
    assert [point["x"] for point in chart["data"][0]["values"]] == ["R4", "R5", "R6", "R7"]
    assert chart["fallback"]["type"] == "Table"
    back = _pressed(_card(reply), "戻る")
    assert (back.act, back.press) == (BACK, Press("マイナカード R6", TODAY))


def test_results_end_where_they_end(ask_village: Ask) -> None:
    reply = chart_reply(ask_village(Question("植樹の面積 R5", TODAY)), None)
    assert reply
    check(reply)
    chart = next(part.value for part in parts(_card(reply)) if part.kind == "Chart.Line")
    assert [point["x"] for point in chart["data"][2]["values"]] == ["R4", "R5", "R6"]
    assert chart["data"][2]["legend"] == "実績値（途中経過を含む）"


def test_a_year_without_a_figure_between_others_is_no_line(ask: Ask) -> None:
    answers = [ask(Question("", TODAY, picked=key)) for key in (f"indicator:{number}" for number in range(1, 71))]
    drawn = [reply for answer in answers if (reply := chart_reply(answer, None))]
    kinds = {part.kind for reply in drawn for part in parts(_card(reply)) if part.kind.startswith("Chart.")}
    for reply in drawn:
        check(reply)
    assert kinds <= {"Chart.Line", "Chart.VerticalBar.Grouped"}


def test_counts_are_bars(ask_village: Ask) -> None:
    answer = ask_village(Question("R5の状況をまとめて", TODAY))
    reply = chart_reply(answer, None)
    assert reply
    check(reply)
    chart = next(part.value for part in parts(_card(reply)) if part.kind.startswith("Chart."))
    assert (chart["type"], chart["showBarValues"]) == ("Chart.VerticalBar", True)
    assert [point["y"] for point in chart["data"]] == [2, 1, 1, 2]


def test_what_has_no_chart_has_none(ask: Ask) -> None:
    assert chart_reply(ask(Question("市町村支援・連携のKPIを教えて", TODAY)), None) is None


def test_a_note_is_a_card_of_one_line() -> None:
    reply = note_reply("今の計画では、この指標のグラフを描けません。")
    check(reply)
    assert lines(_card(reply)) == ["今の計画では、この指標のグラフを描けません。"]


def test_all_years_lead_back_to_the_answer_they_were_asked_from(ask: Ask) -> None:
    answer = ask(Question("マイナカード R6", TODAY))
    action = _pressed(_card(_reply(ask, "マイナカード R6")), "他の年度")
    assert action == Action(
        YEARS, Press("マイナカード R6", TODAY, key_of(answer.indicators[0])), 0, Press("マイナカード R6", TODAY)
    )
    years = ask(Question("", TODAY, picked=action.press.picked))
    reply = answer_reply(years, Asked(years.indicators[0].name, TODAY, action.press.picked), back=way_back(action))
    check(reply)
    assert lines(_card(reply))[-1] == "[推移] [違う] [戻る]"
    chart = _pressed(_card(reply), "推移")
    assert (chart.act, chart.back) == (CHART, Press("マイナカード R6", TODAY))


def test_a_follow_up_has_no_way_back(ask: Ask) -> None:
    answer = ask(Question("マイナカード R6", TODAY))
    reply = answer_reply(answer, Asked("じゃあR6は?", TODAY, repeatable=False))
    check(reply)
    assert _pressed(_card(reply), "他の年度").back is None
    assert _pressed(_card(reply), "違う").act == WRONG


def _played(dialogue: Dialogue, raw: Ask, store: Store) -> Iterator[tuple[Answer, Asked]]:
    ask = keeping(raw, store, log=False)
    question, answer = Question("", dialogue.turns[0].today), None
    for turn in dialogue.turns:
        question = question_of(turn, question, answer, f"teams {dialogue.title}")
        answer = ask(question)
        yield answer, asked_of(raw, question, answer)


def _check_dialogue(dialogue: Dialogue, ask: Ask, store: Store) -> None:
    for answer, asked in _played(dialogue, ask, store):
        pages = range(-(-len(entries(answer.text.rows)) // ROWS) or 1)
        replies = [answer_reply(answer, asked, page) for page in pages]
        for reply in replies:
            check(reply)
            assert reply.text.replace(JOINER, "") == answer.text.plain()
            _check_way_back(_card(reply), answer, ask)
        assert not untold(answer, [_card(reply) for reply in replies])
        check_card(insert_card(answer, asked.asked_on))
        if drawn := chart_reply(answer, None):
            check(drawn)


def _check_way_back(card: dict[str, Any], answer: Answer, ask: Ask) -> None:
    """「戻る」 shows the answer that the button stood under."""
    found = [read_action(one["verb"], one["data"]) for one in actions(card)]
    for back in dict.fromkeys(action.back for action in found if action and action.act in (CHART, YEARS)):
        if back:
            again = ask(Question(back.text, back.asked_on, picked=back.picked))
            assert again.text.body() == answer.text.body()


@pytest.mark.parametrize("dialogue", SHIPPED, ids=lambda dialogue: dialogue.title)
def test_every_answer_of_the_transcripts(dialogue: Dialogue, ask: Ask, store: Store) -> None:
    _check_dialogue(dialogue, ask, store)


@pytest.mark.parametrize("dialogue", VILLAGE, ids=lambda dialogue: dialogue.title)
def test_every_answer_of_the_village(dialogue: Dialogue, ask_village: Ask, village_store: Store) -> None:
    _check_dialogue(dialogue, ask_village, village_store)


@pytest.mark.parametrize("dialogue", MINISTRIES, ids=lambda dialogue: dialogue.title)
def test_every_answer_of_the_ministries(dialogue: Dialogue, ministries: Store) -> None:
    _check_dialogue(dialogue, open_door(ministries), ministries)


def test_example_folders_are_there() -> None:
    assert Path(FOLDER).is_dir()
    assert all((SHIPPED, VILLAGE, MINISTRIES))

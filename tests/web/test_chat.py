"""Questions and answers on the page, as the page's script and as a browser without it ask them."""

import re
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from data.changes import Author
from data.engine import writing
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.turns import read_unanswered
from data.votes import Votes, count_votes
from tests.web.visiting import client_of, send

COPIES = "コピー用紙のR6目標は?"


def _ask(client: TestClient, **fields: str) -> str:
    """What the page says to a question, or to a button with its fields."""
    answer = send(client, "/", "/ask", **fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def _buttons(html: str) -> dict[str, dict[str, str]]:
    """The buttons under an answer: label → the fields that its form sends."""
    found = {}
    for form in re.findall(r'<form method="post" action="/ask" data-asks>(.*?)</form>', html, re.DOTALL):
        label = re.sub(r"<[^>]+>", "", form.partition("<button")[2].partition(">")[2]).strip()
        found[label] = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        found[label].pop("token", None)
    return found


def test_an_answer_has_its_value_receipt_and_source(client: TestClient) -> None:
    html = _ask(client, text=COPIES)
    assert '<p class="lead">20万枚</p>' in html
    assert "読み取り: 「コピー用紙」" in html
    assert "出典: 資料3-3" in html
    assert {"他の年度", "違う"} <= set(_buttons(html))


def test_a_piece_for_the_script_is_no_page(client: TestClient) -> None:
    token = re.findall(r'name="token" value="([^"]+)"', client.get("/").text)[0]
    piece = client.post("/ask", data={"token": token, "text": COPIES}, headers={"shirube-fragment": "1"})
    assert piece.text.strip().startswith("<article")
    assert "20万枚" in piece.text
    assert "<html" not in piece.text


def test_what_is_asked_back_is_picked_by_a_button(client: TestClient) -> None:
    back = _ask(client, text="満足度の目標")
    assert "どちらの指標ですか" in back
    buttons = _buttons(back)
    label = next(one for one in buttons if "チャットボット満足度" in one)
    assert "チャットボット満足度" in _ask(client, **buttons[label])


def test_a_thread_goes_on_and_begins_anew(client: TestClient) -> None:
    _ask(client, text=COPIES)
    assert "12万枚" in _ask(client, text="じゃあR7は?")
    assert send(client, "/", "/new").headers["location"] == "/"
    assert "12万枚" not in _ask(client, text="じゃあR7は?")


def test_two_browsers_have_threads_of_their_own(desk: Desk) -> None:
    one, other = client_of(desk), client_of(desk)
    _ask(one, text=COPIES)
    assert "12万枚" not in _ask(other, text="じゃあR7は?")


def test_other_years_and_wrong(client: TestClient, desk: Desk) -> None:
    buttons = _buttons(_ask(client, text=COPIES))
    assert "40万枚" in _ask(client, **buttons["他の年度"])
    assert "指標の名前と年度を、もう一度入れてください" in _ask(client, **buttons["違う"])
    with desk.store.engine.connect() as connection:
        assert [(kind, text) for kind, text, _ in read_unanswered(connection, desk.organisation)] == [
            ("rejected", COPIES)
        ]


def test_examples_come_from_the_store_and_are_answered(client: TestClient) -> None:
    examples = _buttons(client.get("/").text)
    assert len(examples) >= 4
    for fields in examples.values():
        assert 'class="statement"' in _ask(client, **fields)


def test_a_list_shows_ten_rows_and_the_rest_at_a_press(client: TestClient) -> None:
    html = _ask(client, text="産業振興の指標は?")
    first, _, rest = html.partition("<details")
    assert first.count("<tr>") == 11
    assert re.search(r"残り\d+件を見る", rest)


def test_the_chart_is_the_svg_of_the_answer(client: TestClient) -> None:
    html = _ask(client, text=COPIES)
    url = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', html)[0]
    picture = client.get(url[0].replace("&amp;", "&"))
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "<svg" in picture.text
    assert "20万枚" in picture.text
    assert "基準値 40万枚" in url[1]


def test_votes_are_counted_once_a_person_and_answer(client: TestClient, desk: Desk) -> None:
    _ask(client, text=COPIES)
    for good in ("1", "0"):
        assert "記録しました" in send(client, "/", "/judge", number="1", good=good).text
    with desk.store.engine.connect() as connection:
        assert count_votes(connection, desk.organisation) == Votes(0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}",
        "\u202eR6\u2066の目標\x08\ud800".encode("utf-8", "replace").decode(),
        "あ" * 5_000,
        "",
    ],
    ids=["script", "image", "template", "bidi", "long", "empty"],
)
def test_hostile_questions_are_shown_as_text(client: TestClient, text: str) -> None:
    html = _ask(client, text=text)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "49" not in re.findall(r'<p class="asked">.*?</p>', html, re.DOTALL)[0]
    assert "\u202e" not in html
    assert len(html) < 400_000


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "pick", "picked": "indicator:999999", "text": COPIES, "on": "2024-11-20"},
        {"action": "pick", "picked": "../../etc/passwd", "text": COPIES, "on": "not a day"},
        {"action": "years", "picked": "", "text": "", "on": ""},
        {"action": "wrong", "picked": "", "text": COPIES, "on": "9999-12-31"},
        {"action": "nothing of ours", "text": COPIES},
    ],
)
def test_made_up_buttons_are_harmless(client: TestClient, fields: dict[str, str]) -> None:
    assert 'class="answer' in _ask(client, **fields)


def test_a_question_without_the_token_of_its_page_is_refused(client: TestClient, desk: Desk) -> None:
    client.get("/")
    for fields in ({"text": COPIES}, {"text": COPIES, "token": "somebody else's"}):
        assert client.post("/ask", data=fields).status_code == 403


def _record(desk: Desk, value: str) -> None:
    row = ResultRow(2, "コピー用紙購入量（本庁（知事部局））", "", "R5", value, "")
    with writing(desk.store.engine) as connection:
        store_results(connection, desk.organisation, [row], Author("test", datetime.now(UTC)))


def test_an_answer_has_a_number_that_stays(client: TestClient) -> None:
    html = _ask(client, text=COPIES)
    assert re.findall(r'href="(/a/\d+)"', html) == ["/a/1"]
    assert re.findall(r'href="(/a/\d+)"', _ask(client, text=COPIES)) == ["/a/1"]
    page = client.get("/a/1").text
    assert "20万枚" in page
    assert "そのあと、データは変わっていません。" in page
    assert COPIES in page


def test_a_kept_answer_says_when_its_figures_have_changed(client: TestClient, desk: Desk) -> None:
    _record(desk, "33万枚")
    html = _ask(client, text="コピー用紙のR5実績は?")
    number = re.findall(r'href="(/a/\d+)"', html)[0]
    other = re.findall(r'href="(/a/\d+)"', _ask(client, text=COPIES))[0]
    _record(desk, "31万枚")
    page = client.get(number).text
    assert "このあと、値が変わっています" in page
    assert "R5の実績値: 33万枚 → 31万枚" in page
    assert '<p class="lead">33万枚</p>' in page
    assert "今のデータでは: 31万枚 — コピー用紙購入量" in page
    assert "この答えは変わっていません" in client.get(other).text


def test_a_kept_count_says_when_it_would_be_another_now(client: TestClient, desk: Desk) -> None:
    html = _ask(client, text="R5の実績が登録されていない指標は何件?")
    number = re.findall(r'href="(/a/\d+)"', html)[0]
    _record(desk, "33万枚")
    page = client.get(number).text
    assert "このあと、答えが変わっています" in page
    assert re.search(r"今のデータでは: \d+件", page)


@pytest.mark.parametrize("path", ["/a/2", "/a/0", f"/a/{9:0>5000}", "/a/2/chart.svg"])
def test_a_number_that_none_has(client: TestClient, path: str) -> None:
    _ask(client, text=COPIES)
    assert client.get(path).status_code == 404


def test_samples_stand_out_and_go_away_again(client: TestClient, desk: Desk) -> None:
    question = "コピー用紙のR5実績は?"
    assert "サンプル（架空" not in _ask(client, text=question)
    assert send(client, "/", "/samples", on="1").headers["location"] == "/"
    sampled = _ask(client, text=question)
    assert "架空の実績値を表示しています" in sampled
    body = sampled.partition("<article")[2]
    assert "サンプル" in body
    assert 'href="/a/' not in body  # what is invented gets no permanent number
    chart = re.findall(r'<img src="([^"]+)"', body)[0].replace("&amp;", "&")
    assert "サンプル" in client.get(chart).text
    before = desk.store.revision(desk.organisation)
    send(client, "/", "/samples", on="0")
    assert "サンプル（架空" not in _ask(client, text=question)
    assert desk.store.revision(desk.organisation) == before


def test_a_store_that_is_away_is_said_so(client: TestClient, desk: Desk) -> None:
    client.get("/")
    with writing(desk.store.engine) as connection:
        connection.exec_driver_sql("ALTER TABLE organisation RENAME TO organisation_away")
    answer: httpx2.Response = client.get("/")
    assert answer.status_code == 503
    assert "データベースにつながりません。" in answer.text
    with writing(desk.store.engine) as connection:
        connection.exec_driver_sql("ALTER TABLE organisation_away RENAME TO organisation")
    assert client.get("/").status_code == 200

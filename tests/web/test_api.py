"""POST /api/ask: what it answers, what it refuses, and what harms nobody."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from bot.answer import Answer
from bot.channels.requests import MOST_CONTEXT
from bot.channels.terminal import answer_lines
from bot.channels.web.api import LARGEST
from bot.channels.web.desk import Desk
from bot.channels.web.settings import WebSettings
from bot.question import Question
from data.engine import open_engine
from data.store import Store
from data.turns import read_unanswered
from tests.web.visiting import NOON, client_of, desk_over

DAY = "2024-11-20"


@pytest.fixture(scope="module")
def api_desk(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests here: requests leave nothing behind that another would see."""
    path = copy(file_with_plan, tmp_path_factory.mktemp("api") / "shirube.db")
    engine = open_engine(f"sqlite:///{path}")
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture(scope="module")
def api(api_desk: Desk) -> Iterator[TestClient]:
    with client_of(api_desk) as client:
        yield client


def _ask(client: TestClient, **request: Any) -> dict[str, Any]:
    response: httpx2.Response = client.post("/api/ask", json=request)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    answer: dict[str, Any] = response.json()
    return answer


def test_answers_as_the_terminal_does(api: TestClient, api_desk: Desk) -> None:
    requests: list[dict[str, Any]] = [
        {"id": "x1", "question": "マイナンバーカードの取得率のR6目標は?"},
        {"id": 2, "question": "来年度は?", "context": ["コピー用紙", "R4は?"], "today": "2023-03-31"},
        {"id": "x3", "question": "農業先端技術の発表件数 R7", "context": None, "today": None, "plan": None},
        {"id": "x4", "question": "KPIは全部でいくつ?", "unknown": {"a": [1]}},
        {"question": "天気は?"},
    ]
    lines = [json.dumps(one) for one in requests]
    told = [json.loads(line) for line in answer_lines(api_desk.ask, lines, Question("", NOON.date()))]
    for request, expected in zip(requests, told, strict=True):
        answer = _ask(api, **request)
        assert answer.pop("elapsed_ms") > 0
        expected.pop("elapsed_ms")
        assert answer == expected
    assert [one["kind"] for one in told] == ["answer", "answer", "choose", "answer", "not_understood"]


def test_every_request_is_a_thread_of_its_own(api: TestClient, api_desk: Desk) -> None:
    assert _ask(api, question="じゃあR7は?", context=["コピー用紙 R4"])["facts"][0]["raw"] == "12万枚"
    assert _ask(api, question="じゃあR7は?")["kind"] != "answer"
    with api_desk.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conversation").scalar() == 0


def test_question_without_context_that_found_no_answer_is_logged(client: TestClient, desk: Desk) -> None:
    _ask(client, question="県庁の食堂の献立は?", today="2099-01-01")
    _ask(client, question="献立の続きは?", context=["コピー用紙"])
    _ask(client, question="ありがとう")
    with desk.store.engine.connect() as connection:
        logged = read_unanswered(connection, desk.organisation)
    assert [(text, day) for _, text, day in logged] == [("県庁の食堂の献立は?", NOON.date())]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b'{"question": "a", "b": NaN}', "JSON"),
        (b'{"question": "a", "id": ' + b"9" * 5000 + b"}", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"question": "a", "b": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "オブジェクト"),
        (b"null", "オブジェクト"),
        (b"{}", "question"),
        (b'{"question": 5}', "question"),
        (b'{"question": null}', "question"),
        (b'{"question": "\\ud83d"}', "question"),
        (b'{"question": "a", "context": "b"}', "context"),
        (b'{"question": "a", "context": ["b", 1]}', "context"),
        (b'{"question": "a", "context": ["\\udc00"]}', "context"),
        (json.dumps({"question": "a", "context": ["b"] * (MOST_CONTEXT + 1)}).encode(), f"{MOST_CONTEXT}件"),
        ('{"question": "a", "today": "きのう"}'.encode(), "2024-11-20"),
        (b'{"question": "a", "today": "2024-02-30"}', "2024-11-20"),
        (b'{"question": "a", "today": "20241120"}', "2024-11-20"),
        (b'{"question": "a", "today": "0001-01-01"}', "2024-11-20"),
        (b'{"question": "a", "today": 20241120}', "2024-11-20"),
        (b'{"question": "a", "plan": 1}', "plan"),
        (b'{"question": "a", "id": 1e999}', "id"),
        (b'{"question": "a", "id": true}', "id"),
        (b'{"question": "a", "id": "\\ud83d"}', "id"),
    ],
)
def test_what_is_no_request_is_told_what_is_wrong(api: TestClient, body: bytes, words: str) -> None:
    response = api.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert words in response.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=shift_jis"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types_are_refused(api: TestClient, headers: dict[str, str]) -> None:
    response = api.post("/api/ask", content=b'{"question": "a"}', headers=headers)
    assert response.status_code == 415
    assert "application/json" in response.json()["error"]


def test_too_much_is_refused_and_other_methods_too(api: TestClient) -> None:
    body = json.dumps({"question": "あ" * LARGEST}).encode()
    response = api.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.json()["error"]
    refused = api.get("/api/ask")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert refused.json()["error"]


@pytest.mark.parametrize("word", ["コピー用紙", "😀", "\0"])
def test_question_as_long_as_a_book_is_answered(api: TestClient, word: str) -> None:
    answer = _ask(api, question=(word * 40_000)[:40_000], id=10**4000)
    assert answer["text"]
    assert answer["id"] == 10**4000


def test_byte_order_mark_of_a_windows_client_does_no_harm(api: TestClient) -> None:
    body = '\ufeff{"question": "コピー用紙 R6"}'.encode()
    response = api.post("/api/ask", content=body, headers={"Content-Type": "application/json; charset=UTF-8"})
    assert response.json()["facts"][0]["raw"] == "20万枚"


def test_slow_question_keeps_no_other_waiting(api_desk: Desk) -> None:
    slow, reached = threading.Event(), threading.Event()

    def ask(question: Question) -> Answer:
        if question.text == "slow":
            reached.set()
            assert slow.wait(30)
        return api_desk.ask(question)

    with client_of(replace(api_desk, ask=ask)) as client:
        waiting = threading.Thread(target=lambda: _ask(client, question="slow"))
        waiting.start()
        assert reached.wait(30)
        assert _ask(client, question="コピー用紙 R6")["kind"] == "answer"
        assert waiting.is_alive()
        slow.set()
        waiting.join(30)


def test_fault_of_ours_is_told_by_a_number_and_a_store_that_is_away_as_such(
    api_desk: Desk, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(question: Question) -> Answer:
        raise RuntimeError("秘密")

    response = client_of(replace(api_desk, ask=broken)).post("/api/ask", json={"question": "a"})
    assert response.status_code == 500
    (number,) = [one.args[0] for one in caplog.records if one.args]  # type: ignore[index]
    assert str(number) in response.json()["error"]
    assert "秘密" not in response.text

    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.unlink()
    path.mkdir()  # a file that cannot be opened
    away = client_of(desk_over(Store(open_engine(sqlite_url)))).post("/api/ask", json={"question": "a"})
    assert away.status_code == 503
    assert "データベース" in away.json()["error"]


def test_nothing_is_there_for_whom_the_page_is_not_open(api_desk: Desk) -> None:
    closed = client_of(replace(api_desk, settings=WebSettings(is_loopback=False)))
    for response in (closed.post("/api/ask", json={"question": "コピー用紙 R6"}), closed.get("/openapi.json")):
        assert response.status_code == 404
        assert "用紙" not in response.text

"""What a platform asks: alive whatever the store does, ready when it answers, counted for whom may know."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import pytest
from starlette.testclient import TestClient

from bot.answer import Answer
from bot.channels.web.desk import Desk
from bot.channels.web.settings import WebSettings
from bot.question import Question
from data.engine import open_engine
from data.store import Store
from tests.web.visiting import client_of, desk_over

TOKEN = "metrics-token-of-the-tests"  # noqa: S105
#: Reached from elsewhere, where nobody can sign in.
CLOSED = WebSettings(is_loopback=False, metrics_token=TOKEN)
# Much longer than a probe waits, much shorter than a store that hangs.
HANGS = 10.0


@pytest.fixture
def held(desk: Desk) -> Iterator[tuple[Desk, threading.Event]]:
    """A desk whose questions wait until the flag is set, as on a store that hangs."""
    release = threading.Event()

    def ask(question: Question) -> Answer:
        release.wait(60)
        return desk.ask(question)

    yield replace(desk, ask=ask), release
    release.set()


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert "set-cookie" not in ready.headers


def test_health_needs_no_way_in(desk: Desk) -> None:
    closed = client_of(replace(desk, settings=CLOSED), "https://shirube.example.jp")
    assert closed.get("/").status_code == 404
    assert closed.get("/healthz").status_code == 200
    assert closed.get("/readyz").status_code == 200


def test_alive_but_not_ready_without_a_store() -> None:
    client = client_of(desk_over(Store(open_engine("postgresql://nobody:secret@127.0.0.1:1/none"))))
    assert client.get("/healthz").status_code == 200
    waiting = client.get("/readyz")
    assert (waiting.status_code, waiting.json()) == (503, {"status": "waiting", "part": "store"})


def test_store_that_hangs_is_told_in_time_and_leaves_one_thread_behind(
    held: tuple[Desk, threading.Event],
) -> None:
    desk, release = held
    with client_of(desk) as client:
        began = monotonic()
        found = [client.get("/readyz") for _ in range(2)]
        assert monotonic() - began < HANGS
        assert [(one.status_code, one.json()["part"]) for one in found] == [(503, "index")] * 2
        assert [one.name for one in threading.enumerate()].count("readiness") == 1
        assert client.get("/healthz").status_code == 200
        release.set()
        assert client.get("/readyz").status_code == 200


def test_counts_are_for_this_machine_or_for_who_has_the_token(client: TestClient, desk: Desk) -> None:
    assert client.get("/metrics").status_code == 200
    closed = client_of(replace(desk, settings=CLOSED))
    given = [{}, {"Authorization": "Bearer falsch"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer "}]
    for headers in given:
        refused = closed.get("/metrics", headers=headers)
        assert refused.status_code == 404
        assert "shirube_" not in refused.text
    assert "shirube_" in closed.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    without = client_of(replace(desk, settings=replace(CLOSED, metrics_token="")))
    assert without.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404

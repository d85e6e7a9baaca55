"""What is counted, in every channel: by kind and channel, once an answered question, with no words of anybody."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot import metrics
from bot.channels.web.desk import Desk
from bot.channels.workers import Duty, handle
from data.events import Arrival, Done, Event, Outcome, claim_event, keep_event

Counts = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def _counts() -> Counts:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def _grown(before: Counts, name: str, **labels: str) -> float:
    key = (f"shirube_{name}", tuple(sorted(labels.items())))
    return _counts().get(key, 0.0) - before.get(key, 0.0)


def test_questions_of_the_api_count_once_by_kind(client: TestClient) -> None:
    before = _counts()
    client.post("/api/ask", json={"question": "じゃあR7は?", "context": ["コピー用紙 R4"]})
    client.post("/api/ask", json={"question": "天気は?"})
    client.post("/api/ask", json={"question": "ありがとう"})
    client.post("/api/ask", json={"question": 5})
    assert _grown(before, "questions_total", channel="api", kind="answer") == 1
    assert _grown(before, "questions_total", channel="api", kind="not_understood") == 1
    assert _grown(before, "answer_seconds_count", channel="api") == 2
    assert 0 < _grown(before, "answer_seconds_sum", channel="api") < 60
    assert _grown(before, "errors_total", channel="api") == 0
    text = client.get("/metrics").text
    assert "process_resident_memory_bytes" in text
    assert "天気" not in text


@pytest.mark.parametrize(
    ("done", "kinds", "errors"),
    [
        (Done(Outcome.ANSWERED, "コピー用紙", "20万枚", answer_kind="answer"), 1, 0),
        (Done(Outcome.ANSWERED), 0, 0),  # a pressed button that asked nothing
        (Done(Outcome.SILENT), 0, 0),
        (Done(Outcome.FAILED), 0, 1),
        (None, 0, 1),
    ],
)
def test_events_of_a_channel_count_when_they_are_done(desk: Desk, done: Done | None, kinds: int, errors: int) -> None:
    now, engine = datetime.now(UTC), desk.store.engine
    keep_event(engine, desk.organisation, Arrival("slack", "Ev1", "C1", "question", {}), now - timedelta(seconds=2))
    event = claim_event(engine, "slack", [desk.organisation], "worker", now)
    assert event

    def answer(event: Event, now: datetime) -> Done:
        if done is None:
            raise RuntimeError("Slack")
        return done

    before = _counts()
    handle(Duty("slack", desk.store, [desk.organisation], answer, lambda event, error, now: "failed"), event)
    assert _grown(before, "questions_total", channel="slack", kind="answer") == kinds
    assert _grown(before, "answer_seconds_count", channel="slack") == kinds
    assert _grown(before, "answer_seconds_bucket", channel="slack", le="1.0") == 0  # it had waited for two
    assert _grown(before, "answer_seconds_bucket", channel="slack", le="+Inf") == kinds
    assert _grown(before, "errors_total", channel="slack") == errors


def test_workers_for_some_kinds_leave_the_others(desk: Desk) -> None:
    now, engine = datetime.now(UTC), desk.store.engine
    for kind in ("question", "post"):
        keep_event(engine, desk.organisation, Arrival("slack", kind, kind, kind, {}), now)
    claimed = claim_event(engine, "slack", [desk.organisation], "worker", now, ("post",))
    assert claimed
    assert claimed.kind == "post"
    assert claim_event(engine, "slack", [desk.organisation], "worker", now, ("post",)) is None

"""What is forgotten in time and what never is, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import lock_organisation
from data.engine import writing
from data.retention import Forgotten, forget
from data.store import Store
from data.turns import Turn, keep_turn, read_unanswered
from tests.data.stores import count_rows, load

# 00:30 on 2 December in Japan.
NOW = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
TODAY = date(2026, 12, 2)


def _asked(engine: sa.Engine, text: str, day: date, organisation: str = "default") -> None:
    keep_turn(engine, organisation, Turn(day, unanswered=(("not_understood", text),)))


def _event(engine: sa.Engine, key: str, received: datetime, finished: datetime | None) -> None:
    with writing(engine) as connection:
        values = {
            "organisation_id": lock_organisation(connection, "default"),
            "channel": "slack",
            "key": key,
            "lane": "C1",
            "kind": "mention",
            "person": "slack:U1",
            "body": {},
            "received_at": received,
            "due_at": received,
            "attempts": 1,
            "finished_at": finished,
            "outcome": "answered" if finished else None,
            "question": "待機児童数は?" if finished else "",
            "reply": "5人" if finished else "",
        }
        connection.execute(sa.insert(t.events).values(values))


def _keys(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(t.events.c.key).order_by(t.events.c.id)).scalars())


def test_questions_of_every_organisation_are_forgotten_in_time(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    for organisation in ("default", "県"):
        _asked(engine, "古い質問", TODAY - timedelta(days=31), organisation)
        _asked(engine, "まだの質問", TODAY - timedelta(days=30), organisation)
    assert forget(engine, NOW, 30) == Forgotten(questions=2, events=0, threads=0)
    with engine.connect() as connection:
        for organisation in ("default", "県"):
            assert [text for _, text, _ in read_unanswered(connection, organisation)] == ["まだの質問"]
    assert forget(engine, NOW, 30) == Forgotten(0, 0, 0)
    assert count_rows(engine, t.plans, t.figures, t.changes) == [1, 1, 1]


def test_finished_events_are_forgotten_and_no_others(engine: sa.Engine) -> None:
    first = MIDNIGHT - timedelta(days=90)
    second = timedelta(seconds=1)
    _event(engine, "old", first - timedelta(days=9), first - second)
    _event(engine, "finished in time", first - timedelta(days=9), first)
    _event(engine, "waits for a year", first - timedelta(days=365), None)
    _event(engine, "new", NOW, NOW)
    assert forget(engine, NOW, 90) == Forgotten(questions=0, events=1, threads=0)
    assert _keys(engine) == ["finished in time", "waits for a year", "new"]


@pytest.mark.parametrize(("kept_days", "remembered"), [(1, ["t1"]), (3, ["t1", "t3"]), (4, ["t1", "t3", "t4"])])
def test_threads_are_remembered_for_as_long_as_is_set(kept_days: int, remembered: list[str], engine: sa.Engine) -> None:
    store = Store(engine, kept_days)
    days = {"t1": 1, "t3": 3, "t4": 4}
    for thread, ago in days.items():
        keep_turn(engine, "default", Turn(TODAY - timedelta(days=ago), ((thread, {"targets": [thread]}),)), 9)
    found = [thread for thread in days if store.recall("default", thread, TODAY)]
    assert found == remembered
    assert forget(engine, NOW, 90, kept_days).threads == len(days) - len(remembered)
    assert [thread for thread in days if Store(engine, 9).recall("default", thread, TODAY)] == remembered


def test_turn_forgets_the_threads_whose_time_is_over(engine: sa.Engine) -> None:
    for thread, ago in (("t3", 3), ("t2", 2)):
        keep_turn(engine, "default", Turn(TODAY - timedelta(days=ago), ((thread, {"targets": []}),)), 2)
    keep_turn(engine, "default", Turn(TODAY, (("t0", {"targets": []}),)), 2)
    with engine.connect() as connection:
        threads = sa.select(t.conversations.c.thread).order_by(t.conversations.c.day)
        assert list(connection.execute(threads).scalars()) == ["t2", "t0"]

"""Events kept until they are done with: once each, in the order of their lane, whoever is at it; on both databases."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
import sqlalchemy as sa

from data import tables as t
from data.engine import is_store_fault, migrate, open_engine
from data.events import (
    LEASE,
    PACE,
    Arrival,
    Asked,
    Done,
    Event,
    Outcome,
    TakenOver,
    claim_event,
    finish_event,
    hold_claim,
    is_waiting,
    keep_event,
    latest_asked,
    put_off,
    renew_claim,
)
from data.store import Store
from data.turns import Turn

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MENTION = Arrival("slack", "Ev1", "C1", "question", {"text": "コピー用紙 R6"}, "slack:U1")
ANSWERED = Done(Outcome.ANSWERED, "コピー用紙 R6", "20万枚")


def _keep(engine: sa.Engine, *keys: str, lane: str = "C1", at: datetime = NOW) -> None:
    for key in keys:
        assert keep_event(engine, "default", replace(MENTION, key=key, lane=lane), at)


def _claim(engine: sa.Engine, worker: str = "a", now: datetime = NOW) -> Event | None:
    return claim_event(engine, "slack", ["default", "みどり市"], worker, now)


def _claimed(engine: sa.Engine, worker: str = "a", now: datetime = NOW) -> Event:
    event = _claim(engine, worker, now)
    assert event
    return event


def test_event_is_kept_once_however_often_it_is_delivered(engine: sa.Engine) -> None:
    assert keep_event(engine, "default", MENTION, NOW)
    assert not keep_event(engine, "default", MENTION, NOW + timedelta(minutes=5))
    event = _claimed(engine)
    assert finish_event(engine, event, ANSWERED, NOW)
    assert not keep_event(engine, "default", MENTION, NOW + timedelta(minutes=6))
    assert _claim(engine, now=NOW + timedelta(hours=1)) is None


def test_claimed_event_comes_with_all_that_was_kept(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    assert _claimed(engine) == Event(
        1, "Ev1", "C1", "question", "slack:U1", "default", {"text": "コピー用紙 R6"}, NOW, NOW, 1, "a"
    )


def test_organisation_comes_into_being_with_its_first_event(engine: sa.Engine) -> None:
    assert keep_event(engine, "みどり市", MENTION, NOW)
    assert _claimed(engine).organisation == "みどり市"


def test_worker_claims_events_of_its_own_organisations_alone(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    assert claim_event(engine, "slack", ["みどり市"], "a", NOW) is None
    assert claim_event(engine, "slack", ["みどり市", "default"], "a", NOW)


def test_claim_is_held_until_another_takes_it_over(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    event = _claimed(engine, "a")
    hold_claim(engine, event, NOW + LEASE / 2)
    assert _claim(engine, "b", NOW + LEASE) is None  # the lease has begun anew
    assert _claim(engine, "b", NOW + LEASE * 1.5)
    with pytest.raises(TakenOver):
        hold_claim(engine, event, NOW + LEASE * 1.5)


def test_same_key_of_another_channel_is_another_event(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    assert keep_event(engine, "default", replace(MENTION, channel="teams"), NOW)
    assert _claim(engine)
    assert _claim(engine) is None


def test_event_is_one_workers_until_its_lease_ends(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    first = _claimed(engine, "a")
    assert _claim(engine, "b", NOW + LEASE - timedelta(seconds=1)) is None
    second = _claimed(engine, "b", NOW + LEASE)
    assert second.attempts == 2
    assert not finish_event(engine, first, ANSWERED, NOW + LEASE)
    assert not renew_claim(engine, first, NOW + LEASE)
    assert not put_off(engine, first, NOW + LEASE)
    assert finish_event(engine, second, ANSWERED, NOW + LEASE)


def test_renewed_claim_lasts_longer(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    event = _claimed(engine)
    assert renew_claim(engine, event, NOW + LEASE / 2)
    assert _claim(engine, "b", NOW + LEASE) is None
    assert _claim(engine, "b", NOW + LEASE * 1.5)


def test_lane_is_answered_in_its_order_one_a_second(engine: sa.Engine) -> None:
    _keep(engine, "Ev1", "Ev2")
    _keep(engine, "Ev3", lane="C2")
    first = _claimed(engine)
    assert _claimed(engine, "b").key == "Ev3"  # the other lane need not wait
    assert _claim(engine, "c") is None
    finish_event(engine, first, ANSWERED, NOW)
    assert _claim(engine, "c", NOW + PACE - timedelta(milliseconds=1)) is None
    assert _claimed(engine, "c", NOW + PACE).key == "Ev2"


def test_silence_takes_no_time_of_its_lane(engine: sa.Engine) -> None:
    _keep(engine, "Ev1", "Ev2")
    finish_event(engine, _claimed(engine), Done(Outcome.SILENT), NOW)
    assert _claimed(engine).key == "Ev2"


def test_event_that_was_put_off_keeps_its_place_in_the_lane(engine: sa.Engine) -> None:
    _keep(engine, "Ev1", "Ev2")
    assert put_off(engine, _claimed(engine), NOW + timedelta(seconds=5))
    assert _claim(engine, now=NOW + timedelta(seconds=4)) is None
    assert _claimed(engine, now=NOW + timedelta(seconds=5)).key == "Ev1"


def test_finished_event_is_emptied_and_keeps_its_turn(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    turn = Turn(date(2026, 11, 24), (("slack:C1:1", {"targets": ["indicator:1"]}),), (("choose", "アプリ"),))
    finish_event(engine, _claimed(engine), replace(ANSWERED, turn=turn), NOW)
    with engine.connect() as connection:
        assert connection.execute(sa.select(t.events.c.body)).scalar_one() == {}
        assert connection.execute(sa.select(t.unanswered.c.text)).scalar_one() == "アプリ"
    assert Store(engine).recall("default", "slack:C1:1", turn.asked_on) == {"targets": ["indicator:1"]}


def test_turn_of_an_event_that_another_took_over_is_not_kept(engine: sa.Engine) -> None:
    _keep(engine, "Ev1")
    late = _claimed(engine, "a")
    _claimed(engine, "b", NOW + LEASE)
    turn = Turn(date(2026, 11, 24), unanswered=(("choose", "アプリ"),))
    assert not finish_event(engine, late, replace(ANSWERED, turn=turn), NOW + LEASE)
    with engine.connect() as connection:
        assert connection.execute(sa.select(t.unanswered.c.text)).all() == []


def test_latest_asked_are_of_the_person_alone_and_newest_first(engine: sa.Engine) -> None:
    _keep(engine, "Ev1", "Ev2", lane="C1")
    keep_event(engine, "default", replace(MENTION, key="Ev3", lane="C3", person="slack:U2"), NOW)
    later = NOW
    while event := _claim(engine, now=later):
        finish_event(engine, event, replace(ANSWERED, question=event.key), later)
        later += PACE
    with engine.connect() as connection:
        assert latest_asked(connection, "default", "slack:U1", 5) == [
            Asked("Ev2", "20万枚", NOW),
            Asked("Ev1", "20万枚", NOW),
        ]
        assert latest_asked(connection, "default", "slack:U1", 1) == [Asked("Ev2", "20万枚", NOW)]
        assert latest_asked(connection, "別の組織", "slack:U1", 1) == []


def test_waiting_lane_is_known(engine: sa.Engine) -> None:
    assert not is_waiting(engine, "slack", "C1")
    _keep(engine, "Ev1")
    assert is_waiting(engine, "slack", "C1")
    finish_event(engine, _claimed(engine), ANSWERED, NOW)
    assert not is_waiting(engine, "slack", "C1")


def test_threads_answer_each_event_once(engine: sa.Engine) -> None:
    for number in range(60):
        _keep(engine, f"Ev{number}", lane=f"C{number}")

    def work(worker: str) -> list[str]:
        done = []
        while event := _claim(engine, worker):
            assert finish_event(engine, event, ANSWERED, NOW)
            done.append(event.key)
        return done

    with ThreadPoolExecutor(6) as pool:
        counts = Counter(key for done in pool.map(work, "abcdef") for key in done)
    assert counts == Counter({f"Ev{number}": 1 for number in range(60)})


_KEEPER = """
import sys
from datetime import UTC, datetime
from data.engine import open_engine
from data.events import Arrival, keep_event
engine = open_engine(sys.argv[1])
arrivals = [Arrival("slack", f"Ev{n}", "C1", "question", {}) for n in range(40)]
print(sum(keep_event(engine, "default", arrival, datetime.now(UTC)) for arrival in arrivals))
"""


def test_processes_keep_each_event_once(empty_database: str) -> None:
    migrate(open_engine(empty_database))
    command = [sys.executable, "-c", _KEEPER, empty_database]
    runs = [subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, cwd=ROOT) for _ in range(4)]
    outputs = [run.communicate(timeout=120) for run in runs]
    assert sum(int(out or -1000) for out, _ in outputs) == 40, [error for _, error in outputs]


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"])
def test_store_that_is_away_is_told_from_a_fault_of_ours(url: str) -> None:
    with pytest.raises(Exception, match=r"\w") as caught:
        keep_event(open_engine(url), "default", MENTION, NOW)
    assert is_store_fault(caught.value)
    assert not is_store_fault(KeyError("text"))

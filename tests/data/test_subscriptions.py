"""Subscriptions, and digests claimed by several workers at once, on both databases."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.digests import LEASE, Claim, Outcome, Told, claim_digest, finish_digest, renew_claim
from data.engine import open_engine, writing
from data.store import Store
from data.subscriptions import (
    DigestKind,
    Rhythm,
    Subscription,
    Wish,
    add_subscription,
    end_subscription,
    read_subscriptions,
)
from tests.data.stores import count_rows, load, record

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
DUE = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
AUTHOR = Author("佐藤", datetime(2026, 11, 2, tzinfo=UTC))
WISH = Wish("terminal", "財政課", DigestKind.SUMMARY, "4 産業振興", Rhythm.MONTHLY, 9)


def _subscribe(engine: sa.Engine, wish: Wish = WISH, organisation: str = "default") -> int:
    with writing(engine) as connection:
        return add_subscription(connection, organisation, wish, AUTHOR)


def _end(engine: sa.Engine, number: int, organisation: str = "default") -> None:
    with writing(engine) as connection:
        end_subscription(connection, organisation, number, AUTHOR)


def _subscriptions(engine: sa.Engine, organisation: str = "default") -> list[Subscription]:
    with engine.connect() as connection:
        return read_subscriptions(connection, organisation)


def _claim(engine: sa.Engine, number: int, worker: str = "a", now: datetime = NOW, due: datetime = DUE) -> Claim | None:
    return claim_digest(engine, number, due, worker, now)


# Subscriptions


def test_subscription_is_kept_with_who_made_it(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    assert _subscriptions(engine) == [Subscription(number, WISH, "佐藤", AUTHOR.at, None)]
    assert _subscriptions(engine, "ほか") == []
    with engine.connect() as connection:
        assert connection.execute(sa.select(t.changes.c.kind)).scalars().all() == ["subscribe"]


def test_same_wish_is_taken_once(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    with pytest.raises(ValueError, match=f"同じ購読がもうあります（番号{number}）"):
        _subscribe(engine)
    assert _subscribe(engine, replace(WISH, rhythm=Rhythm.WEEKLY)) != number
    assert _subscribe(engine, organisation="ほか") != number
    assert count_rows(engine, t.subscriptions, t.changes) == [3, 3]


def test_subscription_that_has_ended_can_be_made_again(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    _end(engine, number)
    assert _subscriptions(engine) == []
    again = _subscribe(engine)
    assert [one.id for one in _subscriptions(engine)] == [again]
    assert count_rows(engine, t.subscriptions, t.changes) == [2, 3]


def test_only_one_s_own_subscription_can_be_ended(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    for organisation, wrong in (("ほか", number), ("default", number + 1), ("default", -1)):
        with pytest.raises(ValueError, match=f"番号{wrong}の購読はありません"):
            _end(engine, wrong, organisation)
    _end(engine, number)
    with pytest.raises(ValueError, match="の購読はありません"):
        _end(engine, number)
    assert count_rows(engine, t.changes) == [2]


@pytest.mark.parametrize("recipient", ["", "　", "a\nb", "\x1b[2J", "a\x00b", "a\u202eb", "\u200b", "あ" * 201])
def test_recipient_that_cannot_be_shown(recipient: str, engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="宛先は200字までの名前"):
        _subscribe(engine, replace(WISH, recipient=recipient))
    assert count_rows(engine, t.subscriptions, t.changes) == [0, 0]


@pytest.mark.parametrize("recipient", ["=cmd|' /C calc'!A0", "'; DROP TABLE digest; --", "<!channel>", "%s{0}"])
def test_recipient_is_kept_as_it_is(recipient: str, engine: sa.Engine) -> None:
    _subscribe(engine, replace(WISH, recipient=recipient, scope=recipient))
    (kept,) = _subscriptions(engine)
    assert (kept.wish.recipient, kept.wish.scope) == (recipient, recipient)


@pytest.mark.parametrize("hour", [-1, 24])
def test_hour_that_is_none(hour: int, engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="0〜23"):
        _subscribe(engine, replace(WISH, hour=hour))


# Claims


def test_digest_is_claimed_and_finished_once(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    claim = _claim(engine, number)
    assert claim == Claim(number, DUE, "a", None)
    assert claim.key == f"{number}:20261201T0000Z"
    assert _claim(engine, number, "b") is None
    assert finish_digest(engine, claim, Outcome.DELIVERED, 7, NOW)
    assert not finish_digest(engine, claim, Outcome.DELIVERED, 7, NOW)
    assert _claim(engine, number, "b", NOW + 9 * LEASE) is None
    assert _subscriptions(engine)[0].last_due == DUE


def test_next_digest_knows_the_last_one_that_was_delivered(engine: sa.Engine) -> None:
    number, day = _subscribe(engine), timedelta(days=1)
    for at, outcome in enumerate((Outcome.SKIPPED, Outcome.DELIVERED, Outcome.SKIPPED)):
        claim = _claim(engine, number, due=DUE + at * day)
        assert claim
        assert claim.last == (Told(NOW + day, 11) if at == 2 else None)
        finish_digest(engine, claim, outcome, 10 + at, NOW + at * day)
    last = _claim(engine, number, due=DUE + 3 * day)
    assert last
    assert last.last == Told(NOW + day, 11)


def test_claim_lapses_after_the_lease_and_the_old_worker_is_out(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    old = _claim(engine, number, "old")
    assert old
    assert _claim(engine, number, "new", NOW + LEASE - timedelta(seconds=1)) is None
    assert renew_claim(engine, old, NOW + timedelta(minutes=5))
    assert _claim(engine, number, "new", NOW + LEASE) is None
    new = _claim(engine, number, "new", NOW + timedelta(minutes=5) + LEASE)
    assert new
    assert not renew_claim(engine, old, NOW + 2 * LEASE)
    assert not finish_digest(engine, old, Outcome.DELIVERED, 1, NOW + 2 * LEASE)
    assert new.key == old.key
    assert finish_digest(engine, new, Outcome.DELIVERED, 1, NOW + 2 * LEASE)


def test_eight_workers_claim_each_of_twenty_digests_once(engine: sa.Engine) -> None:
    numbers = [_subscribe(engine, replace(WISH, recipient=f"課{at}")) for at in range(20)]

    def work(token: str) -> list[str]:
        claims = [claim for number in numbers if (claim := _claim(engine, number, token))]
        return [claim.key for claim in claims if finish_digest(engine, claim, Outcome.DELIVERED, 1, NOW)]

    with ThreadPoolExecutor(8) as pool:
        handed = Counter(key for keys in pool.map(work, "abcdefgh") for key in keys)
    assert len(handed) == 20
    assert set(handed.values()) == {1}
    assert count_rows(engine, t.digests) == [20]


def test_eight_workers_take_over_a_lapsed_claim_once(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    assert _claim(engine, number, "dead")
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda token: _claim(engine, number, token, NOW + LEASE), "abcdefgh"))
    assert sum(claim is not None for claim in claims) == 1


_WORKER = """
import sys, time
from datetime import UTC, datetime
from secrets import token_hex
from data.digests import Outcome, claim_digest, finish_digest
from data.engine import open_engine

url, numbers, dies = sys.argv[1], range(1, int(sys.argv[2]) + 1), sys.argv[3] == "dies"
now = due = datetime(2026, 12, 1, tzinfo=UTC)
engine = open_engine(url)
with engine.connect():
    print("ready", flush=True)
sys.stdin.readline()
for number in numbers:
    claim = claim_digest(engine, number, due, token_hex(8), now)
    if claim:
        print(claim.key, flush=True)
        if dies:
            time.sleep(60)
        assert finish_digest(engine, claim, Outcome.DELIVERED, 1, now)
"""


def _start(engine: sa.Engine, numbers: int, how: str = "works") -> "subprocess.Popen[str]":
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _WORKER, url, str(numbers), how]
    worker = subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
    assert worker.stdout
    assert worker.stdout.readline() == "ready\n"
    return worker


def test_four_processes_hand_out_each_of_twenty_digests_once(engine: sa.Engine) -> None:
    for at in range(20):
        _subscribe(engine, replace(WISH, recipient=f"課{at}"))
    workers = [_start(engine, 20) for _ in range(4)]
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
    handed = Counter(key for worker in workers for key in worker.communicate(timeout=60)[0].split())
    assert [worker.returncode for worker in workers] == [0] * 4
    assert len(handed) == 20
    assert set(handed.values()) == {1}


def test_worker_that_is_killed_is_followed_by_another(engine: sa.Engine) -> None:
    number = _subscribe(engine)
    worker = _start(engine, number, "dies")
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write("\n")
    worker.stdin.flush()
    key = worker.stdout.readline().strip()
    worker.kill()
    worker.communicate()
    restarted = open_engine(engine.url.render_as_string(hide_password=False))
    assert _claim(restarted, number, "next", DUE + LEASE / 2) is None
    claim = _claim(restarted, number, "next", DUE + LEASE)
    assert claim
    assert claim.key == key
    assert finish_digest(restarted, claim, Outcome.DELIVERED, 1, DUE + LEASE)
    restarted.dispose()


# What stood at an earlier revision


def test_figures_as_of_an_earlier_revision(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4 | R5", "X | 5 | 6", "Y | 1 | 2")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 4")
    before = store.revision("default")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 5")
    load(engine, "指標名 | R4 | R5", "X | 5 | 7", "Z | 3 | 4")
    then, now = store.catalogue("default", before), store.catalogue("default")
    assert [one.name for one in now.indicators] == ["X", "Z"]
    assert {one.name for one in then.indicators} == {"X", "Y", "Z"}
    raw = [(fact.indicator.name, fact.cell.raw) for fact in store.facts(then.indicators, before)]
    assert sorted(raw) == [("X", "4"), ("X", "5"), ("X", "6"), ("Y", "1"), ("Y", "2")]
    assert [fact.cell.raw for fact in store.facts(now.indicators[:1])] == ["5", "7", "5"]

"""What the store tells of a load: which worker has claimed what, what was taken over, what is still to be done."""

import time
from collections import Counter
from collections.abc import Callable, Collection

import sqlalchemy as sa

from data import tables as t
from data.engine import open_engine

_e = t.events.c
_SETTLED = 40.0  # so long is waited after the last event: more than a lease and a queue behind it
_BUSY = 10.0


def kill_at_work(database: str, keys: Collection[str], kill: Callable[[], None]) -> None:
    """Kills a worker as soon as it has an event under way; `keys` are of events that were delivered to it, most of
    which it has claimed."""
    engine = open_engine(database)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        claims = connection.execute(sa.select(_e.claimed_by).where(_e.key.in_(keys))).scalars()
        ((worker, _),) = Counter(claims).most_common(1)
        busy = sa.select(_e.id).where(_e.claimed_by == worker, _e.finished_at.is_(None))
        end = time.monotonic() + _BUSY
        while connection.execute(busy).first() is None:
            assert time.monotonic() < end, "the worker never had anything to do"
            time.sleep(0.002)
        kill()
    engine.dispose()


def await_end(database: str, seconds: float = _SETTLED) -> None:
    """Waits until all events are done with or the time is over, and a little for what should not be posted any more."""
    engine, end = open_engine(database), time.monotonic() + seconds
    waiting = sa.select(_e.id).where(_e.finished_at.is_(None))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(waiting).first() is not None and time.monotonic() < end:
            time.sleep(0.05)
    engine.dispose()
    time.sleep(1.5)


def taken_over_in(database: str) -> dict[str, float]:
    """The events that a second worker had to take up, by their keys, with the moment (time.monotonic()) at which their
    lanes were free again."""
    engine = open_engine(database)
    ran = time.time() - time.monotonic()
    with engine.connect() as connection:
        query = sa.select(_e.key, _e.finished_at).where(_e.attempts > 1)
        found = {row.key: row.finished_at.timestamp() - ran for row in connection.execute(query) if row.finished_at}
    engine.dispose()
    return found

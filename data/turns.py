"""What is kept of a turn: the memory of its thread, and the question if it found no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from data import tables as t
from data.engine import writing

State = Mapping[str, Sequence[str | int]]

#: A thread is remembered on the day of its last question and on so many days after it, where nothing else is set.
KEPT_DAYS = 1

_c, _o = t.conversations.c, t.organisations.c
_RECALL = (
    sa.select(_c.state)
    .join(t.organisations, _c.organisation_id == _o.id)
    .where(
        _o.name == sa.bindparam("organisation"),
        _c.thread == sa.bindparam("thread"),
        _c.day >= sa.bindparam("since"),
    )
)


def recall(
    connection: sa.Connection, organisation: str, thread: str, asked_on: date, kept_days: int = KEPT_DAYS
) -> State | None:
    """What the thread remembers, None for a new one and for one whose last question is more than so many days ago."""
    since = asked_on - timedelta(days=kept_days)
    parameters = {"organisation": organisation, "thread": thread, "since": since}
    state: State | None = connection.execute(_RECALL, parameters).scalar()
    return state


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be kept of a question and its answer, asked on a day: `memories` are (thread, state), `unanswered` are
    (kind, text) of questions that found no answer or a wrong one."""

    asked_on: date
    memories: tuple[tuple[str, State], ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()


def keep_turn(engine: sa.Engine, organisation: str, turn: Turn, kept_days: int = KEPT_DAYS) -> None:
    """Writes a turn in one transaction and forgets the threads whose time is over; an empty turn writes nothing."""
    if turn.memories or turn.unanswered:
        with writing(engine) as connection:
            forget_threads(connection, turn.asked_on, kept_days)
            write_turn(connection, organisation, turn)


def forget_threads(connection: sa.Connection, today: date, kept_days: int = KEPT_DAYS) -> int:
    """Forgets every thread whose last question is more than so many days ago; gives their number."""
    return connection.execute(sa.delete(t.conversations).where(_c.day < today - timedelta(days=kept_days))).rowcount


def write_turn(connection: sa.Connection, organisation: str, turn: Turn) -> None:
    """Writes a turn in the caller's transaction; what is to be forgotten is left to data/retention.py."""
    organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar()
    if organisation_id is None:
        return
    for thread, state in turn.memories:
        own = sa.and_(_c.organisation_id == organisation_id, _c.thread == thread)
        connection.execute(sa.delete(t.conversations).where(own))
        kept = {"organisation_id": organisation_id, "thread": thread, "day": turn.asked_on, "state": dict(state)}
        connection.execute(sa.insert(t.conversations).values(kept))
    for kind, text in turn.unanswered:
        question = {"organisation_id": organisation_id, "day": turn.asked_on, "kind": kind, "text": text}
        connection.execute(sa.insert(t.unanswered).values(question))


def read_unanswered(connection: sa.Connection, organisation: str) -> list[tuple[str, str, date]]:
    """(kind, text, day) of every question that found no answer, oldest first."""
    u = t.unanswered.c
    query = (
        sa.select(u.kind, u.text, u.day)
        .join(t.organisations, u.organisation_id == _o.id)
        .where(_o.name == organisation)
        .order_by(u.id)
    )
    return [(row.kind, row.text, row.day) for row in connection.execute(query)]

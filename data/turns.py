"""What is kept of a turn: the memory of its thread, and the question if it found no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from data import tables as t
from data.engine import writing

State = Mapping[str, Sequence[str | int]]

#: A thread is remembered on the day of its last question and on the next.
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


def recall(connection: sa.Connection, organisation: str, thread: str, asked_on: date) -> State | None:
    """What the thread remembers, None for a new or a forgotten one."""
    since = asked_on - timedelta(days=KEPT_DAYS)
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


def keep_turn(engine: sa.Engine, organisation: str, turn: Turn) -> None:
    """Writes a turn in one transaction and forgets the threads whose time is over; an empty turn writes nothing."""
    if turn.memories or turn.unanswered:
        with writing(engine) as connection:
            write_turn(connection, organisation, turn)


def write_turn(connection: sa.Connection, organisation: str, turn: Turn) -> None:
    """Writes a turn in the caller's transaction."""
    organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar()
    if organisation_id is None:
        return
    for thread, state in turn.memories:
        own = sa.and_(_c.organisation_id == organisation_id, _c.thread == thread)
        old = _c.day < turn.asked_on - timedelta(days=KEPT_DAYS)
        connection.execute(sa.delete(t.conversations).where(sa.or_(own, old)))
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

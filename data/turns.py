"""What is kept of a turn: the memory of its thread, and the question if it found no answer."""

from collections.abc import Mapping, Sequence
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


def keep_turn(
    engine: sa.Engine,
    organisation: str,
    asked_on: date,
    memory: tuple[str, State] | None,
    unanswered: Sequence[tuple[str, str]],
) -> None:
    """Writes a turn in one transaction and forgets the threads whose time is over.

    `memory` is (thread, state), `unanswered` are (kind, text) of questions; without either nothing is written.
    """
    if memory is None and not unanswered:
        return
    with writing(engine) as connection:
        organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar()
        if organisation_id is None:
            return
        if memory is not None:
            thread, state = memory
            own = sa.and_(_c.organisation_id == organisation_id, _c.thread == thread)
            old = _c.day < asked_on - timedelta(days=KEPT_DAYS)
            connection.execute(sa.delete(t.conversations).where(sa.or_(own, old)))
            kept = {"organisation_id": organisation_id, "thread": thread, "day": asked_on, "state": dict(state)}
            connection.execute(sa.insert(t.conversations).values(kept))
        for kind, text in unanswered:
            question = {"organisation_id": organisation_id, "day": asked_on, "kind": kind, "text": text}
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

"""What a channel is to answer or to post: kept from its arrival until it is done, and done once, whoever is at it.

An event is kept under the key by which its channel knows it, which the database takes only once: what is delivered
again is known. A worker claims an event, answers and finishes it; where it dies in between, its claim lapses after a
lease and another worker takes the event over. `Event.attempts` tells that worker that its forerunner may have posted
the answer already. The events of one lane (a conversation) are done with in the order in which they came, at least
PACE apart, so that a thread is remembered in its order and a channel hears no more than one message a second.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.changes import lock_organisation
from data.engine import writing
from data.turns import Turn, write_turn

#: So long a claim lasts without being renewed: longer than a call to a channel may take.
LEASE = timedelta(seconds=15)
#: Slack takes one message a second and channel (docs.slack.dev, rate limits).
PACE = timedelta(seconds=1)

_e, _o = t.events.c, t.organisations.c
# As many events are looked at for one to be claimed: others claim at the same time.
_CANDIDATES = 16


class Outcome(StrEnum):
    """How an event ended: answered, left without an answer on purpose, or given up."""

    ANSWERED = "answered"
    SILENT = "silent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it arrives. `key` is the channel's own, `lane` the conversation, `person` who asked (「slack:U012」).

    `body` is what the channel needs to answer it, as JSON.
    """

    channel: str
    key: str
    lane: str
    kind: str
    body: Mapping[str, Any]
    person: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that a worker has claimed; `attempts` counts this one."""

    id: int
    key: str
    lane: str
    kind: str
    person: str
    organisation: str
    body: Mapping[str, Any]
    received_at: datetime
    claimed_at: datetime
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a person asked, with the first line of the reply."""

    question: str
    reply: str
    at: datetime


def keep_event(engine: sa.Engine, organisation: str, arrival: Arrival, now: datetime) -> bool:
    """Keeps an event; False where it is known already."""
    values = {
        "channel": arrival.channel,
        "key": arrival.key,
        "lane": arrival.lane,
        "kind": arrival.kind,
        "person": arrival.person,
        "body": dict(arrival.body),
        "received_at": now,
        "due_at": now,
        "attempts": 0,
        "question": "",
        "reply": "",
    }
    with writing(engine) as connection:
        organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar()
        if organisation_id is None:
            organisation_id = lock_organisation(connection, organisation)
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(t.events).values({**values, "organisation_id": organisation_id}))
        except sa.exc.IntegrityError:
            return False
    return True


def claim_event(
    engine: sa.Engine,
    channel: str,
    organisations: Collection[str],
    token: str,
    now: datetime,
    kinds: Collection[str] = (),
) -> Event | None:
    """Claims the first event of these organisations that is due for the worker with this token; None without one.

    One whose claim has lapsed (LEASE before `now`) is taken over. A worker may be there for some `kinds` alone.
    """
    query = _waiting(channel, organisations, now)
    with engine.connect() as connection:
        waiting = [row.id for row in connection.execute(query.where(_e.kind.in_(kinds)) if kinds else query)]
    for number in waiting:
        with writing(engine) as connection:
            own = sa.update(t.events).where(_e.id == number, _e.finished_at.is_(None), _is_free(t.events, now))
            values = {"claimed_by": token, "claimed_at": now, "attempts": _e.attempts + 1}
            if connection.execute(own.values(values)).rowcount == 1:
                return _read(connection, number, token)
    return None


def _is_free(events: sa.FromClause, now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(events.c.claimed_at.is_(None), events.c.claimed_at <= now - LEASE)


def _waiting(channel: str, organisations: Collection[str], now: datetime) -> sa.Select[tuple[int]]:
    """The events that may be claimed: of each lane its first, where the one before it is PACE ago."""
    other = t.events.alias("other")
    in_lane = sa.exists().where(other.c.channel == channel, other.c.lane == _e.lane)
    # Two conditions, as SQLite would read all that a lane ever held for one with OR.
    is_before = in_lane.where(other.c.finished_at.is_(None), other.c.id < _e.id)
    is_just_done = in_lane.where(other.c.finished_at > now - PACE, other.c.outcome == Outcome.ANSWERED)
    return (
        sa.select(_e.id)
        .join(t.organisations, _e.organisation_id == _o.id)
        .where(
            _e.channel == channel,
            _o.name.in_(organisations),
            _e.finished_at.is_(None),
            _e.due_at <= now,
            _is_free(t.events, now),
            ~is_before,
            ~is_just_done,
        )
        .order_by(_e.id)
        .limit(_CANDIDATES)
    )


def _read(connection: sa.Connection, number: int, token: str) -> Event:
    query = sa.select(t.events, _o.name).join(t.organisations, _e.organisation_id == _o.id).where(_e.id == number)
    row = connection.execute(query).one()
    return Event(
        row.id,
        row.key,
        row.lane,
        row.kind,
        row.person,
        row.name,
        row.body,
        row.received_at,
        row.claimed_at,
        row.attempts,
        token,
    )


class TakenOver(Exception):
    """Another worker has taken an event over: what was to be posted for it is theirs to post."""


def hold_claim(engine: sa.Engine, event: Event, now: datetime) -> None:
    """To be called before something is posted: starts the lease anew where much of it is over.

    Raises TakenOver where it lapsed and another worker has the event.
    """
    if now - event.claimed_at > LEASE / 4 and not renew_claim(engine, event, now):
        raise TakenOver(event.key)


def add_to_body(engine: sa.Engine, event: Event, more: Mapping[str, Any], now: datetime) -> None:
    """Keeps what a later attempt has to know, and starts the lease anew.

    Raises TakenOver where another worker has the event.
    """
    with writing(engine) as connection:
        # Read again: `event` is as it was claimed, and something may have been added since.
        kept = connection.execute(sa.select(_e.body).where(_e.id == event.id)).scalar_one()
        values = {"body": {**kept, **more}, "claimed_at": now}
        if connection.execute(_own(event).values(values)).rowcount != 1:
            raise TakenOver(event.key)


def renew_claim(engine: sa.Engine, event: Event, now: datetime) -> bool:
    """Starts the lease anew; False where another worker has taken the event over."""
    return _write(engine, event, {"claimed_at": now})


@dataclass(frozen=True, slots=True)
class Done:
    """How an event ended, with what was asked and the first line of the reply, and the turn that is to be kept.

    `answer_kind` is the kind under which a question counts, "" for what was none; it is not kept.
    """

    outcome: Outcome
    question: str = ""
    reply: str = ""
    turn: Turn | None = None
    answer_kind: str = ""


def finish_event(engine: sa.Engine, event: Event, done: Done, now: datetime) -> bool:
    """Marks an event as done with, empties it, and keeps its turn in the same transaction; False, and nothing written,
    where another worker has taken it over."""
    values = {
        "finished_at": now,
        "outcome": done.outcome,
        "body": {},
        "question": done.question,
        "reply": done.reply,
    }
    with writing(engine) as connection:
        if connection.execute(_own(event).values(values)).rowcount != 1:
            return False
        if done.turn:
            write_turn(connection, event.organisation, done.turn)
    return True


def put_off(engine: sa.Engine, event: Event, until: datetime) -> bool:
    """Gives an event back, to be claimed from a moment on; False where another worker has taken it over."""
    return _write(engine, event, {"due_at": until, "claimed_by": None, "claimed_at": None})


def _write(engine: sa.Engine, event: Event, values: Mapping[str, Any]) -> bool:
    with writing(engine) as connection:
        return connection.execute(_own(event).values(values)).rowcount == 1


def _own(event: Event) -> sa.Update:
    return sa.update(t.events).where(_e.id == event.id, _e.claimed_by == event.token, _e.finished_at.is_(None))


def latest_asked(connection: sa.Connection, organisation: str, person: str, most: int) -> list[Asked]:
    """The latest questions of a person that were answered, newest first."""
    query = (
        sa.select(_e.question, _e.reply, _e.received_at)
        .join(t.organisations, _e.organisation_id == _o.id)
        .where(_o.name == organisation, _e.person == person, _e.outcome == Outcome.ANSWERED, _e.question != "")
        .order_by(_e.id.desc())
        .limit(most)
    )
    return [Asked(row.question, row.reply, row.received_at) for row in connection.execute(query)]


def is_waiting(engine: sa.Engine, channel: str, lane: str) -> bool:
    """Is anything of a lane still to be done?"""
    query = sa.select(_e.id).where(_e.channel == channel, _e.lane == lane, _e.finished_at.is_(None)).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).first() is not None

"""Votes: whether answers were useful, counted without who voted and on what."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import sqlalchemy as sa

from data import tables as t

_v, _o = t.votes.c, t.organisations.c


@dataclass(frozen=True, slots=True)
class Votes:
    """How many found an answer useful, how many did not."""

    good: int
    bad: int


def vote(connection: sa.Connection, organisation: str, answer_key: str, person: str, is_good: bool, day: date) -> None:
    """Takes a person's vote on an answer; a later one takes the place of the one before.

    `answer_key` is the same for everyone who votes on that answer (its message's id, say).
    """
    organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar_one()
    ballot = _ballot(organisation, answer_key, person)
    cast = {"day": day, "is_good": is_good}
    again = sa.update(t.votes).where(_v.organisation_id == organisation_id, _v.ballot == ballot).values(cast)
    if connection.execute(again).rowcount:
        return
    try:
        with connection.begin_nested():
            first = {"organisation_id": organisation_id, "ballot": ballot, **cast}
            connection.execute(sa.insert(t.votes).values(first))
    except sa.exc.IntegrityError:  # the same person's other click was quicker
        connection.execute(again)


def count_votes(connection: sa.Connection, organisation: str, since: date | None = None) -> Votes:
    """The votes of an organisation, from a day on if one is given."""
    query = (
        sa.select(_v.is_good)
        .join(t.organisations, _v.organisation_id == _o.id)
        .where(_o.name == organisation, *([_v.day >= since] if since else []))
    ).subquery()
    good = sa.func.count().filter(query.c.is_good)
    counted = connection.execute(sa.select(good, sa.func.count()).select_from(query)).one()
    return Votes(counted[0], counted[1] - counted[0])


def _ballot(organisation: str, answer_key: str, person: str) -> str:
    """Stands for the three and tells none of them to who reads the store."""
    return sha256(json.dumps([organisation, answer_key, person]).encode()).hexdigest()

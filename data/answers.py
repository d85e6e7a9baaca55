"""Answers under permanent numbers: each as it was given, with the revision of the store that it was made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.changes import insert_rows, update_rows
from data.engine import writing

# The largest number that a column of ids holds.
_MOST = 2**31 - 1

_g, _o = t.given_answers.c, t.organisations.c


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as it was first given, at a moment (UTC), from a revision of the store (Store.revision).

    `question` and `receipt` hold a person's words and are "" once their time is over (data/retention.py). `document` is
    what was shown (bot/permanent.py).
    """

    number: int
    question: str
    receipt: str
    asked_on: date
    given_at: datetime
    revision: int
    kind: str
    document: Mapping[str, Any]


def keep_answer(
    engine: sa.Engine,
    organisation: str,
    question: str,
    receipt: str,
    asked_on: date,
    revision: int,
    kind: str,
    document: Mapping[str, Any],
    now: datetime,
) -> int:
    """Keeps an answer and gives its number; nobody who asked is kept.

    The same question with the same answer from the same revision has the number that it was given first, and nothing
    is written then. The organisation is one that is there.
    """
    question, receipt = _storable(question), _storable(receipt)
    digest = _digest(question, receipt, revision, kind, document)
    with engine.connect() as connection:
        organisation_id = connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar_one()
        known = _number(connection, organisation_id, digest)
    if known is not None:
        return known
    values = {
        "organisation_id": organisation_id,
        "digest": digest,
        "question": question,
        "receipt": receipt,
        "asked_on": asked_on,
        "given_at": now,
        "revision": revision,
        "kind": kind,
        "document": dict(document),
    }
    with writing(engine) as connection:
        try:
            with connection.begin_nested():
                return insert_rows(connection, t.given_answers, [values])[0]
        except sa.exc.IntegrityError:  # someone who asked the same at the same moment was quicker
            known = _number(connection, organisation_id, digest)
            if known is None:
                raise
            return known


def read_answer(connection: sa.Connection, organisation: str, number: int) -> GivenAnswer | None:
    """The answer of a number; None where there is none, or it was given to another organisation."""
    if not 0 < number <= _MOST:
        return None
    query = (
        sa.select(t.given_answers)
        .join(t.organisations, _g.organisation_id == _o.id)
        .where(_g.id == number, _o.name == organisation)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return GivenAnswer(
        row.id, row.question, row.receipt, row.asked_on, row.given_at, row.revision, row.kind, row.document
    )


def forget_words(connection: sa.Connection, before: datetime) -> int:
    """Empties question and receipt of the answers given before a moment, of every organisation; gives their number.

    Their digest becomes a random one: nobody can try whether a certain question was asked.
    """
    old = sa.select(_g.id).where(_g.given_at < before, sa.or_(_g.question != "", _g.receipt != ""))
    ids = connection.execute(old).scalars().all()
    update_rows(
        connection,
        t.given_answers,
        [{"id": one, "question": "", "receipt": "", "digest": token_hex(32)} for one in ids],
    )
    return len(ids)


def _number(connection: sa.Connection, organisation_id: int, digest: str) -> int | None:
    query = sa.select(_g.id).where(_g.organisation_id == organisation_id, _g.digest == digest)
    number: int | None = connection.execute(query).scalar()
    return number


def _storable(text: str) -> str:
    """Without what no database takes as text: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _digest(question: str, receipt: str, revision: int, kind: str, document: Mapping[str, Any]) -> str:
    told = json.dumps([question, receipt, revision, kind, document], sort_keys=True)
    return sha256(told.encode()).hexdigest()

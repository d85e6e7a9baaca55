"""Which worker hands out which digest: each that is due is claimed by one worker, and finished once.

A worker claims a digest by inserting its row, which the database lets only one of them do, hands it out and finishes
it. Where a worker dies in between, its claim lapses after a lease and another worker takes the digest over; the dead
one's token is then worth nothing. A claim is renewed just before the digest goes out, so that a worker that was only
slow finds out in time. What is left is a worker that dies between handing out and finishing: its successor hands out
again under the same key (`Claim.key`), by which a channel can see that it has posted this digest already.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from data import tables as t
from data.engine import writing

#: So long a claim lasts without being renewed: much longer than a digest takes, shorter than an hour between two runs.
LEASE = timedelta(minutes=10)

_d = t.digests.c


class Outcome(StrEnum):
    """How a digest ended: handed out, or left out because there was nothing to say."""

    DELIVERED = "delivered"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Told:
    """The digest before: when it was finished (UTC), and the revision of the store that it told of."""

    at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to hand out the digest of a subscription that was due at a moment."""

    subscription_id: int
    due: datetime
    token: str
    last: Told | None

    @property
    def key(self) -> str:
        """The same for whoever hands this digest out: 「12:20261201T0000Z」."""
        return f"{self.subscription_id}:{self.due.astimezone(UTC):%Y%m%dT%H%MZ}"


def claim_digest(engine: sa.Engine, subscription_id: int, due: datetime, token: str, now: datetime) -> Claim | None:
    """Claims a digest for the worker with this token; None where it is done, or another worker's.

    A claim that has lapsed (LEASE before `now`) is taken over.
    """
    values = {"subscription_id": subscription_id, "due": due, "claimed_by": token, "claimed_at": now}
    with writing(engine) as connection:
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(t.digests).values(values))
        except sa.exc.IntegrityError:
            lapsed = sa.update(t.digests).where(
                _d.subscription_id == subscription_id,
                _d.due == due,
                _d.finished_at.is_(None),
                _d.claimed_at <= now - LEASE,
            )
            if connection.execute(lapsed.values(claimed_by=token, claimed_at=now)).rowcount == 0:
                return None
        return Claim(subscription_id, due, token, _last_told(connection, subscription_id))


def renew_claim(engine: sa.Engine, claim: Claim, now: datetime) -> bool:
    """Starts the lease anew; False where another worker has taken the digest over."""
    with writing(engine) as connection:
        return connection.execute(_own(claim).values(claimed_at=now)).rowcount == 1


def finish_digest(engine: sa.Engine, claim: Claim, outcome: Outcome, revision: int, now: datetime) -> bool:
    """Marks a digest as done with; False where another worker has taken it over."""
    with writing(engine) as connection:
        values = {"outcome": outcome, "revision": revision, "finished_at": now}
        return connection.execute(_own(claim).values(values)).rowcount == 1


def _own(claim: Claim) -> sa.Update:
    return sa.update(t.digests).where(
        _d.subscription_id == claim.subscription_id,
        _d.due == claim.due,
        _d.claimed_by == claim.token,
        _d.finished_at.is_(None),
    )


def _last_told(connection: sa.Connection, subscription_id: int) -> Told | None:
    query = (
        sa.select(_d.finished_at, _d.revision)
        .where(_d.subscription_id == subscription_id, _d.outcome == Outcome.DELIVERED)
        .order_by(_d.due.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return Told(row.finished_at, row.revision) if row else None

"""Subscriptions to digests: who wants to be told what, and how often."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import ChangeKind, is_visible

_s, _d, _o = t.subscriptions.c, t.digests.c, t.organisations.c
_LONGEST = 200


class DigestKind(StrEnum):
    """What is told: the state of indicators, or whose results are overdue."""

    SUMMARY = "summary"
    REMINDER = "reminder"


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is subscribed to. `recipient` is the channel's id of a channel or person, at the terminal any name.

    `scope` is the title of a plan, a chapter or an area, for reminders a 担当課; "" for everything. `hour` is of Japan.
    """

    channel: str
    recipient: str
    kind: DigestKind
    scope: str
    rhythm: Rhythm
    hour: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish with who made it and when (UTC); `last_due` is the latest moment whose digest is done with."""

    id: int
    wish: Wish
    by: str
    at: datetime
    last_due: datetime | None


def add_subscription(connection: sa.Connection, organisation: str, wish: Wish, author: Author) -> int:
    """Adds a subscription and gives its number.

    Raises ValueError for a recipient that is empty, too long or holds what cannot be seen, for an hour that is none,
    and for a wish that has been made already (with its number).
    """
    if not wish.recipient.strip() or len(wish.recipient) > _LONGEST or not is_visible(wish.recipient):
        raise ValueError(f"宛先は{_LONGEST}字までの名前にしてください（空や、改行などの見えない文字は使えません）。")
    if not 0 <= wish.hour <= 23:
        raise ValueError(f"時刻は0〜23の整数（時）で指定してください（今は{wish.hour}）。")
    organisation_id = lock_organisation(connection, organisation)
    known = next((one for one in read_subscriptions(connection, organisation) if one.wish == wish), None)
    if known:
        raise ValueError(f"同じ購読がもうあります（番号{known.id}）。")
    values = {
        "organisation_id": organisation_id,
        "channel": wish.channel,
        "recipient": wish.recipient,
        "kind": wish.kind,
        "scope": wish.scope,
        "rhythm": wish.rhythm,
        "hour": wish.hour,
        "change_id": add_change(connection, organisation_id, ChangeKind.SUBSCRIBE, author),
    }
    return insert_rows(connection, t.subscriptions, [values])[0]


def end_subscription(connection: sa.Connection, organisation: str, number: int, author: Author) -> None:
    """Ends a subscription; what it was told stays. Raises ValueError where there is none of this number."""
    organisation_id = lock_organisation(connection, organisation)
    if number not in [one.id for one in read_subscriptions(connection, organisation)]:
        raise ValueError(f"番号{number}の購読はありません。")
    ended_by = add_change(connection, organisation_id, ChangeKind.UNSUBSCRIBE, author)
    connection.execute(sa.update(t.subscriptions).where(_s.id == number).values(ended_by=ended_by))


def read_subscriptions(connection: sa.Connection, organisation: str) -> list[Subscription]:
    """The subscriptions of an organisation that have not ended, oldest first."""
    last_due = sa.select(sa.func.max(_d.due)).where(_d.subscription_id == _s.id, _d.finished_at.is_not(None))
    query = (
        sa.select(t.subscriptions, t.changes.c.by, t.changes.c.at, last_due.scalar_subquery().label("last_due"))
        .join(t.organisations, _s.organisation_id == _o.id)
        .join(t.changes, _s.change_id == t.changes.c.id)
        .where(_o.name == organisation, _s.ended_by.is_(None))
        .order_by(_s.id)
    )
    return [
        Subscription(
            row.id,
            Wish(row.channel, row.recipient, DigestKind(row.kind), row.scope, Rhythm(row.rhythm), row.hour),
            row.by,
            row.at,
            row.last_due,
        )
        for row in connection.execute(query)
    ]

"""References: the conversations of a channel in which the bot may speak first, and how each is reached.

A channel keeps one when the bot is installed or spoken to, and removes it when the bot is, or when it is told that
the conversation is gone. None of it is a figure: no change tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.changes import lock_organisation

_r, _o = t.references.c, t.organisations.c


@dataclass(frozen=True, slots=True)
class Reference:
    """`kind` is the channel's word for the sort of conversation, `person` who it is with where it is with one person
    (「teams:4f1c…」, else ""), `details` what else the channel needs, as JSON."""

    channel: str
    conversation: str
    kind: str
    tenant: str
    service_url: str
    person: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def keep_reference(connection: sa.Connection, organisation: str, reference: Reference, now: datetime) -> bool:
    """Keeps a reference in the place of an older one to the same conversation; False where it says nothing new."""
    values = {
        "person": reference.person,
        "kind": reference.kind,
        "tenant": reference.tenant,
        "service_url": reference.service_url,
        "details": dict(reference.details),
    }
    if read_reference(connection, organisation, reference.channel, reference.conversation) == reference:
        return False
    organisation_id = lock_organisation(connection, organisation)
    own = _own(organisation, reference.channel, reference.conversation)
    if connection.execute(sa.update(t.references).where(own).values(**values, kept_at=now)).rowcount == 0:
        names = {
            "organisation_id": organisation_id,
            "channel": reference.channel,
            "conversation": reference.conversation,
        }
        connection.execute(sa.insert(t.references).values(**names, **values, kept_at=now))
    return True


def remove_reference(connection: sa.Connection, organisation: str, channel: str, conversation: str) -> bool:
    """False where there is none."""
    own = _own(organisation, channel, conversation)
    return connection.execute(sa.delete(t.references).where(own)).rowcount > 0


def read_reference(connection: sa.Connection, organisation: str, channel: str, conversation: str) -> Reference | None:
    row = connection.execute(sa.select(t.references).where(_own(organisation, channel, conversation))).one_or_none()
    return _reference(row) if row else None


def reference_to(connection: sa.Connection, organisation: str, person: str, kind: str) -> Reference | None:
    """The conversation of a kind with a person that was kept last; None without one."""
    query = (
        sa.select(t.references)
        .where(_of(organisation), _r.person == person, _r.kind == kind)
        .order_by(_r.kept_at.desc(), _r.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return _reference(row) if row else None


def read_references(connection: sa.Connection, organisation: str, channel: str) -> list[Reference]:
    """All of a channel, in the order in which they were first kept."""
    query = sa.select(t.references).where(_of(organisation), _r.channel == channel).order_by(_r.id)
    return [_reference(row) for row in connection.execute(query)]


def _of(organisation: str) -> sa.ColumnElement[bool]:
    return _r.organisation_id.in_(sa.select(_o.id).where(_o.name == organisation))


def _own(organisation: str, channel: str, conversation: str) -> sa.ColumnElement[bool]:
    return sa.and_(_of(organisation), _r.channel == channel, _r.conversation == conversation)


def _reference(row: sa.Row[Any]) -> Reference:
    return Reference(row.channel, row.conversation, row.kind, row.tenant, row.service_url, row.person, row.details)

"""Uploads: files that wait between their preview and the decision of who brought them, for a day at most."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

import sqlalchemy as sa

from data import tables as t

_KEPT = timedelta(days=1)
_MOST_LETTERS = 200
#: What a file without a usable name is called.
NAMELESS = "名前のないファイル"

_u, _o = t.uploads.c, t.organisations.c


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed over: `kind` is "plan" or "results", `details` what was chosen for it; UTC."""

    token: str
    person: str
    kind: str
    name: str
    content: bytes
    details: Mapping[str, Any]
    made_at: datetime


def keep_upload(
    connection: sa.Connection,
    organisation: str,
    person: str,
    kind: str,
    name: str,
    content: bytes,
    details: Mapping[str, Any],
    now: datetime,
) -> str:
    """Keeps a file and gives the token to find it by, which nobody can guess; those older than a day are dropped.

    The organisation is one that is there.
    """
    drop_old_uploads(connection, now)
    token = token_urlsafe(32)
    values = {
        "token": token,
        "organisation_id": connection.execute(sa.select(_o.id).where(_o.name == organisation)).scalar_one(),
        "person": person,
        "kind": kind,
        "name": file_name(name),
        "content": content,
        "details": dict(details),
        "made_at": now,
    }
    connection.execute(sa.insert(t.uploads).values(values))
    return token


def read_upload(connection: sa.Connection, organisation: str, person: str, token: str) -> Upload | None:
    """What a person has handed over; None for what is not there any more, or is another's."""
    query = (
        sa.select(t.uploads)
        .join(t.organisations, _u.organisation_id == _o.id)
        .where(_o.name == organisation, _u.person == person, _u.token == token.replace("\0", ""))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Upload(row.token, row.person, row.kind, row.name, row.content, row.details, row.made_at)


def drop_upload(connection: sa.Connection, organisation: str, token: str) -> None:
    """Drops a file that has been applied or given up; one that is not there is none to drop."""
    own = sa.select(_o.id).where(_o.name == organisation).scalar_subquery()
    connection.execute(sa.delete(t.uploads).where(_u.organisation_id == own, _u.token == token.replace("\0", "")))


def drop_old_uploads(connection: sa.Connection, now: datetime) -> int:
    """Drops the files of every organisation that have waited for more than a day; gives their number."""
    return connection.execute(sa.delete(t.uploads).where(_u.made_at < now - _KEPT)).rowcount


def file_name(text: str) -> str:
    """A file's name without folders, control characters and marks of direction, at most 200 letters.

    「C:\\\\計画\\\\R6.xlsx」 → 「R6.xlsx」.
    """
    last = text.replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return " ".join(seen.split())[:_MOST_LETTERS] or NAMELESS

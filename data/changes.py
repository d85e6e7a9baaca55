"""Changes of the store: who makes them, one writer an organisation at a time, many rows at once; and what they were."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.facts import ChangeKind, Place
from data.values import Cell

#: The organisation of an installation that serves only one.
DEFAULT_ORGANISATION = "default"


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, when (with time zone) and from which file ("" where from none)."""

    by: str
    at: datetime
    file: str = ""


def lock_organisation(connection: sa.Connection, name: str) -> int:
    """The organisation's id; other writers of the same organisation wait until this transaction ends."""
    query = sa.select(t.organisations.c.id).where(t.organisations.c.name == name).with_for_update()
    if (found := connection.execute(query).scalar()) is None:
        # Another writer may be the first at this very moment: the database lets only one of them in.
        with suppress(sa.exc.IntegrityError), connection.begin_nested():
            insert_rows(connection, t.organisations, [{"name": name}])
        found = connection.execute(query).scalar_one()
    return int(found)


def add_change(connection: sa.Connection, organisation_id: int, kind: ChangeKind, author: Author) -> int:
    """Takes note of a write, who makes it and when; gives the number of the change."""
    values = {"organisation_id": organisation_id, "kind": kind, "by": author.by, "at": author.at, "file": author.file}
    return insert_rows(connection, t.changes, [values])[0]


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Inserts rows and gives their ids in the same order."""
    if not rows:
        return []
    statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, list(rows)).scalars())


def update_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Updates rows by their ids; all give the same columns."""
    if not rows:
        return
    columns = [column for column in rows[0] if column != "id"]
    values: dict[str, Any] = {column: sa.bindparam(f"new_{column}") for column in columns}
    statement = sa.update(table).where(table.c.id == sa.bindparam("own_id")).values(values)
    given = [{"own_id": row["id"]} | {f"new_{column}": row[column] for column in columns} for row in rows]
    connection.execute(statement, given)


def figure_row(
    indicator_id: int, listing_id: int | None, place: Place, revision: int, cell: Cell, change_id: int
) -> dict[str, Any]:
    """A row of the table of figures."""
    measure, year = place
    return {
        "indicator_id": indicator_id,
        "listing_id": listing_id,
        "measure": measure,
        "fiscal_year": year.year if year else None,
        "revision": revision,
        "raw": cell.raw,
        "value": cell.value,
        "unit": cell.unit,
        "bound": cell.bound,
        "note": cell.note,
        "as_of": cell.as_of,
        "parts": [[part.label, str(part.value), part.unit] for part in cell.parts],
        "absence": cell.absence,
        "change_id": change_id,
    }

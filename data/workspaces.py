"""Workspaces of a channel (of Slack; tenants of Teams): each belongs to one organisation, for good."""

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import ChangeKind

_w = t.workspaces.c


def bind_workspace(
    connection: sa.Connection, channel: str, external_id: str, organisation: str, author: Author
) -> None:
    """Lets a workspace belong to an organisation; nothing is written where it does already.

    Raises ValueError where it belongs to another organisation, without naming that one.
    """
    organisation_id = lock_organisation(connection, organisation)
    if (owner := organisation_of(connection, channel, external_id)) is None:
        try:
            with connection.begin_nested():
                change_id = add_change(connection, organisation_id, ChangeKind.WORKSPACE, author)
                values = {"channel": channel, "external_id": external_id, "organisation_id": organisation_id}
                insert_rows(connection, t.workspaces, [values | {"change_id": change_id}])
        except sa.exc.IntegrityError:  # another organisation was first at this very moment
            owner = organisation_of(connection, channel, external_id)
        else:
            return
    if owner != organisation:
        raise ValueError(
            f"このワークスペース（{channel} の {external_id}）は、もう別の組織のものとして登録されています。"
            "SHIRUBE_ORGANISATION とワークスペースの組み合わせを確かめてください。"
            "組織を変えるには、その組織のための別のデータベース（DATABASE_URL）を使ってください。"
        )


def organisation_of(connection: sa.Connection, channel: str, external_id: str) -> str | None:
    """The name of the organisation that a workspace belongs to, None for an unknown workspace."""
    query = (
        sa.select(t.organisations.c.name)
        .join(t.workspaces, _w.organisation_id == t.organisations.c.id)
        .where(_w.channel == channel, _w.external_id == external_id)
    )
    return connection.execute(query).scalar()

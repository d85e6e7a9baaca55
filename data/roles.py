"""Roles: who may only look, who may record results, and who may also decide over aliases, roles and settings.

A person is written as the channel with its id for them: 「slack:U0123ABCD」.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import ChangeKind, is_visible

_r, _o = t.roles.c, t.organisations.c
_LONGEST = 200


class Role(StrEnum):
    """What a person may do, from the least on; a viewer is whoever was granted nothing."""

    VIEWER = "viewer"
    RECORDER = "recorder"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {Role.VIEWER: "閲覧者", Role.RECORDER: "登録者", Role.ADMINISTRATOR: "管理者"}


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that a person has, with who granted it and when (UTC)."""

    person: str
    role: Role
    by: str
    at: datetime


def may_record(role: Role) -> bool:
    """May this role record results?"""
    return role in (Role.RECORDER, Role.ADMINISTRATOR)


def may_administer(role: Role) -> bool:
    """May this role grant roles and decide over aliases?"""
    return role is Role.ADMINISTRATOR


def role_named(text: str) -> Role:
    """「登録者」, 「recorder」; raises ValueError for none."""
    found = next((role for role in Role if text.strip().casefold() in (role.value, ROLE_NAMES[role])), None)
    if found is None:
        words = "、".join(f"{name}（{role}）" for role, name in ROLE_NAMES.items())
        raise ValueError(f"役割「{text}」がありません。選べるもの: {words}")
    return found


def grant(connection: sa.Connection, organisation: str, person: str, role: Role, author: Author) -> Role:
    """Gives a person a role instead of the one before, which it returns; nothing is written where it is the same.

    VIEWER takes the role away. Raises ValueError for what is no person.
    """
    person = _person(person)
    organisation_id = lock_organisation(connection, organisation)
    before = role_of(connection, organisation, person)
    if before is role:
        return before
    change_id = add_change(connection, organisation_id, ChangeKind.GRANT, author)
    former = sa.and_(_r.organisation_id == organisation_id, _r.person == person, _r.ended_by.is_(None))
    connection.execute(sa.update(t.roles).where(former).values(ended_by=change_id))
    if role is not Role.VIEWER:
        values = {"organisation_id": organisation_id, "person": person, "role": role.value, "change_id": change_id}
        insert_rows(connection, t.roles, [values])
    return before


def role_of(connection: sa.Connection, organisation: str, person: str) -> Role:
    """What a person may do in an organisation: in another one their role there counts for nothing."""
    query = (
        sa.select(_r.role)
        .join(t.organisations, _r.organisation_id == _o.id)
        .where(_o.name == organisation, _r.person == person, _r.ended_by.is_(None))
    )
    return Role(connection.execute(query).scalar() or Role.VIEWER)


def read_roles(connection: sa.Connection, organisation: str) -> list[Granted]:
    """Everyone who is more than a viewer, in the order in which they were granted it."""
    query = (
        sa.select(_r.person, _r.role, t.changes.c.by, t.changes.c.at)
        .join(t.organisations, _r.organisation_id == _o.id)
        .join(t.changes, _r.change_id == t.changes.c.id)
        .where(_o.name == organisation, _r.ended_by.is_(None))
        .order_by(_r.id)
    )
    return [Granted(row.person, Role(row.role), row.by, row.at) for row in connection.execute(query)]


def is_person(text: str) -> bool:
    """Can a role be granted to somebody of this name?"""
    return len(text) <= _LONGEST and is_visible(text) and bool(re.fullmatch(r"[a-z]+:\S+", text))


def _person(text: str) -> str:
    if not is_person(text):
        raise ValueError(
            f"人「{text[:_LONGEST]}」の書き方が違います。経路とその人のIDを「:」でつないで、"
            "slack:U0123ABCD のように書いてください。"
        )
    return text

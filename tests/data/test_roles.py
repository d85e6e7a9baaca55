"""Roles, and the workspaces that organisations own, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.engine import writing
from data.roles import ROLE_NAMES, Granted, Role, grant, may_administer, may_record, read_roles, role_named, role_of
from data.trail import read_trail
from data.workspaces import bind_workspace, organisation_of
from tests.data.stores import count_rows

AUTHOR = Author("佐藤", datetime(2026, 11, 2, tzinfo=UTC))
PERSON = "slack:U0123ABCD"


def _grant(
    engine: sa.Engine, role: Role, person: str = PERSON, organisation: str = "default", author: Author = AUTHOR
) -> Role:
    with writing(engine) as connection:
        return grant(connection, organisation, person, role, author)


def _role(engine: sa.Engine, person: str = PERSON, organisation: str = "default") -> Role:
    with engine.connect() as connection:
        return role_of(connection, organisation, person)


def _roles(engine: sa.Engine, organisation: str = "default") -> list[Granted]:
    with engine.connect() as connection:
        return read_roles(connection, organisation)


def _bind(engine: sa.Engine, organisation: str = "default", external_id: str = "T1", channel: str = "slack") -> None:
    with writing(engine) as connection:
        bind_workspace(connection, channel, external_id, organisation, AUTHOR)


def _owner(engine: sa.Engine, external_id: str = "T1", channel: str = "slack") -> str | None:
    with engine.connect() as connection:
        return organisation_of(connection, channel, external_id)


# Roles


def test_what_roles_may_do() -> None:
    assert [may_record(role) for role in Role] == [False, True, True]
    assert [may_administer(role) for role in Role] == [False, False, True]
    assert list(ROLE_NAMES) == list(Role)


@pytest.mark.parametrize(
    ("text", "role"),
    [("登録者", Role.RECORDER), ("管理者", Role.ADMINISTRATOR), (" Viewer ", Role.VIEWER), ("recorder", Role.RECORDER)],
)
def test_role_by_its_name(text: str, role: Role) -> None:
    assert role_named(text) is role


def test_role_that_is_none() -> None:
    with pytest.raises(ValueError, match="役割「部長」がありません。選べるもの: 閲覧者（viewer）、登録者（recorder）"):
        role_named("部長")


def test_role_is_granted_changed_and_taken_away(engine: sa.Engine) -> None:
    assert _role(engine) is Role.VIEWER
    assert _grant(engine, Role.RECORDER) is Role.VIEWER
    assert _roles(engine) == [Granted(PERSON, Role.RECORDER, "佐藤", AUTHOR.at)]
    assert _grant(engine, Role.ADMINISTRATOR) is Role.RECORDER
    assert _role(engine) is Role.ADMINISTRATOR
    assert _grant(engine, Role.VIEWER) is Role.ADMINISTRATOR
    assert _role(engine) is Role.VIEWER
    assert _roles(engine) == []
    assert _grant(engine, Role.RECORDER) is Role.VIEWER
    with engine.connect() as connection:
        rows = connection.execute(sa.select(t.roles.c.role, t.roles.c.change_id, t.roles.c.ended_by)).all()
        first = rows[0].change_id
        assert [tuple(row) for row in rows] == [
            ("recorder", first, first + 1),
            ("administrator", first + 1, first + 2),
            ("recorder", first + 3, None),
        ]
        assert [entry.change.kind for entry in read_trail(connection, "default")] == ["grant"] * 4


def test_same_role_again_writes_nothing(engine: sa.Engine) -> None:
    _grant(engine, Role.RECORDER)
    rows = count_rows(engine, t.roles, t.changes)
    assert _grant(engine, Role.RECORDER) is Role.RECORDER
    assert _grant(engine, Role.VIEWER, "slack:U9") is Role.VIEWER
    assert count_rows(engine, t.roles, t.changes) == rows


def test_role_counts_in_its_organisation_only(engine: sa.Engine) -> None:
    _grant(engine, Role.ADMINISTRATOR)
    _grant(engine, Role.RECORDER, organisation="県")
    assert [_role(engine, organisation=name) for name in ("default", "県", "市")] == [
        Role.ADMINISTRATOR,
        Role.RECORDER,
        Role.VIEWER,
    ]
    _grant(engine, Role.VIEWER, organisation="県")
    assert _role(engine) is Role.ADMINISTRATOR
    assert _role(engine, "slack:u0123abcd") is Role.VIEWER


@pytest.mark.parametrize(
    "person",
    ["", "U0123", "slack:", ":U0123", "Slack:U0123", "slack U0123", "slack:U 1", "slack:U1\n", "slack:U\u200b"],
)
def test_person_that_is_none(person: str, engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match=r"書き方が違います。.*slack:U0123ABCD のように"):
        _grant(engine, Role.RECORDER, person)
    assert count_rows(engine, t.roles, t.changes) == [0, 0]


@pytest.mark.parametrize("person", ["teams:29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB", "web:福島太郎", "slack:';DROP--"])
def test_person_of_another_channel(person: str, engine: sa.Engine) -> None:
    _grant(engine, Role.RECORDER, person)
    assert [one.person for one in _roles(engine)] == [person]


def test_two_who_grant_at_once_leave_one_role(engine: sa.Engine) -> None:
    given = [Role.RECORDER, Role.ADMINISTRATOR] * 4
    with ThreadPoolExecutor(8) as pool:
        before = list(pool.map(lambda at: _grant(engine, given[at], author=Author(f"{at}", AUTHOR.at)), range(8)))
    (last,) = _roles(engine)
    assert last.role is _role(engine)
    changes = sum(old is not new for old, new in zip(before, given, strict=True))
    assert count_rows(engine, t.roles, t.changes) == [changes, changes]
    # Each role that was left was granted once, but for the one that stands and for the viewer at the beginning.
    granted = Counter(new for old, new in zip(before, given, strict=True) if old is not new)
    left = Counter(old for old, new in zip(before, given, strict=True) if old is not new)
    assert granted - left == Counter([last.role])
    assert left - granted == Counter([Role.VIEWER])


# Workspaces


def test_workspace_is_bound_once(engine: sa.Engine) -> None:
    assert _owner(engine) is None
    _bind(engine)
    _bind(engine)
    assert _owner(engine) == "default"
    assert count_rows(engine, t.workspaces, t.changes) == [1, 1]
    _bind(engine, external_id="T2")
    _bind(engine, "県", channel="teams")
    assert [_owner(engine, "T2"), _owner(engine, channel="teams"), _owner(engine, "T9")] == ["default", "県", None]


def test_workspace_of_another_organisation(engine: sa.Engine) -> None:
    _bind(engine, "秘密の県")
    rows = count_rows(engine, t.workspaces, t.changes)
    with pytest.raises(ValueError, match="SHIRUBE_ORGANISATION") as refused:
        _bind(engine)
    assert "秘密" not in str(refused.value)
    assert _owner(engine) == "秘密の県"
    assert count_rows(engine, t.workspaces, t.changes) == rows


def test_eight_organisations_want_one_workspace_at_once(engine: sa.Engine) -> None:
    def bind(organisation: str) -> bool:
        try:
            _bind(engine, organisation)
        except ValueError:
            return False
        return True

    names = [f"組織{at}" for at in range(8)]
    with ThreadPoolExecutor(8) as pool:
        bound = list(pool.map(bind, names))
    assert [name for name, done in zip(names, bound, strict=True) if done] == [_owner(engine)]
    assert count_rows(engine, t.workspaces, t.changes) == [1, 1]

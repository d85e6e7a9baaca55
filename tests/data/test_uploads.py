"""Uploads between preview and decision, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import lock_organisation
from data.engine import writing
from data.retention import forget
from data.uploads import NAMELESS, Upload, drop_upload, file_name, keep_upload, read_upload
from tests.data.stores import count_rows

NOW = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
CONTENT = bytes(range(256)) * 40
PERSON = "web:sato"


def _keep(engine: sa.Engine, now: datetime = NOW, organisation: str = "default", name: str = "R6.xlsx") -> str:
    with writing(engine) as connection:
        lock_organisation(connection, organisation)
        return keep_upload(connection, organisation, PERSON, "plan", name, CONTENT, {"title": "総合計画"}, now)


def _read(engine: sa.Engine, token: str, person: str = PERSON, organisation: str = "default") -> Upload | None:
    with engine.connect() as connection:
        return read_upload(connection, organisation, person, token)


def test_upload_comes_back_byte_for_byte(engine: sa.Engine) -> None:
    token = _keep(engine)
    assert _read(engine, token) == Upload(token, PERSON, "plan", "R6.xlsx", CONTENT, {"title": "総合計画"}, NOW)


def test_token_cannot_be_guessed(engine: sa.Engine) -> None:
    tokens = {_keep(engine) for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 43


def test_only_who_brought_it_reads_it(engine: sa.Engine) -> None:
    token = _keep(engine)
    with writing(engine) as connection:
        lock_organisation(connection, "県")
    assert _read(engine, token, person="web:suzuki") is None
    assert _read(engine, token, organisation="県") is None
    assert _read(engine, token + "x") is None
    assert _read(engine, "\0") is None
    assert _read(engine, token) is not None


def test_dropped_upload_is_gone(engine: sa.Engine) -> None:
    token, other = _keep(engine), _keep(engine)
    with writing(engine) as connection:
        lock_organisation(connection, "県")
        drop_upload(connection, "県", token)
        assert read_upload(connection, "default", PERSON, token) is not None
        drop_upload(connection, "default", token)
        drop_upload(connection, "default", token)
    assert _read(engine, token) is None
    assert _read(engine, other) is not None


@pytest.mark.parametrize("by_retention", [True, False])
def test_uploads_wait_for_a_day(by_retention: bool, engine: sa.Engine) -> None:
    old = _keep(engine, NOW - timedelta(days=1, seconds=1), "県")
    young = _keep(engine, NOW - timedelta(days=1), "県")
    if by_retention:
        assert forget(engine, NOW, 90).uploads == 1
    else:
        _keep(engine, NOW)
    assert _read(engine, old, organisation="県") is None
    assert _read(engine, young, organisation="県") is not None
    assert count_rows(engine, t.uploads) == [1 if by_retention else 2]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("R6 実績.xlsx", "R6 実績.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\計画\\R6.xlsx", "R6.xlsx"),
        ("a\u202egpj.xlsx\0\n", "agpj.xlsx"),
        ("  a\u3000 b.csv ", "a b.csv"),
        ("", NAMELESS),
        ("計画/", NAMELESS),
        ("あ" * 300, "あ" * 200),
        ("\ud800.csv", ".csv"),
    ],
)
def test_names_of_files_are_cleaned(name: str, kept: str) -> None:
    assert file_name(name) == kept

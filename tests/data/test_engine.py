"""Opening and migrating databases, on SQLite and PostgreSQL."""

import subprocess
import sys
import warnings
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from data import tables as t
from data.engine import SchemaOutdated, ensure_schema, migrate, open_engine, schema_version, writing
from data.migrations import HEAD
from data.scales import STANDARD
from data.store import Store
from tests.data.stores import PostgresServer, count_rows, load

ROOT = Path(__file__).parents[2]


# Migrations


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_give_the_tables_of_the_program(engine: sa.Engine) -> None:
    with engine.connect() as connection, warnings.catch_warnings():
        # What SQLite cannot tell of an index over expressions; the next test sees that it is there.
        warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")
        warnings.filterwarnings("ignore", message="autogenerate skipping metadata-specified expression-based index")
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_index_over_a_cell_s_revisions_is_there(engine: sa.Engine, backend: str) -> None:
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'uq_figure_cell_revision'",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_figure_cell_revision'",
    }
    with engine.connect() as connection:
        written: str = connection.execute(sa.text(query[backend])).scalar_one()
    assert written.upper().startswith("CREATE UNIQUE INDEX")
    columns = written.lower().partition(" on ")[2].replace("public.", "").replace("using btree ", "").replace(" ", "")
    assert columns == "figure(indicator_id,coalesce(listing_id,0),measure,coalesce(fiscal_year,0),revision)"


def test_migrating_an_empty_database(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with engine.connect() as connection:
        assert schema_version(connection) is None
    assert migrate(engine)
    assert not migrate(engine)
    with engine.connect() as connection:
        assert schema_version(connection) == HEAD
    assert count_rows(engine, t.organisations, t.plans) == [1, 0]
    ensure_schema(engine)
    engine.dispose()


def test_migration_that_fails_leaves_nothing_behind(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with writing(engine) as connection:
        connection.execute(sa.text("CREATE TABLE figure (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        migrate(engine)
    assert sa.inspect(engine).get_table_names() == ["figure"]
    engine.dispose()


def test_migrating_keeps_what_is_there(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    before = store.catalogue("default")
    assert not migrate(engine)
    ensure_schema(engine)
    assert store.catalogue("default") == before


# Start-up


def test_sqlite_migrates_by_itself(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    ensure_schema(engine)
    assert count_rows(engine, t.plans) == [0]
    engine.dispose()


def test_postgresql_waits_for_its_operator(postgres: PostgresServer) -> None:
    engine = open_engine(postgres.create("unmigrated"))
    with pytest.raises(SchemaOutdated, match=r"今は なし.*python -m data migrate を実行してください"):
        ensure_schema(engine)
    assert sa.inspect(engine).get_table_names() == []
    migrate(engine)
    ensure_schema(engine)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="今は 9999"):
        ensure_schema(engine)
    engine.dispose()


_START = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from data.changes import Author
from data.engine import ensure_schema, open_engine
from data.shipped import load_shipped_plans

url, gate = sys.argv[1:]
print("ready", flush=True)
while not Path(gate).exists():
    time.sleep(0.001)
engine = open_engine(url)
ensure_schema(engine)
print(load_shipped_plans(engine, "default", Author("起動", datetime.now(UTC))))
"""


def _start_at_once(url: str, processes: int, gate: Path) -> list[str]:
    """Starts processes that all open the store in the same moment; what each of them has to say."""
    command = [sys.executable, "-c", _START, url, str(gate)]
    with ExitStack() as stack:
        running = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True))
            for _ in range(processes)
        ]
        for process in running:
            stack.callback(process.kill)
        for process in running:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        gate.touch()
        return [process.communicate(timeout=60)[0].strip() for process in running]


def test_eight_processes_start_at_once_on_an_empty_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shirube.db'}"
    said = _start_at_once(url, 8, tmp_path / "gate")
    assert sorted(said) == ["False"] * 7 + ["True"]
    engine = open_engine(url)
    assert count_rows(engine, t.plans, t.changes, t.indicators, t.listings) == [1, 1, 70, 76]
    engine.dispose()


def test_two_processes_start_at_once_on_an_empty_postgresql(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.create("two_at_once")
    new = open_engine(url)
    migrate(new)
    new.dispose()
    said = _start_at_once(url, 2, tmp_path / "gate")
    assert sorted(said) == ["False", "True"]
    engine = open_engine(url)
    assert count_rows(engine, t.plans, t.changes, t.indicators, t.listings) == [1, 1, 70, 76]
    engine.dispose()


# Transactions


def test_sqlite_uses_wal_and_foreign_keys(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    for _ in range(2):
        engine = open_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        engine.dispose()


def test_writing_is_whole_or_not_at_all(engine: sa.Engine) -> None:
    def write(name: str, fails: bool) -> None:
        with writing(engine) as connection:
            connection.execute(sa.insert(t.organisations), [{"name": name}])
            if fails:
                raise RuntimeError

    before = count_rows(engine, t.organisations)[0]
    with pytest.raises(RuntimeError):
        write("県", fails=True)
    assert count_rows(engine, t.organisations) == [before]
    write("県", fails=False)
    assert count_rows(engine, t.organisations) == [before + 1]


def test_readers_do_not_wait_for_a_writer(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.insert(t.organisations), [{"name": "県"}])
        assert count_rows(engine, t.organisations) == [1]
    assert count_rows(engine, t.organisations) == [2]


# URLs


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+pysqlite"])
def test_sqlite_urls(scheme: str, tmp_path: Path) -> None:
    engine = open_engine(f"{scheme}:///{tmp_path / 'new.db'}")
    assert migrate(engine)
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_urls_all_use_psycopg_3(scheme: str) -> None:
    engine = open_engine(f"{scheme}://shirube:himitsu@db.example.jp:5433/kpi?sslmode=require")
    assert engine.url.drivername == "postgresql+psycopg"
    assert (engine.url.host, engine.url.port, engine.url.database) == ("db.example.jp", 5433, "kpi")
    assert "himitsu" not in repr(engine)


@pytest.mark.parametrize(
    "url",
    [
        "himitsu",
        "",
        "mysql://u:himitsu@db/kpi",
        "oracle+himitsu://db",
        "postgresql://u:himitsu@db:port/kpi",
        "postgresql://u@db:himitsu/kpi",
        "sqlite:himitsu.db",
    ],
)
def test_url_that_is_none_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as caught:
        open_engine(url)
    assert "himitsu" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_store_of_the_first_schema_keeps_its_data(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "migrations"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.text("INSERT INTO organisation (name) VALUES ('古い組織')"))
        columns = "organisation_id, title, document, notes, first_year, last_year"
        connection.execute(sa.text(f"INSERT INTO plan ({columns}) VALUES (2, '古い計画', '', '[]', 2022, 2025)"))
    ensure_schema(engine)
    with engine.connect() as connection:
        assert schema_version(connection) == HEAD
        assert "古い組織" in connection.execute(sa.text("SELECT name FROM organisation")).scalars().all()
    (plan,) = Store(engine).catalogue("古い組織").plans
    assert (plan.scale, plan.about) == (STANDARD, Decimal("0.95"))


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="もっと新しいプログラム"):
        ensure_schema(engine)

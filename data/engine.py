"""Opens the database: SQLite in one file, or PostgreSQL; reading and writing transactions; migrations."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

from data.migrations import HEAD

#: One file beside the program, where nothing else is set.
DEFAULT_URL = "sqlite:///shirube.db"

#: As many parameters as every database takes in one statement (SQLite 32,766, PostgreSQL 65,535).
MOST_PARAMETERS = 30_000

_BUSY_SECONDS = 60
# A server that does not answer is away.
_CONNECT_SECONDS = 5


class SchemaOutdated(Exception):
    """The PostgreSQL store has not been migrated to this program's schema."""


class StoreUnreachable(Exception):
    """The database does not answer, or its file cannot be opened."""


def open_engine(url: str) -> sa.Engine:
    """An engine for `sqlite:///file.db`, `postgres://…` or `postgresql://…` (psycopg 3).

    Its errors tell no parameters, which may be words of a question. Raises ValueError for a URL of another kind,
    without repeating it (it may hold a password).
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise ValueError("DATABASE_URL を読み取れません。例: sqlite:///shirube.db、postgresql://user@host/db") from None
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        limit = {} if "connect_timeout" in parsed.query else {"connect_timeout": _CONNECT_SECONDS}
        address = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(address, pool_pre_ping=True, connect_args=limit, hide_parameters=True)
    if backend != "sqlite":
        raise ValueError("DATABASE_URL には sqlite か postgresql を指定してください。")
    address = parsed.set(drivername="sqlite")
    engine = sa.create_engine(address, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, DDL included
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # Of several first starts at once SQLite turns some away at the change to WAL without letting them wait.
    until = monotonic() + _BUSY_SECONDS
    while not _is_wal(cursor):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > until:
                raise
            sleep(0.01)
    cursor.close()


def _is_wal(cursor: sa.engine.interfaces.DBAPICursor) -> bool:
    """Is the journal set already? One in memory has none to be set, and asking again would need a lock for nothing."""
    cursor.execute("PRAGMA journal_mode")
    return cursor.fetchone() != ("delete",)


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("single_query"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def single_queries(engine: sa.Engine) -> sa.Engine:
    """The same engine for reads of one query each, which need no transaction around them: a third quicker."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(single_query=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def single_value(engine: sa.Engine, statement: sa.Select[tuple[Any]]) -> Callable[..., Any]:
    """A function of the statement's parameters that reads its first value, None without a row.

    For what every question asks: it hands the driver a statement that was put together once, which takes a quarter of
    the time. Where the driver fails, SQLAlchemy tries once more, and names the error as it does everywhere else.
    """
    compiled = statement.compile(dialect=engine.dialect)
    sql, names, own = str(compiled), compiled.positiontup, compiled.params
    failures = engine.dialect.loaded_dbapi.Error

    def read(**parameters: object) -> Any:
        given = {**own, **parameters}
        values = [given[name] for name in names] if names is not None else given
        with engine.connect() as connection:
            try:
                cursor = connection.connection.cursor()
                cursor.execute(sql, values)
                row = cursor.fetchone()
                cursor.close()
            except failures:
                return connection.execute(statement, parameters).scalar()
        return None if row is None else row[0]

    return read


def is_store_fault(error: BaseException) -> bool:
    """Does an error mean that the database is away or gave up, rather than that the program is wrong?"""
    return isinstance(
        error, (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, StoreUnreachable)
    ) or (isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes: committed whole or not at all; on SQLite other writers wait from its start."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


def in_batches(ids: Collection[int]) -> Iterator[list[int]]:
    """The ids in parts that each fit into one statement's list."""
    ordered = list(ids)
    for start in range(0, len(ordered), MOST_PARAMETERS):
        yield ordered[start : start + MOST_PARAMETERS]


def schema_version(connection: sa.Connection) -> str | None:
    """The revision that the database stands at, None where it has never been migrated."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return version


def migrate(engine: sa.Engine) -> bool:
    """Brings the schema to HEAD in one transaction; False where it stood there already.

    Several processes may start at once: the second waits for the first and finds nothing left to do. Raises
    SchemaOutdated for a store that a newer program has made.
    """
    with engine.connect() as connection:
        version = schema_version(connection)
    if version == HEAD:
        return False
    if version is not None and version > HEAD:
        raise SchemaOutdated(
            f"データベースは、もっと新しいプログラムで作られています（{version}）。プログラムを新しくしてください。"
        )
    # Alembic takes half a second to import, so only here, where there is something to do.
    from alembic import command
    from alembic.config import Config

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('shirube.migrate'))"))
        if schema_version(connection) == HEAD:
            return False
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
    return True


def ensure_schema(engine: sa.Engine) -> None:
    """Start-up: SQLite migrates by itself; PostgreSQL is migrated by its operator.

    Raises SchemaOutdated, with what to do, for a PostgreSQL store that is behind or ahead, and StoreUnreachable where
    there is none.
    """
    try:
        if engine.dialect.name == "sqlite":
            migrate(engine)
            return
        with engine.connect() as connection:
            version = schema_version(connection)
    except (sa.exc.OperationalError, sa.exc.DatabaseError):
        # The driver's own words may hold the address and the user.
        raise StoreUnreachable(
            "データベースを開けません。DATABASE_URL と、データベースが動いているか"
            "（ファイルなら置き場所と権限）を確かめてください。"
        ) from None
    if version != HEAD:
        raise SchemaOutdated(
            f"データベースの形がこのプログラムと合いません（今は {version or 'なし'}、必要なのは {HEAD}）。"
            "python -m data migrate を実行してください。"
        )

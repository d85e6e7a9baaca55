"""What loading a file of plans would do: shown before it is agreed to, and done only as it was shown."""

from collections.abc import Callable, Sequence
from itertools import repeat

import sqlalchemy as sa

from data.changes import Author, lock_organisation
from data.engine import writing
from data.importers.report import LoadReport
from data.importers.rows import PlanTable
from data.importers.writer import Details, Progress, store_plan


def store_plans(
    connection: sa.Connection,
    organisation: str,
    tables: Sequence[PlanTable],
    titles: tuple[str, str],
    author: Author,
    progress: Sequence[Progress] | None = None,
) -> list[LoadReport]:
    """Stores the plans of one file in the caller's transaction, with a report for each.

    `titles` are the plan's title as it was given by hand ("" where it was not), which beats the file's own, and one for
    a file that says none. Nothing of a plan is kept that changed nothing, not even the change. Raises as `check_title`
    and `store_plan` do.
    """
    given, otherwise = titles
    check_title(tables, given)
    reports = []
    for table, part in zip(tables, progress or repeat(_unseen), strict=progress is not None):
        with connection.begin_nested() as attempt:
            details = Details(title=given or table.title or otherwise)
            report = store_plan(connection, organisation, table, details, author, part)
            if not report.changes_anything:
                attempt.rollback()
        reports.append(report)
    return reports


def check_title(tables: Sequence[PlanTable], given: str) -> None:
    """Raises ValueError where a title is given for several plans."""
    if given and len(tables) > 1:
        raise ValueError(f"このファイルには計画が{len(tables)}件あるので、計画名は指定できません。")


def preview_plans(
    engine: sa.Engine, organisation: str, tables: Sequence[PlanTable], titles: tuple[str, str], author: Author
) -> list[LoadReport]:
    """What `store_plans` would do; nothing is written. Raises as that does."""
    reports, _ = load_as_previewed(engine, organisation, tables, titles, author, lambda _: False)
    return reports


def load_as_previewed(
    engine: sa.Engine,
    organisation: str,
    tables: Sequence[PlanTable],
    titles: tuple[str, str],
    author: Author,
    is_agreed: Callable[[Sequence[LoadReport]], bool],
) -> tuple[list[LoadReport], bool]:
    """Loads the plans if what that would do at this moment is agreed to; tells whether it has been done.

    Nobody else writes between the two. Raises as `store_plans` does.
    """
    with writing(engine) as connection:
        lock_organisation(connection, organisation)
        reports = store_plans(connection, organisation, tables, titles, author)
        is_done = is_agreed(reports)
        if not is_done:
            connection.rollback()
    return reports, is_done


def _unseen(done: int, total: int) -> None:
    """Progress that nobody looks at."""

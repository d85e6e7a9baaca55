"""What recording results would do: shown before it is agreed to, and done only as it was shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, lock_organisation
from data.engine import writing
from data.facts import Fact
from data.figures import read_facts
from data.importers.report import RecordReport
from data.importers.results import store_results
from data.importers.rows import ResultRow


@dataclass(frozen=True, slots=True)
class Preview:
    """The report of a recording, with all figures of its indicators as they were and as they would be."""

    report: RecordReport
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


def preview_results(engine: sa.Engine, organisation: str, rows: Sequence[ResultRow], author: Author) -> Preview:
    """What `store_results` would do with these rows; nothing is written. Raises BadFile as that does."""
    preview, _ = record_as_previewed(engine, organisation, rows, author, lambda _: False)
    return preview


def record_as_previewed(
    engine: sa.Engine,
    organisation: str,
    rows: Sequence[ResultRow],
    author: Author,
    is_agreed: Callable[[Preview], bool],
) -> tuple[Preview, bool]:
    """Records these rows if what that would do at this moment is agreed to; tells whether it has been done.

    Nobody else writes between the two. Raises BadFile as `store_results` does.
    """
    with writing(engine) as connection:
        lock_organisation(connection, organisation)
        revision = connection.execute(sa.select(sa.func.max(t.changes.c.id))).scalar() or 0
        report = store_results(connection, organisation, rows, author)
        indicators = list({one.indicator.id: one.indicator for one in (*report.new, *report.changed)}.values())
        before, after = read_facts(connection, indicators, revision), read_facts(connection, indicators)
        preview = Preview(report, before, after)
        is_done = is_agreed(preview)
        if not is_done:
            connection.rollback()
    return preview, is_done

"""The ways from a question to the figures of the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.figures import Row, rows_of
from data.facts import Indicator, Revision
from data.store import Store

# The cells of some thousand indicators are a few megabytes.
_KEPT_INDICATORS = 4000

#: Some indicators with their figures, in their order.
ReadRows = Callable[[Sequence[Indicator]], list[Row]]


@dataclass(frozen=True, slots=True)
class Reads:
    """The current figures of some indicators, and all figures that one ever had."""

    rows: ReadRows
    revisions: Callable[[Indicator], tuple[Revision, ...]]


def reads_of(store: Store) -> Reads:
    return Reads(_rows_once(store), store.revisions)


def _rows_once(store: Store) -> ReadRows:
    """Reads the cells of each indicator at its first question; thrown away with the knowledge of that revision.

    A cell read here may be newer than the revision, never older: the next question then finds the revision changed.
    """
    kept: dict[int, Row] = {}

    def rows(indicators: Sequence[Indicator]) -> list[Row]:
        known = {one.id: row for one in indicators if (row := kept.get(one.id))}
        if missing := [indicator for indicator in indicators if indicator.id not in known]:
            read = {row.indicator.id: row for row in rows_of(missing, store.facts(missing))}
            known |= read
            if len(kept) + len(read) > _KEPT_INDICATORS:
                kept.clear()
            if len(read) <= _KEPT_INDICATORS:
                kept.update(read)  # whole rows at once: other threads read here, too
        return [known[indicator.id] for indicator in indicators]

    return rows

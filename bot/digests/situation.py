"""What a digest is made from: the figures of its scope, now and as of the digest before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.config import TOKYO
from bot.digests.scope import indicators_of
from bot.figures import Row, rows_of
from data.digests import Told
from data.facts import Catalogue
from data.store import Store
from data.subscriptions import DigestKind

#: An organisation's catalogue as of a revision (data/store.py).
ReadCatalogue = Callable[[int], Catalogue]


@dataclass(frozen=True, slots=True)
class Situation:
    """The rows of a scope as of `revision`; `before` are those as of the last digest, None where this is the first.

    `now` and `last_at` are of Japan. `with_plan` says that the organisation has several plans.
    """

    scope: str
    now: datetime
    revision: int
    rows: Sequence[Row]
    before: Sequence[Row] | None
    last_at: datetime | None
    with_plan: bool

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def moment(self) -> str:
        """「2026年12月1日9時現在」."""
        return f"{self.now:%Y}年{self.now.month}月{self.now.day}日{self.now.hour}時現在"

    @property
    def since(self) -> str:
        """「前回（11月2日）から」, with the year where it is another one; "" where this is the first."""
        if self.last_at is None:
            return ""
        year = f"{self.last_at:%Y}年" if self.last_at.year != self.now.year else ""
        return f"前回（{year}{self.last_at.month}月{self.last_at.day}日）から"


def read_situation(
    store: Store,
    catalogue: ReadCatalogue,
    revision: int,
    kind: DigestKind,
    scope: str,
    now: datetime,
    last: Told | None = None,
) -> Situation:
    """Reads a scope as of a revision that has been committed, so that nothing falls between two digests."""

    def rows(as_of: int) -> list[Row]:
        indicators = indicators_of(catalogue(as_of), kind, scope)
        return [row for row in rows_of(indicators, store.facts(indicators, as_of)) if row.facts]

    return Situation(
        scope,
        now.astimezone(TOKYO),
        revision,
        rows(revision),
        rows(last.revision) if last else None,
        last.at.astimezone(TOKYO) if last else None,
        len(catalogue(revision).plans) > 1,
    )

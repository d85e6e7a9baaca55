"""What a digest is made from: the figures of its scope, now and as of the digest before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.digests.scope import indicators_of
from bot.figures import Row, rows_of
from data.digests import Told
from data.facts import Catalogue
from data.fiscal_year import TOKYO
from data.store import Store
from data.subscriptions import DigestKind

# So many catalogues and scopes are kept while digests are made: subscribers of one scope follow one another.
_CATALOGUES, _SCOPES = 2, 4


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


#: The situation of a scope at a moment, with the digest before if there was one.
ReadSituation = Callable[[DigestKind, str, datetime, Told | None], Situation]


def situation_reader(store: Store, organisation: str) -> ReadSituation:
    """Reads situations as of the newest revision; what several digests share is read once.

    The figures are read as of the revision that the digest is said to tell of: what is written meanwhile is told of by
    the next one.
    """

    @lru_cache(_CATALOGUES)
    def catalogue(as_of: int) -> Catalogue:
        return store.catalogue(organisation, as_of)

    @lru_cache(_SCOPES)
    def rows(kind: DigestKind, scope: str, as_of: int) -> Sequence[Row]:
        indicators = indicators_of(catalogue(as_of), kind, scope)
        return [row for row in rows_of(indicators, store.facts(indicators, as_of)) if row.facts]

    def read(kind: DigestKind, scope: str, now: datetime, last: Told | None) -> Situation:
        revision = store.revision(organisation)
        return Situation(
            scope,
            now.astimezone(TOKYO),
            revision,
            rows(kind, scope, revision),
            rows(kind, scope, last.revision) if last else None,
            last.at.astimezone(TOKYO) if last else None,
            len(catalogue(revision).plans) > 1,
        )

    return read

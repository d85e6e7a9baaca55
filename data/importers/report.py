"""What a load did, for the operator."""

from dataclasses import dataclass, field

from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.importers.rows import Remark


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a load added, changed or removed: what, where, and before and after if it is a value."""

    name: str
    place: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A cell that is no number; it is kept as written."""

    line: int
    indicator: str
    place: str
    raw: str


@dataclass(slots=True)
class LoadReport:
    """What was read from a plan's file and what it changed in the store."""

    title: str
    is_new: bool
    rows: int
    indicators: int
    without_indicator: int
    years: tuple[FiscalYear, ...]
    unread: list[UnreadCell] = field(default_factory=list)
    repairs: list[Remark] = field(default_factory=list)
    passed_over: tuple[str, ...] = ()
    added: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    removed: list[Difference] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return bool(self.is_new or self.added or self.changed or self.removed)


def place_name(measure: Measure, year: FiscalYear | None) -> str:
    """「基準値」, 「R6の目標値」, 「R5の実績値」."""
    word = {Measure.BASELINE: "基準値", Measure.TARGET: "目標値", Measure.ACTUAL: "実績値"}[measure]
    return f"{year.label}の{word}" if year else word

"""What a load or a record did, for the operator."""

from dataclasses import dataclass, field

from data.facts import MEASURES, Indicator, Measure, Place, Revision
from data.fiscal_year import FiscalYear
from data.importers.rows import Remark
from data.values import Cell


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


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded value, with what stood in its place before; `is_interim` if its year is not over (途中経過)."""

    indicator: Indicator
    place: Place
    cell: Cell
    before: Revision | None
    is_interim: bool

    @property
    def is_new(self) -> bool:
        return self.before is None or self.before.cell.absence is not None


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What recording did: what was new, what replaced another value, how many were known already.

    `skipped` rows give no value; `remarks` are what they say all the same. `warnings` name values that may be slips.
    """

    new: tuple[Recorded, ...]
    changed: tuple[Recorded, ...]
    unchanged: int
    skipped: int
    remarks: tuple[Remark, ...]
    warnings: tuple[Remark, ...]

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed)


def place_name(measure: Measure, year: FiscalYear | None) -> str:
    """「基準値」, 「R6の目標値」, 「R5の実績値」, 「R5の公表判定」."""
    return f"{year.label}の{MEASURES[measure]}" if year else MEASURES[measure]

"""What every reader yields, and how a reader says what is wrong with a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from data.facts import Aggregation, Direction
from data.fiscal_year import FiscalYear


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a plan's table, merged cells filled in, cells as written.

    `indicator` is "" for an initiative without KPI, which has no cells. `baseline` is None where the table has no such
    column. A cell that the source cuts off is `values.UNREADABLE_MARK`. `chapter` is "" where none is printed.
    `actuals` are results that stand beside the targets, in the long form.
    """

    line: int
    chapter: str
    area: str
    number: str
    initiative: str
    indicator: str
    baseline: str | None = None
    targets: tuple[tuple[FiscalYear, str], ...] = ()
    actuals: tuple[tuple[FiscalYear, str], ...] = ()
    unit: str = ""
    direction: Direction | None = None
    aggregation: Aggregation | None = None
    owner: str = ""
    remark: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the reader did or noticed, for the operator's eyes: 「17行目: セルが右に1つずれています…」."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A plan as read from one file. `title` and `document` are "" where the file does not say.

    In the long form every row is an indicator of its own, whatever its name, with those figures only that its lines
    give. In a table rows of one name may be one indicator, and a year that a row has no cell for is none of its plan's.
    """

    title: str
    document: str
    notes: tuple[str, ...]
    years: tuple[FiscalYear, ...]
    rows: tuple[Row, ...]
    repairs: tuple[Remark, ...] = ()
    passed_over: tuple[str, ...] = ()
    is_long_form: bool = False

    @property
    def lines_read(self) -> int:
        """How many lines the rows stand for."""
        if not self.is_long_form:
            return len(self.rows)
        return sum(len(row.targets) + len(row.actuals) + (row.baseline is not None) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One recorded result as written: the year and the value still as text.

    `value` is "" where nothing is to be recorded yet, as in a collection form (照会様式) that was not filled in.
    `published_status` is 公表判定, `plan` and `initiative` tell namesakes apart; "" where the file does not say.
    `indicator_id` is the indicator that was picked by hand, 0 in a file.
    """

    line: int
    indicator: str
    number: str
    fiscal_year: str
    value: str
    remark: str
    plan: str = ""
    initiative: str = ""
    published_status: str = ""
    sheet: str = ""
    indicator_id: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class FileError:
    """What is wrong, where (row from 1, 0 for the whole file; sheet and column by name), and what to do about it."""

    reason: str
    line: int = 0
    column: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        where = f"シート「{self.sheet}」 " if self.sheet else ""
        where += f"{self.line}行目" if self.line else ""
        where += f"「{self.column}」" if self.column else ""
        return f"{where.strip()}: {self.reason}" if where else self.reason


class BadFile(Exception):
    """A file that cannot be taken: every error at once; nothing has been written."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass(slots=True)
class Findings:
    """What a reader collects on its way through a file."""

    errors: list[FileError] = field(default_factory=list)
    repairs: list[Remark] = field(default_factory=list)


def clean(text: str) -> str:
    """A name as stored: no line breaks, runs of white space as one space; the characters stay as written."""
    return re.sub(r"\s+", " ", text).strip()

"""What the store tells: frozen values, free of SQL.

A `Fact` is one figure of an indicator with every place where it stands. The names of the fields are the field's
standard terms (CONTRIBUTING.md has the table).
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from data.fiscal_year import FiscalYear
from data.scales import ABOUT, STANDARD, Scale
from data.values import Cell


class Measure(StrEnum):
    """Which column of the table: 基準値, 目標値 or, once recorded, 実績値 and 公表判定.

    A published status (「順調」, as the plan's owner published it) is words: its cell has neither value nor absence.
    """

    BASELINE = "baseline"
    TARGET = "target"
    ACTUAL = "actual"
    PUBLISHED = "published_status"


MEASURES = {
    Measure.BASELINE: "基準値",
    Measure.TARGET: "目標値",
    Measure.ACTUAL: "実績値",
    Measure.PUBLISHED: "公表判定",
}


class Direction(StrEnum):
    """Which way an indicator improves (column 方向)."""

    HIGHER = "higher"
    LOWER = "lower"


class Aggregation(StrEnum):
    """How its figures add up over years (column 集計): 年度ごと, 累計, 時点."""

    YEARLY = "yearly"
    CUMULATIVE = "cumulative"
    POINT = "point"


#: A cell's place in its row: (baseline, None) or (target, year), (actual, year), (published status, year).
Place = tuple[Measure, FiscalYear | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with the scale by which it is judged, and the share from which its 「ほぼ100%」 is met."""

    id: int
    title: str
    document: str
    notes: tuple[str, ...]
    first_year: FiscalYear
    last_year: FiscalYear
    scale: Scale = STANDARD
    about: Decimal = ABOUT


@dataclass(frozen=True, slots=True)
class Initiative:
    """A 取組項目 with its place in the plan; `line` is its first line in the source."""

    id: int
    plan: Plan
    chapter: str
    area: str
    number: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One place where an indicator stands (再掲 makes several)."""

    id: int
    initiative: Initiative
    line: int
    owner: str
    remark: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator with its listings in the order of the source.

    `qualifier` tells it from another indicator of the same name in the same plan (area and initiative), else "".
    """

    id: int
    name: str
    unit: str
    direction: Direction | None
    aggregation: Aggregation | None
    listings: tuple[Listing, ...]
    aliases: tuple[str, ...]
    qualifier: str

    @property
    def plan(self) -> Plan:
        return self.listings[0].initiative.plan


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that an organisation's plans name, without their figures; `revision` as of which (Store.revision)."""

    revision: int
    plans: tuple[Plan, ...]
    indicators: tuple[Indicator, ...]
    initiatives: tuple[Initiative, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of an indicator: `fiscal_year` is None for a baseline.

    `cell.unit` is the indicator's own unit where the cell gives none. `sources` are the listings where the figure
    stands; what is recorded (a result, a published status) stands in none and has the indicator's.
    """

    indicator: Indicator
    measure: Measure
    fiscal_year: FiscalYear | None
    cell: Cell
    sources: tuple[Listing, ...]


class ChangeKind(StrEnum):
    """What a write to the store was about."""

    LOAD = "load"
    RECORD = "record"
    ALIAS = "alias"
    WITHDRAW = "withdraw"
    SCALE = "scale"
    PROPOSE = "propose"
    ACCEPT = "accept"
    DECLINE = "decline"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    GRANT = "grant"
    WORKSPACE = "workspace"


#: The kinds of changes, as told.
CHANGES: dict[str, str] = {
    ChangeKind.LOAD: "計画の読み込み",
    ChangeKind.RECORD: "実績の登録",
    ChangeKind.ALIAS: "別名の登録",
    ChangeKind.WITHDRAW: "別名の取り外し",
    ChangeKind.SCALE: "判定基準の選択",
    ChangeKind.PROPOSE: "別名の提案",
    ChangeKind.ACCEPT: "提案された別名の登録",
    ChangeKind.DECLINE: "別名の提案の見送り",
    ChangeKind.SUBSCRIBE: "定期報告の購読",
    ChangeKind.UNSUBSCRIBE: "定期報告の購読の終了",
    ChangeKind.GRANT: "役割の変更",
    ChangeKind.WORKSPACE: "ワークスペースの登録",
}

#: The kinds that change nothing of what questions are answered from (plans, figures, aliases): the revision of the
#: store leaves them out, so that nothing is built anew for them.
SILENT = frozenset(
    {
        ChangeKind.PROPOSE,
        ChangeKind.DECLINE,
        ChangeKind.SUBSCRIBE,
        ChangeKind.UNSUBSCRIBE,
        ChangeKind.GRANT,
        ChangeKind.WORKSPACE,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed the store, when (UTC) and from which file."""

    kind: str
    by: str
    at: datetime
    file: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure as it was once written, with the change that wrote it."""

    number: int
    measure: Measure
    fiscal_year: FiscalYear | None
    cell: Cell
    change: Change
    line: int


def is_visible(text: str) -> bool:
    """Holds a text neither control characters nor what turns the direction of writing or takes no room?"""
    return not any(unicodedata.category(character)[0] == "C" for character in text)


def name_key(name: str) -> str:
    """What two spellings of one name share: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def direction(declared: Direction | None, baseline: Decimal | None, last_target: Decimal | None) -> Direction:
    """Which way the figures improve: as the plan declares, else from the baseline towards the last target.

    Without both, or where they are equal, higher is better: コピー用紙購入量 40万枚 → 12万枚 improves downwards.
    """
    if declared is not None:
        return declared
    if baseline is not None and last_target is not None and last_target < baseline:
        return Direction.LOWER
    return Direction.HIGHER

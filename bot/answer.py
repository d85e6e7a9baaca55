"""An answer, free of any channel's markup; ANSWER.md's JSON is one form of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.chart import Chart
from data.facts import Fact, Indicator, Initiative
from data.fiscal_year import FiscalYear

if TYPE_CHECKING:
    from bot.memory import Memory


class Kind(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    NO_DATA = "no_data"
    NOT_UNDERSTOOD = "not_understood"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Text:
    """The reply in parts, each of which a channel may set in its own way.

    `lead` is the value that was asked for (「ほぼ100%」), `statement` the sentence that says whose it is; without a
    lead the statement stands alone. Where something is listed, `rows` hold a line for each (「・植樹の面積 R5 30」, or
    the heading of a group) and `above` what is said before them; `lines` are all other lines, after the rows.
    Then come how the question was read, and where the figures stand.
    """

    statement: str
    lead: str = ""
    lines: tuple[str, ...] = ()
    receipt: str = ""
    sources: str = ""
    above: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """「ほぼ100%」 and whose it is, in one line."""
        return f"{self.lead} — {self.statement}" if self.lead else self.statement

    @property
    def details(self) -> tuple[str, ...]:
        """All lines after the first, in order."""
        return (*self.above, *self.rows, *self.lines)

    def body(self) -> str:
        """Lead, statement and lines."""
        return "\n".join((self.first, *self.details))

    def plain(self) -> str:
        return "\n".join(part for part in (self.body(), self.receipt, self.sources) if part)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How the question was read: what was taken for the indicator, the years and the measure, what was passed over."""

    words: str = ""
    indicator: str = ""
    match: str = ""
    years: tuple[tuple[str, str], ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[str, ...] = ()
    runners_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """A calculated value: `operation` by ANSWER.md's name, the `formula` that shows it, the facts that went into it."""

    operation: str
    value: Decimal
    unit: str
    formula: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StatusOf:
    """The status of an indicator in a year."""

    indicator: Indicator
    year: FiscalYear
    status: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and every fact behind it: `facts` were asked for, `context_facts` are shown in addition.

    `chart` is the data of a picture that suits it; no picture is made before it is shown (bot/pictures.py).
    `memory` is what the thread is to keep (bot/memory.py), for the channel's edge to write down.
    `is_courtesy` marks a reply to thanks and the like, which asked for nothing. `rejected` is the question whose answer
    the user called wrong, "" where that did not happen. `ranks` are the places of `indicators` in a ranking (two may
    share one). `examples` are questions that a reply on how to ask offers, ready to be asked. `revision` is the store's
    as of which it was made (Store.revision). `goes_on` marks one to which the words alone do not lead: the thread, or
    what the user picked, says the rest.
    """

    kind: Kind
    text: Text
    facts: tuple[Fact, ...] = ()
    context_facts: tuple[Fact, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    items: tuple[Initiative, ...] = ()
    choices: tuple[Indicator | Initiative, ...] = ()
    alternatives: tuple[Indicator | Initiative, ...] = ()
    computed: tuple[Computed, ...] = ()
    statuses: tuple[StatusOf, ...] = ()
    status_counts: Mapping[str, int] = field(default_factory=dict)
    count: int | None = None
    yes: bool | None = None
    chart: Chart | None = None
    receipt: Receipt = field(default_factory=Receipt)
    memory: "Memory | None" = None
    trace: tuple[str, ...] = ()
    elapsed_ms: float = 0.0
    is_courtesy: bool = False
    rejected: str = ""
    ranks: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()
    revision: int = 0
    goes_on: bool = False

    @property
    def counted_as(self) -> str:
        """The kind under which the question counts; "" for thanks and the like, which asked for nothing."""
        return "" if self.is_courtesy else self.kind.value


def names(indicators: Sequence[Indicator | Initiative]) -> list[str]:
    """Names as the store has them, each once, in order."""
    return list(dict.fromkeys(map(name_of, indicators)))


def name_of(one: Indicator | Initiative) -> str:
    """The name of an indicator, the title of an initiative, as the store has it."""
    return one.name if isinstance(one, Indicator) else one.title

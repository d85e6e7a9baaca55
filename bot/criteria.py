"""A condition as it is put to an indicator: its test and its sentence in one object."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.answer import Computed, StatusOf
from bot.figures import Row
from data.facts import Fact


@dataclass(frozen=True, slots=True)
class Outcome:
    """Does a condition hold, None where it cannot be told (`why`); the facts, values and status that decided it."""

    holds: bool | None
    facts: tuple[Fact, ...] = ()
    computed: Computed | None = None
    why: str = ""
    status: StatusOf | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`sentence` stands before its noun: 「R7の目標値が80%以上の」, 「基準値がない」."""

    sentence: str
    test: Callable[[Row], Outcome]
    leaves_out: str = ""  # what it passes over altogether: 「「%」の指標」

    def __call__(self, row: Row) -> Outcome:
        return self.test(row)

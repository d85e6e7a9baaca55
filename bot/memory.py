"""What a thread remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from bot.answer import Answer, Kind
from bot.knowledge import Target, key_of
from nlp.asked import Asked
from nlp.intents import Intent
from nlp.operands import OF_RESULTS
from nlp.periods import resolve
from nlp.query import Query

# As many targets of a list are kept to pick from, and as many messages that narrow one.
_MOST_TARGETS, _MOST_MESSAGES = 50, 20
#: What a thread was asked for: a status, or how far it still is to a target.
STATUS, REMAINING = "status", "remaining"


@dataclass(frozen=True, slots=True)
class Memory:
    """All that a thread keeps: what the last answer was about, or the choices that it offered.

    `targets`, `choices` and `others` (the runners-up) are keys (bot/knowledge.py), `years` the fiscal years asked for
    (none: all), `measures` the measures asked for by name. `question` holds the words that were answered, for the log
    should the user say 「違う」. `selection` are the messages that together make up the question about many that was
    last answered; `earlier` the target before this one with its years and measures,
    for 「その差は?」. `asked_for` is what was wanted where it was no figure: 「判定」
    with the key of the scale ("" for the plan's own), or the operation of a rate or a gap.
    """

    targets: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    measures: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    earlier_years: tuple[int, ...] = ()
    earlier_measures: tuple[str, ...] = ()
    asked_for: tuple[str, ...] = ()

    @classmethod
    def of_state(cls, state: Mapping[str, Sequence[str | int]]) -> "Memory":
        return cls(**{name: tuple(values) for name, values in state.items()})  # type: ignore[arg-type]

    def state(self) -> dict[str, Sequence[str | int]]:
        return {name: list(values) for name, values in asdict(self).items()}


def memory_of(answer: Answer, query: Query, before: Memory | None) -> Memory | None:
    """What the thread keeps after an answer; one that was not understood leaves it as it was."""
    if query.intent is Intent.WRONG and before is not None:
        keys = tuple(key_of(choice) for choice in answer.choices)
        # Without another indicator to offer it may be the year that was wrong.
        kept = () if keys else before.targets
        return replace(before, targets=kept, choices=keys, others=(), question=())
    if answer.kind not in (Kind.ANSWER, Kind.NO_DATA, Kind.CHOOSE):
        return replace(before, question=()) if before and query.rejects else before
    asked = query.asked[0]
    targets: tuple[Target, ...] = (*answer.indicators, *answer.items)
    years = _years(asked, answer.choices or targets)
    measures = tuple(dict.fromkeys(reading.measure.value for reading in asked.measures))
    if answer.kind is Kind.CHOOSE:
        return Memory((), years, measures, tuple(key_of(choice) for choice in answer.choices))
    others = tuple(key_of(other) for other in answer.alternatives)
    keys = tuple(key_of(target) for target in targets[:_MOST_TARGETS])
    if answer.computed or answer.statuses:
        years = tuple(sorted({fact.fiscal_year.year for fact in answer.facts if fact.fiscal_year}))
    memory = Memory(
        keys, years, measures, others=others, question=(query.written,), asked_for=_asked_for(answer, query)
    )
    if query.selection is not None:
        asked_before = before.selection if before and query.narrows_thread else ()
        return replace(memory, selection=(*asked_before, query.written)[-_MOST_MESSAGES:])
    if before and before.targets and len(before.targets) == 1 and not before.selection:
        is_same = before.targets == keys
        if not is_same or (before.years, before.measures) != (years, measures):
            return replace(memory, earlier=before.targets, earlier_years=before.years, earlier_measures=before.measures)
    return memory


def _asked_for(answer: Answer, query: Query) -> tuple[str, ...]:
    calculation = query.calculation
    if query.intent is Intent.CALCULATION and calculation:
        if calculation.remaining:
            return (REMAINING,)
        return (calculation.operation.value,) if calculation.operation in OF_RESULTS else ()
    return (STATUS, query.scale) if answer.statuses else ()


def _years(asked: Asked, targets: Sequence[Target]) -> tuple[int, ...]:
    if not targets:
        return ()
    first = targets[0]
    plan = first.plan
    years = {y.year for period in asked.periods for y in resolve(period.period, plan.first_year, plan.last_year)}
    return tuple(sorted(years))

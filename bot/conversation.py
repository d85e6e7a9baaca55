"""What a thread remembers, and how a follow-up is completed from it: 「じゃあR7は?」."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge import Knowledge, Target
from bot.memory import REMAINING, STATUS, Memory
from bot.narrowed import OF_ALL, TAKES_UP, fold
from data.fiscal_year import FiscalYear
from nlp.asked import Asked
from nlp.calculations import CalculationReading
from nlp.criteria import Moves
from nlp.indicators import Candidate
from nlp.intents import Intent
from nlp.kin import find_kin
from nlp.measures import Measure, MeasureReading
from nlp.mentions import Match
from nlp.operands import Figure, Operation
from nlp.parse import parse, parse_narrowing
from nlp.periods import Period, PeriodReading, resolve
from nlp.query import Query
from nlp.selection import Selection
from nlp.words import Word

# Of two candidates the better one must explain this much more of the words to be the one that is meant.
_CLEARLY = 1.25


def pick(query: Query, key: str, knowledge: Knowledge) -> Query:
    """The question with its indicator picked from the candidates, by a button or a number."""
    found = _about(query, query.asked[0], [key], Match.PICKED, knowledge)
    return replace(found, intent=query.intent, selection=None) if query.intent in _OF_INDICATORS else found


def complete(query: Query, memory: Memory, knowledge: Knowledge, asked_on: date) -> Query:
    """The question with what it leaves open taken from the thread; a question complete in itself stays as it is."""
    if query.intent is Intent.WRONG:
        return replace(query, asked=(_offered(query.asked[0], memory.others, knowledge),))
    if query.followup.fresh:
        return query
    if _asks_another_figure(query, memory, knowledge, asked_on):
        return replace(query, intent=Intent.REVERSE, asked=(replace(query.asked[0], fitting=()),))
    if query.intent is Intent.COMPARISON and len(query.asked) == 1:
        return _beside(query, memory, knowledge)
    if memory.selection and (narrowed := _narrowed(query, memory, knowledge, asked_on)):
        return narrowed
    is_one = not memory.selection or len(memory.targets) == 1
    if query.intent in _OF_INDICATORS and memory.targets and is_one and not query.names_something:
        return _asked_of_targets(query, memory, knowledge)
    if query.intent is not Intent.LOOKUP or (memory.selection and len(memory.targets) != 1):
        return query
    if memory.choices and (chosen := _chosen(query, memory, knowledge)):
        asked = _with_years(query.asked[0], memory, knowledge.find(chosen[0]))
        return _about(query, asked, chosen, Match.PICKED, knowledge)
    if not memory.targets:
        return query
    if not query.names_something:
        return _same_targets(query, memory, knowledge)
    if len(query.asked) > 1:
        return query
    asked = query.asked[0]
    if len(asked.fitting) != 1 and query.followup.contrast:
        kin = find_kin(asked.candidates, knowledge.present(memory.targets), knowledge.index)
        asked = replace(asked, fitting=(kin,), is_doubtful=False) if kin else asked
    if asked.fitting and not asked.periods and not asked.measures and _leans(query):
        asked = replace(asked, periods=_remembered_years(memory), measures=_remembered_measures(memory))
        return _asked_alike(replace(query, asked=(asked,)), memory)
    return replace(query, asked=(asked,))


def _asks_another_figure(query: Query, memory: Memory, knowledge: Knowledge, asked_on: date) -> bool:
    """「じゃあ14,135のほうは?」 after 「35,646はどの指標?」."""
    if not query.amounts or query.names_something or not memory.question:
        return False
    return parse(memory.question[0], asked_on, knowledge.index).intent is Intent.REVERSE


# Kinds of questions that say what is wanted of an indicator, which the thread may name.
_OF_INDICATORS = (Intent.CALCULATION, Intent.CLAIM, Intent.ABOUT, Intent.STATUS, Intent.HISTORY)


def _asked_of_targets(query: Query, memory: Memory, knowledge: Knowledge) -> Query:
    """What a message wants of the indicators of the thread: 「その差は?」, 「8割いく?」, 「単位は?」."""
    asked, calculation = query.asked[0], query.calculation
    keys, years = memory.targets, memory.years
    # 「その差は?」, 「何%減るの?」 after one year and then another.
    between = calculation is not None and calculation.start is None and calculation.end is None
    between = between or any(isinstance(test, Moves) for claim in query.claims for test in claim.tests)
    if between and memory.earlier == memory.targets and len(years) == len(memory.earlier_years) == 1:
        years = tuple(sorted({*memory.earlier_years, *years}))
    elif between and memory.earlier == memory.targets and memory.earlier_measures != memory.measures:
        # 「R6の実績は」, 「R6の目標は」, 「その差は?」
        named = dict.fromkeys((*(memory.earlier_measures or ("target",)), *(memory.measures or ("target",))))
        asked = replace(asked, measures=tuple(MeasureReading(Measure(one), 0, 0, "") for one in named))
    elif between and memory.earlier and memory.earlier != memory.targets and "差" in query.text:
        keys = (*memory.earlier, *memory.targets)
    if calculation and memory.asked_for == (REMAINING,) and years:
        aim = Figure(Measure.TARGET, Period(FiscalYear(max(years)), FiscalYear(max(years))))
        query = replace(query, calculation=replace(calculation, start=aim, end=None, remaining=True))
    elif calculation and memory.measures == (Measure.ACTUAL.value,) and calculation.end == Figure(Measure.TARGET):
        # 「目標との差は?」 after 「実績は?」
        gap = replace(calculation, start=Figure(Measure.TARGET), end=Figure(Measure.ACTUAL))
        query = replace(query, calculation=gap)
    if not asked.periods:
        asked = replace(asked, periods=tuple(_reading(FiscalYear(year)) for year in years))
    if not asked.measures and Measure.ACTUAL.value in memory.measures:
        asked = replace(asked, measures=_remembered_measures(memory))
    found = _about(query, asked, keys if len(keys) < 4 else keys[:1], Match.THREAD, knowledge)
    return replace(found, intent=query.intent, selection=None)


def _beside(query: Query, memory: Memory, knowledge: Knowledge) -> Query:
    """「議事録とどっちが多い?」: against the one indicator of the thread, in its year."""
    asked = query.asked[0]
    if not asked.periods:
        asked = replace(asked, periods=_remembered_years(memory))
    if len(memory.targets) != 1 or len(asked.fitting) != 1:
        return replace(query, intent=Intent.LOOKUP)
    (before,) = _about(query, asked, memory.targets, Match.THREAD, knowledge).asked
    return replace(query, asked=(before, asked))


_WITHIN = (Intent.LIST, Intent.COUNT, Intent.RANKING)


def _narrowed(query: Query, memory: Memory, knowledge: Knowledge, asked_on: date) -> Query | None:
    """The thread's question about many as the message changes it, None where it is about something else."""
    asked = query.asked[0]
    if query.followup.contrast and (meant := _chosen(query, replace(memory, choices=memory.targets), knowledge)):
        return _about(query, _with_years(asked, memory, knowledge.find(meant[0])), meant, Match.PICKED, knowledge)
    takes_up = TAKES_UP.search(query.text) is not None
    own = query.selection
    is_scoped = own is not None and own.is_scoped
    if own is not None and not takes_up and (is_scoped or OF_ALL.search(query.text)):
        return None
    if any(c.match in (Match.EXACT, Match.ALIAS) for part in query.asked for c in part.fitting[:1]) and not takes_up:
        return None
    new = parse_narrowing(query.written, asked_on, knowledge.index)
    number = query.followup.pick
    if number and not (new and new.order) and not query.names_something and 0 < number <= len(memory.targets):
        key = memory.targets[number - 1]
        picked = _about(query, _with_years(asked, memory, knowledge.find(key)), [key], Match.PICKED, knowledge)
        return replace(picked, intent=query.intent if query.intent in _OF_INDICATORS else Intent.LOOKUP)
    if new is None or (new.entries and not takes_up and query.intent not in _WITHIN):
        return None
    asking: tuple[Intent, Selection] | None = None
    for message in memory.selection:
        asking = fold(asking, message, asked_on, knowledge)
    if asking is None:
        return None
    asked_now = fold(asking, query.written, asked_on, knowledge)
    if asked_now is None:
        return None
    return replace(query, intent=asked_now[0], selection=asked_now[1], narrows_thread=True)


def _leans(query: Query) -> bool:
    """Does a message that names another indicator keep the years of the thread: 「防犯アプリの方は?」?"""
    return query.followup.contrast or query.followup.continues or query.text.rstrip("?。! ").endswith("は")


def _chosen(query: Query, memory: Memory, knowledge: Knowledge) -> Sequence[str]:
    """The keys of the choices that a message takes: by number, all of them, or the one that has its words."""
    number = query.followup.pick
    if query.followup.pick_all or (query.followup.agrees and len(memory.choices) == 1):
        return memory.choices
    if number:
        return memory.choices[-1:] if number < 0 else memory.choices[number - 1 : number]
    words = [word for asked in query.asked for word in asked.words]
    scores = sorted(
        ((_explained(words, entry), key) for key in memory.choices if (entry := knowledge.entry(key)) is not None),
        reverse=True,
    )
    if not scores or scores[0][0] <= 0:
        return ()
    if len(scores) > 1 and scores[0][0] < scores[1][0] * _CLEARLY:
        return ()
    # Words that name something else altogether take no choice: 「別の指標」 is asked for by its own name.
    total = sum(word.weight for word in words)
    return (scores[0][1],) if scores[0][0] >= 0.4 * total else ()


def _explained(words: Sequence[Word], entry: int) -> float:
    return sum(word.weight * word.found.get(entry, 0.0) for word in words)


def _with_years(asked: Asked, memory: Memory, target: Target | None) -> Asked:
    """Years and measures of the question that was asked back about, unless the message names its own."""
    plan = target.plan if target else None
    own = tuple(
        reading
        for reading in asked.periods
        if plan is None
        or all(
            plan.first_year <= year <= plan.last_year
            for year in resolve(reading.period, plan.first_year, plan.last_year)
        )
    )
    return replace(
        asked,
        periods=own or _remembered_years(memory),
        measures=asked.measures or _remembered_measures(memory),
    )


def _same_targets(query: Query, memory: Memory, knowledge: Knowledge) -> Query:
    """The same indicators for other years or another measure; nothing where the message says neither."""
    asked, followup = query.asked[0], query.followup
    measures = asked.measures
    if followup.step and memory.years:
        year = max(memory.years) + 1 if followup.step > 0 else min(memory.years) - 1
        periods: tuple[PeriodReading, ...] = (_reading(FiscalYear(year)),)
    elif asked.periods or followup.series:
        periods = asked.periods
    elif measures:
        periods = () if measures[0].measure is Measure.BASELINE else _remembered_years(memory)
    elif followup.continues:
        periods = _remembered_years(memory)
    else:
        return query
    if not measures and (Measure.ACTUAL.value in memory.measures or not (asked.periods or followup.step)):
        measures = _remembered_measures(memory)
    found = _about(query, replace(asked, periods=periods, measures=measures), memory.targets, Match.THREAD, knowledge)
    return found if measures and memory.asked_for != (REMAINING,) else _asked_alike(found, memory)


def _asked_alike(query: Query, memory: Memory) -> Query:
    """The same asked of another year or indicator: 「R4は?」 after 「R5の判定は?」, 「R7は?」 after 「あと何件?」."""
    match memory.asked_for:
        case (kind, scale) if kind == STATUS:
            return replace(query, intent=Intent.STATUS, scale=scale)
        case (kind,):
            is_gap = kind == REMAINING
            operation = Operation.DIFFERENCE if is_gap else Operation(kind)
            periods = [reading.period for reading in query.asked[0].periods]
            end = Figure(Measure.TARGET if is_gap else None, periods[-1]) if periods else None
            start, end = (end, Figure(Measure.ACTUAL)) if is_gap else (None, end)
            reading = CalculationReading(operation, start, end, (), remaining=is_gap)
            return replace(query, intent=Intent.CALCULATION, calculation=reading)
    return query


def _offered(asked: Asked, keys: Sequence[str], knowledge: Knowledge) -> Asked:
    fitting = tuple(Candidate(entry, 1.0, Match.THREAD, (), ()) for entry in knowledge.present(keys))
    return replace(asked, fitting=fitting, is_doubtful=False)


def _about(query: Query, asked: Asked, keys: Sequence[str], match: Match, knowledge: Knowledge) -> Query:
    """The query for these targets; those that are gone from the store are left out."""
    candidates = (Candidate(entry, 1.0, match, (), ()) for entry in knowledge.present(keys))
    parts = tuple(replace(asked, fitting=(candidate,), is_doubtful=False) for candidate in candidates)
    return replace(query, intent=Intent.LOOKUP, asked=parts or (replace(asked, fitting=()),))


def _remembered_years(memory: Memory) -> tuple[PeriodReading, ...]:
    return tuple(_reading(FiscalYear(year)) for year in memory.years)


def _remembered_measures(memory: Memory) -> tuple[MeasureReading, ...]:
    return tuple(MeasureReading(Measure(measure), 0, 0, "") for measure in memory.measures)


def _reading(year: FiscalYear) -> PeriodReading:
    return PeriodReading(Period(year, year), 0, 0, "", "thread")

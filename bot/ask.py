"""The one door: `ask(question) -> Answer`. Channels get only that callable."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from bot.answer import Answer
from bot.answers import ANSWERS
from bot.answers.context import Context, ReadFacts
from bot.conversation import complete, pick
from bot.explain import explain
from bot.knowledge import Knowledge, build_knowledge
from bot.memory import Memory, memory_of
from bot.plans import prefer_plans
from bot.question import Question
from data.facts import Fact, Indicator
from data.store import Store
from nlp.parse import parse

Ask = Callable[[Question], Answer]

# The cells of some thousand indicators are a few megabytes.
_KEPT_INDICATORS = 4000


def open_door(store: Store) -> Ask:
    """The door to a store. What is known of an organisation is built at its first question and after every change.

    Nothing is written: what the thread is to remember comes with the answer, for the channel's edge to keep.
    """
    known: dict[str, tuple[Knowledge, ReadFacts]] = {}

    def ask(question: Question) -> Answer:
        started = perf_counter()
        knowledge, facts = known.get(question.organisation, (None, store.facts))
        if knowledge is None or knowledge.catalogue.revision != store.revision(question.organisation):
            knowledge, facts = build_knowledge(store.catalogue(question.organisation)), _read_once(store.facts)
            known[question.organisation] = knowledge, facts
        memory: Memory | None = None
        if question.thread:
            state = store.recall(question.organisation, question.thread, question.asked_on)
            memory = Memory.of_state(state) if state else None
        answer = answer_question(question, knowledge, facts, memory)
        return replace(answer, elapsed_ms=(perf_counter() - started) * 1000)

    return ask


def _read_once(read: ReadFacts) -> ReadFacts:
    """Reads the cells of each indicator at its first question; thrown away with the knowledge of that revision.

    A cell read here may be newer than the revision, never older: the next question then finds the revision changed.
    """
    kept: dict[int, tuple[Fact, ...]] = {}

    def facts(indicators: Sequence[Indicator]) -> tuple[Fact, ...]:
        missing = [indicator for indicator in indicators if indicator.id not in kept]
        if missing:
            if len(kept) + len(missing) > _KEPT_INDICATORS:
                kept.clear()
                missing = list(indicators)
            for indicator in missing:
                kept[indicator.id] = ()
            for fact in read(missing):
                kept[fact.indicator.id] += (fact,)
        return tuple(fact for indicator in indicators for fact in kept[indicator.id])

    return facts


def answer_question(
    question: Question,
    knowledge: Knowledge,
    facts: ReadFacts,
    memory: Memory | None,
) -> Answer:
    """The answer from what is known, and from nothing else: the same question gets the same answer."""
    query = parse(question.text, question.asked_on, knowledge.index)
    if question.picked:
        query = pick(query, question.picked, knowledge)
    else:
        if memory:
            query = complete(query, memory, knowledge, question.asked_on)
        query = prefer_plans(query, knowledge)
    answer = ANSWERS[query.intent](Context(question, query, knowledge, facts))
    trace = explain(query, knowledge) if question.explain else ()
    rejected = memory.question[0] if memory and memory.question and query.rejects else ""
    return replace(answer, memory=memory_of(answer, query, memory), trace=trace, rejected=rejected)

"""The one door: `ask(question) -> Answer`. Channels get only that callable."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from bot.answer import Answer
from bot.answers import ANSWERS
from bot.answers.context import Context
from bot.conversation import Memory, complete, memory_of, pick
from bot.knowledge import Knowledge, build_knowledge
from bot.plans import prefer_plans
from bot.question import Question
from data.facts import Fact, Indicator
from data.store import Store
from nlp.parse import parse
from nlp.query import Asked, Query

Ask = Callable[[Question], Answer]
ReadFacts = Callable[[Sequence[Indicator]], tuple[Fact, ...]]

# As many candidates as a person reads in the trace.
_TRACED = 5
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
        if len(kept) > _KEPT_INDICATORS:
            kept.clear()
        found: list[Fact] = []
        for indicator in indicators:
            if (own := kept.get(indicator.id)) is None:
                own = kept[indicator.id] = read([indicator])
            found += own
        return tuple(found)

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
            query = complete(query, memory, knowledge)
        query = prefer_plans(query, knowledge)
    answer = ANSWERS[query.intent](Context(question, query, knowledge, facts))
    return replace(answer, memory=memory_of(answer, query, memory), trace=_trace(query, knowledge))


def _trace(query: Query, knowledge: Knowledge) -> tuple[str, ...]:
    """The rules that fired and the candidates with their scores, for `--explain`."""
    lines = [f"正規化: {query.text}", f"種類: {query.intent.value}"]
    for asked in query.asked:
        lines += _trace_part(query, asked, knowledge)
    return tuple(lines)


def _trace_part(query: Query, asked: Asked, knowledge: Knowledge) -> list[str]:
    lines = [f"年度: 「{r.text}」 規則 {r.rule}" for r in asked.periods]
    lines += [f"値の種類: 「{r.text}」 → {r.measure.value}" for r in asked.measures]
    for rank, candidate in enumerate(asked.candidates[:_TRACED], 1):
        target = knowledge.index.entries[candidate.entry].name
        missed = "、".join(query.written[start:end] for start, end in candidate.unexplained)
        lines.append(
            f"候補{rank}: {target} 点数{candidate.score:.2f}（{candidate.match.value}）"
            + (f" 説明できない語: {missed}" if missed else "")
        )
    return lines

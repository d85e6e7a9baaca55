"""The one door: `ask(question) -> Answer`. Channels get only that callable."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter

from bot.answer import Answer, Kind
from bot.answers import ANSWERS, wording
from bot.answers.context import Context
from bot.chart import Course, course_of
from bot.conversation import complete, pick
from bot.explain import explain
from bot.knowledge import Knowledge, of_plan, read_knowledge
from bot.memory import Memory, memory_of
from bot.plans import prefer_plans
from bot.question import Question
from bot.reads import ReadRows, Reads, reads_of
from bot.sampled import marked
from bot.tenses import settle_tenses
from data.store import Store
from nlp.mentions import find_plan
from nlp.normalize import normalize
from nlp.parse import parse

Ask = Callable[[Question], Answer]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an organisation as of one revision, and of each of its plans that is asked for by default.

    `recorded` reads without invented samples, where the store has some.
    """

    everything: Knowledge
    of_plans: dict[str, Knowledge]
    reads: Reads
    recorded: Reads | None = None

    def of_plan(self, title: str) -> Knowledge:
        if title not in self.of_plans:
            self.of_plans[title] = of_plan(self.everything, title)
        return self.of_plans[title]


def open_door(store: Store) -> Ask:
    """The door to a store. What is known of an organisation is built at its first question and after every change.

    Every question sees the newest revision whole: while one builds what is known, others of the organisation wait.
    Nothing is written: what the thread is to remember comes with the answer, for the channel's edge to keep.
    """
    known: dict[str, _Known] = {}
    building: dict[str, Lock] = defaultdict(Lock)

    def current(organisation: str) -> _Known:
        revision = store.revision(organisation)
        own = known.get(organisation)
        if own is None or own.everything.catalogue.revision < revision:
            with building[organisation]:
                own = known.get(organisation)
                if own is None or own.everything.catalogue.revision < revision:
                    before = own.everything.index if own else None
                    recorded = reads_of(replace(store, samples=None)) if store.samples else None
                    everything = read_knowledge(lambda: store.catalogue(organisation), before)
                    own = known[organisation] = _Known(everything, {}, reads_of(store), recorded)
        return own

    def ask(question: Question) -> Answer:
        started = perf_counter()
        own = current(question.organisation)
        state = question.state
        if question.thread:
            state = store.recall(question.organisation, question.thread, question.asked_on)
        memory = Memory.of_state(state) if state else None
        answer = _answer(question, own, own.reads, memory)
        if own.recorded:
            answer = marked(answer, _answer(question, own, own.recorded, memory))
        revision = own.everything.catalogue.revision
        return replace(answer, revision=revision, elapsed_ms=(perf_counter() - started) * 1000)

    return ask


def _answer(question: Question, known: _Known, reads: Reads, memory: Memory | None) -> Answer:
    """The answer from the plan that is meant where the message does not say, else from all that is known.

    A message that names another plan, or goes on about an indicator of another one, is about all.
    """
    everything = known.everything
    if not question.plan or _is_about_another(question, everything, memory):
        return answer_question(question, everything, reads, memory)
    own = known.of_plan(question.plan)
    answer = answer_question(question, own, reads, memory)
    if answer.kind is not Kind.NOT_UNDERSTOOD or own is everything:
        return answer
    beyond = answer_question(question, everything, reads, memory)
    return beyond if beyond.kind in (Kind.ANSWER, Kind.NO_DATA) and beyond.receipt.indicator else answer


def _is_about_another(question: Question, everything: Knowledge, memory: Memory | None) -> bool:
    plan = find_plan(normalize(question.text), everything.index)
    keys = [question.picked] if question.picked else [*memory.targets, *memory.choices] if memory else []
    targets = [target for key in keys if (target := everything.find(key))]
    titles = {target.plan.title for target in targets} | ({plan[1]} if plan else set())
    return bool(titles - {question.plan})


def answer_question(
    question: Question,
    knowledge: Knowledge,
    reads: Reads,
    memory: Memory | None,
) -> Answer:
    """The answer from what is known, and from nothing else: the same question gets the same answer."""
    query = written = parse(question.text, question.asked_on, knowledge.index)
    if question.picked:
        query = pick(query, question.picked, knowledge)
        goes_on = True
    else:
        if memory:
            query = complete(query, memory, knowledge, question.asked_on)
        goes_on = query != written
        query = prefer_plans(query, knowledge)
    query = settle_tenses(query, knowledge, reads.rows)
    answer = ANSWERS[query.intent](Context(question, query, knowledge, reads))
    chart = answer.chart or _course(answer, reads.rows, question)
    trace = explain(query, knowledge) if question.explain else ()
    rejected = memory.question[0] if memory and memory.question and query.rejects else ""
    return replace(
        answer,
        chart=chart,
        memory=memory_of(answer, query, memory),
        trace=trace,
        rejected=rejected,
        goes_on=goes_on,
    )


def _course(answer: Answer, rows: ReadRows, question: Question) -> Course | None:
    """The course of the indicator, for an answer that is about exactly one."""
    indicators = {indicator.id: indicator for indicator in answer.indicators}
    if answer.kind is not Kind.ANSWER or len(indicators) != 1:
        return None
    (row,) = rows(list(indicators.values()))
    return course_of(wording.name(row.indicator), row, question.asked_on)

"""The one door: `ask(question) -> Answer`. Channels get only that callable."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from bot.answer import Answer
from bot.answers import ANSWERS
from bot.answers.context import Context
from bot.knowledge import Knowledge, build_knowledge
from bot.question import Question
from data.store import Store
from nlp.intents import Intent
from nlp.parse import parse
from nlp.query import Query

Ask = Callable[[Question], Answer]

# As many candidates as a person reads in the trace.
_TRACED = 5


def open_door(store: Store) -> Ask:
    """The door to a store. What is known of an organisation is built at its first question and after every change."""
    known: dict[str, Knowledge] = {}

    def ask(question: Question) -> Answer:
        started = perf_counter()
        knowledge = known.get(question.organisation)
        if knowledge is None or knowledge.catalogue.revision != store.revision(question.organisation):
            knowledge = known[question.organisation] = build_knowledge(store.catalogue(question.organisation))
        query = parse(question.text, question.asked_on, knowledge.index)
        context = Context(question, query, knowledge, store.facts)
        # A pick among candidates is a look-up, whatever the words around it.
        intent = Intent.LOOKUP if question.picked else query.intent
        answer = ANSWERS[intent](context)
        elapsed = (perf_counter() - started) * 1000
        return replace(answer, trace=_trace(query, knowledge), elapsed_ms=elapsed)

    return ask


def _trace(query: Query, knowledge: Knowledge) -> tuple[str, ...]:
    """The rules that fired and the candidates with their scores, for `--explain`."""
    lines = [f"正規化: {query.text}", f"種類: {query.intent.value}"]
    lines += [f"年度: 「{r.text}」 規則 {r.rule}" for r in query.periods]
    lines += [f"項目: 「{r.text}」 → {r.measure.value}" for r in query.measures]
    for rank, candidate in enumerate(query.candidates[:_TRACED], 1):
        target = knowledge.index.entries[candidate.entry].name
        missed = "、".join(query.written[start:end] for start, end in candidate.unexplained)
        lines.append(
            f"候補{rank}: {target} 点数{candidate.score:.2f}（{candidate.match.value}）"
            + (f" 説明できない語: {missed}" if missed else "")
        )
    return tuple(lines)

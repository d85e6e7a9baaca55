"""Plays recorded questions against two states of knowledge, to show what a change would change."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.answer import Answer, names
from bot.ask import answer_question
from bot.knowledge import Knowledge, build_knowledge
from bot.memory import Memory
from bot.question import Question
from bot.reads import reads_of
from data.facts import Catalogue, name_key
from data.store import Store

#: Where the project's own dialogues lie; where there are none, the logged questions alone are replayed.
DIALOGUES = Path("tests/dialogues")


@dataclass(frozen=True, slots=True)
class Changed:
    """A message whose answer would change."""

    message: str
    before: Answer
    after: Answer


def recorded_threads(folder: Path) -> Iterator[list[str]]:
    """The messages of every dialogue under a folder, thread by thread; nothing where there is none."""
    for path in sorted(folder.glob("*.md")):
        for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            messages = [line.removeprefix("> ") for line in section.splitlines() if line.startswith("> ")]
            if messages:
                yield messages


def named(catalogue: Catalogue, name: str) -> list[int]:
    """The ids of the indicators with this name; raises ValueError where there is none."""
    found = [one.id for one in catalogue.indicators if name_key(one.name) == name_key(name)]
    if not found:
        raise ValueError(f"「{name}」という指標はありません。")
    return found


def with_alias(catalogue: Catalogue, text: str, indicator_ids: Collection[int]) -> Catalogue:
    """The catalogue as it would be if these indicators had another alias."""
    changed = (
        replace(one, aliases=(*one.aliases, text)) if one.id in indicator_ids else one for one in catalogue.indicators
    )
    return replace(catalogue, indicators=tuple(changed))


def without_alias(catalogue: Catalogue, text: str, indicator_ids: Collection[int]) -> Catalogue:
    """The catalogue as it would be if these indicators had an alias no more."""
    changed = (
        replace(one, aliases=tuple(alias for alias in one.aliases if alias != text)) if one.id in indicator_ids else one
        for one in catalogue.indicators
    )
    return replace(catalogue, indicators=tuple(changed))


def changed_answers(
    store: Store, before: Catalogue, after: Catalogue, threads: Iterable[Sequence[str]], asked_on: date
) -> Iterator[Changed]:
    """Every message whose answer differs between the two catalogues, each thread played from its start in both."""
    old, new = build_knowledge(before), build_knowledge(after)
    for messages in threads:
        for message, first, second in zip(
            messages, _play(store, old, messages, asked_on), _play(store, new, messages, asked_on), strict=True
        ):
            if _gist(first) != _gist(second):
                yield Changed(message, first, second)


def _play(store: Store, knowledge: Knowledge, messages: Sequence[str], asked_on: date) -> Iterator[Answer]:
    memory: Memory | None = None
    reads = reads_of(store)
    for message in messages:
        answer = answer_question(Question(message, asked_on), knowledge, reads, memory)
        memory = answer.memory
        yield answer


def _gist(answer: Answer) -> tuple[object, ...]:
    figures = [(fact.indicator.id, fact.measure, fact.fiscal_year, fact.cell.raw) for fact in answer.facts]
    return answer.kind, names(answer.indicators), names(answer.items), names(answer.choices), figures

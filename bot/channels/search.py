"""Which indicators somebody may mean who is still typing: in the menus of forms, while composing a message."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from bot.ask import Ask
from bot.channels.directory import Directory
from bot.channels.letters import one_line
from bot.question import Question
from data.facts import Indicator

# What looks alike is added where the letters alone found fewer than some.
_FEW = 10
_TYPED = 75


def matching(ask: Ask, directory: Directory, question: Question, most: int) -> list[Indicator]:
    """The indicators whose names or aliases have what is typed (the question's text), then those that the bot would
    take it for."""
    held = list(islice(directory.holding(question.text), most))
    return list(islice(once(chain(held, _alike(ask, directory, question) if len(held) < _FEW else ())), most))


def _alike(ask: Ask, directory: Directory, question: Question) -> Iterable[Indicator]:
    """What the bot itself would take the words for, and what it would ask back about."""
    answer = ask(replace(question, text=one_line(question.text, _TYPED)))
    meant = (*answer.indicators, *answer.choices, *answer.alternatives)
    return [directory.by_id[one.id] for one in meant if isinstance(one, Indicator) and one.id in directory.by_id]


def once(indicators: Iterable[Indicator]) -> Iterator[Indicator]:
    """Each once, in order."""
    seen: set[int] = set()
    for one in indicators:
        if one.id not in seen:
            seen.add(one.id)
            yield one

"""Which answers an alias more or less would change, tried with the questions that are on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from bot.replay import DIALOGUES, Changed, changed_answers, recorded_threads
from data.facts import Catalogue
from data.store import Store
from data.turns import read_unanswered
from nlp.normalize import normalize, squeeze

#: Of more indicators the indices take too long to build while somebody waits: 3,000 take half a second.
MOST_INDICATORS = 3_000


@dataclass(frozen=True, slots=True)
class Trial:
    """The answers that would change, of so many threads (and messages in them) out of `known`; `logged` are the
    questions of others that once found no answer. Nothing was tried where `known` is None."""

    changed: tuple[Changed, ...]
    messages: int
    threads: int
    known: int | None
    logged: frozenset[str]


NOT_TRIED = Trial((), 0, 0, None, frozenset())


def try_alias(
    store: Store,
    organisation: str,
    before: Catalogue,
    after: Catalogue,
    text: str,
    asked_on: date,
    most: int | None = None,
) -> Trial:
    """Plays the questions that found no answer, and recorded dialogues, before an alias is given or withdrawn and after
    (with_alias, without_alias).

    With `most` somebody waits: only so many threads are played, first those that have most of the alias's letters, of
    these the newest questions; and nothing is tried in a catalogue of more than MOST_INDICATORS.
    """
    if most is not None and len(before.indicators) > MOST_INDICATORS:
        return NOT_TRIED
    with store.engine.connect() as connection:
        asked = [text for _, text, _ in read_unanswered(connection, organisation)]
    logged = list(dict.fromkeys(reversed(asked)))
    known = list(chain(([one] for one in logged), recorded_threads(DIALOGUES)))
    threads = known if most is None else sorted(known, key=_unlike(text))[:most]
    changed = changed_answers(store, before, after, threads, asked_on)
    return Trial(tuple(changed), sum(map(len, threads)), len(threads), len(known), frozenset(logged))


def _unlike(text: str) -> Callable[[Sequence[str]], int]:
    """The fewer pairs of the letters a thread shares with a text, the more."""
    letters = squeeze(normalize(text))
    pairs = {letters[at : at + 2] for at in range(max(1, len(letters) - 1))}

    def key(messages: Sequence[str]) -> int:
        own = squeeze(normalize(" ".join(messages)))
        return -sum(pair in own for pair in pairs)

    return key

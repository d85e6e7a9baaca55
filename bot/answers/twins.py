"""Near twins: indicators whose names are easily taken for one another, and the words that tell them apart."""

from collections.abc import Sequence

from bot.answers import wording
from bot.answers.context import Context
from data.facts import Indicator
from nlp.asked import Asked
from nlp.index import without_brackets
from nlp.indicators import Candidate
from nlp.kin import likeness
from nlp.normalize import clean
from nlp.tokens import tokenize

# From this likeness of their letters on, two names are twins.
_ALIKE = 0.55
# As many words as tell names apart at a glance.
_WORDS = 3


def told_apart(context: Context, asked: Asked) -> list[str]:
    """A line for each twin of the indicator that fits, with the place that tells it apart."""
    index, own = context.knowledge.index, asked.fitting[0].entry
    lines = []
    for candidate in asked.candidates:
        if candidate.entry == own or likeness(candidate.entry, own, index) < _ALIKE:
            continue
        if isinstance(other := context.target(candidate), Indicator):
            place = wording.place(other.listings[0].initiative)
            lines.append(f"よく似た名前の「{wording.name(other)}」（{place}）とは別の指標です。")
    return lines


def distinguishing(context: Context, candidates: Sequence[Candidate]) -> list[str]:
    """For each of several names the words that no other has, "" where the names have little in common.

    農業先端技術の研究開発発表件数, 農業先端技術に係る研究成果発表件数 → 開発, 成果.
    """
    index, first = context.knowledge.index, candidates[0].entry
    names = [clean(index.entries[candidate.entry].name) for candidate in candidates]
    short = [without_brackets(name) for name in names]
    if len(set(short)) > 1 and any(likeness(first, other.entry, index) < _ALIKE for other in candidates[1:]):
        return [""] * len(candidates)
    words = [_nouns(name) for name in (short if len(set(short)) == len(names) else names)]
    return [
        "・".join(
            [word for word in own if not any(word in others for j, others in enumerate(words) if j != i)][:_WORDS]
        )
        for i, own in enumerate(words)
    ]


def _nouns(name: str) -> list[str]:
    return [token.surface for token in tokenize(name) if token.kind.startswith("名詞")]

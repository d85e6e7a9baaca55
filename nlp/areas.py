"""Areas and chapters that a question names: 「産業振興」, 「コロナ対策を踏まえて加速させる取組」."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from nlp.titles import PLAIN, Title
from nlp.words import Word

_NEAR, _LONG = 0.75, 4
# How much of the question's words a title must have, and how much of the title the question's words must be.
_LEAST_OF_QUESTION, _LEAST_OF_TITLE = 0.85, 0.4


def find_areas(words: Sequence[Word], titles: Sequence[Title], *, named: bool) -> tuple[str, ...]:
    """The titles that the words of a question name, the best ones where several would do.

    `named` says that the question calls it an area (「教育分野」); a part of the title is then enough.
    「公務能率の向上」 → 「3  公務能率の向上に向けた取組」; 「医療」 alone is a topic, not 「健康・医療・福祉」.
    """
    asked = [word for word in words if word.token.base not in PLAIN]
    total = sum(word.weight for word in asked)
    if not total:
        return ()
    scored: list[tuple[float, str]] = []
    for title in titles:
        hits = {word.token.base: same for word in asked if (same := _has(title.words, word.token.base))}
        explained = sum(word.weight for word in asked if word.token.base in hits)
        if not hits or explained < _LEAST_OF_QUESTION * total:
            continue
        own = set(hits.values())
        share = max(len(own) / len(title.words), sum(part <= own for part in title.parts) / len(title.parts))
        if share >= _LEAST_OF_TITLE or named:
            scored.append((share, title.title))
    best = max((share for share, _ in scored), default=0.0)
    return tuple(title for share, title in scored if share >= best - 0.05)


def _has(words: frozenset[str], word: str) -> str:
    """The word of a title that a word of a question is, a slip in a long one allowed, "" where none is."""
    if word in words:
        return word
    if len(word) < _LONG:
        return ""
    return next((own for own in words if len(own) >= _LONG and OSA.normalized_similarity(word, own) >= _NEAR), "")

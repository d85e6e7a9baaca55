"""Near twins: indicators whose names are easily taken for one another, and the words that tell them apart."""

from collections.abc import Sequence

from bot.answers import wording
from bot.answers.context import Context
from bot.knowledge import Target
from data.facts import Indicator
from nlp.kin import likeness
from nlp.normalize import normalize
from nlp.query import Asked
from nlp.tokens import tokenize

# From this likeness of their letters on, two names are twins.
_ALIKE = 0.55


def told_apart(context: Context, asked: Asked, indicator: Indicator) -> list[str]:
    """A line for each twin of the indicator among the candidates, with the place that tells it apart."""
    lines = []
    for candidate in asked.candidates:
        other = context.target(candidate)
        if isinstance(other, Indicator) and other != indicator and likeness(other.name, indicator.name) >= _ALIKE:
            place = wording.place(other.listings[0].initiative)
            lines.append(f"よく似た名前の「{wording.name(other)}」（{place}）とは別の指標です。")
    return lines


def distinguishing(targets: Sequence[Target]) -> list[str]:
    """For each of several names the words that no other has, "" where the names have little in common.

    農業先端技術の研究開発発表件数, 農業先端技術に係る研究成果発表件数 → 開発, 係る成果.
    """
    names = [normalize(wording.name(target)) for target in targets]
    if not all(likeness(names[0], name) >= _ALIKE for name in names[1:]):
        return [""] * len(names)
    words = [[token.surface for token in tokenize(name) if not token.kind.startswith("助詞")] for name in names]
    return [
        "・".join(word for word in own if not any(word in others for j, others in enumerate(words) if j != i))
        for i, own in enumerate(words)
    ]

"""Which alias would let an unanswered question be answered: its own words, for the indicators that come nearest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.knowledge import Knowledge
from bot.turn import REJECTED
from data.aliases import alias_text
from data.facts import Indicator, name_key
from nlp.asked import Asked
from nlp.parse import parse
from nlp.pieces import Span
from nlp.query import Query
from nlp.words import Word

_MOST = 3
# A candidate that explains less of the question is near by chance.
_NEAR = 0.2
# What may stand between two words of one name: 「議事録の時間短縮」; a year, a measure or a comma may not.
_BETWEEN = re.compile(r"[ぁ-ん・\-ー/ ]{0,4}")
# What stands directly before the first word belongs to it where no kana parts them: 「ワクワク観光」.
_JOINED = re.compile(r"[一-鿿ァ-ヺーA-Za-z]*$")
_NO_NAMES = ("動詞", "形容詞", "副詞", "助動詞")
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`words` of the question that would become the alias, and the indicators they may mean, nearest first (none where
    nothing comes near)."""

    words: str
    indicators: tuple[Indicator, ...]


def suggest(kind: str, text: str, asked_on: date, knowledge: Knowledge) -> Suggestion | None:
    """What an unanswered question (bot/unanswered.py) suggests, None where no words of it could name an indicator.

    「AIで作る議事録の時間短縮のR7目標」 → 「AIで作る議事録の時間短縮」 for 議事録作成支援システムの利用時間. An
    answer that was called wrong is not suggested again.
    """
    query = parse(text, asked_on, knowledge.index)
    parts = [asked for asked in query.asked if kind == REJECTED or len(asked.fitting) != 1]
    if not parts:
        return None
    asked = max(parts, key=_weight)
    words = _name_in(query, asked)
    if words is None:
        return None
    return Suggestion(words, tuple(_near(kind, words, asked, knowledge))[:_MOST])


def _weight(asked: Asked) -> float:
    return sum(word.weight for word in asked.words)


def _near(kind: str, words: str, asked: Asked, knowledge: Knowledge) -> Iterator[Indicator]:
    """The candidates that do not go by these words already."""
    wrong = {asked.fitting[0].entry} if kind == REJECTED and len(asked.fitting) == 1 else set()
    for candidate in asked.candidates:
        target = knowledge.targets[candidate.entry]
        if candidate.score < _NEAR or candidate.entry in wrong or not isinstance(target, Indicator):
            continue
        if name_key(words) not in map(name_key, (target.name, *target.aliases)):
            yield target


def _name_in(query: Query, asked: Asked) -> str | None:
    """The longest run of words that could be a name, as written; None where there is none."""
    runs = [run for one in _runs(query, asked) if (run := _trimmed(one)) and any(w.can_be_asked for w in run)]
    if not runs:
        return None
    run = max(runs, key=lambda one: sum(word.weight for word in one))
    before = query.written[_end_before(asked, run[0].start) : run[0].start]
    joined = _JOINED.search(before)
    start = run[0].start - (len(joined[0]) if joined else 0)
    words = query.written[start : run[-1].end].strip()
    try:
        return alias_text(words) if len(words) >= _LEAST_LETTERS else None
    except ValueError:  # too long, or with a comma
        return None


def _runs(query: Query, asked: Asked) -> Iterator[list[Word]]:
    """The words that stand together, each run as long as nothing else is said in between."""
    run: list[Word] = []
    for word in asked.words:
        if run and not _goes_on(query, asked, run[-1].end, word.start):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _goes_on(query: Query, asked: Asked, end: int, start: int) -> bool:
    is_apart = any(end <= first < start for first, _ in _figures(asked))
    return not is_apart and _BETWEEN.fullmatch(query.written[end:start]) is not None


def _end_before(asked: Asked, start: int) -> int:
    """Where the last year or measure before a place ends."""
    return max((end for _, end in _figures(asked) if end <= start), default=0)


def _figures(asked: Asked) -> list[Span]:
    """Where years and measures stand."""
    return [*((one.start, one.end) for one in asked.periods), *((one.start, one.end) for one in asked.measures)]


def _trimmed(run: list[Word]) -> list[Word]:
    """Without verbs at its ends: 「ネット申請 進ん」 → 「ネット申請」."""
    named = [at for at, word in enumerate(run) if not word.token.kind.startswith(_NO_NAMES)]
    return run[named[0] : named[-1] + 1] if named else []

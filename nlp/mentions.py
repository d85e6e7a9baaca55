"""Names that stand in a message as they are: official names, aliases and names of plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from nlp.index import Index
from nlp.normalize import letters_of
from nlp.pieces import Span
from nlp.titles import SHORTEST

# Names shorter than those whose lengths the index tells; a single letter is no name.
_SHORT = tuple(range(SHORTEST - 1, 1, -1))


class Match(Enum):
    """How a candidate was found."""

    EXACT = "正式名"
    ALIAS = "別名"
    SIMILAR = "類似"
    PICKED = "選択"
    THREAD = "前の質問から"
    NUMBER = "項目番号"


@dataclass(frozen=True, slots=True)
class Mention:
    """An official name or an alias at [start, end) of the text."""

    start: int
    end: int
    entries: tuple[int, ...]
    match: Match


def find_mentions(text: str, index: Index) -> tuple[Mention, ...]:
    """Every exact name or alias in a normalised text, the longest at each place.

    Width, kana, spaces and punctuation do not count: 「hp ふくしまの旅 のpv数(件)」 is a name.
    """
    letters, positions = letters_of(text)
    mentions: list[Mention] = []
    at = 0
    while at < len(letters):
        mention = _mention_at(letters, positions, at, index)
        if mention is None:
            at += 1
        else:
            mentions.append(mention)
            at = next((i for i in range(at, len(positions)) if positions[i] >= mention.end), len(letters))
    return tuple(mentions)


def find_plan(text: str, index: Index) -> tuple[Span, str] | None:
    """The longest name of a plan in a normalised text, with its place and the plan's title."""
    letters, positions = letters_of(text)
    found = max((name for name in index.plans if name in letters), key=len, default=None)
    if found is None:
        return None
    start = letters.index(found)
    return (positions[start], positions[start + len(found) - 1] + 1), index.plans[found]


def _mention_at(letters: str, positions: Sequence[int], at: int, index: Index) -> Mention | None:
    for length in index.lengths.get(letters[at : at + SHORTEST], ()) + _SHORT:
        piece = letters[at : at + length]
        found, match = index.exact.get(piece), Match.EXACT
        if found is None:
            found, match = index.aliases.get(piece), Match.ALIAS
        if found and len(piece) == length and not _cuts_word(letters, positions, at, at + length):
            return Mention(positions[at], positions[at + length - 1] + 1, found, match)
    return None


def _cuts_word(letters: str, positions: Sequence[int], start: int, end: int) -> bool:
    """Would a mention begin or end inside a Latin word: 「sla」 in 「translate」, but not in 「sla r6」?"""
    return any(_is_inside_word(letters, positions, at) for at in (start, end) if 0 < at < len(letters))


def _is_inside_word(letters: str, positions: Sequence[int], at: int) -> bool:
    """Are the letters before and at a place two of one Latin word?"""
    is_latin = all(letter.isascii() and letter.isalpha() for letter in letters[at - 1 : at + 1])
    return is_latin and positions[at - 1] + 1 == positions[at]

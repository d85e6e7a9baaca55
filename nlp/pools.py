"""The entries among which a question looks for its names, and which of its pieces they have.

A piece is found in an entry with a strength: 1 where it stands in the entry's own name or an alias, less where it
stands in the initiative or the area around it. A small catalogue is one pool, taken apart beforehand; of a large one a
question looks at the few dozen entries that are nearest by their letters.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.lexicon import read_lexicon
from nlp.pieces import Postings
from nlp.texts import Text

NAME, INITIATIVE, AREA, CHAPTER = 1.0, 0.85, 0.45, 0.3

#: Pieces of spelling are two characters long, pieces of reading three.
SPELLING, READING = 2, 3

# Words of this length can be recognised with a slip in them.
_LONG = 4

#: The texts of an entry, each with its strength, the name itself first.
Parts = Sequence[tuple[Text, float]]


@dataclass(frozen=True, slots=True)
class Pool:
    """What some entries have, by piece: `words` by concept(), those `around` the names apart, `terms` of the lexicon.

    Every look-up gives a mapping of entries to strengths, an empty one for what none has.
    """

    parts: Mapping[int, Parts]
    words: Postings
    around: Postings
    spellings: Postings
    readings: Postings
    terms: Postings
    long_words: Sequence[str]

    def reads(self, entry: int, reading: str) -> bool:
        """Does a reading stand in one run in the names or initiatives of an entry?"""
        return any(reading in text.reading for text, strength in self.parts[entry] if strength >= INITIATIVE)


class _Known(dict[str, Mapping[int, float]]):
    """All pieces of a catalogue; one that is not there is in none of its entries."""

    def __missing__(self, piece: str) -> Mapping[int, float]:
        return {}


class _Found(dict[str, Mapping[int, float]]):
    """Pieces looked for when they are first asked for."""

    def __init__(self, find: Callable[[str], Mapping[int, float]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, piece: str) -> Mapping[int, float]:
        found = self[piece] = self._find(piece)
        return found


class _Terms(dict[str, Mapping[int, float]]):
    """The terms of the lexicon, all looked for when the first one is asked for."""

    def __init__(self, parts: Mapping[int, Parts]) -> None:
        super().__init__()
        self._parts = parts

    def __missing__(self, term: str) -> Mapping[int, float]:
        if self._parts:
            self.update(_terms_of(self._parts))
            self._parts = {}
        return self.get(term, {})


def _terms_of(parts: Mapping[int, Parts]) -> Mapping[str, Mapping[int, float]]:
    lexicon = read_lexicon()
    terms: dict[str, dict[int, float]] = defaultdict(dict)
    for entry, own in parts.items():
        for text, strength in own:
            _post(terms, entry, strength, text.terms(lexicon))
    return dict(terms)


def pool_of_all(parts: Mapping[int, Parts]) -> Pool:
    """All entries of a small catalogue, with all their pieces."""
    words: dict[str, dict[int, float]] = defaultdict(dict)
    around: dict[str, dict[int, float]] = defaultdict(dict)
    spellings: dict[str, dict[int, float]] = defaultdict(dict)
    readings: dict[str, dict[int, float]] = defaultdict(dict)
    for entry, own in parts.items():
        for text, strength in own:
            _post(words, entry, strength, text.words)
            if strength < NAME:
                _post(around, entry, strength, text.words)
            if strength >= INITIATIVE:
                _post(spellings, entry, strength, pieces(text.letters, SPELLING))
                _post(readings, entry, strength, pieces(text.reading, READING))
    long_words = tuple(word for word in words if len(word) >= _LONG)
    terms = _Known(_terms_of(parts))
    return Pool(parts, _Known(words), _Known(around), _Known(spellings), _Known(readings), terms, long_words)


def pool_of_some(parts: Mapping[int, Parts]) -> Pool:
    """A few entries of a large catalogue, whose pieces are looked up one by one."""
    names = {entry: [part for part in own if part[1] >= INITIATIVE] for entry, own in parts.items()}
    outside = {entry: [part for part in own if part[1] < NAME] for entry, own in parts.items()}
    long_words = dict.fromkeys(word for own in parts.values() for text, _ in own for word in text.words)
    return Pool(
        parts,
        _Found(lambda word: _holders(parts, lambda text: word in text.words)),
        _Found(lambda word: _holders(outside, lambda text: word in text.words)),
        _Found(lambda piece: _holders(names, lambda text: piece in text.letters)),
        _Found(lambda piece: _holders(names, lambda text: piece in text.reading)),
        _Terms(parts),
        tuple(word for word in long_words if len(word) >= _LONG),
    )


def pieces(text: str, length: int) -> Iterator[str]:
    """All runs of `length` characters."""
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _holders(parts: Mapping[int, Parts], has: Callable[[Text], bool]) -> dict[int, float]:
    """The entries that have it in one of their texts, with the greatest strength; the strongest texts come first."""
    found: dict[int, float] = {}
    for entry, own in parts.items():
        for text, strength in own:
            if has(text):
                found[entry] = strength
                break
    return found


def _post(postings: dict[str, dict[int, float]], at: int, strength: float, found: Iterable[str]) -> None:
    for piece in found:
        holders = postings[piece]
        if holders.get(at, 0.0) < strength:
            holders[at] = strength


NOWHERE = pool_of_all({})

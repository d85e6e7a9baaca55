"""Finds words of a question in entries by the pieces of letters that both have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
#: Strength of a piece in each entry that has it; an empty mapping for a piece that none has.
Postings = Mapping[str, Mapping[int, float]]
#: For each letter, the entries that have it in a piece, with the strength of that piece.
Cover = Sequence[Mapping[int, float]]

# The least share of a long word's letters by which it counts as found, and what such a find is worth.
_LEAST_SHARE, _IN_PART = 0.6, 0.9


def overlaps(one: Span, others: Iterable[Span]) -> bool:
    """Does a span share a letter with any of others?"""
    return any(start < one[1] and one[0] < end for start, end in others)


def is_inside(one: Span, others: Iterable[Span]) -> bool:
    """Does a span lie within any of others?"""
    return any(start <= one[0] and one[1] <= end for start, end in others)


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds words by the letters that entries cover: `spans` are the letters of each token.

    A run of covered letters has to be longer than `shortest`, and a word shorter than `long` covered whole.
    """

    letters: str
    spans: Sequence[Span]
    cover: Cover
    shortest: int
    long: int

    @classmethod
    def of_texts(cls, texts: Sequence[str], length: int, postings: Postings, shortest: int, long: int) -> "Finder":
        """A finder for words whose letters are given one by one (their readings)."""
        spans, at = [], 0
        for text in texts:
            spans.append((at, at + len(text)))
            at += len(text)
        letters = "".join(texts)
        return cls(letters, spans, cover_letters(letters, length, postings), shortest, long)

    def find(self, first: int, end: int, least: float = _LEAST_SHARE) -> dict[int, float]:
        """Strengths of the tokens [first, end) taken as one word, in the entries that cover enough of its letters."""
        start, stop = self.spans[first][0], self.spans[end - 1][1]
        if stop - start < self.long:
            least = 1.0
        cover = self.cover[start:stop]
        if not cover:
            return {}
        if least == 1:  # found whole or not at all: only what covers the first letter can
            whole = {e: s for e, s in cover[0].items() if all(e in own for own in cover[1:])}
            counts, strengths = dict.fromkeys(whole, stop - start), whole
        else:
            counts, strengths = _count(cover)
        is_plain = stop - start > self.shortest or any("一" <= letter <= "鿿" for letter in self.letters[start:stop])
        found: dict[int, float] = {}
        for entry, count in counts.items():
            share = count / (stop - start)
            if share >= least and ((share == 1 and is_plain) or self._is_no_chance(entry, start, stop)):
                found[entry] = strengths[entry] * (1.0 if share == 1 else share * _IN_PART)
        return found

    def _is_no_chance(self, entry: int, start: int, stop: int) -> bool:
        """Is the covered run longer than a chance would make it, the letters beside it included, or is it kanji?"""
        run = 0
        while start > 0 and entry in self.cover[start - 1]:
            start -= 1
        while stop < len(self.cover) and entry in self.cover[stop]:
            stop += 1
        for at in range(start, stop):
            if entry in self.cover[at]:
                run += 1
                if run > self.shortest or "一" <= self.letters[at] <= "鿿":
                    return True
            else:
                run = 0
        return False


def _count(cover: Cover) -> tuple[dict[int, int], dict[int, float]]:
    """Of each entry the number of letters that it covers, and its greatest strength there."""
    counts: dict[int, int] = {}
    strengths: dict[int, float] = {}
    for own in cover:
        for entry, strength in own.items():
            counts[entry] = counts.get(entry, 0) + 1
            if strength > strengths.get(entry, 0.0):
                strengths[entry] = strength
    return counts, strengths


def cover_letters(letters: str, length: int, postings: Postings) -> Cover:
    """Marks the letters that lie in pieces of this length which entries have too."""
    cover: list[dict[int, float]] = [{} for _ in letters]
    for at in range(len(letters) - length + 1):
        found = postings[letters[at : at + length]]
        if found:
            for own in cover[at : at + length]:
                for entry, strength in found.items():
                    if strength > own.get(entry, 0.0):
                        own[entry] = strength
    return cover

"""The general lexicon: words of administration and the digital world that mean the same (lexicon.txt).

It is about the language, not about any plan. A line `A = B = C` holds words for one thing; in `A < B, C` someone who
says B or C may mean A, but not the other way round.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.normalize import squeeze
from nlp.tokens import Token

SOURCE = Path(__file__).parent / "lexicon.txt"

#: How sure it is that an equal word, or a word for something wider, is what was meant.
EQUAL, WIDER = 0.95, 0.8


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`equal[term]` are the terms for the same thing, itself included; `wider[term]` those for something wider.

    Terms are as squeeze() has them; `terms` are all of them, `lengths` how long those are that begin with two given
    letters.
    """

    equal: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, ...]]
    terms: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]

    def meanings(self, term: str) -> Iterator[tuple[str, float]]:
        """Every term by which what `term` means may be written, with how sure that is: 先生 → 教員 0.9, …"""
        equal = self.equal.get(term, (term,))
        for other in equal:
            yield other, EQUAL if other != term else 1.0
        for wide in dict.fromkeys(wide for other in equal for wide in self.wider.get(other, ())):
            for other in self.equal.get(wide, (wide,)):
                yield other, WIDER


@cache
def read_lexicon(path: Path = SOURCE) -> Lexicon:
    """Reads the lexicon; raises ValueError, with the line, for one that has neither form."""
    equal: dict[str, list[str]] = defaultdict(list)
    wider: dict[str, list[str]] = defaultdict(list)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if " = " in line:
            same = list(dict.fromkeys(_term(word) for word in line.split(" = ")))
            for term in same:
                equal[term] += [other for other in same if other not in equal[term]]
        elif " < " in line:
            wide, narrow = line.split(" < ")
            for word in narrow.split(", "):
                wider[_term(word)].append(_term(wide))
        else:
            raise ValueError(f"{path.name}の{number}行目: 「A = B」でも「A < B」でもありません。")
    terms = frozenset({*equal, *wider, *(wide for wides in wider.values() for wide in wides)})
    lengths: dict[str, set[int]] = defaultdict(set)
    for term in terms:
        lengths[term[:2]].add(len(term))
    return Lexicon(
        {term: tuple(same) for term, same in equal.items()},
        {term: tuple(dict.fromkeys(wides)) for term, wides in wider.items()},
        terms,
        {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()},
    )


def _term(word: str) -> str:
    return squeeze(unicodedata.normalize("NFKC", word).lower())


def find_terms(
    tokens: Sequence[Token], letters: str, spans: Sequence[tuple[int, int]], lexicon: Lexicon
) -> Iterator[tuple[int, int, str]]:
    """The terms in a text as (first token, token after the last, term); of each first token the longest term first.

    `letters` is the text as squeeze() has it, `spans` the place of each token in them: a term begins and ends with a
    word. A verb is found by its dictionary form (「入れた」 is 入れる), a compound with の in it too (「会議の記録」).
    """
    ends = {end: at + 1 for at, (start, end) in enumerate(spans) if end > start}
    for at, (start, end) in enumerate(spans):
        for length in lexicon.lengths.get(letters[start : start + 2], ()):
            term = letters[start : start + length]
            if start + length in ends and term in lexicon.terms:
                yield at, ends[start + length], term
        if at + 2 < len(tokens) and tokens[at + 1].surface == "の":
            compound = letters[start:end] + letters[slice(*spans[at + 2])]
            if compound in lexicon.terms:
                yield at, at + 3, compound
        for form in {tokens[at].base, tokens[at].lemma} - {letters[start:end]}:
            if form in lexicon.terms:
                yield at, at + 1, form

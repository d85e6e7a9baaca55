"""A message in which names are looked for: where, in which ways, and what each way finds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nlp.fillers import is_filler
from nlp.index import Index
from nlp.lexicon import Lexicon, find_terms
from nlp.mentions import Mention
from nlp.normalize import squeeze
from nlp.pieces import Finder, Span, cover_letters, overlaps
from nlp.pools import NOWHERE, READING, SPELLING, Pool
from nlp.tokens import Token, letter_spans

# A short word must be found whole, or 就農 is found by 就労 (シュウノウ, シュウロウ).
_LONG_SPELLING, LONG_READING = 4, 6
# From this strength on an entry counts as having a word.
_HAS = 0.8
_HIRAGANA = re.compile("[ぁ-ゖー]+")
# What a name spelt in kana falls into; 「いくつ」 is no such scrap.
_SCRAPS = ("名詞", "感動詞", "接頭辞", "接尾辞", "形状詞", "副詞")
_COUNTS = ("名詞-数詞", "接尾辞-名詞的-助数詞")


@dataclass(frozen=True)
class Sought:
    """A normalised text with its tokens, and where its words are found; each way of looking is gone at most once.

    `mentions` are the names that stand in it as they are, `pool` the entries among which words are looked for.
    """

    text: str
    tokens: tuple[Token, ...]
    index: Index
    mentions: Sequence[Mention] = ()
    pool: Pool = NOWHERE

    def near(self, masked: Sequence[Span], *, by_reading: bool) -> "Sought":
        """The same among the entries that are near to what is not masked: of a small catalogue all."""
        search = self.index.search
        if search is None:
            return self
        shown = tuple(not overlaps((token.start, token.end), masked) for token in self.tokens)
        if (shown, by_reading) in self._nearer:
            return self._nearer[shown, by_reading]
        runs = list(runs_of(self.tokens, masked))
        if not runs:
            return self
        if shown not in self._scores:
            letters = [squeeze(self.text[run[0].start : run[-1].end]) for run in runs]
            self._scores[shown] = search.spelled_like([*letters, *self._meanings(shown)])
        scores = self._scores[shown]
        if by_reading:
            scores = best_of(scores, search.sounding_like(["".join([token.reading for token in run]) for run in runs]))
        named = [entry for m in self.mentions if not overlaps((m.start, m.end), masked) for entry in m.entries]
        self._nearer[shown, by_reading] = replace(self, pool=search.pool(scores, named))
        return self._nearer[shown, by_reading]

    @cached_property
    def _nearer(self) -> dict[tuple[tuple[bool, ...], bool], "Sought"]:
        return {}

    @cached_property
    def _scores(self) -> dict[tuple[bool, ...], Mapping[int, float]]:
        return {}

    def _meanings(self, shown: Sequence[bool]) -> Iterator[str]:
        """Other words for what is shown."""
        lexicon = self.index.lexicon
        for first, end, term in find_terms(self.tokens, *self._letters, lexicon):
            if all(shown[first:end]):
                yield from (other for other, _ in lexicon.meanings(term) if other != term)

    def holders_of(self, word: str, letters: str, found: Mapping[int, float]) -> int:
        """How many entries of the whole catalogue have a word, that was `found` in the pool."""
        search = self.index.search
        return holders(found) if search is None else max(holders(found), search.count(word, letters))

    @cached_property
    def _letters(self) -> tuple[str, list[Span]]:
        return letter_spans(self.text, self.tokens)

    @cached_property
    def spelled(self) -> Finder:
        letters, spans = self._letters
        return Finder(letters, spans, cover_letters(letters, SPELLING, self.pool.spellings), 2, _LONG_SPELLING)

    @cached_property
    def readings(self) -> list[str]:
        return [token.reading for token in self.tokens]

    @cached_property
    def read(self) -> Finder:
        return Finder.of_texts(self.readings, READING, self.pool.readings, 3, LONG_READING)

    @cached_property
    def meant(self) -> list[Mapping[int, float]]:
        return _found_by_meaning(self.tokens, *self._letters, self.pool, self.index.lexicon)

    @cached_property
    def kana_runs(self) -> dict[int, int]:
        """Ends, by their starts, of the runs of words that may be a name spelt in kana, to be found by its reading."""
        ends = ((at, _kana_run(self.tokens, at)) for at in range(len(self.tokens)))
        return {start: end for start, end in ends if end > start + 1}


def runs_of(tokens: Sequence[Token], masked: Sequence[Span]) -> Iterator[list[Token]]:
    """The tokens outside of `masked` in runs, without what is mere padding at either end."""
    run: list[Token] = []
    for token in (*tokens, None):
        if token is not None and not overlaps((token.start, token.end), masked):
            run.append(token)
            continue
        while run and is_filler(run[-1], None):
            run.pop()
        while run and is_filler(run[0], None):
            run.pop(0)
        if run:
            yield run
        run = []


def _found_by_meaning(
    tokens: Sequence[Token], letters: str, spans: Sequence[Span], pool: Pool, lexicon: Lexicon
) -> list[Mapping[int, float]]:
    """For each token, the entries that have another word for it, or for the term that it is part of."""
    found: list[Mapping[int, float]] = [{}] * len(tokens)
    for first, end, term in find_terms(tokens, letters, spans, lexicon):
        by_term = best_of(*(scaled(pool.terms[t], sure) for t, sure in lexicon.meanings(term)))
        for at in range(first, end):
            found[at] = best_of(found[at], by_term)
    return found


def _kana_run(tokens: Sequence[Token], start: int) -> int:
    """The end of a run of hiragana words that may be one name spelt in kana (「でんしょうかん」), else `start`.

    Sudachi cuts such a name into particles and scraps; a run of nothing but grammar (「している」) is none.
    """
    if not "ぁ" <= tokens[start].surface[0] <= "ゖ":
        return start
    end = start
    while end < len(tokens) and _HIRAGANA.fullmatch(tokens[end].surface) and (end == start or _adjoin(tokens, end)):
        end += 1
    if end == start or tokens[end - 1].end - tokens[start].start < 4:
        return start
    run = tokens[start:end]
    is_scrap = any(token.kind.startswith(_SCRAPS) and not token.kind.startswith(_COUNTS) for token in run)
    return end if is_scrap else start


def _adjoin(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at - 1].end == tokens[at].start


def holders(found: Mapping[int, float]) -> int:
    return sum([strength >= _HAS for strength in found.values()])


def scaled(found: Mapping[int, float], factor: float) -> Mapping[int, float]:
    return found if factor == 1 else {entry: strength * factor for entry, strength in found.items()}


def best_of(*parts: Mapping[int, float]) -> Mapping[int, float]:
    """The greatest strength of each entry in any of several finds."""
    some = [part for part in parts if part]
    if len(some) < 2:
        return some[0] if some else {}
    best = dict(some[0])
    for part in some[1:]:
        for entry, strength in part.items():
            if strength > best.get(entry, 0.0):
                best[entry] = strength
    return best

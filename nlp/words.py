"""The words of a question: what each weighs, and in which entries it is found, by spelling, by reading or as a word.

A piece of two letters that an entry has marks these letters as found there, and a word counts by the share of its
letters found. So abbreviations, other orders, kana, homophones and slips of the finger are all found by one rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from nlp.fillers import is_filler
from nlp.index import RATE, READING, SPELLING, Index, concept, is_kind_of_figure, token_reading
from nlp.normalize import katakana
from nlp.tokens import Token

Span = tuple[int, int]
#: For each letter, the entries that have it in a piece, with the strength of that piece.
Cover = Sequence[Mapping[int, float]]

# A verb or an adjective says less about the topic than a noun; a noun of the kind 「数」 「率」 next to nothing.
_VERB_WEIGHT, _HELPER_WEIGHT = 0.4, 0.35
_HOME_WEIGHT, _HOME_HOLDERS = 0.25, 3
# A word that is found in part, or by its reading only.
_IN_PART, _BY_READING = 0.9, 0.9
# How similar (optimal string alignment) a word must be to be taken for a slip of another.
_NEAR = 0.75
# The least share of a long word's letters by which it counts as found; a short one must be found whole, or 就農 is
# found by 就労 (シュウノウ, シュウロウ).
_LEAST_SHARE, _LONG_SPELLING, _LONG_READING = 0.6, 4, 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word at [start, end) of the question: its weight, and its strength (0 to 1) in each entry that has it.

    `around` are the entries that have it, as a whole word, in what stands around the name (initiative, area).
    `can_be_asked` are nouns, and 「率」, which alone tells a rate from a count. `is_place` is a place other than the
    one that the whole catalogue is about, `is_foreign` one that no entry knows.
    """

    start: int
    end: int
    weight: float
    found: Mapping[int, float]
    around: Mapping[int, float]
    can_be_asked: bool
    is_place: bool = False
    is_foreign: bool = False


def weigh(text: str, tokens: Sequence[Token], index: Index, masked: Sequence[Span]) -> list[Word]:
    """The words of a normalised text that carry its topic, in order; nothing from the `masked` spans [start, end)."""
    tokens = [token for token in tokens if not any(s < token.end and token.start < e for s, e in masked)]
    spelled = _Finder(
        *_spelling(text, tokens), _cover(letters_of(text)[0], SPELLING, index.spellings), 2, _LONG_SPELLING
    )
    readings = [token_reading(token) for token in tokens]
    read = _Finder(
        "".join(readings), _spans(readings), _cover("".join(readings), READING, index.readings), 3, _LONG_READING
    )
    words: list[Word] = []
    before: Mapping[int, float] = {}
    at = 0
    while at < len(tokens):
        token, previous = tokens[at], tokens[at - 1] if at else None
        if (end := _kana_run(tokens, at)) > at + 1 and (found := read.find(at, end, 0.75)):
            words.append(_kana_word(tokens[at:end], found, index))
            at, before = end, found
            continue
        at += 1
        if is_filler(token, previous):
            before = {}
            continue
        parts = (
            _known_word(token, index),
            spelled.find(at - 1, at),
            _scaled(read.find(at - 1, at), _BY_READING),
        )
        found = _best(*parts)
        word = _word(token, found, index)
        if is_kind_of_figure(token) and previous is not None and previous.end == token.start and before:
            found = {entry: min(strength, before.get(entry, 0.0)) for entry, strength in found.items()}
            word = replace(word, found=found)
        words.append(word)
        before = found
    return words


def _known_word(token: Token, index: Index) -> Mapping[int, float]:
    """Entries that have the word, or a word one slip away: 「pra」 for RPA, 「フォロアー」 for フォロワー.

    One letter in four may differ; of three letters only the order, or SNS would be found by SMS.
    """
    word = concept(token)
    if (found := index.words.get(word)) is not None:
        return found
    if len(word) == 3:
        swapped = (word[1] + word[0] + word[2], word[0] + word[2] + word[1])
        near = [other for other in swapped if other in index.words]
    else:
        scorer = OSA.normalized_similarity
        near = [other for other, _, _ in extract(word, index.long_words, scorer=scorer, score_cutoff=_NEAR, limit=3)]
    return _scaled(_best(*(index.words[other] for other in near)), _IN_PART)


def _word(token: Token, found: Mapping[int, float], index: Index) -> Word:
    holders = sum(1 for strength in found.values() if strength >= 0.8)
    word = Word(
        token.start,
        token.end,
        index.rarity(holders),
        found,
        index.around.get(concept(token), {}),
        can_be_asked=token.kind.startswith(("名詞", "形状詞")),
    )
    if is_kind_of_figure(token):
        return replace(word, weight=word.weight * _HELPER_WEIGHT, can_be_asked=concept(token) == RATE)
    if not word.can_be_asked:
        return replace(word, weight=word.weight * _VERB_WEIGHT)
    if "地名" not in token.kind:
        return word
    # The place that the whole catalogue is about stands in many names and tells little.
    if holders >= _HOME_HOLDERS:
        return replace(word, weight=word.weight * _HOME_WEIGHT)
    return replace(word, is_place=True, is_foreign=not found)


def _kana_run(tokens: Sequence[Token], start: int) -> int:
    """The end of a run of hiragana words that may be one name spelt in kana (「でんしょうかん」), else `start`.

    Sudachi cuts such a name into particles and scraps; a run of nothing but grammar (「している」) is none.
    """
    end = start
    while end < len(tokens) and _is_hiragana(tokens[end].surface) and (end == start or _adjoin(tokens, end)):
        end += 1
    run = tokens[start:end]
    is_scrap = any(token.kind.startswith(("名詞", "感動詞", "接頭辞", "接尾辞", "形状詞", "副詞")) for token in run)
    return end if is_scrap and sum(len(token.surface) for token in run) >= 4 else start


def _is_hiragana(text: str) -> bool:
    return all("ぁ" <= character <= "ゖ" or character == "ー" for character in text)


def _adjoin(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at - 1].end == tokens[at].start


def _kana_word(tokens: Sequence[Token], found: Mapping[int, float], index: Index) -> Word:
    start, end = tokens[0].start, tokens[-1].end
    holders = sum(1 for strength in found.values() if strength >= 0.8)
    return Word(start, end, index.rarity(holders) * min(2.0, (end - start) / 4), found, {}, can_be_asked=True)


def _scaled(found: Mapping[int, float], factor: float) -> dict[int, float]:
    return {entry: strength * factor for entry, strength in found.items()}


def _best(*parts: Mapping[int, float]) -> dict[int, float]:
    best: dict[int, float] = {}
    for part in parts:
        for entry, strength in part.items():
            if strength > best.get(entry, 0.0):
                best[entry] = strength
    return best


def letters_of(text: str) -> tuple[str, list[int]]:
    """The text as squeeze() has it, with the place of each letter in the text."""
    kept = [(c, at) for at, c in enumerate(katakana(text)) if c.isalnum() or c == "ー"]
    return "".join(c for c, _ in kept), [at for _, at in kept]


def _spelling(text: str, tokens: Sequence[Token]) -> tuple[str, list[Span]]:
    """The letters of the text, and for each token the span of its letters in them."""
    letters, places = letters_of(text)
    starts = [0] * (len(text) + 1)
    for number, place in enumerate(places):
        starts[place + 1 :] = [number + 1] * (len(text) - place)
    return letters, [(starts[token.start], starts[token.end]) for token in tokens]


def _spans(texts: Sequence[str]) -> list[Span]:
    spans, at = [], 0
    for text in texts:
        spans.append((at, at + len(text)))
        at += len(text)
    return spans


def _cover(letters: str, length: int, postings: Mapping[str, Mapping[int, float]]) -> Cover:
    cover: list[dict[int, float]] = [{} for _ in letters]
    for at in range(len(letters) - length + 1):
        found = postings.get(letters[at : at + length])
        if found:
            for own in cover[at : at + length]:
                for entry, strength in found.items():
                    if strength > own.get(entry, 0.0):
                        own[entry] = strength
    return cover


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds words by the letters that entries cover: `spans` are the letters of each token."""

    letters: str
    spans: Sequence[Span]
    cover: Cover
    shortest: int
    long: int

    def find(self, first: int, end: int, least: float = _LEAST_SHARE) -> dict[int, float]:
        """Strengths of the tokens [first, end) taken as one word, in the entries that cover enough of its letters."""
        start, stop = self.spans[first][0], self.spans[end - 1][1]
        if stop - start < self.long:
            least = 1.0
        counts: dict[int, int] = {}
        strengths: dict[int, float] = {}
        for own in self.cover[start:stop]:
            for entry, strength in own.items():
                counts[entry] = counts.get(entry, 0) + 1
                strengths[entry] = max(strengths.get(entry, 0.0), strength)
        found: dict[int, float] = {}
        for entry, count in counts.items():
            share = count / (stop - start)
            if share >= least and self._is_no_chance(entry, start, stop):
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

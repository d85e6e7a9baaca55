"""The words of a question: what each weighs, and in which entries it is found.

A word is found as such, with a slip of the finger, by its letters, by its reading, or by another word for the same
thing (lexicon.py). So abbreviations, other orders, kana, homophones and synonyms are all found by one rule, and no plan
needs rules of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from nlp.concepts import MONEY, RATE, concept, is_grammar, is_kind_of_figure
from nlp.fillers import BASES, ELSEWHERE, LIGHT, is_filler
from nlp.index import Index
from nlp.lexicon import WIDER, Lexicon, find_terms
from nlp.mentions import Mention
from nlp.normalize import squeeze
from nlp.pieces import Finder, Span, cover_letters, overlaps
from nlp.pools import NOWHERE, READING, SPELLING, Pool
from nlp.tokens import Token, letter_spans

# A verb or an adjective says less about the topic than a noun; a noun of the kind 「数」 「率」 next to nothing.
_VERB_WEIGHT, _UNKNOWN_VERB_WEIGHT, _HELPER_WEIGHT, _LIGHT_WEIGHT = 0.4, 0.15, 0.35, 0.25
# A place that this many entries name is the one that the whole catalogue is about, and tells little.
_HOME_WEIGHT, _HOME_HOLDERS = 0.25, 3
# What a word is worth that is found with a slip in it, or by its reading only.
_WITH_SLIP, _BY_READING = 0.9, 0.9
# How similar (optimal string alignment) a word must be to be taken for a slip of another.
_NEAR = 0.75
# A short word must be found whole, or 就農 is found by 就労 (シュウノウ, シュウロウ).
_LONG_SPELLING, _LONG_READING = 4, 6
# From this strength on an entry counts as having a word.
_HAS = 0.8


_HIRAGANA = re.compile("[ぁ-ゖー]+")
# What a name spelt in kana falls into; 「いくつ」 is no such scrap.
_SCRAPS = ("名詞", "感動詞", "接頭辞", "接尾辞", "形状詞", "副詞")
_COUNTS = ("名詞-数詞", "接尾辞-名詞的-助数詞")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at [start, end) of the question: its weight, and its strength (0 to 1) in each entry that has it.

    `around` are the entries that have it, as a whole word, in what stands around the name (initiative, area).
    `can_be_asked` are nouns, and 「率」, which alone tells a rate from a count. `is_place` is a place other than the
    one that the whole catalogue is about, `is_foreign` one that no entry knows. `is_kind` is a word that says what
    kind of figure the one before it is (利用「件数」), `is_money` one that asks for money.
    """

    token: Token
    start: int
    end: int
    weight: float
    found: Mapping[int, float]
    around: Mapping[int, float]
    can_be_asked: bool
    is_place: bool = False
    is_foreign: bool = False
    is_kind: bool = False
    is_money: bool = False


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
        if (shown, by_reading) not in self._nearer:
            runs = list(_runs(self.tokens, shown))
            letters = [squeeze(self.text[run[0].start : run[-1].end]) for run in runs]
            sounds = ["".join([token.reading for token in run]) for run in runs] if by_reading else []
            named = [entry for m in self.mentions if not overlaps((m.start, m.end), masked) for entry in m.entries]
            pool = search.pool([*letters, *self._meanings(shown)], sounds, named)
            self._nearer[shown, by_reading] = replace(self, pool=pool)
        return self._nearer[shown, by_reading]

    @cached_property
    def _nearer(self) -> dict[tuple[tuple[bool, ...], bool], "Sought"]:
        return {}

    def _meanings(self, shown: Sequence[bool]) -> Iterator[str]:
        """Other words for what is shown."""
        lexicon = self.index.lexicon
        for first, end, term in find_terms(self.tokens, *self._letters, lexicon):
            if all(shown[first:end]):
                yield from (other for other, _ in lexicon.meanings(term) if other != term)

    def holders(self, word: str, letters: str, found: Mapping[int, float]) -> int:
        """How many entries of the whole catalogue have a word, that was `found` in the pool."""
        search = self.index.search
        return _holders(found) if search is None else max(_holders(found), search.count(word, letters))

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
        return Finder.of_texts(self.readings, READING, self.pool.readings, 3, _LONG_READING)

    @cached_property
    def meant(self) -> list[Mapping[int, float]]:
        return _found_by_meaning(self.tokens, *self._letters, self.pool, self.index.lexicon)

    @cached_property
    def kana_runs(self) -> dict[int, int]:
        """Ends, by their starts, of the runs of words that may be a name spelt in kana, to be found by its reading."""
        ends = ((at, _kana_run(self.tokens, at)) for at in range(len(self.tokens)))
        return {start: end for start, end in ends if end > start + 1}


def weigh(sought: Sought, masked: Sequence[Span], *, by_reading: bool = True) -> list[Word]:
    """The words of a text that carry its topic, in order; nothing from the `masked` spans [start, end).

    Without `by_reading` words are not looked for by how they sound, which takes a third of the time.
    """
    sought = sought.near(masked, by_reading=by_reading)
    tokens = sought.tokens
    hidden = [any(s < token.end and token.start < e for s, e in masked) for token in tokens]
    words: list[Word] = []
    before: Mapping[int, float] | None = None  # where the word before it was found, if that carries a topic too
    previous: Token | None = None
    at = 0
    while at < len(tokens):
        if hidden[at]:
            at += 1
            continue
        token, end = tokens[at], sought.kana_runs.get(at, 0)
        if by_reading and end and not any(hidden[at:end]) and (found := sought.read.find(at, end, 0.75)):
            words.append(_kana_word(tokens[at:end], found, sought))
            at, before, previous = end, found, tokens[end - 1]
            continue
        if is_filler(token, previous) and (is_grammar(token) or token.base in BASES or not sought.meant[at]):
            before = None
        else:
            word = _word(token, _found(sought, at, by_reading), sought)
            if before is not None and _is_bound(token) and previous is not None and previous.end == token.start:
                found = {e: min(s, before.get(e, 0.0)) for e, s in word.found.items()}
                word = replace(word, found=found, is_kind=concept(token).startswith("#"))
            words.append(word)
            before = word.found
        previous = token
        at += 1
    return words


def _found(sought: Sought, at: int, by_reading: bool) -> Mapping[int, float]:
    """The entries that have a token in any way."""
    found = best_of(_known_word(sought.tokens[at], sought), sought.spelled.find(at, at + 1), sought.meant[at])
    if not by_reading:
        return found
    sounding = _read_as(sought.readings[at], sought.read.find(at, at + 1), sought.pool)
    return best_of(found, scaled(sounding, _BY_READING))


def _read_as(reading: str, found: Mapping[int, float], pool: Pool) -> Mapping[int, float]:
    """Of the entries whose pieces cover a reading, those that have a short one in one run: セイサン is not スイサン."""
    if len(reading) >= _LONG_READING:
        return found
    return {entry: strength for entry, strength in found.items() if pool.reads(entry, reading)}


def _known_word(token: Token, sought: Sought) -> Mapping[int, float]:
    """Entries that have the word, or a word one slip away: 「pra」 for RPA, 「フォロアー」 for フォロワー.

    One letter in four may differ; of three letters only the order, or SNS would be found by SMS.
    """
    word = concept(token)
    words = sought.pool.words
    if sought.index.knows(word):
        return words[word]
    if len(word) == 3:
        swapped = (word[1] + word[0] + word[2], word[0] + word[2] + word[1])
        near = [other for other in swapped if sought.index.knows(other)]
    else:
        scorer = OSA.normalized_similarity
        near = [
            other for other, _, _ in extract(word, sought.pool.long_words, scorer=scorer, score_cutoff=_NEAR, limit=3)
        ]
    return scaled(best_of(*(words[other] for other in near)), _WITH_SLIP)


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


def _runs(tokens: Sequence[Token], shown: Sequence[bool]) -> Iterator[list[Token]]:
    """The shown tokens in runs, without what is mere padding at either end."""
    run: list[Token] = []
    for token, is_shown in zip((*tokens, None), (*shown, False), strict=True):
        if is_shown and token is not None:
            run.append(token)
            continue
        while run and is_filler(run[-1], None):
            run.pop()
        while run and is_filler(run[0], None):
            run.pop(0)
        if run:
            yield run
        run = []


def _is_bound(token: Token) -> bool:
    """Does a word mean little but together with the one before it: 来館「者」, 収集「日」, 利用「率」?"""
    return is_kind_of_figure(token) or (len(token.surface) == 1 and "一" <= token.surface <= "鿿")


def _word(token: Token, found: Mapping[int, float], sought: Sought) -> Word:
    meaning = concept(token)
    holders = sought.holders(meaning, squeeze(token.surface), found)
    factor = 1.0
    can_be_asked = token.kind.startswith(("名詞", "形状詞"))
    is_place = is_foreign = False
    if is_kind_of_figure(token):
        factor, can_be_asked = _HELPER_WEIGHT, meaning in (RATE, MONEY)
    elif not can_be_asked:
        is_known = any(strength >= WIDER for strength in found.values())
        factor = _VERB_WEIGHT if is_known else _UNKNOWN_VERB_WEIGHT
    elif token.base in LIGHT:
        factor, can_be_asked = _LIGHT_WEIGHT, False
    elif "地名" in token.kind or token.base in ELSEWHERE:
        if holders >= _HOME_HOLDERS:
            factor = _HOME_WEIGHT
        else:
            is_place, is_foreign = True, not found and "地名" in token.kind
    return Word(
        token,
        token.start,
        token.end,
        sought.index.rarity(holders) * factor,
        found,
        sought.pool.around[meaning],
        can_be_asked,
        is_place,
        is_foreign,
        is_money=meaning == MONEY,
    )


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


def _kana_word(tokens: Sequence[Token], found: Mapping[int, float], sought: Sought) -> Word:
    start, end = tokens[0].start, tokens[-1].end
    rarity = sought.index.rarity(_holders(found)) * min(2.0, (end - start) / 4)
    return Word(tokens[0], start, end, rarity, found, {}, can_be_asked=True)


def _holders(found: Mapping[int, float]) -> int:
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

"""The words of a question: what each weighs, and in which entries it is found.

A word is found as such, with a slip of the finger, by its letters, by its reading, or by another word for the same
thing (lexicon.py). So abbreviations, other orders, kana, homophones and synonyms are all found by one rule, and no plan
needs rules of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from nlp.concepts import MONEY, RATE, concept, is_grammar, is_kind_of_figure
from nlp.fillers import BASES, ELSEWHERE, LIGHT, is_filler
from nlp.lexicon import WIDER
from nlp.normalize import squeeze
from nlp.pieces import Span
from nlp.pools import Pool
from nlp.sought import LONG_READING, Sought, best_of, holders, scaled
from nlp.tokens import Token

# A verb or an adjective says less about the topic than a noun; a noun of the kind 「数」 「率」 next to nothing.
_VERB_WEIGHT, _UNKNOWN_VERB_WEIGHT, _HELPER_WEIGHT, _LIGHT_WEIGHT = 0.4, 0.15, 0.35, 0.25
# A place that this many entries name is the one that the whole catalogue is about, and tells little.
_HOME_WEIGHT, _HOME_HOLDERS = 0.25, 3
# 「福島市」 is another place than the prefecture.
_TOWN = re.compile("[市町村](?!町村)")
# What a word is worth that is found with a slip in it, or by its reading only.
_WITH_SLIP, _BY_READING = 0.9, 0.9
# How similar (optimal string alignment) a word must be to be taken for a slip of another.
_NEAR = 0.75


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


def everywhere(words: Sequence[Word], sought: Sought) -> list[Word]:
    """The words with all entries that have them: in a large catalogue they were looked for among some only."""
    search, lexicon = sought.index.search, sought.index.lexicon
    if search is None:
        return list(words)
    found = []
    for word in words:
        letters = squeeze(word.token.surface)
        others = ((term, sure) for term, sure in lexicon.meanings(letters) if term != letters)
        having = best_of(
            search.having(letters, concept(word.token)),
            *(scaled(search.having(term, term), sure) for term, sure in others),
        )
        found.append(replace(word, found=having or word.found))
    return found


def carries_topic(token: Token) -> bool:
    """Could a word outside of a name ask for something else than the name does?"""
    if is_filler(token, None) or token.base in LIGHT or not token.surface.isalnum():
        return False
    if not token.kind.startswith(("名詞", "形状詞")):
        return False
    return not is_kind_of_figure(token) or concept(token) in (RATE, MONEY)


def name_word(sought: Sought, start: int, end: int, entries: Iterable[int]) -> Word:
    """A whole name at [start, end) as one word."""
    token = next(token for token in sought.tokens if token.end > start)
    return Word(token, start, end, 1.0, dict.fromkeys(entries, 1.0), {}, can_be_asked=True)


def _found(sought: Sought, at: int, by_reading: bool) -> Mapping[int, float]:
    """The entries that have a token in any way."""
    found = best_of(_known_word(sought.tokens[at], sought), sought.spelled.find(at, at + 1), sought.meant[at])
    if not by_reading:
        return found
    sounding = _read_as(sought.readings[at], sought.read.find(at, at + 1), sought.pool)
    return best_of(found, scaled(sounding, _BY_READING))


def _read_as(reading: str, found: Mapping[int, float], pool: Pool) -> Mapping[int, float]:
    """Of the entries whose pieces cover a reading, those that have a short one in one run: セイサン is not スイサン."""
    if len(reading) >= LONG_READING:
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


def _is_bound(token: Token) -> bool:
    """Does a word mean little but together with the one before it: 来館「者」, 収集「日」, 利用「率」?"""
    return is_kind_of_figure(token) or (len(token.surface) == 1 and "一" <= token.surface <= "鿿")


def _word(token: Token, found: Mapping[int, float], sought: Sought) -> Word:
    meaning = concept(token)
    holders = sought.holders_of(meaning, squeeze(token.surface), found)
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
        if holders >= _HOME_HOLDERS and not _TOWN.match(sought.text, token.end):
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


def _kana_word(tokens: Sequence[Token], found: Mapping[int, float], sought: Sought) -> Word:
    start, end = tokens[0].start, tokens[-1].end
    rarity = sought.index.rarity(holders(found)) * min(2.0, (end - start) / 4)
    return Word(tokens[0], start, end, rarity, found, {}, can_be_asked=True)

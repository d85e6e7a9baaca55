"""Which indicator a question names: candidates with scores, and which of them are equally good.

A candidate's score is the share of the question's words, weighted by rarity (nlp/words.py), that it explains. It is
answered only if it explains nearly all of them and clearly more than the next one: a word that no entry knows
(「合計特殊出生率」) counts in full against every candidate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from nlp.index import Index
from nlp.mentions import Match, Mention
from nlp.normalize import squeeze
from nlp.pieces import Span
from nlp.words import Word

# From SURE on a candidate fits; those within MARGIN of the best fit equally well. Chosen on the questions of
# tests/dialogues and on sets by other hands: lower, and statistics that merely look alike are answered.
SURE, MARGIN = 0.68, 0.07
# So many letters in a row make the wording of a title.
_LEAST_TITLE = 6

# Strengths up to this are words around a name (of its initiative or area), above it words of the name itself.
_AROUND = 0.86
# What is asked for stands last: 「伝承館の入館料」 asks for no 来館者数.
_UNKNOWN_HEAD = 0.12
# A place that the candidate does not name, or money that it does not count: its figure is another one.
_FOREIGN = 0.3


# As many entries as explain most by a plain sum are looked at closely, and as many of them kept.
_SCORED, _KEPT = 16, 10
# A single letter (「差」) is no name.
_LEAST_LETTERS, _LEAST_TOPIC = 2, 0.8
# The least part of a name that a single word must be to stand for it.
_LEAST_PART = 0.3
# Among the entries of one initiative, the score from which the other words of a message choose.
_LEAST_IN_SCOPE = 0.3
# A name as it stands beats what merely explains the same words.
_BONUS = {Match.EXACT: 0.12, Match.ALIAS: 0.08}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its score (up to about 1) and the places of the words that it explains and that it does not."""

    entry: int
    score: float
    match: Match
    explained: tuple[Span, ...]
    unexplained: tuple[Span, ...]


def rank(words: Sequence[Word], mentions: Sequence[Mention]) -> list[Candidate]:
    """Candidates for the words of a question and the exact names in it, best first, at most _KEPT."""
    total = sum(word.weight for word in words)
    if not total or any(word.is_foreign for word in words):
        return []
    named: dict[int, Match] = {}
    for mention in mentions:
        for entry in mention.entries:
            if named.get(entry) is not Match.EXACT:
                named[entry] = mention.match
    rough: dict[int, float] = {}
    for word in words:
        for entry, strength in word.found.items():
            rough[entry] = rough.get(entry, 0.0) + word.weight * strength
    head = head_of(words)
    scores = {
        entry: _score(words, head, entry, total) + _BONUS.get(named.get(entry, Match.SIMILAR), 0.0)
        for entry in nlargest(_SCORED, rough, key=rough.__getitem__)
    }
    best = sorted(scores, key=lambda entry: (-scores[entry], entry))[:_KEPT]
    found = [word.found for word in words]
    return [make_candidate(entry, scores[entry], named.get(entry, Match.SIMILAR), words, found) for entry in best]


def _score(words: Sequence[Word], head: Word, entry: int, total: float) -> float:
    """The share of the words' weight that an entry explains, each word by its strength there.

    Words of a name and words around it add up only where what is asked for, the last noun, stands in the name itself:
    「県」 of a name and 「人口」 of its initiative do not make 「県の人口」.
    """
    explained = by_name = around = lost = 0.0
    for word in words:
        strength = word.found.get(entry, 0.0)
        explained += word.weight * strength
        if strength > _AROUND:
            by_name += word.weight * strength
            around += word.weight * word.around.get(entry, 0.0)
        else:
            around += word.weight * strength
        if (word.is_place or word.is_money) and strength < 0.5:
            lost += _FOREIGN
    at_head = head.found.get(entry, 0.0)
    if at_head <= _AROUND and head.around.get(entry):
        explained = max(by_name, around)
    if (head.can_be_asked and at_head < 0.5) or is_another_kind(words, entry):
        lost += _UNKNOWN_HEAD
    return explained / total - lost


def is_another_kind(words: Sequence[Word], entry: int) -> bool:
    """Does the question end in a kind of figure that the entry's name has not with that word: 「漁獲量」?"""
    return words[-1].is_kind and words[-1].found.get(entry, 0.0) < 0.5


def head_of(words: Sequence[Word]) -> Word:
    """What is asked for: the last word that can be, 「入館料」 in 「伝承館の入館料」."""
    return next((word for word in reversed(words) if word.can_be_asked), words[-1])


def make_candidate(
    entry: int, score: float, match: Match, words: Sequence[Word], found: Iterable[Mapping[int, float]]
) -> Candidate:
    """A candidate that explains the words which it has by `found`, the strengths of each word in the entries."""
    explained: list[Span] = []
    unexplained: list[Span] = []
    for word, strengths in zip(words, found, strict=True):
        (explained if strengths.get(entry, 0.0) >= 0.5 else unexplained).append((word.start, word.end))
    return Candidate(entry, score, match, tuple(explained), tuple(unexplained))


def decide(candidates: Sequence[Candidate], words: Sequence[Word], index: Index) -> tuple[Candidate, ...]:
    """The candidates that answer equally well: none, one, or several to ask back about."""
    sure = [candidate for candidate in candidates if candidate.score >= SURE and says_enough(candidate, words)]
    fitting = tuple(candidate for candidate in sure if candidate.score >= sure[0].score - MARGIN)
    if len(fitting) == 1 and is_a_mere_part(fitting[0], words, index):
        return ()
    return fitting


def says_enough(candidate: Candidate, words: Sequence[Word]) -> bool:
    """Is what a candidate explains a topic, and more than a letter: neither 「差」 nor 「使った割合」 is a name?"""
    if candidate.match is not Match.SIMILAR:
        return True
    letters = sum(end - start for start, end in candidate.explained)
    return letters >= _LEAST_LETTERS and any(
        word.can_be_asked and word.weight >= _LEAST_TOPIC and (word.start, word.end) in candidate.explained
        for word in words
    )


def is_a_mere_part(candidate: Candidate, words: Sequence[Word], index: Index) -> bool:
    """Is the only topic a small part of a long name: 「人口」 of 「携帯電話人口カバー率」? Then it names nothing."""
    if candidate.match is not Match.SIMILAR:
        return False
    topics = [word for word in words if word.can_be_asked and (word.start, word.end) in candidate.explained]
    if len(topics) != 1 or topics[0].around.get(candidate.entry):
        return False
    letters = sum(end - start for start, end in candidate.explained)
    return letters < _LEAST_PART * len(index.texts[index.entries[candidate.entry].name].letters)


def by_title(words: Sequence[Word], text: str, candidates: Sequence[Candidate], index: Index) -> tuple[Candidate, ...]:
    """The candidates of an initiative whose title the words are, word for word, () where they are part of a name.

    「戦略的なデジタル広報」 is the title's wording: it asks for all that stands under 「戦略的なデジタル広報の推進」.
    """
    phrase = squeeze(text[words[0].start : words[-1].end])
    if len(phrase) < _LEAST_TITLE or any(phrase in index.names_of(c.entry) for c in candidates):
        return ()
    return tuple(c for c in candidates if phrase in index.titles_of(c.entry))


def by_number(entries: Sequence[int], candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The entries of an initiative's number, narrowed by what else the message says of them."""
    named = [c for c in candidates if c.entry in entries and c.score >= _LEAST_IN_SCOPE]
    if named:
        return tuple(c for c in named if c.score >= named[0].score - MARGIN)
    return tuple(Candidate(entry, 1.0, Match.NUMBER, (), ()) for entry in entries)

"""Names of a large catalogue that stand in a message nearly as they are: with a slip of the finger, without particles.

Among tens of thousands of names the words of a question fit many; its whole wording fits few. So the whole is compared,
letter for letter, with the names that share the most telling pieces with it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters

from rapidfuzz.distance import OSA, Indel, LCSseq
from rapidfuzz.fuzz import partial_ratio_alignment

from nlp.concepts import concept, is_grammar
from nlp.fillers import is_filler, read_courtesy
from nlp.index import Index
from nlp.mentions import Mention
from nlp.normalize import letters_of, squeeze
from nlp.pieces import Span, is_inside, overlaps
from nlp.search import Search
from nlp.sought import runs_of
from nlp.tokens import Token

# How alike a stretch of the message and a name must be, and how much less alike others may be to be offered as well.
_LEAST, _BESIDE = 0.66, 0.1
# The lead over the next name that makes the first one sure.
_LEAD = 0.02
# A shorter name is too easily like something else; so many names are compared, so many offered.
_SHORTEST, _COMPARED, _OFFERED = 3, 40, 6
# Where letters were added, what is like a name is longer than it.
_AROUND = 4
# A word of so many letters may have a slip in it, and be so much alike.
_LONG, _SLIP = 5, 0.75
# Who asks for a list or a count names no indicator nearly.
_LISTS = re.compile("指標|kpi|一覧|何件|いくつ(?:ある|の)|全部|すべて|全て")
# What people leave out of a long name.
_PARTICLES = frozenset("ノヲニハガトデヘモヤカラ")


@dataclass(frozen=True, slots=True)
class Whole:
    """The name that a message is about, at [start, end): the entries of each name that it may be, the likest first.

    `is_exact` where it stands there as it is, `is_sure` where the first name differs from what is written in particles
    or kana alone, no other name comes as near, and nothing is said beside it.
    """

    start: int
    end: int
    names: tuple[tuple[int, ...], ...]
    is_exact: bool = False
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class _Like:
    """A name like the letters at [start, end) of a message, and how much (0 to 1)."""

    likeness: float
    name: str
    start: int
    end: int


def find_whole(
    text: str, tokens: Sequence[Token], topics: Sequence[Token], mentions: Sequence[Mention], index: Index
) -> Whole | None:
    """The name that makes up most of a normalised text; None where none does, or where the catalogue is small.

    `topics` are those of the tokens that carry one.
    「研終会の開催回数」 → 研修会の開催回数, 研究会の開催回数.
    """
    if index.search is None:
        return None
    courtesy = read_courtesy(text)
    telling = {*topics, *(token for token in tokens if concept(token).startswith("#") and not is_filler(token, None))}
    nouns = [t for t in telling if t.surface not in ascii_letters and not overlaps((t.start, t.end), courtesy)]
    starts = {token.start for token in tokens}
    longest = max((m for m in mentions if m.start in starts), key=lambda m: m.end - m.start, default=None)
    if longest and not _outside((longest.start, longest.end), nouns):
        return Whole(longest.start, longest.end, (longest.entries,), is_exact=True)
    runs = [squeeze(text[run[0].start : run[-1].end]) for run in runs_of(tokens, courtesy)]
    letters, positions = letters_of(text)
    found: list[_Like] = []
    for name in index.search.names_like(runs, _COMPARED):
        like = _most_alike(name, letters) if len(name) >= _SHORTEST else None
        if like:
            missing = _outside((positions[like.start], positions[like.end - 1] + 1), nouns)
            compared = len(name) + like.end - like.start
            found.append(replace(like, likeness=like.likeness * compared / (compared + missing)))
    found.sort(key=lambda like: (-like.likeness, len(like.name), like.name))
    if not found or found[0].likeness < _LEAST:
        return None
    best = found[0]
    span = positions[best.start], positions[best.end - 1] + 1
    if _LISTS.search(text[: span[0]]) or _LISTS.search(text, span[1]):
        return None
    offered = [like for like in found if like.likeness >= max(_LEAST, best.likeness - _BESIDE)][:_OFFERED]
    leads = len(offered) < 2 or best.likeness - offered[1].likeness >= _LEAD
    return Whole(
        *span,
        _each_once(index.search.entries_of(like.name) for like in offered),
        is_sure=leads and not _outside(span, nouns) and _is_same(best, letters, tokens, span, index.search),
    )


def _is_same(like: _Like, letters: str, tokens: Sequence[Token], span: Span, search: Search) -> bool:
    """Does a name lack particles only, or differ in kana only, its words being those at a span?"""
    written = letters[like.start : like.end]
    edits = Indel.editops(like.name, written)
    if all(edit.tag == "delete" and like.name[edit.src_pos] in _PARTICLES for edit in edits):
        return True
    differing = (like.name[edit.src_pos] if edit.tag == "delete" else written[edit.dest_pos] for edit in edits)
    words = [concept(t) for t in tokens if overlaps((t.start, t.end), [span]) and not is_grammar(t)]
    return all("ァ" <= letter <= "ー" for letter in differing) and _same_words(words, search.words_of(like.name))


def _each_once(names: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The entries of each name, those left out that have a name before."""
    seen: set[int] = set()
    found = []
    for entries in names:
        found.append(tuple(entry for entry in entries if entry not in seen))
        seen.update(entries)
    return tuple(entries for entries in found if entries)


def _outside(span: Span, nouns: Sequence[Token]) -> int:
    """How many letters of the message's nouns lie outside of a span."""
    return sum(token.end - token.start for token in nouns if not is_inside((token.start, token.end), [span]))


def _most_alike(name: str, letters: str) -> _Like | None:
    """The stretch of letters that is most like a name, None where none is."""
    at = partial_ratio_alignment(name, letters, score_cutoff=100 * _LEAST)
    if at is None:
        return None
    around = max(0, at.dest_start - _AROUND), min(len(letters), at.dest_end + _AROUND)
    stretches = [_trimmed(name, letters, *bounds) for bounds in ((at.dest_start, at.dest_end), around)]
    return max(stretches, key=lambda like: like.likeness)


def _trimmed(name: str, letters: str, start: int, end: int) -> _Like:
    """A stretch from the first to the last letter that it shares with a name."""
    blocks = [block for block in LCSseq.editops(name, letters[start:end]).as_matching_blocks() if block.size]
    start, end = start + blocks[0].b, start + blocks[-1].b + blocks[-1].size
    return _Like(Indel.normalized_similarity(name, letters[start:end]), name, start, end)


def _same_words(written: Iterable[str], words: Sequence[str]) -> bool:
    """Are the words those of a name, but for a slip in a long one: アプリケイション, アプリケーション?"""
    own = list(dict.fromkeys(written))
    left = [word for word in own if word not in words]
    lacking = [word for word in words if word not in own]
    return len(left) == len(lacking) and all(
        len(one) >= _LONG and OSA.normalized_similarity(one, other) >= _SLIP
        for one, other in zip(left, lacking, strict=True)
    )

"""Names of a large catalogue that stand in a message nearly as they are: with a slip of the finger, without particles.

Among tens of thousands of names the words of a question fit many; its whole wording fits few. So the whole is compared,
letter for letter, with the names that share the most telling pieces with it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_letters

from rapidfuzz.distance import OSA, Indel, LCSseq
from rapidfuzz.fuzz import partial_ratio_alignment

from nlp.concepts import concept, is_grammar
from nlp.fillers import is_filler, read_courtesy
from nlp.index import Index
from nlp.mentions import Mention
from nlp.normalize import letters_of, squeeze
from nlp.pieces import Span, is_inside, overlaps
from nlp.sought import runs_of
from nlp.tokens import Token

# How alike a stretch of the message and a name must be, and how much less alike others may be to be offered as well.
_LEAST, _BESIDE = 0.66, 0.1
# The lead over the next name that makes the first one sure.
_LEAD = 0.02
# A shorter name is too easily like something else; so many names are compared, so many offered.
_SHORTEST, _COMPARED, _OFFERED = 3, 40, 6
# A word of so many letters may have a slip in it, and be so much alike; none with a digit.
_LONG, _SLIP = 5, 0.75
_TELLING = frozenset("0123456789")
# Who asks for a list or a count names no indicator nearly.
_LISTS = re.compile("指標|kpi|一覧|何件|いくつ(?:ある|の)|全部|すべて|全て")
# What people leave out of a long name.
_PARTICLES = frozenset("ノヲニハガトデヘモヤカラ")


@dataclass(frozen=True, slots=True)
class Whole:
    """The name that a message is about, at [start, end): the entries of each name that it may be, the likest first.

    `is_exact` where it stands there as it is; where no other name comes as near, `lacks_particles` where the first one
    differs in particles alone, `has_words` where its words are those of the message, but for kana.
    """

    start: int
    end: int
    names: tuple[tuple[int, ...], ...]
    is_exact: bool = False
    lacks_particles: bool = False
    has_words: bool = False


def find_whole(text: str, tokens: Sequence[Token], mentions: Sequence[Mention], index: Index) -> Whole | None:
    """The name that makes up most of a normalised text; None where none does, or where the catalogue is small.

    「研終会の開催回数」 → 研修会の開催回数, 研究会の開催回数.
    """
    if index.search is None:
        return None
    courtesy = read_courtesy(text)
    nouns = [t for t in tokens if _is_noun(t) and not overlaps((t.start, t.end), courtesy)]
    starts = {token.start for token in tokens}
    longest = max((m for m in mentions if m.start in starts), key=lambda m: m.end - m.start, default=None)
    if longest and not _outside((longest.start, longest.end), nouns):
        return Whole(longest.start, longest.end, (longest.entries,), is_exact=True)
    runs = [squeeze(text[run[0].start : run[-1].end]) for run in runs_of(tokens, courtesy)]
    letters, positions = letters_of(text)
    stretches = (
        (
            _without(likeness, len(name) + end - start, _outside((positions[start], positions[end - 1] + 1), nouns)),
            name,
            start,
            end,
        )
        for name in (index.search.names_like(runs, _COMPARED) if runs else ())
        if len(name) >= _SHORTEST
        for likeness, start, end in _alike(name, letters)
    )
    found = sorted(
        (-likeness, len(name), name, start, end) for likeness, name, start, end in stretches if likeness >= _LEAST
    )
    if not found:
        return None
    best, _, name, start, end = found[0]
    offered = [own for own in found if own[0] <= best + _BESIDE][:_OFFERED]
    if _LISTS.search(text[: positions[start]]) or _LISTS.search(text, positions[end - 1] + 1):
        return None
    written = letters[start:end]
    leads = len(offered) < 2 or offered[1][0] - best >= _LEAD
    is_clear = leads and not _outside((positions[start], positions[end - 1] + 1), nouns)
    return Whole(
        positions[start],
        positions[end - 1] + 1,
        _each_once(index.search.entries_of(own[2]) for own in offered),
        lacks_particles=is_clear and _lacks_particles(written, name),
        has_words=leads
        and _same_words(tokens, (positions[start], positions[end - 1] + 1), index.search.words_of(name)),
    )


def _each_once(names: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The entries of each name, those left out that have a name before."""
    seen: set[int] = set()
    found = []
    for entries in names:
        found.append(tuple(entry for entry in entries if entry not in seen))
        seen.update(entries)
    return tuple(entries for entries in found if entries)


def _is_noun(token: Token) -> bool:
    """Is it a word that tells something, other than the letter of 「R6」?"""
    is_telling = token.kind.startswith(("名詞", "形状詞", "接尾辞")) and not is_filler(token, None)
    return is_telling and token.surface not in ascii_letters


def _outside(span: Span, nouns: Sequence[Token]) -> int:
    """How many letters of the message's nouns lie outside of a span."""
    return sum(token.end - token.start for token in nouns if not is_inside((token.start, token.end), [span]))


def _without(likeness: float, letters: int, missing: int) -> float:
    """A likeness of so many letters, less for those that neither of the two has."""
    return likeness * letters / (letters + missing)


def _alike(name: str, letters: str) -> list[tuple[float, int, int]]:
    """How alike a name is to the stretch of letters that is most like it, and where that stands; [] where it is not."""
    at = partial_ratio_alignment(name, letters, score_cutoff=100 * _LEAST)
    if at is None:
        return []
    narrow, wide = (at.dest_start, at.dest_end), (max(0, at.dest_start - 4), min(len(letters), at.dest_end + 4))
    found = max(_trimmed(name, letters, *narrow), _trimmed(name, letters, *wide))
    return [found] if found[0] >= _LEAST else []


def _trimmed(name: str, letters: str, start: int, end: int) -> tuple[float, int, int]:
    """A stretch from the first to the last letter that it shares with a name, and how alike the two are."""
    blocks = [block for block in LCSseq.editops(name, letters[start:end]).as_matching_blocks() if block.size]
    start, end = start + blocks[0].b, start + blocks[-1].b + blocks[-1].size
    return Indel.normalized_similarity(name, letters[start:end]), start, end


def _lacks_particles(written: str, name: str) -> bool:
    return all(op.tag == "delete" and name[op.src_pos] in _PARTICLES for op in Indel.editops(name, written))


def _differs_in_kana(written: str, name: str) -> bool:
    differing = [
        (name[op.src_pos] if op.tag == "delete" else written[op.dest_pos]) for op in Indel.editops(name, written)
    ]
    return all("ァ" <= letter <= "ー" for letter in differing)


def _same_words(tokens: Sequence[Token], span: Span, words: Sequence[str]) -> bool:
    """Are the words at a span those of a name, but for a slip in a long one: アプリケイション, アプリケーション?"""
    written = dict.fromkeys(concept(t) for t in tokens if overlaps((t.start, t.end), [span]) and not is_grammar(t))
    left = [word for word in written if word not in words]
    lacking = [word for word in words if word not in written]
    return len(left) == len(lacking) and all(
        len(one) >= _LONG and not set(one) & _TELLING and OSA.normalized_similarity(one, other) >= _SLIP
        for one, other in zip(left, lacking, strict=True)
    )

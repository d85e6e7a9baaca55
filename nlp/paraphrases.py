"""Paraphrases: which indicator a question means that shares few words with its name.

Word vectors (vectors.py) stand in for words that no entry has: 「クルマ」 for 自動車. They propose and never make sure:
a paraphrase is taken only where a figure is clearly asked for, and only where nothing else comes near it.
"""

from collections.abc import Mapping, Sequence

from nlp.concepts import concept, is_kind_of_figure
from nlp.index import Index
from nlp.indicators import Candidate, head_of, is_a_mere_part, is_another_kind, make_candidate
from nlp.mentions import Match
from nlp.normalize import squeeze
from nlp.pieces import Postings
from nlp.pools import NAME
from nlp.sought import best_of, scaled
from nlp.words import Word

# The score that is enough, and the lead over the next one that it takes; more where the very thing that is asked for
# (the last noun) is found only around the name. Where it is not found at all, nothing is enough: 「自動車税の税収」.
# Chosen on sets of questions by several hands, statistics that look alike among them.
LIKELY, CLEAR = 0.45, 0.08
CLEAR_WITH_WEAK_HEAD = 0.13
# From this strength on the last noun is found as well as can be.
_AT_HEAD = 0.8
# From this weight on a word tells something of its own.
_TELLS = 0.6
# So few words that end in 数 or 率 describe nothing, they name: each that few entries have has to be found.
_SHORT, _RARE = 5, 3.6
# The least cosine of two words that counts, the most that vectors alone can be worth, and what a word that borrows its
# vector from a more frequent one is worth.
_LEAST_COSINE, _MOST_BY_VECTOR, _BORROWED = 0.45, 0.6, 0.8
# Two words on one row of the table.
_SHARED_ROW = 0.65
_NO_MEANING = ("助詞", "助動詞", "接頭辞", "接尾辞", "代名詞", "感動詞", "連体詞", "接続詞", "名詞-数詞")


def find_meant(words: Sequence[Word], index: Index) -> Candidate | None:
    """The one entry that a paraphrase means, None where it is not clear: 「病院どうしで情報を見せ合っていい患者」."""
    if index.everything is None or not words or any(word.is_foreign for word in words):
        return None
    known = index.everything.words
    total = sum(word.weight for word in words)
    meant = [best_of(word.found, _near(word, index, known)) for word in words]
    scores: dict[int, float] = {}
    for word, found in zip(words, meant, strict=True):
        for entry, strength in found.items():
            scores[entry] = scores.get(entry, 0.0) + word.weight * strength / total
    best = sorted(scores, key=lambda entry: (-scores[entry], entry))[:2]
    if not best:
        return None
    score, lead = scores[best[0]], scores[best[0]] - (scores[best[1]] if len(best) > 1 else 0.0)
    at_head = head_of(words).found.get(best[0], 0.0)
    clear = CLEAR if at_head >= _AT_HEAD else CLEAR_WITH_WEAK_HEAD
    if at_head < 0.5 or score < LIKELY or lead < clear:
        return None
    if _is_elsewhere(words, best[0]) or is_another_kind(words, best[0]):
        return None
    strengths = [found.get(best[0], 0.0) for found in meant]
    is_a_name = len(words) <= _SHORT and is_kind_of_figure(words[-1].token)
    if is_a_name and any(s < 0.5 and _is_a_topic(word, index) for word, s in zip(words, strengths, strict=True)):
        return None
    candidate = make_candidate(best[0], score, Match.SIMILAR, words, meant)
    told = sum(1 for word, strength in zip(words, strengths, strict=True) if strength >= 0.5 and word.weight >= _TELLS)
    return None if told < 2 and is_a_mere_part(candidate, words, index) else candidate


def _is_a_topic(word: Word, index: Index) -> bool:
    """Is the word rare, and known: no slip of the finger?"""
    is_known = index.knows(concept(word.token)) or squeeze(word.token.surface) in index.lexicon.terms
    return word.weight >= _RARE and is_known


def _is_elsewhere(words: Sequence[Word], entry: int) -> bool:
    """Does the question name a place that the entry is not about, or money that it does not count?"""
    return any((word.is_place or word.is_money) and word.found.get(entry, 0.0) < 0.5 for word in words)


def _near(word: Word, index: Index, known: Postings) -> Mapping[int, float]:
    """Entries that have a word of near meaning: 「クルマ」 for 自動車. A name of something has none."""
    vectors, token = index.vectors, word.token
    if vectors is None or token.kind.startswith(_NO_MEANING) or "固有名詞" in token.kind:
        return {}
    # 防災 and テレワーク stand in names themselves: then 防犯 and ICT are their sisters, and not other words for them.
    if token.kind.startswith("名詞") and NAME in known[concept(token)].values():
        return {}
    row = vectors.row(token.base)
    if row is None:
        return {}
    trust = _BORROWED if vectors.borrows(token.base) else 1.0
    near = vectors.neighbours(row)
    return best_of(
        *(
            scaled(known[word], min(_MOST_BY_VECTOR, _nearness(near[other], word, token.base) * trust))
            for other in near.keys() & index.rows.keys()
            if near[other] >= _LEAST_COSINE
            for word in index.rows[other]
        )
    )


def _nearness(cosine: float, word: str, other: str) -> float:
    """Two words of one row are near, not equal: the rarer of them only borrows it (measured: 0.65 in the median)."""
    return _SHARED_ROW if cosine == 1 and word != other else cosine

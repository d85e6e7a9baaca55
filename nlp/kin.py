"""Names that resemble another: 「Dの方は?」 after 「教員のICT活用指導力B」 is the other 教員のICT活用指導力."""

from collections.abc import Sequence
from functools import lru_cache

from nlp.index import Index
from nlp.indicators import Candidate
from nlp.pools import SPELLING, pieces

# How much it counts that a candidate resembles what was spoken of, the least that its own words must explain, and the
# lead over the next one that it takes.
_KINSHIP, _LEAST_OWN, _LEAD = 0.4, 0.45, 0.05


def find_kin(candidates: Sequence[Candidate], about: Sequence[int], index: Index) -> Candidate | None:
    """Of candidates that do not fit by themselves, the one that most resembles the entries `about`, if one does."""
    known = frozenset[str]().union(*(_pairs(entry, index) for entry in about))
    scored = sorted(
        (
            (candidate.score + _KINSHIP * _share(_pairs(candidate.entry, index), known), candidate)
            for candidate in candidates
            if candidate.entry not in about and candidate.score >= _LEAST_OWN
        ),
        key=lambda pair: -pair[0],
    )
    if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < _LEAD):
        return None
    return scored[0][1]


def likeness(one: int, other: int, index: Index) -> float:
    """How much of their letter pairs the names of two entries share, 0 to 1."""
    return _share(_pairs(one, index), _pairs(other, index))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _pairs(entry: int, index: Index) -> frozenset[str]:
    return _pairs_of(index.texts[index.entries[entry].name].letters)


@lru_cache(maxsize=4096)
def _pairs_of(letters: str) -> frozenset[str]:
    return frozenset(pieces(letters, SPELLING))

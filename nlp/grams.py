"""Which of many texts have most of a question's letters in a row: runs of two or three letters and who has them.

Three arrays hold it all. The time to look something up grows with the lists of the pieces that are looked up, of which
the rarest are taken up to a limit; memory grows with the letters of all texts (docs: nlp/INDEX.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import local

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Scores = NDArray[np.float32]

# Room for any character in a piece's number.
_BITS = 21
# Of the pieces of a question the rarest are looked up, until so many places were gone through.
_MOST_PLACES = 40_000
# A text counts that has this share of what the best one has.
_LEAST_OF_BEST = 0.3


@dataclass(frozen=True, slots=True)
class Grams:
    """Pieces of `length` letters: `pieces[i]` (sorted) stands in the texts `texts[starts[i]:starts[i + 1]]`.

    `weights` say what each piece tells, `sums` what all pieces of a text tell together.
    """

    length: int
    size: int
    pieces: NDArray[np.int64]
    starts: NDArray[np.int64]
    texts: Ids
    weights: Scores
    sums: Scores
    scratch: local = field(default_factory=local)

    def holders(self, letters: str) -> int:
        """How many texts can have these letters in a row: as many as have their rarest piece."""
        if len(letters) < self.length:
            return self.size
        counts = [int(self.starts[at + 1] - self.starts[at]) for at in self._places(_coded([letters], self.length))]
        return min(counts) if len(counts) == len(letters) - self.length + 1 else 0

    def holding(self, letters: str) -> Sequence[int]:
        """The texts that have all pieces of some letters, few enough to look for the letters themselves in each."""
        if len(letters) < self.length:
            return range(self.size)
        codes = np.unique(_coded([letters], self.length))
        places = self._places(codes)
        if len(places) < len(codes):
            return ()
        held = sorted((self.texts[self.starts[at] : self.starts[at + 1]] for at in places), key=len)
        found = held[0]
        for other in held[1:]:
            found = np.intersect1d(found, other, assume_unique=True)
        ids: list[int] = found.tolist()
        return ids

    def nearest(self, runs: Iterable[str], most: int, *, as_a_whole: bool = False) -> tuple[Ids, Scores]:
        """At most `most` texts that share the most telling pieces with the runs of letters, and how much.

        `as_a_whole` counts what either of them lacks, so that of two texts the one as long as the runs is nearer.
        """
        places = self._places(np.unique(_coded(runs, self.length)))
        if not len(places):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        counts = self.starts[places + 1] - self.starts[places]
        order = np.argsort(counts, kind="stable")
        taken = order[: max(1, int(np.searchsorted(np.cumsum(counts[order]), _MOST_PLACES)))]
        places, counts = places[taken], counts[taken]
        held = np.concatenate([self.texts[self.starts[at] : self.starts[at + 1]] for at in places])
        weights = self.weights[places]
        scores = self._scratch()
        np.add.at(scores, held, np.repeat(weights, counts))
        sums = scores[held]
        ids = np.unique(held[sums >= _LEAST_OF_BEST * sums.max()])
        found = scores[ids]
        scores[held] = 0
        if as_a_whole:
            found = found / (weights.sum() + self.sums[ids])
        if len(ids) > most:
            best = np.sort(np.argpartition(-found, most)[:most])
            ids, found = ids[best], found[best]
        return ids, found

    def _places(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the pieces stand in `pieces`, those left out that no text has."""
        if not len(self.pieces):
            return np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self.pieces, codes), len(self.pieces) - 1)
        found: NDArray[np.int64] = at[self.pieces[at] == codes]
        return found

    def _scratch(self) -> Scores:
        """Zeros, one a text and thread; who writes into them leaves zeros behind."""
        if not hasattr(self.scratch, "scores"):
            self.scratch.scores = np.zeros(self.size, np.float32)
        scores: Scores = self.scratch.scores
        return scores


def build_grams(texts: Sequence[str], length: int) -> Grams:
    """Takes the texts (as squeeze() has them) into pieces of two or three letters."""
    codes = _coded(texts, length, between=True)
    ends = np.cumsum([len(text) - length + 1 if len(text) >= length else 0 for text in texts], dtype=np.int64)
    ids = np.searchsorted(ends, np.arange(len(codes)), side="right").astype(np.int32)
    order = np.argsort(codes, kind="stable")
    codes, ids = codes[order], ids[order]
    is_new = np.ones(len(codes), bool)
    is_new[1:] = (codes[1:] != codes[:-1]) | (ids[1:] != ids[:-1])
    codes, ids = codes[is_new], ids[is_new]
    pieces, starts = np.unique(codes, return_index=True)
    starts = np.append(starts, len(codes))
    counts = np.diff(starts)
    weights = np.log((len(texts) + 1) / (counts + 0.5)).astype(np.float32)
    sums = np.zeros(len(texts), np.float32)
    np.add.at(sums, ids, np.repeat(weights, counts))
    return Grams(length, len(texts), pieces, starts, ids, weights, sums)


def _coded(runs: Iterable[str], length: int, *, between: bool = False) -> NDArray[np.int64]:
    """Every run of `length` letters as one number, in order, none across two runs."""
    letters = np.frombuffer(("\0".join(runs)).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    count = max(0, len(letters) - length + 1)
    codes = np.zeros(count, np.int64)
    is_whole = np.ones(count, bool)
    for at in range(length):
        own = letters[at : at + count]
        codes = (codes << _BITS) | own
        is_whole &= own != 0
    return codes[is_whole]

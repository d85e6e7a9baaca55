"""Which words are near others in meaning: chiVe's vectors, boiled down to a table of neighbours on disk.

The table is built at set-up (nlp/build_vectors.py) and may be absent. It holds no vectors, only each row's neighbours
and their cosines, since a table of vectors would need numpy when asked. Measured: numpy costs 100 ms at the start and
0.05 ms for a word's products with 2,000 others, Python alone 50 ms for these; opening this table costs 3 ms, finding a
word 0.003 ms and all its neighbours 0.01 ms. It is mapped into memory, 12 MB that processes share.

A row is a meaning. chiVe's 20,000 most frequent words have a row each; 460,000 rarer ones only borrow that of the word
nearest to them: テレワーク that of 中小企業, シニア層 that of 中高年.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct, calcsize
from typing import Final, Literal
from zlib import crc32

from nlp.normalize import katakana

DEFAULT: Final = Path(__file__).with_name("vectors.bin")

#: The least cosine of a neighbour, and the step in which cosines are kept, from 0 to 255: none is off by over 0.002.
LEAST: Final = 0.40
STEP: Final = (1 - LEAST) / 255

# The file, in the machine's byte order: magic, version, how many words, rows and neighbours; the words' keys (Q), in
# order, and their rows (H); where the neighbours of each row begin, and where the last one's end (I); the neighbours'
# rows (H), and their cosines in steps (B); the checksum of all before it.
MAGIC: Final = b"shirube\0"
VERSION: Final = 1
HEADER: Final = Struct("=8sIIII")
CHECKSUM: Final = Struct("=I")
#: The bit of a word's row that says that the word only borrows it.
BORROWED: Final = 0x8000

_COSINES: Final = tuple(round(LEAST + STEP * step, 4) for step in range(256))


@dataclass(frozen=True, slots=True)
class Vectors:
    """The open table; reads are safe from several threads. A row is a number from 0, in the order of frequency."""

    keys: memoryview
    rows: memoryview
    starts: memoryview
    near: memoryview
    steps: memoryview

    def row(self, word: str) -> int | None:
        """The row of a word in Sudachi's normalised form, or as Token.base has it; None where chiVe lacks the word.

        「手続き」 「手続キ」 → 2172. Case and kind of kana make no difference.
        """
        found = self._find(word)
        return None if found is None else found & ~BORROWED

    def borrows(self, word: str) -> bool:
        """Does the word only borrow its row? It is then less near to that row's neighbours than they say.

        Measured by putting 4,000 words with a row of their own on the nearest other row: the cosine with that row is
        0.64 in the median, and with its neighbours 0.8 of what it says. False for a word without a row.
        """
        found = self._find(word)
        return found is not None and found & BORROWED != 0

    def neighbours(self, row: int) -> Mapping[int, float]:
        """All rows with a cosine of LEAST or more, nearest first, the row itself with 1.0; IndexError past the last.

        The row of 申請, 2436 → {2436: 1.0, …, 2172: 0.7365, …}: 119 rows on average, 1,238 at most. If one row has
        another as neighbour, that one has it too, with the same cosine.
        """
        start, end = self.starts[row], self.starts[row + 1]
        near = {row: 1.0}
        near.update(zip(self.near[start:end], map(_COSINES.__getitem__, self.steps[start:end]), strict=True))
        return near

    def _find(self, word: str) -> int | None:
        key = key_of(word)
        at = bisect_left(self.keys, key)
        if at == len(self.keys) or self.keys[at] != key:
            return None
        found: int = self.rows[at]
        return found


def key_of(word: str) -> int:
    """The 64 bits by which the table knows a word, in lower case and katakana as in Token.base."""
    folded = katakana(word.lower())
    return int.from_bytes(blake2b(folded.encode(errors="replace"), digest_size=8).digest(), "big")


def open_vectors(path: Path = DEFAULT) -> Vectors | None:
    """Maps the table; None where it is absent, damaged or of another version. Takes some milliseconds, never raises."""
    try:
        with path.open("rb") as file:
            table = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):  # ValueError: an empty file cannot be mapped
        return None
    if len(table) < HEADER.size:
        return None
    magic, version, words, rows, pairs = HEADER.unpack_from(table)
    layout: tuple[tuple[Literal["Q", "H", "I", "B"], int], ...] = (
        ("Q", words),
        ("H", words),
        ("I", rows + 1),
        ("H", pairs),
        ("B", pairs),
    )
    parts, at = [], HEADER.size
    for kind, length in layout:
        end = at + calcsize(f"={kind}") * length
        parts.append((table[at:end], kind))
        at = end
    if (magic, version, at + CHECKSUM.size) != (MAGIC, VERSION, len(table)):
        return None
    if CHECKSUM.unpack_from(table, at) != (crc32(table[:at]),):
        return None
    return Vectors(*(part.cast(kind) for part, kind in parts))

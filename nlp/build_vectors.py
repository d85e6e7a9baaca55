"""Builds the table of nlp/vectors.py out of the wheel ja-ginza: `python -m nlp.build_vectors FOLDER`, at set-up.

FOLDER is where the wheel was installed. Only this needs numpy. The same wheel gives the same bytes.
"""

import json
import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

from nlp.vectors import BORROWED, CHECKSUM, DEFAULT, HEADER, LEAST, MAGIC, STEP, VERSION, key_of

#: A word, its row, and whether the row is its own; the more frequent word first.
Place = tuple[str, int, bool]
#: The rows near to one row, with their cosines.
Near = Sequence[tuple[int, float]]

# Unit vectors are taken times this, in whole numbers. All sums then stay below 2²⁴, where float32 has every whole
# number: products are exact, whatever the order in which a processor adds up.
_SCALE = 4000
_BLOCK = 500


def main(arguments: Sequence[str]) -> int:
    """Writes the table beside nlp/vectors.py; takes about 20 seconds and 300 MB."""
    folder = Path(arguments[0])
    vocabulary = next(folder.glob("ja_ginza/ja_ginza-*/vocab"), None)
    if vocabulary is None:
        print(f"{folder} に ja-ginza がありません。", file=sys.stderr)
        return 1
    table = pack(read_places(vocabulary), near_rows(vocabulary / "vectors"))
    unfinished = DEFAULT.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_bytes(table)
        unfinished.replace(DEFAULT)
    finally:
        unfinished.unlink(missing_ok=True)
    return 0


def pack(places: Iterable[Place], near: Iterable[Near]) -> bytes:
    """The table's bytes. `near` has one item a row; cosines below LEAST and the row itself are left out.

    Of words that differ only in case or kana, the first counts. ValueError where a row is beyond 15 bits.
    """
    rows: dict[int, int] = {}
    for word, row, is_own in places:
        rows.setdefault(key_of(word), row if is_own else row | BORROWED)
    keys = array("Q", sorted(rows))
    starts, neighbours, steps = array("I", [0]), array("H"), array("B")
    for row, others in enumerate(near):
        # The nearest first; of equally near ones, to a step, the most frequent.
        kept = sorted((-_step(cosine), other) for other, cosine in others if other != row and cosine >= LEAST)
        neighbours.extend(other for _, other in kept)
        steps.extend(-step for step, _ in kept)
        starts.append(len(steps))
    if len(starts) > BORROWED:
        raise ValueError(f"{len(starts) - 1} rows")
    parts = (keys, array("H", [rows[key] for key in keys]), starts, neighbours, steps)
    table = HEADER.pack(MAGIC, VERSION, len(keys), len(starts) - 1, len(steps)) + b"".join(map(bytes, parts))
    return table + CHECKSUM.pack(crc32(table))


def _step(cosine: float) -> int:
    return min(255, round((cosine - LEAST) / STEP))


def near_rows(vectors: Path) -> Iterator[Near]:
    """For each row of a .npy array (rows × dimensions), the rows near to it and itself, in order of rows."""
    import numpy as np  # type: ignore[import-not-found, unused-ignore]

    matrix = np.load(vectors, allow_pickle=False).astype(np.float64)
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix = np.rint(matrix * (_SCALE / np.maximum(length, 1e-9))).astype(np.float32)
    for start in range(0, len(matrix), _BLOCK):
        products = matrix[start : start + _BLOCK] @ matrix.T
        for product in products:
            near = np.flatnonzero(product >= LEAST * _SCALE**2)
            yield list(zip(near.tolist(), (product[near].astype(np.float64) / _SCALE**2).tolist(), strict=True))


def read_places(vocabulary: Path) -> Iterator[Place]:
    """The words of a spaCy vocabulary with vectors: `strings.json` has the words, `key2row` the rows of their hashes.

    spaCy wrote key2row in the order of frequency, so the first hash of a row is of the word that the vector was made
    for. Hashes that no word has are left out: 18 are numbers of spaCy's own instead.
    """
    words = {murmur_hash(word.encode()): word for word in json.loads((vocabulary / "strings.json").read_bytes())}
    taken: set[int] = set()
    for key, row in _read_map((vocabulary / "key2row").read_bytes()):
        if key in words:
            yield words[key], row, row not in taken
        taken.add(row)


def _read_map(data: bytes) -> Iterator[tuple[int, int]]:
    """A msgpack map from whole numbers to whole numbers, in its order; ValueError where it holds anything else."""
    lengths = {0xDE: 2, 0xDF: 4}
    widths = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
    at = 1 + lengths.get(data[0], 0)
    count = int.from_bytes(data[1:at], "big") if at > 1 else data[0] - 0x80
    numbers: list[int] = []
    while at < len(data):
        kind = data[at]
        width = 0 if kind < 0x80 else widths.get(kind)
        if width is None:
            raise ValueError(f"no whole number at byte {at}")
        numbers.append(int.from_bytes(data[at + 1 : at + 1 + width], "big") if width else kind)
        at += 1 + width
    if at != len(data) or len(numbers) != 2 * count:
        raise ValueError(f"{len(numbers)} numbers in a map of {count}")
    return zip(numbers[::2], numbers[1::2], strict=True)


def murmur_hash(data: bytes, seed: int = 1) -> int:
    """MurmurHash64A by its public specification, as spaCy uses it (seed 1): 「coffee」 → 3197928453018144401."""
    factor, bits = 0xC6A4A7935BD1E995, 0xFFFF_FFFF_FFFF_FFFF
    value = seed ^ (len(data) * factor & bits)
    whole = len(data) & ~7
    for at in range(0, whole, 8):
        part = int.from_bytes(data[at : at + 8], "little") * factor & bits
        value = (value ^ ((part ^ (part >> 47)) * factor & bits)) * factor & bits
    if rest := data[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * factor & bits
    value = (value ^ (value >> 47)) * factor & bits
    return value ^ (value >> 47)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

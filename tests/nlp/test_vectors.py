"""The table of neighbours: a damaged one is as none, a built one holds what it was built from."""

import json
from collections.abc import Iterator
from math import dist, hypot
from pathlib import Path
from time import perf_counter
from zlib import crc32

import pytest

from nlp.build_vectors import Near, main, murmur_hash, pack, read_places
from nlp.vectors import CHECKSUM, DEFAULT, HEADER, LEAST, MAGIC, STEP, VERSION, Vectors, open_vectors

# A vocabulary as the wheel has it: words in the order of frequency, with their rows; a row's first word is its own.
WORDS = {"手続き": 0, "申請": 1, "RPA": 2, "天気": 3, "てつづき": 1, "届け出": 0, "手續き": 0, "rpa": 3}
VECTORS = [(1.0, 0.2, 0.0), (0.9, 0.4, 0.1), (0.5, 0.5, 0.0), (-0.1, 0.0, 2.0)]


def _near() -> Iterator[Near]:
    """What near_rows() tells of VECTORS, by the law of cosines."""
    for one in VECTORS:
        a = hypot(*one)
        sides = [(hypot(*other), dist(one, other)) for other in VECTORS]
        yield [(row, (a * a + b * b - c * c) / (2 * a * b)) for row, (b, c) in enumerate(sides)]


def _vocabulary(folder: Path, *, lacking: str = "") -> Path:
    """The wheel's two files of words: a msgpack map of hashes to rows, and the words in another order."""
    pairs = [(murmur_hash(word.encode()), row) for word, row in WORDS.items()]
    packed = b"".join(b"\xcf" + key.to_bytes(8, "big") + bytes([row]) for key, row in pairs)
    (folder / "key2row").write_bytes(bytes([0x80 + len(pairs)]) + packed)
    (folder / "strings.json").write_text(json.dumps(sorted({*WORDS, "余り"} - {lacking})), encoding="utf-8")
    return folder


@pytest.fixture(name="table")
def _table(tmp_path: Path) -> bytes:
    return pack(read_places(_vocabulary(tmp_path)), _near())


@pytest.fixture(name="vectors")
def _vectors(tmp_path: Path, table: bytes) -> Vectors:
    vectors = open_vectors(_written(tmp_path, table))
    assert vectors is not None
    return vectors


def _written(folder: Path, table: bytes) -> Path:
    path = folder / "vectors.bin"
    path.write_bytes(table)
    return path


@pytest.mark.parametrize(
    ("word", "row", "borrows"),
    [
        ("手続き", 0, False),
        ("手続キ", 0, False),
        ("届け出", 0, True),
        ("申請", 1, False),
        ("テツヅキ", 1, True),
        ("rpa", 2, False),  # the more frequent RPA counts
        ("天気", 3, False),
        ("余り", None, False),
        ("", None, False),
        ("\ud800", None, False),
    ],
)
def test_words(vectors: Vectors, word: str, row: int | None, borrows: bool) -> None:
    assert (vectors.row(word), vectors.borrows(word)) == (row, borrows)


def test_neighbours_are_sorted_and_right(vectors: Vectors) -> None:
    for row, near in enumerate(_near()):
        found = vectors.neighbours(row)
        assert found == {other: pytest.approx(cosine, abs=STEP / 2 + 1e-4) for other, cosine in near if cosine >= LEAST}
        assert next(iter(found.items())) == (row, 1.0)
        assert list(found.values()) == sorted(found.values(), reverse=True)
    assert list(vectors.neighbours(1)) == [1, 0, 2]
    assert vectors.neighbours(3) == {3: 1.0}


def test_of_equally_near_rows_the_most_frequent_is_first(tmp_path: Path) -> None:
    vectors = open_vectors(_written(tmp_path, pack([], [[(3, 0.5), (0, 1.0), (2, 0.39), (1, 0.5)], [], [], []])))
    assert vectors is not None
    assert list(vectors.neighbours(0).items()) == [
        (0, 1.0),
        (1, pytest.approx(0.5, abs=STEP)),
        (3, vectors.neighbours(0)[1]),
    ]


def test_no_such_row(vectors: Vectors) -> None:
    with pytest.raises(IndexError):
        vectors.neighbours(len(VECTORS))


def test_same_source_same_bytes(tmp_path: Path, table: bytes) -> None:
    assert pack(read_places(_vocabulary(tmp_path)), _near()) == table


def test_word_whose_spelling_is_unknown_still_owns_its_row(tmp_path: Path) -> None:
    places = list(read_places(_vocabulary(tmp_path, lacking="手続き")))
    assert [place for place in places if place[1] == 0] == [("届け出", 0, False), ("手續き", 0, False)]


def test_hash_is_spacys() -> None:
    # 「coffee」 stands in spaCy's documentation; the others try every length of the rest.
    assert murmur_hash(b"coffee") == 3197928453018144401
    assert len({murmur_hash(b"shirube-shirube"[:length]) for length in range(16)}) == 16


@pytest.mark.parametrize(
    "packed", [b"\x81\x01", b"\x82\x01\x02", b"\x81\x01\xa1a", b"\x81\x01\xcf\x00", b"\x93\x01\x02"]
)
def test_source_of_another_form_is_refused(tmp_path: Path, packed: bytes) -> None:
    (_vocabulary(tmp_path) / "key2row").write_bytes(packed)
    with pytest.raises(ValueError, match="number"):
        list(read_places(tmp_path))


def test_wheel_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = DEFAULT.stat() if DEFAULT.exists() else None
    assert main([str(tmp_path)]) == 1
    assert "ja-ginza がありません" in capsys.readouterr().err
    assert (DEFAULT.stat() if DEFAULT.exists() else None) == before


def test_absent_table(tmp_path: Path) -> None:
    assert open_vectors(tmp_path / "vectors.bin") is None
    assert open_vectors(tmp_path) is None


def test_short_table(tmp_path: Path, table: bytes) -> None:
    for length in range(len(table)):
        assert open_vectors(_written(tmp_path, table[:length])) is None
    assert open_vectors(_written(tmp_path, table + b"\0")) is None


def test_damaged_table(tmp_path: Path, table: bytes) -> None:
    for at in range(len(table)):
        damaged = table[:at] + bytes([table[at] ^ 0x10]) + table[at + 1 :]
        assert open_vectors(_written(tmp_path, damaged)) is None


@pytest.mark.parametrize(("magic", "version"), [(MAGIC, VERSION + 1), (MAGIC, 0), (b"another\0", VERSION)])
def test_table_of_another_version(tmp_path: Path, table: bytes, magic: bytes, version: int) -> None:
    sizes = HEADER.unpack_from(table)[2:]
    other = HEADER.pack(magic, version, *sizes) + table[HEADER.size : -CHECKSUM.size]
    assert open_vectors(_written(tmp_path, other + CHECKSUM.pack(crc32(other)))) is None


@pytest.fixture(name="chive", scope="module")
def _chive() -> Vectors:
    if not DEFAULT.exists():
        pytest.skip("nlp/vectors.bin is absent: the wheel could not be had at set-up")
    vectors = open_vectors()
    assert vectors is not None, "nlp/vectors.bin is damaged or of another version: `rm .venv/vectors` and make again"
    return vectors


def _cosine(vectors: Vectors, one: str, other: str) -> float:
    first, second = vectors.row(one), vectors.row(other)
    assert first is not None
    assert second is not None
    return vectors.neighbours(first).get(second, 0.0)


@pytest.mark.parametrize("pair", ["申請 手続き", "会社 企業", "買う 購入", "車 自動車", "病院 医療機関"])
def test_similar_words(chive: Vectors, pair: str) -> None:
    assert _cosine(chive, *pair.split()) > 0.6


@pytest.mark.parametrize("pair", ["申請 天気", "天気 避難", "病院 自動車", "会社 森林"])
def test_other_words(chive: Vectors, pair: str) -> None:
    assert _cosine(chive, *pair.split()) < 0.45


def test_nearness_is_mutual(chive: Vectors) -> None:
    for row in range(0, len(chive.starts) - 1, 500):
        near = chive.neighbours(row)
        assert list(near.values()) == sorted(near.values(), reverse=True)
        assert all(chive.neighbours(other)[row] == cosine for other, cosine in near.items())


def test_opens_at_once(chive: Vectors) -> None:
    times = []
    for _ in range(5):
        started = perf_counter()
        open_vectors()
        times.append(perf_counter() - started)
    assert min(times) < 0.05

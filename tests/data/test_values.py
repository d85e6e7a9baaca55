"""Reading single cells: the corpus, one line a test, and what must hold for any text."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.values import UNREADABLE_MARK, Absence, Bound, Cell, read_cell, unit_in_name, with_remark
from data.values_corpus import EXAMPLES, NON_EXAMPLES


@pytest.mark.parametrize("expected", EXAMPLES, ids=lambda cell: repr(cell.raw))
def test_cell_is_read(expected: Cell) -> None:
    read = read_cell(expected.raw)
    assert read.raw == expected.raw.strip()
    assert (read.value, read.unit, read.bound) == (expected.value, expected.unit, expected.bound)
    assert (read.note, read.as_of, read.parts) == (expected.note, expected.as_of, expected.parts)
    assert read.absence == expected.absence


@pytest.mark.parametrize("text", NON_EXAMPLES)
def test_cell_that_is_no_number_is_kept_as_written(text: str) -> None:
    assert read_cell(text) == Cell(text)


def test_corpus_says_each_thing_once() -> None:
    spellings = [cell.raw for cell in EXAMPLES] + NON_EXAMPLES
    assert len(spellings) == len(set(spellings))


def test_cell_that_the_source_cuts_off() -> None:
    assert read_cell(UNREADABLE_MARK) == Cell("", absence=Absence.UNREADABLE)


def test_a_figure_is_a_number_an_absence_is_none() -> None:
    assert read_cell("①500 ②50").is_number
    assert read_cell("0").is_number
    assert not read_cell("調査中").is_number
    assert not read_cell("/").is_number


@settings(deadline=None)
@given(
    st.text() | st.text(alphabet="0123456789０９.,，．%％万億千①②③【】（）()累計以上約ほぼ▲△-－ー/年月度RH件名 　\n")
)
def test_any_text_is_read_without_an_error_and_kept(text: str) -> None:
    cell = read_cell(text)
    assert cell.raw == text.strip()
    assert cell.value is None or (isinstance(cell.value, Decimal) and cell.value.is_finite())
    assert cell.absence is None or not cell.is_number


@pytest.mark.parametrize("text", ["9" * 100, "1" + ",000" * 2000, "0." + "1" * 5000, "9" * 30 + "兆", "9" * 1_000_001])
def test_number_beyond_every_plan_is_kept_as_written(text: str) -> None:
    assert read_cell(text) == Cell(text)


_SIGNS = st.sampled_from(["", "-", "－", "▲", "△", "−"])
_SCALES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8, "兆": 10**12}
_UNITS = st.sampled_from(["", "%", "％", "件", "人", "枚", "時間", "市町村", "円", "人/年"])
_BOUNDS = st.sampled_from(
    [("", Bound.EXACT), ("以上", Bound.AT_LEAST), ("以下", Bound.AT_MOST), ("未満", Bound.LESS_THAN)]
)
_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=10**9, places=3),
    _SIGNS,
    st.sampled_from(sorted(_SCALES)),
    _UNITS,
    _BOUNDS,
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_is_what_is_read(
    amount: Decimal, sign: str, scale: str, unit: str, bound: tuple[str, Bound], separated: bool, wide: bool
) -> None:
    digits = f"{amount:,f}" if separated else f"{amount:f}"
    if wide:
        digits = digits.translate(_FULL_WIDTH)
    cell = read_cell(f"{sign}{digits}{scale}{unit}{bound[0]}")
    assert cell.value == amount * _SCALES[scale] * (-1 if sign else 1)
    assert cell.unit == unit.replace("％", "%")
    assert cell.bound == bound[1]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("ワーケーションプログラム数（件）", "件"),
        ("ふくしま森まっぴろ閲覧者数(人/年)", "人/年"),
        ("①テクノアカデミーにおけるDX関連講義の時間数(H)", "H"),
        ("実施率（％）", "%"),
        ("コピー用紙購入量（本庁（知事部局））", ""),
        ("先端技術を活用する市町村数（累計）", ""),
        ("（件）で始まる名前", ""),
    ],
)
def test_unit_that_a_name_gives(name: str, unit: str) -> None:
    assert unit_in_name(name) == unit


@pytest.mark.parametrize("remark", ["R6.9月末時点", "令和6年3月31日現在", "年度末"])
def test_remark_on_the_time(remark: str) -> None:
    cell = with_remark(read_cell("10件"), remark)
    assert (cell.as_of, cell.note, cell.raw) == (remark, "", "10件")


def test_remark_on_anything_else_joins_the_note() -> None:
    assert with_remark(read_cell("10件（速報）"), " 暫定 ").note == "速報、暫定"
    assert with_remark(read_cell("10件"), "  ") == read_cell("10件")

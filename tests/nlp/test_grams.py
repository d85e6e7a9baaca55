"""The pieces of many texts, against looking through the texts one by one."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.grams import build_grams

LETTERS = st.text(alphabet="会議数率カードr6", max_size=8)
TEXTS = st.lists(LETTERS, min_size=1, max_size=20)


def _pieces(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


@given(texts=TEXTS, letters=LETTERS, length=st.sampled_from([2, 3]))
def test_holding_finds_the_texts_with_all_pieces(texts: list[str], letters: str, length: int) -> None:
    grams = build_grams(texts, length)
    asked = _pieces(letters, length)
    expected = [at for at, text in enumerate(texts) if asked <= _pieces(text, length)]
    assert list(grams.holding(letters)) == expected


@given(texts=TEXTS, runs=st.lists(LETTERS, max_size=3), length=st.sampled_from([2, 3]))
def test_nearest_weighs_the_pieces_that_are_shared(texts: list[str], runs: list[str], length: int) -> None:
    grams = build_grams(texts, length)
    asked = set().union(*(_pieces(run, length) for run in runs))
    holders = {piece: sum(piece in _pieces(text, length) for text in texts) for piece in asked}
    sums = {
        at: sum(log((len(texts) + 1) / (holders[piece] + 0.5)) for piece in asked & _pieces(text, length))
        for at, text in enumerate(texts)
    }
    for _ in range(2):  # the second time finds no traces of the first
        ids, scores = grams.nearest(runs, len(texts))
        for at, score in zip(ids.tolist(), scores.tolist(), strict=True):
            assert score == pytest.approx(sums[at], abs=1e-4)
        best = max(sums.values())
        if best > 1e-3:
            assert {at for at, score in sums.items() if score > best - 1e-4} <= set(ids.tolist())


def test_a_text_as_long_as_what_is_asked_is_nearer_as_a_whole() -> None:
    grams = build_grams(["研修会ノ回数", "県内全域デ開イタ研修会ノ回数ノ合計", "測量"], 2)
    ids, scores = grams.nearest(["研修会ノ回数"], 3, as_a_whole=True)
    assert ids.tolist()[int(scores.argmax())] == 0


def test_no_texts_at_all() -> None:
    grams = build_grams([], 2)
    assert grams.nearest(["研修"], 5)[0].tolist() == []
    assert list(grams.holding("研修")) == []

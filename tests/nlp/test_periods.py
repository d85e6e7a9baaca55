import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.fiscal_year import FiscalYear
from nlp.periods import Limit, Period, PlanYear, read_periods, resolve
from nlp.periods_corpus import EXAMPLES, NON_EXAMPLES, Example

ASKED_ON = date(2024, 11, 20)
FIRST, LAST = PlanYear.FIRST, PlanYear.LAST
# Enough of the vocabulary for random texts to be full of half and whole readings.
WORDS = [
    *"rhst元一十年月日末〜~-→、,・と/.01246の初前翌次今来再昨去間毎各全度()は? \ue000\ue001\x00",
    *(
        "fy",
        "令和",
        "平成",
        "昭和",
        "年度",
        "から",
        "まで",
        "以降",
        "30",
        "2024",
        "99",
        "計画",
        "期間",
        "最終",
        "おととし",
    ),
    *("直近", "今後", "最後", "目標"),
]


def normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def year(number: int) -> FiscalYear:
    return FiscalYear.of_era("R", number)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.text} {example.asked_on}")
def test_example_is_read(example: Example) -> None:
    readings = read_periods(normalise(example.text), example.asked_on)
    assert tuple(reading.period for reading in readings) == example.periods


@pytest.mark.parametrize("text", NON_EXAMPLES)
def test_non_example_is_not_read(text: str) -> None:
    assert read_periods(normalise(text), ASKED_ON) == ()


def test_corpus_is_large_and_without_repetition() -> None:
    spellings = [(example.text, example.asked_on) for example in EXAMPLES]
    assert len(spellings) >= 200
    assert len(set(spellings)) == len(spellings)
    assert len(set(NON_EXAMPLES)) == len(NON_EXAMPLES)
    assert not {text for text, _ in spellings} & set(NON_EXAMPLES)


def test_reading_tells_words_place_and_rule() -> None:
    text = "コピー用紙のr4〜r6と来年度は?"
    first, second = read_periods(text, ASKED_ON)
    assert (first.text, first.rule, first.start, first.end) == ("r4〜r6", "between", 6, 11)
    assert (second.text, second.rule) == ("来年度", "relative_year")
    assert text[second.start : second.end] == second.text


def test_masked_name_is_not_read() -> None:
    text = "新規雇用者数(h30年度からの累計)のr6"
    name = (0, text.index("のr6"))
    assert [reading.text for reading in read_periods(text, ASKED_ON, [name])] == ["r6"]


def test_year_inside_a_mask_lends_no_era() -> None:
    text = "指標h28、7"
    assert len(read_periods(text, ASKED_ON)) == 1
    assert read_periods(text, ASKED_ON, [(0, 5)]) == ()


def test_masks_beyond_the_text_are_clipped() -> None:
    assert read_periods("r6", ASKED_ON, [(-5, 1), (7, 9), (5, 2)]) == ()
    assert len(read_periods("r6", ASKED_ON, [(2, 99), (1, 1)])) == 1


@pytest.mark.parametrize("asked_on", [date.min, date(1868, 4, 1), date.max])
def test_relative_words_on_impossible_days_are_not_read(asked_on: date) -> None:
    assert read_periods("一昨年度", asked_on) == ()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (year(6), year(6), [6]),
        (FIRST, FIRST, [4]),
        (LAST, LAST, [7]),
        (FIRST, LAST, [4, 5, 6, 7]),
        (year(5), LAST, [5, 6, 7]),
        (FIRST, year(5), [4, 5]),
        (year(7), year(5), [5, 6, 7]),
        (LAST, year(5), [5, 6, 7]),
        (year(2), year(5), [2, 3, 4, 5]),
        (year(9), LAST, [9]),
        (FIRST, year(2), [2]),
        (year(2), LAST, [2, 3, 4, 5, 6, 7]),
        (FIRST, year(9), [4, 5, 6, 7, 8, 9]),
    ],
)
def test_resolve_in_a_plan_from_r4_to_r7(start: Limit, end: Limit, expected: list[int]) -> None:
    assert resolve(Period(start, end), year(4), year(7)) == tuple(year(number) for number in expected)


def test_resolve_clips_ages_to_the_plan() -> None:
    assert resolve(Period(FiscalYear(1900), FiscalYear(2100)), year(4), year(7)) == tuple(map(year, (4, 5, 6, 7)))
    assert len(resolve(Period(FiscalYear(1868), FiscalYear(2010)), year(4), year(7))) == 100


fiscal_years = st.integers(1868, 2199).map(FiscalYear)
limits = st.one_of(fiscal_years, st.sampled_from(PlanYear))


@given(st.builds(Period, limits, limits), fiscal_years, fiscal_years)
def test_resolved_years_are_consecutive_and_at_most_100(period: Period, first: FiscalYear, last: FiscalYear) -> None:
    found = [fiscal_year.year for fiscal_year in resolve(period, first, last)]
    assert 1 <= len(found) <= 100
    assert found == list(range(found[0], found[-1] + 1))


texts = st.one_of(
    st.text(max_size=2000),
    st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
    st.lists(st.sampled_from([normalise(example.text) for example in EXAMPLES]), max_size=20).map("".join),
)
masks = st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=3)


@given(texts, st.dates(), masks)
def test_any_text_gives_ordered_readings_outside_the_masks(
    text: str, asked_on: date, masked: list[tuple[int, int]]
) -> None:
    readings = read_periods(text, asked_on, masked)
    position = 0
    for reading in readings:
        assert position <= reading.start < reading.end <= len(text)
        assert len(reading.text) == reading.end - reading.start
        assert not any(start <= at < end for start, end in masked for at in range(reading.start, reading.end))
        assert 1 <= len(resolve(reading.period, year(4), year(7))) <= 100
        position = reading.end


@given(st.integers(2000, 2060).map(FiscalYear))
def test_all_notations_of_a_year_agree(fiscal_year: FiscalYear) -> None:
    number = fiscal_year.year
    for text in (
        fiscal_year.label,
        fiscal_year.name,
        f"{number}",
        f"{number}年度",
        f"FY{number}",
        f"fy{number - 2000:02}",
    ):
        (reading,) = read_periods(f"目標、{normalise(text)}", ASKED_ON)
        assert reading.period == Period(fiscal_year, fiscal_year)


@pytest.mark.parametrize(
    "piece",
    [
        "r6",
        "r6〜",
        "令和5,7年度、",
        "1",
        "5,",
        "2024",
        "5・6・",
        "年",
        "計画の",
        "r ",
        "2024/",
        "fy20,",
        "5年から",
        "〜",
    ],
)
def test_long_texts_take_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            read_periods(text, ASKED_ON)
            best = min(best, time.perf_counter() - start)
        return best

    # Ten times the text; quadratic work would take a hundred times as long.
    assert seconds(20_000) < 40 * seconds(2_000) + 0.01

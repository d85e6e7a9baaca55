import contextlib
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.fiscal_year import (
    ERA_LETTERS,
    ERA_OFFSETS,
    FIRST_YEAR,
    LAST_YEAR,
    FiscalYear,
    day_name,
    read_fiscal_year,
    read_kanji_number,
)


@pytest.mark.parametrize(
    ("era", "number", "year"),
    [
        ("明治", 1, 1868),
        ("明治", 44, 1911),
        ("大正", 1, 1912),
        ("大正", 14, 1925),
        ("昭和", 1, 1926),
        ("昭和", 63, 1988),
        ("平成", 1, 1989),
        ("平成", 30, 2018),
        ("令和", 1, 2019),
        ("令和", 6, 2024),
    ],
)
def test_era_calendar(era: str, number: int, year: int) -> None:
    assert FiscalYear.of_era(era, number) == FiscalYear(year)
    assert FiscalYear(year).era == (era, number)


def test_eras_and_letters_correspond() -> None:
    assert set(ERA_LETTERS.values()) == set(ERA_OFFSETS)


@pytest.mark.parametrize(
    ("letter", "year"), [("R", 2024), ("r", 2024), ("H", 1994), ("S", 1931), ("T", 1917), ("m", 1873)]
)
def test_era_by_letter(letter: str, year: int) -> None:
    assert FiscalYear.of_era(letter, 6) == FiscalYear(year)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2024, 3, 31), 2023),
        (date(2024, 4, 1), 2024),
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2019, 4, 30), 2019),
        (date(2019, 3, 31), 2018),
        (date(2024, 1, 1), 2023),
        (date(2024, 12, 31), 2024),
        (date(2024, 2, 29), 2023),
    ],
)
def test_fiscal_year_of_a_day(day: date, year: int) -> None:
    assert FiscalYear.of_date(day) == FiscalYear(year)


@given(st.dates(date(1868, 4, 1), date(2199, 12, 30)))
def test_fiscal_year_changes_only_on_the_first_of_april(day: date) -> None:
    tomorrow = day + timedelta(days=1)
    step = FiscalYear.of_date(tomorrow).year - FiscalYear.of_date(day).year
    assert step == ((tomorrow.month, tomorrow.day) == (4, 1))


@pytest.mark.parametrize(
    "text", ["平成31年度", "令和元年度", "R1", "FY2019", "H31", "令和1年", "２０１９年度", "2019", "R元", "R 1"]
)
def test_spellings_of_r1(text: str) -> None:
    assert read_fiscal_year(text) == FiscalYear(2019)


@pytest.mark.parametrize(
    "text", ["平成36年度", "R6", "Ｒ６", "令和六年度", "令和6年", "2024", "2024FY", "H36", "昭和99年度"]
)
def test_spellings_of_r6(text: str) -> None:
    assert read_fiscal_year(text) == FiscalYear(2024)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R",
        "R0",
        "令和0年度",
        "6年度",
        "24年度",
        "R6目標",
        "R4〜R7",
        "1867",
        "2200",
        "9999年度",
        "令和999年度",
        "abc",
        "七八十",
    ],
)
def test_other_texts_name_no_year(text: str) -> None:
    assert read_fiscal_year(text) is None


@pytest.mark.parametrize("year", range(1868, 2101))
def test_label_and_name_round_trip(year: int) -> None:
    fiscal_year = FiscalYear(year)
    assert read_fiscal_year(fiscal_year.label) == fiscal_year
    assert read_fiscal_year(fiscal_year.name) == fiscal_year
    assert FiscalYear.of_era(*fiscal_year.era) == fiscal_year


def test_wording_of_a_year() -> None:
    assert FiscalYear(2024).label == "R6"
    assert FiscalYear(2024).name == "令和6年度"
    assert FiscalYear(2019).name == "令和元年度"
    assert FiscalYear(1989).name == "平成元年度"
    assert FiscalYear(2024).span == "2024年4月〜2025年3月"


def test_years_are_ordered_and_can_be_counted_on() -> None:
    assert FiscalYear(2023) < FiscalYear(2024) == FiscalYear(2023).plus(1)
    assert FiscalYear(2024).plus(-1) == FiscalYear(2023)
    with pytest.raises(ValueError, match="2200年度"):
        FiscalYear(LAST_YEAR).plus(1)
    with pytest.raises(ValueError, match="1867年度"):
        FiscalYear(FIRST_YEAR).plus(-1)


@pytest.mark.parametrize("number", [0, -1])
def test_no_year_of_an_era_below_one(number: int) -> None:
    with pytest.raises(ValueError, match="という年度はありません"):
        FiscalYear.of_era("令和", number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", 6),
        ("06", 6),
        ("元", 1),
        ("一", 1),
        ("六", 6),
        ("十", 10),
        ("十一", 11),
        ("三十", 30),
        ("三十一", 31),
        ("九十九", 99),
        ("〇", 0),
    ],
)
def test_kanji_numbers(text: str, number: int) -> None:
    assert read_kanji_number(text) == number


@pytest.mark.parametrize("text", ["", "百", "二四", "七八十", "十二三", "十元", "元年", "十十", "6年", "-1"])
def test_no_kanji_numbers(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_kanji_number(text)


@given(st.one_of(st.text(), st.text(alphabet="〇一二三九十百元0１６年度RH令和平成")))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_fiscal_year(text)
    with contextlib.suppress(ValueError):
        read_kanji_number(text)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 11, 20), "令和6年11月20日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1920, 2, 3), "1920年2月3日"),
    ],
)
def test_day_name(day: date, name: str) -> None:
    assert day_name(day) == name

"""The era calendar and fiscal years (April to March).

A fiscal year is named after the year in which its April falls: 令和6年度 = R6 = FY2024 runs from 2024-04-01 to
2025-03-31.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

#: Where fiscal years begin and end, and where the people are who read a date.
TOKYO = ZoneInfo("Asia/Tokyo")

# Year before the first year of each era, newest first: year 6 of 令和 is 2018 + 6.
# The dates of the eras are in the annex to the Era Name Act and its predecessors.
ERA_OFFSETS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
LETTERS = {era: letter for letter, era in ERA_LETTERS.items()}

FIRST_YEAR, LAST_YEAR = 1868, 2199

# The first day of an era, newest first.
_ERA_DAYS = {"令和": date(2019, 5, 1), "平成": date(1989, 1, 8), "昭和": date(1926, 12, 25)}

_KANJI_DIGITS = {"〇": 0, "零": 0} | {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}

#: Digits or kanji of a year inside an era: 6, 六, 三十一, 元.
YEAR_OF_ERA = r"(?:\d{1,3}|元|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOTATION = re.compile(
    rf"(?:(?P<era>{'|'.join(ERA_OFFSETS)}|[RHSTM])(?P<of_era>{YEAR_OF_ERA})|(?:FY)?(?P<western>\d{{4}}))(?:FY|年度?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """One fiscal year; `year` is the western year of its April."""

    year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"{self.year}年度は扱える年度（{FIRST_YEAR}〜{LAST_YEAR}）の外です")

    @classmethod
    def of_era(cls, era: str, number: int) -> "FiscalYear":
        """The year `number` of an era given as 令和 or R; 平成36年度 is R6, as older plans write it.

        Raises ValueError for a number below 1 or a year out of range.
        """
        if number < 1:
            raise ValueError(f"{era}{number}年度という年度はありません")
        return cls(ERA_OFFSETS[ERA_LETTERS.get(era.upper(), era)] + number)

    @classmethod
    def of_date(cls, day: date) -> "FiscalYear":
        """The fiscal year that holds a day: 2025-03-31 is still R6."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def era(self) -> tuple[str, int]:
        """Era and year in it by administrative use: 2019 is 令和元年度, 1989 平成元年度, 1926 昭和元年度."""
        for era, offset in ERA_OFFSETS.items():
            if self.year > offset:
                return era, self.year - offset
        raise AssertionError(self.year)

    @property
    def label(self) -> str:
        """Short form: 「R6」."""
        era, number = self.era
        return f"{LETTERS[era]}{number}"

    @property
    def name(self) -> str:
        """Full form: 「令和6年度」, 「令和元年度」."""
        era, number = self.era
        return f"{era}{'元' if number == 1 else number}年度"

    @property
    def span(self) -> str:
        """What it means in months: 「2024年4月〜2025年3月」."""
        return f"{self.year}年4月〜{self.year + 1}年3月"

    def plus(self, years: int) -> "FiscalYear":
        return FiscalYear(self.year + years)


def day_name(day: date) -> str:
    """A day as documents date it: 「令和6年11月20日」, 「令和元年5月1日」."""
    era = next((era for era, first in _ERA_DAYS.items() if day >= first), "")
    year = day.year - ERA_OFFSETS.get(era, 0)
    return f"{era}{'元' if era and year == 1 else year}年{day.month}月{day.day}日"


def read_kanji_number(text: str) -> int:
    """「6」「六」「三十一」「元」 → 6, 6, 31, 1 (below 100, or digits).

    Raises ValueError for anything else.
    """
    if text.isdecimal():
        return int(text)
    if text == "元":
        return 1
    tens, ten, ones = text.rpartition("十")
    try:
        if not ten:
            return _KANJI_DIGITS[text]
        return 10 * (_KANJI_DIGITS[tens] if tens else 1) + (_KANJI_DIGITS[ones] if ones else 0)
    except KeyError:
        raise ValueError(text) from None


def read_fiscal_year(text: str) -> FiscalYear | None:
    """A whole text that names one fiscal year, as column headings and cells do, else None.

    「R6」「Ｒ６」「R 6」「令和6年度」「令和六年」「平成29年度」「2024」「FY2024」「2024年度」.
    """
    match = _NOTATION.fullmatch(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    if match is None:
        return None
    try:
        if match["western"]:
            return FiscalYear(int(match["western"]))
        return FiscalYear.of_era(match["era"], read_kanji_number(match["of_era"]))
    except ValueError:
        return None

"""Results dated inside their year (途中経過): 「R6.9月末時点」 of R6."""

import re
import unicodedata
from datetime import date

from data.fiscal_year import YEAR_OF_ERA, FiscalYear, read_fiscal_year

# 「R6.9月末」, 「令和6年9月」, 「2024/9/30」, 「2月1日」, 「R3.12」; of a span the last one counts.
_MONTH = re.compile(
    rf"(?:(?P<year>(?:令和|平成|[RH]){YEAR_OF_ERA}|\d{{4}})年?[./]?)?(?P<month>1[0-2]|0?[1-9])"
    rf"(?:月(?:(?P<day>[0-9]{{1,2}})日)?|/(?P<of>[0-9]{{1,2}})(?![0-9])|(?=$|[^0-9%.月年/]))"
)
_INSIDE = re.compile("上半期|上期|前期|半期末|中間|第[1-3](?:四半期|[QＱ])|年度途中|途中経過|[1-3]Q")
_WHOLE = re.compile("年度末|下半期|下期|通年|第4(?:四半期|Q)|4Q")


def is_part_year(as_of: str, year: FiscalYear) -> bool:
    """Does a remark date a result before the end of its fiscal year (31 March)?

    「R6.9月末時点」 is inside R6, 「R7.3月末」 and 「年度末」 are its end; a remark that names no month dates nothing.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", as_of))
    if _WHOLE.search(text):
        return False
    months = [match for match in _MONTH.finditer(text) if match["year"] or "月" in match[0]]
    if not months:
        return _INSIDE.search(text) is not None
    last = months[-1]
    named = next((match["year"] for match in reversed(months) if match["year"]), None)
    month, day = int(last["month"]), last["day"] or last["of"]
    western = read_fiscal_year(named) if named else None
    calendar = western.year if western else year.year + (month < 4)
    if calendar <= year.year - 1:
        return False  # dated before its year: a remark on something else
    # Of 「3月末」 and 「3月」 without a day the end of the month is meant.
    is_last_day = month == 3 and (day is None or int(day) >= 31)
    return (calendar, month) < (year.year + 1, 3) or ((calendar, month) == (year.year + 1, 3) and not is_last_day)


def is_under_way(as_of: str, year: FiscalYear, today: date) -> bool:
    """Is a result 途中経過: dated inside its year, or of a year that is not over?"""
    return year >= FiscalYear.of_date(today) or is_part_year(as_of, year)

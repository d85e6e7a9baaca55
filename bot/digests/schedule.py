"""When digests are due: at an hour of the first business day of a week, a month or a quarter, in Japan."""

from datetime import date, datetime, time, timedelta
from itertools import count

from data.fiscal_year import TOKYO
from data.subscriptions import Rhythm

# Offices are closed from 29 December to 3 January beside the holidays: those of the state by 行政機関の休日に関する法律
# (article 1), those of prefectures and municipalities by their ordinances under 地方自治法 (article 4-2).
_NEW_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
_DAY = timedelta(days=1)


def is_business_day(day: date) -> bool:
    """Are offices open on a day in Japan?"""
    # Its tables take some time to build, and few commands need them.
    import jpholiday

    return day.weekday() < 5 and (day.month, day.day) not in _NEW_YEAR and not jpholiday.is_holiday(day)


def latest_due(rhythm: Rhythm, hour: int, now: datetime) -> datetime:
    """The latest moment, now or before, at which a digest was due; `now` with its time zone, the moment in Japan's."""
    start = _start(rhythm, now.astimezone(TOKYO).date())
    while (due := _due(start, hour)) > now:
        start = _start(rhythm, start - _DAY)
    return due


def next_due(rhythm: Rhythm, hour: int, now: datetime) -> datetime:
    """The first moment after now at which a digest is due."""
    start = _start(rhythm, now.astimezone(TOKYO).date())
    while (due := _due(start, hour)) <= now:
        start = _after(rhythm, start)
    return due


def _due(start: date, hour: int) -> datetime:
    """The hour on the first business day from a day on.

    A week without any (over New Year, in a long Golden Week) has no digest of its own but shares the next week's.
    """
    days = (start + offset * _DAY for offset in count())
    return datetime.combine(next(day for day in days if is_business_day(day)), time(hour), TOKYO)


def _start(rhythm: Rhythm, day: date) -> date:
    """The first day of the week (from Monday), month or quarter (from April) that holds a day."""
    match rhythm:
        case Rhythm.WEEKLY:
            return day - day.weekday() * _DAY
        case Rhythm.MONTHLY:
            return day.replace(day=1)
        case Rhythm.QUARTERLY:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _after(rhythm: Rhythm, start: date) -> date:
    """The first day of the next week, month or quarter."""
    length = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31, Rhythm.QUARTERLY: 92}[rhythm]
    return _start(rhythm, start + length * _DAY)

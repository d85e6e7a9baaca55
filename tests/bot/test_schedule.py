"""When digests are due: always on a business day of Japan, at their hour, once a week, month or quarter."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import is_business_day, latest_due, next_due
from data.fiscal_year import TOKYO
from data.subscriptions import Rhythm

MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2060, 1, 1), timezones=st.just(TOKYO))  # noqa: DTZ001
RHYTHMS = st.sampled_from(Rhythm)
HOURS = st.integers(0, 23)
LONGEST = {Rhythm.WEEKLY: 15, Rhythm.MONTHLY: 41, Rhythm.QUARTERLY: 102}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-05", "土曜日"),
        ("2026-12-06", "日曜日"),
        ("2026-11-03", "文化の日"),
        ("2024-08-12", "山の日の振替休日"),
        ("2026-09-22", "国民の休日"),
        ("2026-05-06", "憲法記念日の振替休日"),
        ("2019-05-01", "即位の日"),
        ("2021-07-23", "移されたスポーツの日"),
        ("2025-12-29", "年末"),
        ("2026-12-31", "年末"),
        ("2025-01-03", "年始"),
    ],
)
def test_offices_are_closed(day: str, why: str) -> None:
    assert not is_business_day(_day(day)), why


@pytest.mark.parametrize("day", ["2026-12-01", "2025-12-26", "2026-01-05", "2021-10-11", "2025-05-07", "2020-07-20"])
def test_offices_are_open(day: str) -> None:
    assert is_business_day(_day(day))


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        (Rhythm.WEEKLY, "2026-12-03T12:00", "2026-11-30T09:00"),
        (Rhythm.WEEKLY, "2026-11-30T08:59", "2026-11-24T09:00"),  # Monday the 23rd is 勤労感謝の日
        (Rhythm.WEEKLY, "2026-11-30T09:00", "2026-11-30T09:00"),
        (Rhythm.WEEKLY, "2026-01-02T12:00", "2025-12-22T09:00"),  # 29 December to 2 January: no business day
        (Rhythm.WEEKLY, "2026-01-05T09:00", "2026-01-05T09:00"),
        (Rhythm.WEEKLY, "2019-05-06T12:00", "2019-04-22T09:00"),  # ten days off
        (Rhythm.WEEKLY, "2019-05-07T12:00", "2019-05-07T09:00"),
        (Rhythm.MONTHLY, "2026-11-03T12:00", "2026-11-02T09:00"),  # begins on a Sunday
        (Rhythm.MONTHLY, "2026-05-01T12:00", "2026-05-01T09:00"),
        (Rhythm.MONTHLY, "2027-05-05T12:00", "2027-04-01T09:00"),  # Saturday, Sunday, then three holidays
        (Rhythm.MONTHLY, "2027-05-06T09:30", "2027-05-06T09:00"),
        (Rhythm.MONTHLY, "2027-01-03T12:00", "2026-12-01T09:00"),
        (Rhythm.MONTHLY, "2027-01-04T09:00", "2027-01-04T09:00"),
        (Rhythm.QUARTERLY, "2026-12-31T12:00", "2026-10-01T09:00"),
        (Rhythm.QUARTERLY, "2026-04-01T09:00", "2026-04-01T09:00"),
        (Rhythm.QUARTERLY, "2028-04-02T09:00", "2028-01-04T09:00"),  # 1 April is a Saturday
        (Rhythm.QUARTERLY, "2028-07-03T08:00", "2028-04-03T09:00"),
    ],
)
def test_latest_due(rhythm: Rhythm, now: str, due: str) -> None:
    assert latest_due(rhythm, 9, _at(now)) == _at(due)


def test_moments_are_those_of_japan_wherever_the_clock_stands() -> None:
    before, at = datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert latest_due(Rhythm.MONTHLY, 9, before) == _at("2026-11-02T09:00")
    assert latest_due(Rhythm.MONTHLY, 9, at) == at
    assert latest_due(Rhythm.MONTHLY, 0, datetime(2026, 11, 30, 15, 0, tzinfo=UTC)) == _at("2026-12-01T00:00")
    assert next_due(Rhythm.MONTHLY, 23, at) == _at("2026-12-01T23:00")


@given(RHYTHMS, HOURS, MOMENTS)
def test_due_moments_are_business_days_around_now(rhythm: Rhythm, hour: int, now: datetime) -> None:
    latest, following = latest_due(rhythm, hour, now), next_due(rhythm, hour, now)
    assert latest <= now < following
    for due in (latest, following):
        assert is_business_day(due.date())
        assert (due.hour, due.minute, due.utcoffset()) == (hour, 0, timedelta(hours=9))
    assert following - latest <= timedelta(days=LONGEST[rhythm])


@given(RHYTHMS, HOURS, MOMENTS)
def test_due_moments_follow_each_other_without_a_gap(rhythm: Rhythm, hour: int, now: datetime) -> None:
    following = next_due(rhythm, hour, now)
    assert latest_due(rhythm, hour, following) == following
    assert latest_due(rhythm, hour, following - timedelta(seconds=1)) == latest_due(rhythm, hour, now)


@given(RHYTHMS, HOURS, MOMENTS)
def test_no_business_day_of_the_period_comes_before(rhythm: Rhythm, hour: int, now: datetime) -> None:
    day = latest_due(rhythm, hour, now).date()
    first = {
        Rhythm.WEEKLY: day - timedelta(days=day.weekday()),
        Rhythm.MONTHLY: day.replace(day=1),
        Rhythm.QUARTERLY: day.replace(month={0: 1, 1: 4, 2: 7, 3: 10}[(day.month - 1) // 3], day=1),
    }[rhythm]
    assert not any(is_business_day(first + timedelta(days=offset)) for offset in range((day - first).days))

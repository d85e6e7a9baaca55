"""When something is said, and how long an answer may take."""

from datetime import date, datetime, time, timedelta

from data.fiscal_year import TOKYO

#: Seconds for an answer that may have to wait for those of other dialogues.
PATIENCE = 60.0


def moment(day: date, number: int) -> datetime:
    """When the message of this number is written on a day in Japan: from noon on, minute after minute."""
    return datetime.combine(day, time(12), TOKYO) + timedelta(minutes=number)

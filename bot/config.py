"""Settings of the bot, from environment variables (those of the store are in data/settings.py)."""

from datetime import date, datetime

from data.fiscal_year import TOKYO


def today() -> date:
    """Today in Japan, for channels to put into a question; nothing behind ask() knows the time."""
    return datetime.now(TOKYO).date()

"""Settings of the store, from environment variables."""

from collections.abc import Mapping

from data.changes import DEFAULT_ORGANISATION
from data.engine import DEFAULT_URL
from data.importers.files import DEFAULT_LIMIT
from data.retention import QUESTION_DAYS
from data.turns import KEPT_DAYS

# A century: a calendar has an end, and who wants to keep something for good says so in this way.
_MOST_DAYS = 36_500


def database_url(environment: Mapping[str, str]) -> str:
    """DATABASE_URL, else one SQLite file in the folder where the program runs."""
    return environment.get("DATABASE_URL") or DEFAULT_URL


def organisation(environment: Mapping[str, str]) -> str:
    """SHIRUBE_ORGANISATION, else the one default organisation."""
    return environment.get("SHIRUBE_ORGANISATION") or DEFAULT_ORGANISATION


def default_plan(environment: Mapping[str, str]) -> str:
    """SHIRUBE_PLAN: the title of the plan that is meant where a question names none; else "", any plan."""
    return environment.get("SHIRUBE_PLAN", "").strip()


def file_limit(environment: Mapping[str, str]) -> int:
    """SHIRUBE_MAX_FILE_MB, else 50: the largest file that an importer takes, in bytes.

    Raises ValueError for what is no positive whole number.
    """
    text = environment.get("SHIRUBE_MAX_FILE_MB", "")
    if not text:
        return DEFAULT_LIMIT
    if not text.isdecimal() or int(text) == 0:
        raise ValueError("SHIRUBE_MAX_FILE_MB には1以上の整数（メガバイト）を指定してください。")
    return int(text) * 1024 * 1024


def question_days(environment: Mapping[str, str]) -> int:
    """SHIRUBE_QUESTION_DAYS, else 90: how long the texts of questions are kept (data/retention.py).

    Raises ValueError for what is no positive whole number.
    """
    return _days(environment, "SHIRUBE_QUESTION_DAYS", QUESTION_DAYS)


def conversation_days(environment: Mapping[str, str]) -> int:
    """SHIRUBE_CONVERSATION_DAYS, else 1: on how many days after its last question a thread is remembered.

    Raises ValueError for what is no positive whole number.
    """
    return _days(environment, "SHIRUBE_CONVERSATION_DAYS", KEPT_DAYS)


def logs_questions(environment: Mapping[str, str]) -> bool:
    """SHIRUBE_LOG_QUESTIONS=1: logs hold the words of questions, too."""
    return environment.get("SHIRUBE_LOG_QUESTIONS", "").strip() == "1"


def _days(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not (text.isdecimal() and len(text) <= len(str(_MOST_DAYS)) and 1 <= int(text) <= _MOST_DAYS):
        raise ValueError(f"{name} には1以上{_MOST_DAYS}以下の整数（日数）を指定してください。")
    return int(text)

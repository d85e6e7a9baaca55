"""Settings of the store, from environment variables."""

from collections.abc import Mapping

from data.changes import DEFAULT_ORGANISATION
from data.engine import DEFAULT_URL
from data.importers.files import DEFAULT_LIMIT


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

"""Administration: what waits for a decision, and everything that writes to the store."""

from bot.channels.web.admin import (
    aliases,
    changes,
    files,
    overview,
    plans,
    questions,
    result_files,
    results,
    roles,
    subscriptions,
)
from bot.channels.web.pages import Page

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *questions.PAGES,
    *aliases.PAGES,
    *plans.PAGES,
    *results.PAGES,
    *result_files.PAGES,
    *files.PAGES,
    *subscriptions.PAGES,
    *roles.PAGES,
    *changes.PAGES,
)

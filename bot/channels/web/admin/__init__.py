"""Administration: what waits for a decision, and everything that writes to the store."""

from bot.channels.web.admin import aliases, changes, overview, questions, roles
from bot.channels.web.pages import Page

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *questions.PAGES,
    *aliases.PAGES,
    *roles.PAGES,
    *changes.PAGES,
)

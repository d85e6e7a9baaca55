"""Administration: what waits for a decision, and everything that writes to the store."""

from bot.channels.web.admin import changes, overview, roles
from bot.channels.web.pages import Page

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *roles.PAGES,
    *changes.PAGES,
)

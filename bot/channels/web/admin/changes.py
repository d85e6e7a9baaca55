"""The audit trail: every write, the newest first."""

from starlette.responses import Response

from bot.channels.web.admin.frame import LINES, page_of, show
from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import Page
from data.facts import CHANGES
from data.roles import may_administer
from data.trail import read_trail


def show_changes(desk: Desk, visit: Visit) -> Response:
    page = page_of(visit)
    with desk.store.engine.connect() as connection:
        found = read_trail(connection, desk.organisation, LINES + 1, (page - 1) * LINES)
    entries = list(reversed(found))[:LINES]
    return show(desk, visit, "changes.html", entries=entries, kinds=CHANGES, page=page, has_more=len(found) > LINES)


PAGES = (Page("/admin/changes", show_changes, needs=may_administer),)

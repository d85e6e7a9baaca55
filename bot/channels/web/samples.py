"""The switch for invented results, in the browser of who turns it: nothing of them is ever in the store."""

from starlette.responses import RedirectResponse, Response

from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import Page
from bot.channels.web.sessions import show_samples, start_thread
from data.roles import may_administer


def switch(desk: Desk, visit: Visit) -> Response:
    """Turns invented results on or off. The chat begins anew, so that no answer goes on about a figure of the other
    kind."""
    show_samples(visit.request, visit.form.get("on") == "1")
    start_thread(visit.request)
    return RedirectResponse("/board" if visit.form.get("back") == "board" else "/", 303)


PAGES = (Page("/samples", switch, method="POST", needs=may_administer),)

"""Answers by their permanent number: as they were given, with what has changed since."""

from starlette.responses import Response

from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import Page, render, render_notice
from bot.channels.web.pictures import picture_of
from bot.permanent import GONE, Changed, asked_again, changed_since, shown_of
from data.answers import GivenAnswer, read_answer
from data.importers.report import place_name

# What a number of the store can be, in digits.
_DIGITS = 10


def show(desk: Desk, visit: Visit) -> Response:
    """The page of an answer; 404 for a number that none has in this organisation."""
    given = _given(desk, visit)
    if given is None:
        return render_notice(desk, visit, "その番号の答えはありません", status=404)
    shown = shown_of(given.document, given.receipt)
    is_current = desk.store.revision(desk.organisation) == given.revision
    again = None if is_current else asked_again(desk.ask, desk.organisation, given)
    is_same = again is not None and (again.text.body(), again.table) == (shown.text.body(), shown.table)
    return render(
        desk,
        visit,
        "chat/given.html",
        given=given,
        shown=shown,
        changes=[_told(change) for change in changed_since(desk.store, desk.organisation, shown)],
        now="" if again is None or is_same else again.text.first,
        is_current=is_current,
        # A list, a count or a rank rests on figures that it does not show, too.
        is_sure=is_same or not (shown.table or not shown.figures),
        url=f"{desk.settings.public_url}/a/{given.number}",
    )


def _told(change: Changed) -> str:
    """「健民アプリダウンロード数 R6の目標値: 5万件 → 6万件」."""
    figure = change.figure
    return f"{figure.indicator} {place_name(figure.measure, figure.year)}: {figure.raw or GONE} → {change.now}"


def chart(desk: Desk, visit: Visit) -> Response:
    """The picture of an answer as it was given."""
    given = _given(desk, visit)
    return picture_of(shown_of(given.document).chart if given else None)


def _given(desk: Desk, visit: Visit) -> GivenAnswer | None:
    text = visit.request.path_params["number"]
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    with desk.store.engine.connect() as connection:
        return read_answer(connection, desk.organisation, int(text))


PAGES = (Page("/a/{number}", show), Page("/a/{number}/chart.svg", chart))

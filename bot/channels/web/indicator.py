"""The page of one indicator under its permanent address, and its chart."""

from collections.abc import Mapping
from functools import lru_cache

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.desk import Desk, Visit, seen_by
from bot.channels.web.pages import Page, render, render_notice
from bot.channels.web.pictures import picture_of
from bot.chart import alt_text
from bot.figures import Row, rows_of
from bot.indicator_view import drawn_course, indicator_view
from data.facts import Indicator
from data.fiscal_year import day_name
from data.store import Store

# So many fit on a sheet of paper beside the rest, and so many on a screen.
_PRINTED_LISTINGS, _PRINTED_YEARS, _PRINTED_HISTORY, _HISTORY = 4, 5, 4, 100
# What a number of the store can be, in digits.
_DIGITS = 18


def show(desk: Desk, visit: Visit) -> Response:
    """Everything about an indicator; of one that has left its plan what is still known."""
    found = _found(desk, visit)
    if found is None:
        return _unknown(desk, visit)
    row, stands = found
    view = indicator_view(row, desk.store.revisions(row.indicator), visit.today)
    return render(
        desk,
        visit,
        "board/indicator.html",
        view=view,
        indicator=row.indicator,
        stands=stands,
        alt=alt_text(view.course) if view.course else "",
        made_on=day_name(visit.today),
        address=f"{desk.settings.public_url}/board/indicators/{row.indicator.id}",
        history=view.history[:_HISTORY],
        printed_listings=_PRINTED_LISTINGS,
        printed_years=view.around_latest(_PRINTED_YEARS),
        printed_history=_PRINTED_HISTORY,
    )


def chart(desk: Desk, visit: Visit) -> Response:
    """The picture of an indicator's course."""
    found = _found(desk, visit)
    return picture_of(drawn_course(found[0], visit.today) if found else None)


def _found(desk: Desk, visit: Visit) -> tuple[Row, bool] | None:
    """The indicator of the address with its figures, and whether it stands in a plan now; None where there is none."""
    text = visit.request.path_params["number"]
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    number, directory = int(text), directory_of(desk.store, desk.organisation)
    stands = number in directory.by_id
    known = directory.by_id if stands else _withdrawn(desk.store, desk.organisation, directory.catalogue.revision)
    if number not in known:
        return None
    indicators = [known[number]]
    (row,) = rows_of(indicators, seen_by(desk, visit).store.facts(indicators))
    return row, stands


@lru_cache(2)
def _withdrawn(store: Store, organisation: str, revision: int) -> Mapping[int, Indicator]:
    """The indicators that ever stood in a plan; `revision` tells the changes of the store apart."""
    return {one.id: one for one in store.catalogue(organisation, as_of=0).indicators}


def _unknown(desk: Desk, visit: Visit) -> Response:
    lines = ("番号を確かめるか、一覧（/board/indicators）から選んでください。",)
    return render_notice(desk, visit, "その番号の指標はありません", lines, status=404)


PAGES = (Page("/board/indicators/{number}", show), Page("/board/indicators/{number}/chart.svg", chart))

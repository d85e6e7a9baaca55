"""The board: how the indicators stand, all of them by area, or a list of those that a filter leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from starlette.responses import Response

from bot.board import (
    NO_STATUS,
    ORDERS,
    WEAK,
    Bar,
    Board,
    Filter,
    bars,
    board_of,
    chosen_plan,
    chosen_year,
    examples,
    level_of,
    mark_of,
    on_page,
    pages,
    read_filter,
    targets_by_area,
)
from bot.channels.directory import directory_of
from bot.channels.web.desk import Desk, Visit, seen_by
from bot.channels.web.pages import Page, render, render_notice
from bot.figures import Row, rows_of
from bot.scorecard import Scorecard
from data.facts import Plan
from data.fiscal_year import FiscalYear, day_name
from data.store import Store

# A plan has some ten areas; of one with hundreds the overview shows the first.
_AREAS, _PRINTED_AREAS = 30, 12
# A menu of more than these is none: the words are typed.
_CHOICES = 200


@dataclass(frozen=True, slots=True)
class View:
    """What a visit sees: the board of its plan and year, its filter with the rows that this leaves, and a sentence for
    each value of the address that the board does not know."""

    board: Board
    wanted: Filter
    rows: Sequence[Row]
    plans: Sequence[Plan]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area of the overview, with the filter that lists it."""

    name: str
    card: Scorecard
    bars: tuple[Bar, ...]
    wanted: Filter


def view_of(desk: Desk, visit: Visit) -> View | None:
    """What the address of a visit asks for; None where there is no plan yet."""
    directory = directory_of(desk.store, desk.organisation)
    catalogue = directory.catalogue
    if not catalogue.plans:
        return None
    plan, problems = chosen_plan(visit.query, catalogue.plans, desk.plan)
    year, unread = chosen_year(visit.query)
    of_plan = partial(board_at, seen_by(desk, visit).store, desk.organisation, catalogue.revision, plan, visit.today)
    board = of_plan(year)
    if year and year not in board.years:
        first, last = board.years[0], board.years[-1]
        unread.append(f"{year.name}は、この計画の年度（{first.label}〜{last.label}）の外です。")
        year, board = None, of_plan(None)
    wanted, unknown = read_filter(visit.query, board, year)
    holding = {one.id for one in directory.holding(wanted.q)} if wanted.q else None
    rows = board.chosen(wanted, holding)
    return View(board, wanted, rows, catalogue.plans, [*problems, *unread, *unknown])


@lru_cache(32)
def board_at(store: Store, organisation: str, revision: int, plan: Plan, today: date, year: FiscalYear | None) -> Board:
    """The board of a plan, judged once for every change of the store."""
    return board_of(plan, _rows(store, organisation, revision, plan), today, year)


@lru_cache(4)
def _rows(store: Store, organisation: str, revision: int, plan: Plan) -> tuple[Row, ...]:
    """The indicators of a plan with their figures; `revision` tells the changes of the store apart."""
    catalogue = directory_of(replace(store, samples=None), organisation).catalogue
    indicators = [one for one in catalogue.indicators if one.plan.id == plan.id]
    return tuple(rows_of(indicators, store.facts(indicators)))


def show(desk: Desk, visit: Visit) -> Response:
    """The overview, or where the address narrows it the list."""
    view = view_of(desk, visit)
    if view is None:
        return no_plan(desk, visit)
    return _list(desk, visit, view) if view.wanted.is_narrow else _overview(desk, visit, view)


def show_list(desk: Desk, visit: Visit) -> Response:
    """The list of the indicators, of all of them where the address does not narrow it."""
    view = view_of(desk, visit)
    return no_plan(desk, visit) if view is None else _list(desk, visit, view)


def _overview(desk: Desk, visit: Visit, view: View) -> Response:
    board, wanted = view.board, view.wanted
    card = board.card
    areas = [AreaLine(name, own, bars(own), wanted.changed(area=name)) for name, own in board.areas.items()]
    weak = [board.line(one.row) for one in card.weak[:WEAK]]
    return render(
        desk,
        visit,
        "board/overview.html",
        **_shared(view, visit),
        bars=bars(card),
        areas=areas[:_AREAS],
        printed_areas=_PRINTED_AREAS,
        more_areas=max(len(areas) - _AREAS, 0),
        unprinted_areas=max(len(areas) - _PRINTED_AREAS, 0),
        weak=weak,
        examples=[] if card.recorded else [board.line(row) for row in examples(board)],
        targets=() if card.recorded else targets_by_area(board)[:_AREAS],
    )


def _list(desk: Desk, visit: Visit, view: View) -> Response:
    wanted, count, problems = view.wanted, pages(len(view.rows)), list(view.problems)
    if wanted.page > count:
        problems.append(f"{wanted.page}ページはありません。{count}ページまでです。")
        wanted = replace(wanted, page=count)
    view = replace(view, wanted=wanted, problems=problems)
    lines = [view.board.line(row) for row in on_page(view.rows, wanted.page)]
    part = view.board.part(view.rows)
    return render(
        desk, visit, "board/list.html", **_shared(view, visit), lines=lines, pages=count, part=part, bars=bars(part)
    )


def _shared(view: View, visit: Visit) -> dict[str, Any]:
    """What both views have: where they stand, the menus of the filter, how a status is drawn."""
    board = view.board
    scale = board.card.scale
    return {
        "board": board,
        "wanted": view.wanted,
        "rows": view.rows,
        "plans": view.plans,
        "problems": view.problems,
        "made_on": day_name(visit.today),
        "orders": ORDERS,
        "mark_of": lambda status: mark_of(status, scale),
        "level_of": lambda status: level_of(status, scale),
        "no_status": NO_STATUS,
        "menus": (
            ("area", "分野", board.all_areas),
            ("status", "判定", board.statuses),
            ("owner", "担当課", board.owners),
        ),
        "most_choices": _CHOICES,
    }


def no_plan(desk: Desk, visit: Visit) -> Response:
    """What stands where nothing is loaded yet."""
    return render_notice(
        desk, visit, "計画がまだ登録されていません", ("計画を読み込むと、ここに達成状況を表示します。",)
    )


PAGES = (Page("/board", show), Page("/board/indicators", show_list))

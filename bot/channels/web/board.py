"""The board: how the indicators stand, all of them by area, or a list of those that a filter leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate
from typing import Any
from weakref import WeakKeyDictionary

from starlette.responses import Response

from bot.board import (
    WEAK,
    Board,
    board_of,
    chosen_plan,
    chosen_year,
    examples,
    on_page,
    pages,
    read_filter,
    targets_by_area,
)
from bot.board_filter import ORDERS, Filter
from bot.channels.directory import directory_of
from bot.channels.web.desk import Desk, Visit, seen_by
from bot.channels.web.pages import Page, render, render_notice
from bot.figures import Row, rows_of
from bot.marks import NO_STATUS, Bar, bars, level_of, mark_of
from bot.scorecard import Scorecard
from data.facts import Indicator, Plan
from data.fiscal_year import FiscalYear, day_name
from data.store import Store

# A plan has some ten areas; of one with hundreds the overview shows the first.
_AREAS = 30
# How much room a sheet of paper has for areas and indicators, what a name takes in one line or two (in pixels), and
# how many letters stand in a line.
_ROOM, _ONE_LINE, _TWO_LINES = 680, 23, 36
_AREA_LETTERS, _NAME_LETTERS = 16, 20
# A menu of more than these is none: the words are typed.
_CHOICES = 200
# The rows of a store's plans by the plan's id, with the revision as of which they were read.
_KEPT: WeakKeyDictionary[Store, dict[int, tuple[int, Mapping[int, Row]]]] = WeakKeyDictionary()


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
    board = of_plan(None)
    if year in board.years:
        board = of_plan(year)
    elif year:
        first, last = board.years[0], board.years[-1]
        unread.append(f"{year.name}は、この計画の年度（{first.label}〜{last.label}）の外です。")
        year = None
    wanted, unknown = read_filter(visit.query, board, year)
    holding = {one.id for one in directory.holding(wanted.q)} if wanted.q else None
    rows = board.chosen(wanted, holding)
    return View(board, wanted, rows, catalogue.plans, [*problems, *unread, *unknown])


@lru_cache(32)
def board_at(store: Store, organisation: str, revision: int, plan: Plan, today: date, year: FiscalYear | None) -> Board:
    """The board of a plan, judged once for every change of the store."""
    return board_of(plan, _rows(store, organisation, revision, plan), today, year)


def _rows(store: Store, organisation: str, revision: int, plan: Plan) -> tuple[Row, ...]:
    """The indicators of a plan with their figures, read again only where something was written since they were."""
    catalogue = directory_of(replace(store, samples=None), organisation).catalogue
    indicators = [one for one in catalogue.indicators if one.plan.id == plan.id]
    kept = _KEPT.setdefault(store, {})
    before, known = kept.get(plan.id, (0, {}))
    stale = store.written_since(before) if known else ()
    same = {one.id: known[one.id] for one in indicators if one.id not in stale and _is_known(one, known)}
    read = [one for one in indicators if one.id not in same]
    rows = same | {row.indicator.id: row for row in rows_of(read, store.facts(read))}
    kept[plan.id] = revision, rows
    return tuple(rows[one.id] for one in indicators)


def _is_known(indicator: Indicator, known: Mapping[int, Row]) -> bool:
    return indicator.id in known and known[indicator.id].indicator == indicator


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
    targets = () if card.recorded else targets_by_area(board)[:_AREAS]
    named = [] if card.recorded else [board.line(row) for row in examples(board)]
    listed = [name for name, _ in targets] or [area.name for area in areas[:_AREAS]]
    printed = _fitting(listed, [line.name for line in weak or named])
    return render(
        desk,
        visit,
        "board/overview.html",
        **_shared(view, visit),
        bars=bars(card),
        areas=areas[:_AREAS],
        printed_areas=printed,
        more_areas=max(len(areas) - _AREAS, 0),
        unprinted_areas=len(board.all_areas if targets else areas) - printed,
        weak=weak,
        examples=named,
        targets=targets,
    )


def _fitting(areas: Sequence[str], below: Sequence[str]) -> int:
    """How many areas a sheet of paper has room for above the indicators that are named below."""
    room = _ROOM - sum(_height(name, _NAME_LETTERS) for name in below)
    return sum(height <= room for height in accumulate(_height(name, _AREA_LETTERS) for name in areas))


def _height(name: str, letters: int) -> int:
    return _ONE_LINE if len(name) <= letters else _TWO_LINES


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

"""The board as files: CSV and XLSX of what the same address shows, never with a formula in them."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

from starlette.responses import Response

from bot.channels.letters import one_line
from bot.channels.web.board import View, no_plan, view_of
from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import Page, render_notice
from bot.paper import SAMPLED, Scope, is_sampled, list_table, write_list, write_paper
from bot.scorecard import Scorecard
from bot.sheets import Value
from data.exporter import csv_content
from data.samples import SAMPLE

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What no file system takes in a name.
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
_LONGEST_NAME = 120


def give_csv(desk: Desk, visit: Visit) -> Response:
    """The list as CSV, as Excel opens it."""
    view = view_of(desk, visit)
    if view is None:
        return no_plan(desk, visit)
    card = view.board.part(view.rows)
    if not card.judged:
        return _nothing(desk, visit, view)
    return _file(csv_content(_rows(card)), "text/csv; charset=utf-8", _name(view, card), "csv")


def give_xlsx(desk: Desk, visit: Visit) -> Response:
    """The workbook for meetings of the whole plan or of an area, of any other filter the list alone."""
    view = view_of(desk, visit)
    if view is None:
        return no_plan(desk, visit)
    card = view.board.part(view.rows)
    if not card.judged:
        return _nothing(desk, visit, view)
    name = _name(view, card)
    return _file(_workbook(view, card, name, visit), _XLSX, name, "xlsx")


def _workbook(view: View, card: Scorecard, name: str, visit: Visit) -> bytes:
    wanted = view.wanted
    if wanted.changed(area="").is_narrow:
        return write_list(card, name, visit.today)
    return write_paper(card, Scope((view.board.plan,), _area_as_written(view)), visit.today)


def _area_as_written(view: View) -> str:
    return view.board.written_areas[view.wanted.area] if view.wanted.area else ""


def _rows(card: Scorecard) -> Iterator[list[str]]:
    if is_sampled(card):
        yield [SAMPLED]
    table = list_table(card, with_plan=False)
    yield list(table.header)
    for row in table.rows:
        yield [_text(value) for value in row]


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.1%}"
    return "" if value is None else str(value)


def _name(view: View, card: Scorecard) -> str:
    """「サンプル 村づくり計画 令和5年度 達成状況 「しごと」の指標」."""
    board, wanted = view.board, view.wanted
    parts = [SAMPLE] if is_sampled(card) else []
    parts += [board.plan.title, board.year.name, "達成状況", *([wanted.sentence] if wanted.is_narrow else [])]
    return one_line(" ".join(parts), _LONGEST_NAME)


def _file(content: bytes, media_type: str, name: str, ending: str) -> Response:
    """A download with a Japanese name (RFC 5987), and a plain one for what knows only ASCII."""
    named = quote(f"{name.translate(_NOT_IN_NAMES)}.{ending}", safe="")
    disposition = f"attachment; filename=\"shirube.{ending}\"; filename*=UTF-8''{named}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _nothing(desk: Desk, visit: Visit, view: View) -> Response:
    lines = (f"{view.board.year.name}に目標か実績のある指標がありません。条件か年度を変えてください。",)
    return render_notice(desk, visit, "書き出すものがありません", lines, status=404)


PAGES = (Page("/board.csv", give_csv), Page("/board.xlsx", give_xlsx))

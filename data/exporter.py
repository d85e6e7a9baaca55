"""Writes a plan back in the plain table form, as CSV or XLSX; loading that file gives the same facts."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.facts import Catalogue, Indicator, Initiative, Listing, Measure, Place, Plan
from data.figures import StoredCell, current_cells
from data.importers.grid import AGGREGATIONS, DIRECTIONS, FORMULA, TEXT_MARK, unmark
from data.output_file import write_whole
from data.store import read_catalogue
from data.values import MARKS, Absence, read_cell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

_COLUMNS = "章 分野 項目番号 項目 指標名 単位 方向 集計 担当課 別名 備考 元の行".split()


def export_rows(connection: sa.Connection, catalogue: Catalogue, plan: Plan) -> list[list[str]]:
    """The rows of the file: what the plan is, the header, then one row a listing or initiative without KPI."""
    of_listings = {listing: own for (_, listing), own in current_cells(connection, plan.id).items() if listing}
    cells: dict[int, Mapping[Place, StoredCell]] = defaultdict(dict, of_listings)
    listings = [listing for i in catalogue.indicators if i.plan == plan for listing in i.listings]
    # Years that a later load no longer had are history, not part of the table.
    held = {place for x in listings for place, cell in cells[x.id].items() if cell.absence != Absence.OUTSIDE_PLAN}
    held |= {(Measure.TARGET, plan.first_year), (Measure.TARGET, plan.last_year)}
    places = sorted(held, key=lambda place: (place[0], place[1].year if place[1] else 0))
    rows = [["計画名", plan.title], ["資料番号", plan.document], *(["注記", note] for note in plan.notes)]
    rows.append(_COLUMNS + [place[1].label if place[1] else "基準値" for place in places])
    listed = {(listing.initiative.id, listing.line) for listing in listings}
    body: list[tuple[int, int, list[str]]] = [
        (initiative.line, 0, _place(initiative) + [""] * 7 + [str(initiative.line)])
        for initiative in catalogue.initiatives
        if initiative.plan == plan and (initiative.id, initiative.line) not in listed
    ]
    for indicator in catalogue.indicators:
        for at, listing in enumerate(indicator.listings if indicator.plan == plan else ()):
            row = _place(listing.initiative) + _described(indicator, listing, is_first=at == 0)
            row += [_text(cells[listing.id].get(place)) for place in places]
            body.append((listing.line, listing.id, row))
    return rows + [row for _, _, row in sorted(body)]


def write_csv(rows: list[list[str]], path: Path) -> None:
    write_whole(path, csv_content(rows))


def csv_content(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM, as Excel opens it; nothing in it is a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[marked(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: list[list[str]], path: Path) -> None:
    """One sheet, every cell as text, as the plan writes it."""
    # openpyxl takes a third of a second to import: only where a workbook is written.
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "KPI一覧"
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                put_text(sheet, line, column, guarded(text))
    header = next(line for line, row in enumerate(rows, 1) if row[:5] == _COLUMNS[:5])
    sheet.freeze_panes = f"A{header + 1}"
    content = io.BytesIO()
    book.save(content)
    write_whole(path, content.getvalue())


def put_text(sheet: "Worksheet", line: int, column: int, text: str) -> "SheetCell":
    """Puts text into a cell of a workbook: never a formula, whatever it begins with, not even once it is edited."""
    written: SheetCell = sheet.cell(line, column, writable(text))
    written.data_type = "s"
    written.quotePrefix = FORMULA.match(text) is not None
    return written


def writable(text: str) -> str:
    """The text without the characters that no workbook may hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)


def choose_plan(connection: sa.Connection, organisation: str, title: str | None) -> tuple[Catalogue, Plan]:
    """The plan with this title, or the only one; raises ValueError, with the titles there are, otherwise."""
    catalogue = read_catalogue(connection, organisation)
    found = [plan for plan in catalogue.plans if title in (None, plan.title)]
    if len(found) == 1:
        return catalogue, found[0]
    titles = "、".join(f"「{plan.title}」" for plan in catalogue.plans)
    if not titles:
        raise ValueError("計画がまだありません。python -m data load で読み込んでください。")
    missing = f"計画「{title}」がありません。" if title is not None else ""
    raise ValueError(f"{missing}--plan で計画名を一つ指定してください。今ある計画: {titles}")


def _place(initiative: Initiative) -> list[str]:
    return [initiative.chapter, initiative.area, initiative.number, initiative.title]


def _described(indicator: Indicator, listing: Listing, is_first: bool) -> list[str]:
    return [
        indicator.name,
        indicator.unit,
        DIRECTIONS[indicator.direction][0] if indicator.direction else "",
        AGGREGATIONS[indicator.aggregation][0] if indicator.aggregation else "",
        listing.owner,
        "、".join(indicator.aliases) if is_first else "",
        listing.remark,
        str(listing.line),
    ]


def _text(cell: StoredCell | None) -> str:
    if cell is None:
        return ""
    return next((mark for mark, marked in MARKS.items() if marked == cell.absence), cell.raw)


def marked(text: str) -> str:
    """Marks what a spreadsheet would run as a formula; a number may well begin with a sign."""
    is_formula = FORMULA.match(text) and not read_cell(text).is_number and len(text) > 1
    return TEXT_MARK + text if is_formula else guarded(text)


def guarded(text: str) -> str:
    """Marks what looks marked already, so that it comes back as it is."""
    return TEXT_MARK + text if unmark(text) != text else text

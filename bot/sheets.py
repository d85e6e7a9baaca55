"""Sheets of lines and tables, and the workbook that shows them: for A4 landscape, readable without colours."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from data.exporter import put_text, writable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Of a table's cell: text, a count, or a share of one (0.927 is shown as 92.7%); None is empty.
Value = str | int | Decimal | None

_FONT, _SIZE, _TITLE_SIZE = "Yu Gothic", 10, 14
# The height of a line of this font, as a multiple of its size.
_LINE = 1.7
_NARROWEST, _USUAL, _PADDING = 8, 12, 2
# As Excel allows: points, and characters with room for escapes and the number of the page.
_HIGHEST, _LONGEST_FOOTER = 409, 100
_HEADER_FILL = "EDEDED"
_A4, _MARGIN = 9, 0.4  # openpyxl's number for the paper; inches


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the sheet; `size` is in points."""

    text: str
    size: int = _SIZE
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; `figures` are the columns (from 0) whose texts stand on the right, as numbers do.

    The last column takes the rest of the sheet. With `has_total` the last row is one. The header of a long table stands
    on every page and stays in sight, and its rows can be filtered; a sheet has one at most.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    figures: frozenset[int] = frozenset()
    has_total: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`widest` limits the width of columns (from 0), in half-width characters; `shades` colours
    cells by their first line.
    """

    name: str
    blocks: tuple[Line | Table, ...]
    widest: Mapping[int, int]
    shades: Mapping[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def width(self) -> int:
        return max((len(table.header) for table in self.tables), default=1)


def title(text: str) -> Line:
    return Line(text, _TITLE_SIZE, is_bold=True)


def heading(text: str) -> Line:
    return Line(text, is_bold=True)


def workbook(sheets: Sequence[Sheet], name: str) -> bytes:
    """The sheets as an XLSX file; `name` stands in its properties and at the foot of each page."""
    # openpyxl takes a third of a second to import: only where a workbook is written.
    from openpyxl import Workbook

    book, name = Workbook(), writable(name)
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = name, "Shirube"
    for sheet in sheets:
        _draw(book.create_sheet(sheet.name), sheet, name)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _draw(drawn: "Worksheet", sheet: Sheet, name: str) -> None:
    widths = [_width(sheet, column) for column in range(sheet.width)]
    for column, width in enumerate(widths, 1):
        drawn.column_dimensions[_letter(column)].width = width
    at = 1
    for block in sheet.blocks:
        if isinstance(block, Line):
            _draw_line(drawn, at, block, widths)
            at += 1
            continue
        for offset, row in enumerate((block.header, *block.rows)):
            _draw_row(drawn, at + offset, row, block, sheet, widths)
        if block.is_long:
            drawn.print_title_rows = f"{at}:{at}"
            drawn.freeze_panes = f"A{at + 1}"
            drawn.auto_filter.ref = f"A{at}:{_letter(sheet.width)}{at + len(block.rows)}"
        at += len(block.rows) + 1
    _set_up_page(drawn, name)


def _draw_line(drawn: "Worksheet", at: int, line: Line, widths: Sequence[float]) -> None:
    from openpyxl.styles import Alignment, Font

    put_text(drawn, at, 1, line.text)
    cell = drawn.cell(at, 1)
    cell.font = Font(name=_FONT, size=line.size, bold=line.is_bold)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    drawn.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(widths))
    drawn.row_dimensions[at].height = _height(line.text, sum(widths) * _SIZE / line.size, line.size)


def _draw_row(
    drawn: "Worksheet", at: int, row: Sequence[Value], table: Table, sheet: Sheet, widths: Sequence[float]
) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    is_header, is_total = row is table.header, table.has_total and row is table.rows[-1]
    thin = Side("thin", "808080")
    border = Border(thin, thin, Side("double", "808080") if is_total else thin, thin)
    spans = [*widths[: len(row) - 1], sum(widths[len(row) - 1 :])]
    for column, value in enumerate(row):
        cell = drawn.cell(at, column + 1)
        if isinstance(value, str):
            put_text(drawn, at, column + 1, value)
        elif value is not None:
            cell.value = value
            cell.number_format = "#,##0" if isinstance(value, int) else "0.0%"
        on_right = column in table.figures or not isinstance(value, str)
        side = "center" if is_header else "right" if on_right else "left"
        cell.font = Font(name=_FONT, size=_SIZE, bold=is_header or is_total)
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        shade = sheet.shades.get(value.split("\n")[0]) if isinstance(value, str) else None
        if shade or is_header:
            cell.fill = PatternFill("solid", shade or _HEADER_FILL)
    for column in range(1, len(widths) + 1):
        drawn.cell(at, column).border = border
    if len(row) < len(widths):
        # No program fits the height of a row to a cell that spans columns.
        drawn.merge_cells(start_row=at, end_row=at, start_column=len(row), end_column=len(widths))
        texts = (_height(_shown(value), width, _SIZE) for value, width in zip(row, spans, strict=True))
        drawn.row_dimensions[at].height = max(texts)


def _set_up_page(drawn: "Worksheet", name: str) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    drawn.page_setup.orientation, drawn.page_setup.paperSize = "landscape", _A4
    drawn.page_setup.fitToWidth, drawn.page_setup.fitToHeight = 1, 0
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    drawn.print_options.horizontalCentered = True
    margins = drawn.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom = margins.footer = 2 * _MARGIN
    if (footer := drawn.oddFooter) is not None:
        footer.left.text, footer.right.text = name[:_LONGEST_FOOTER].replace("&", "&&"), "&P / &N"


def _width(sheet: Sheet, column: int) -> int:
    """As wide as the longest text of the column, within its limit; a cell that spans columns does not count."""
    texts = [
        line
        for table in sheet.tables
        for row in (table.header, *table.rows)
        if column < len(row) - (len(row) < sheet.width)
        for line in _shown(row[column]).split("\n")
    ]
    needed = max(map(_display_width, texts), default=0) + _PADDING
    return max(_NARROWEST, min(needed, sheet.widest.get(column, _USUAL)))


def _shown(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else value or ""


def _height(text: str, width: float, size: int) -> float:
    """Points for a text that is wrapped at a width."""
    lines = sum(max(1, ceil(_display_width(line) / (width - _PADDING))) for line in text.split("\n"))
    return min(lines * size * _LINE, _HIGHEST)


def _display_width(text: str) -> int:
    """In half-width characters: 「指標R5」 is 6 wide."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)

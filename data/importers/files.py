"""Opens a file: how large it may be, what form it has, and its cells as text."""

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from data.importers.grid import Grid, is_plain_table, read_plan_grids
from data.importers.long_form import is_long_form, read_long_form
from data.importers.pdf_text import read_pdf_text
from data.importers.result_grid import read_result_grids
from data.importers.rows import BadFile, FileError, PlanTable, ResultRow

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Largest file taken, in bytes, where nothing else is set.
DEFAULT_LIMIT = 50 * 1024 * 1024
# How far a packed file (.gz, or .xlsx, which is a zip) may unpack, in multiples of the limit.
_UNPACKED = 10

_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\t\r\n"}
_ZIP, _GZIP, _OLD_EXCEL = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"


def read_plan_file(path: Path, limit: int = DEFAULT_LIMIT) -> tuple[PlanTable, ...]:
    """Reads a plan from XLSX, CSV or text copied out of a PDF, or several from the long form, told apart by content.

    Raises BadFile: too large, empty, not a spreadsheet, unknown encoding, or every broken row.
    """
    return read_plan_content(_read(path, limit), limit)


def read_plan_content(content: bytes, limit: int = DEFAULT_LIMIT) -> tuple[PlanTable, ...]:
    """Reads plans as read_plan_file does, from what stands in the file."""
    content = _checked(content, limit)
    if content.startswith(_ZIP):
        return (read_plan_grids(_workbook_grids(content, limit)),)
    text = _decode(content)
    if is_long_form(text):
        return read_long_form(text)
    if "\t" in text and not is_plain_table(_text_grid(text, strict=False), _delimiter(text) == "\t"):
        return (read_pdf_text(text),)
    return (read_plan_grids([_text_grid(text)]),)


def read_result_file(path: Path, limit: int = DEFAULT_LIMIT) -> tuple[ResultRow, ...]:
    """Reads results (指標名, 年度, 実績値, 備考) from XLSX or CSV; raises BadFile as read_plan_file does."""
    return read_result_content(_read(path, limit), limit)


def read_result_content(content: bytes, limit: int = DEFAULT_LIMIT) -> tuple[ResultRow, ...]:
    """Reads results as read_result_file does, from what stands in the file."""
    content = _checked(content, limit)
    if content.startswith(_ZIP):
        return read_result_grids(_workbook_grids(content, limit))
    return read_result_grids([_text_grid(_decode(content))])


def _read(path: Path, limit: int) -> bytes:
    try:
        _refuse_size(path.stat().st_size, limit)
        return path.read_bytes()
    except OSError as error:
        raise BadFile([FileError(f"ファイルを開けません（{error.strerror}）: {path}")]) from None


def _refuse_size(size: int, limit: int) -> None:
    if size > limit:
        raise BadFile([FileError(f"ファイルが大きすぎます（{size:,}バイト、上限は{limit:,}バイト）。")])


def _checked(content: bytes, limit: int) -> bytes:
    """What stands in a file, unpacked from .gz; refuses what is too large, empty or of a form that is not read."""
    _refuse_size(len(content), limit)
    if content.startswith(_GZIP):
        content = _unpack(content, limit * _UNPACKED)
    if not content.strip():
        raise BadFile([FileError("ファイルが空です。")])
    if content.startswith(_OLD_EXCEL):
        raise BadFile([FileError("古いExcelの形式（.xls）です。.xlsx で保存し直してください。")])
    return content


def _unpack(content: bytes, limit: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise BadFile([FileError("圧縮ファイル（.gz）として開けません。壊れているか、別の形式です。")]) from None
    if len(unpacked) > limit:
        raise BadFile([FileError(f"展開すると大きすぎます（上限は{limit:,}バイト）。")])
    return unpacked


def _decode(content: bytes) -> str:
    """UTF-8 (with or without BOM) or CP932, control characters (a page's end in a PDF's text) as spaces."""
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return content.decode(encoding).translate(_CONTROLS)
            except UnicodeDecodeError:
                continue
    raise BadFile(
        [
            FileError(
                "文字コードが分かりません。表計算ファイル（.xlsx）か、UTF-8・Shift_JIS（CP932）のテキストにしてください。"
            )
        ]
    )


def _delimiter(text: str) -> str:
    return "\t" if text.count("\t") > text.count(",") else ","


def _text_grid(text: str, strict: bool = True) -> Grid:
    """The cells of a CSV or TSV; `strict` refuses a quote that never ends, which would swallow all that follows."""
    try:
        return Grid("", list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=strict)))
    except csv.Error as error:
        raise BadFile([FileError(f"CSVとして読めません（{error}）。")]) from None


def _workbook_grids(content: bytes, limit: int) -> list[Grid]:
    # openpyxl takes a third of a second to import: only for the files that need it.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > limit * _UNPACKED:
            raise BadFile([FileError(f"展開すると大きすぎます（{unpacked:,}バイト）。")])
        formulas: Workbook = load_workbook(io.BytesIO(content))
        values: Workbook = load_workbook(io.BytesIO(content), data_only=True) if _has_formula(formulas) else formulas
    except BadFile:
        raise
    except Exception:  # a damaged workbook can fail in any part of the libraries that unpack and parse it
        raise BadFile([FileError("表計算ファイル（.xlsx）として開けません。壊れているか、別の形式です。")]) from None
    errors: list[FileError] = []
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    grids = [Grid(sheet.title, _sheet_rows(sheet, formulas[sheet.title], errors)) for sheet in sheets]
    if errors:
        raise BadFile(errors)
    return grids


def _has_formula(book: "Workbook") -> bool:
    return any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def _sheet_rows(sheet: "Worksheet", formulas: "Worksheet", errors: list[FileError]) -> Sequence[Sequence[str]]:
    """The sheet's cells as they are displayed, merged cells filled with the value of their first."""
    from openpyxl.utils import get_column_letter

    rows = [["" for _ in range(sheet.max_column)] for _ in range(sheet.max_row)]
    for row, cells in enumerate(sheet.iter_rows(), 1):
        for column, cell in enumerate(cells, 1):
            # A formula that gives an empty text is saved as "str" without a value, one never calculated as "n".
            if cell.value is None and cell.data_type == "n" and formulas.cell(row, column).data_type == "f":
                reason = "数式の値が保存されていません。Excelで開いて保存し直してください。"
                errors.append(FileError(reason, row, get_column_letter(column), sheet.title))
            elif cell.data_type == "e":
                reason = f"数式がエラー（{cell.value}）になっています。"
                errors.append(FileError(reason, row, get_column_letter(column), sheet.title))
            elif cell.value is not None:
                rows[row - 1][column - 1] = _displayed(cell)
    for merged in sheet.merged_cells.ranges:
        text = rows[merged.min_row - 1][merged.min_col - 1]
        for row in range(merged.min_row, merged.max_row + 1):
            for column in range(merged.min_col, merged.max_col + 1):
                rows[row - 1][column - 1] = text
    return rows


# In a number format: its first section (positive numbers), what it shows as it is, what only colours or pads.
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_ESCAPED = re.compile(r"\\(.)")
_UNSEEN = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"([^"]*)"')
_PLACES = re.compile(r"[0#?]|General")
_DECIMALS = re.compile(r"\.([0#?]+)")
_THOUSANDS = re.compile(r"(?<=[0#?]),+(?![0#?,])")


def _displayed(cell: "SheetCell | MergedCell") -> str:
    """A cell as Excel shows it: 0.482 formatted 0.0% is 「48.2%」, 14442 formatted #,##0 is 「14,442」."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    section = _SECTION.match(str(cell.number_format or "General"))
    style = _UNSEEN.sub("", _ESCAPED.sub(r'"\1"', section[0] if section else ""))
    plain = _LITERAL.sub(lambda literal: " " * len(literal[0]), style)
    number = Decimal(format(value, ".15g"))
    percent = "%" in plain
    if percent:
        number *= 100
    if scaled := _THOUSANDS.search(plain):
        number = number.scaleb(-3 * len(scaled[0]))
        plain = _THOUSANDS.sub("", plain)
    # A fraction has no fixed number of decimals, and Excel knows fifteen digits.
    if re.search(r"[0#]", plain) and "/" not in plain and number.adjusted() < 15:
        match = _DECIMALS.search(plain)
        number = number.quantize(Decimal(1).scaleb(-len(match[1]) if match else 0), ROUND_HALF_UP)
    text = f"{number:,f}" if "," in plain else f"{number:f}"
    places = _PLACES.search(plain)
    literals = [(places is not None and at.start() < places.start(), at[1]) for at in _LITERAL.finditer(style)]
    before = "".join(text for is_before, text in literals if is_before)
    after = "".join(text for is_before, text in literals if not is_before)
    return f"{before}{text}{'%' if percent else ''}{after}"

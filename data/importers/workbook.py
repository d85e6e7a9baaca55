"""Reads workbooks (.xlsx): every visible sheet as Excel shows it."""

import io
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from data.importers.grid import Grid
from data.importers.package import check_package
from data.importers.rows import BadFile, FileError

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# Excel lets no cell hold more letters; all texts together, and all cells of a sheet up to its last row and column, are
# more than any plan has.
_MOST_LETTERS, _MOST_LETTERS_IN_ALL, _MOST_PLACES = 32_767, 20_000_000, 2_000_000


def read_workbook(content: bytes, unpacked: int) -> list[Grid]:
    """The visible sheets of a workbook that may unpack to so many bytes.

    Raises BadFile: no workbook or a damaged one, with macros, larger than any plan, a formula without a value.
    """
    # openpyxl takes a third of a second to import: only for the files that need it.
    from openpyxl import load_workbook

    try:
        check_package(content, unpacked)
        formulas: Workbook = load_workbook(io.BytesIO(content), keep_links=False)
        values = formulas
        if any(map(_has_formula, formulas.worksheets)):
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except BadFile:
        raise
    except Exception:  # a damaged workbook can fail in any part of the libraries that unpack and parse it
        raise BadFile([FileError("表計算ファイル（.xlsx）として開けません。壊れているか、別の形式です。")]) from None
    errors: list[FileError] = []
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    texts = {sheet.title: _texts(sheet, formulas[sheet.title], errors) for sheet in sheets}
    if sum(len(text) for own in texts.values() for text in own.values()) > _MOST_LETTERS_IN_ALL:
        errors.append(FileError(f"文字が多すぎます（上限は{_MOST_LETTERS_IN_ALL:,}文字）。"))
    if errors:
        raise BadFile(errors)
    return [Grid(sheet.title, _rows(sheet, texts[sheet.title])) for sheet in sheets]


def _has_formula(sheet: "Worksheet") -> bool:
    return any(cell.data_type == "f" for cell in sheet._cells.values())


def _texts(sheet: "Worksheet", formulas: "Worksheet", errors: list[FileError]) -> dict[tuple[int, int], str]:
    """The cells that are not empty, as they are displayed, by row and column.

    Only the cells that the file holds are looked at: asked for its rows, openpyxl makes all up to the last column.
    """
    from openpyxl.utils import get_column_letter

    texts: dict[tuple[int, int], str] = {}
    for (row, column), cell in sorted(sheet._cells.items(), key=lambda item: item[0]):
        reason = ""
        # A formula that gives an empty text is saved as "str" without a value, one never calculated as "n".
        if cell.value is None and cell.data_type == "n" and formulas._cells[row, column].data_type == "f":
            reason = "数式の値が保存されていません。Excelで開いて保存し直してください。"
        elif cell.data_type == "e":
            reason = f"数式がエラー（{cell.value}）になっています。"
        elif cell.value is not None:
            texts[row, column] = _displayed(cell)
            if len(texts[row, column]) > _MOST_LETTERS:
                reason = f"文字が多すぎます（上限は{_MOST_LETTERS:,}文字）。"
        if reason:
            errors.append(FileError(reason, row, get_column_letter(column), sheet.title))
    return texts


def _rows(sheet: "Worksheet", texts: Mapping[tuple[int, int], str]) -> Sequence[Sequence[str]]:
    """The cells row by row, merged ones filled with the value of their first."""
    from openpyxl.utils import get_column_letter

    merged = [(one, text) for one in sheet.merged_cells.ranges if (text := texts.get((one.min_row, one.min_col)))]
    ends = [*texts, *((one.max_row, one.max_col) for one, _ in merged)]
    last_row, last_column = max((row for row, _ in ends), default=0), max((column for _, column in ends), default=0)
    if last_row * last_column > _MOST_PLACES:
        farthest = max(texts, key=lambda place: place[0] * place[1])
        reason = "値のあるセルが、表からとても離れています。はみ出したセルを消して保存し直してください。"
        raise BadFile([FileError(reason, farthest[0], get_column_letter(farthest[1]), sheet.title)])
    rows = [[""] * last_column for _ in range(last_row)]
    for (row, column), text in texts.items():
        rows[row - 1][column - 1] = text
    for one, text in merged:
        for row in range(one.min_row, one.max_row + 1):
            rows[row - 1][one.min_col - 1 : one.max_col] = [text] * (one.max_col - one.min_col + 1)
    return rows


# In a number format: its first section (positive numbers), what it shows as it is, what only colours or pads.
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_ESCAPED = re.compile(r"\\(.)")
_UNSEEN = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"([^"]*)"')
_PLACES = re.compile(r"[0#?]|General")
_MOST_DECIMALS = 12  # beside fifteen digits before the point all that Decimal holds
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
    if not number.is_finite():
        return str(value)
    percent = "%" in plain
    if percent:
        number *= 100
    if scaled := _THOUSANDS.search(plain):
        number = number.scaleb(-3 * len(scaled[0]))
        plain = _THOUSANDS.sub("", plain)
    # A fraction has no fixed number of decimals, and Excel knows fifteen digits.
    if re.search(r"[0#]", plain) and "/" not in plain and number.adjusted() < 15:
        match = _DECIMALS.search(plain)
        decimals = min(len(match[1]), _MOST_DECIMALS) if match else 0
        number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{number:,f}" if "," in plain else f"{number:f}"
    places = _PLACES.search(plain)
    literals = [(places is not None and at.start() < places.start(), at[1]) for at in _LITERAL.finditer(style)]
    before = "".join(text for is_before, text in literals if is_before)
    after = "".join(text for is_before, text in literals if not is_before)
    return f"{before}{text}{'%' if percent else ''}{after}"

"""Opens a file: how large it may be, what form it has, and its cells as text."""

import csv
import gzip
import io
import zlib
from pathlib import Path

from data.importers.grid import Grid, is_plain_table, read_plan_grids
from data.importers.long_form import is_long_form, read_long_form
from data.importers.pdf_text import read_pdf_text
from data.importers.result_grid import read_result_grids
from data.importers.rows import BadFile, FileError, PlanTable, ResultRow
from data.importers.workbook import read_workbook

#: Largest file taken, in bytes, where nothing else is set.
DEFAULT_LIMIT = 50 * 1024 * 1024
# How far a packed file (.gz, or .xlsx, which is a zip) may unpack, in multiples of the limit.
_UNPACKED = 10

# As many cells and rows are read of a text: a list of them takes memory however empty they are, and each row its time.
_MOST_CELLS, _MOST_ROWS = 4_000_000, 500_000

_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\t\r\n"}
_ZIP, _GZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF-"


def read_plan_file(path: Path, limit: int = DEFAULT_LIMIT) -> tuple[PlanTable, ...]:
    """Reads a plan from XLSX, CSV or text copied out of a PDF, or several from the long form, told apart by content.

    Raises BadFile: too large, empty, not a spreadsheet, unknown encoding, or every broken row.
    """
    return read_plan_content(_read(path, limit), limit)


def read_plan_content(content: bytes, limit: int = DEFAULT_LIMIT) -> tuple[PlanTable, ...]:
    """Reads plans as read_plan_file does, from what stands in the file."""
    content = _checked(content, limit)
    if content.startswith(_ZIP):
        return (read_plan_grids(read_workbook(content, limit * _UNPACKED)),)
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
        return read_result_grids(read_workbook(content, limit * _UNPACKED))
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
    if content.startswith(_PDF):
        reason = "PDFは、そのままでは読めません。表を写したテキスト（.txt）か、表計算ファイル（.xlsx）にしてください。"
        raise BadFile([FileError(reason)])
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
    if max(map(content.count, (b"\n", b"\r"))) > _MOST_ROWS:
        raise BadFile(
            [FileError(f"行が多すぎます（上限は{_MOST_ROWS:,}行）。空の行を消すか、分けて取り込んでください。")]
        )
    if sum(map(content.count, (b",", b"\t"))) > _MOST_CELLS:
        raise BadFile([FileError(f"セルが多すぎます（上限は{_MOST_CELLS:,}個）。空の列を消して保存し直してください。")])
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

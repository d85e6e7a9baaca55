"""Looks into the package of a workbook (.xlsx is a zip of XML) before anything is made of it.

openpyxl makes an object of every cell, of every cell of a merged range, and of every reference to a sheet: a file of a
few kilobytes can ask for more than a machine has. What is counted here is counted as it streams by.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from data.importers.rows import BadFile, FileError

_MOST_PARTS, _MOST_SHEETS = 10_000, 256
# A sheet of a thousand indicators has some twenty thousand cells. openpyxl reads a hundred thousand in a second.
_MOST_CELLS, _MOST_ELEMENTS, _MOST_XML = 500_000, 3_000_000, 100 * 1024 * 1024
# Shared formulas, each written anew for its cell: so many letters in all.
_MOST_FORMULAS = 10_000_000
_CHUNK = 1 << 16

# openpyxl touches every cell of what these refer to.
_SPREADING = frozenset({"mergeCell", "hyperlink", "comment", "threadedComment"})
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")

_DAMAGED = "表計算ファイル（.xlsx）として開けません。壊れているか、別の形式です。"


def check_package(content: bytes, unpacked: int) -> None:
    """Refuses, with BadFile, a package that holds macros, may unpack to more bytes than so many, or makes more of
    itself than it says: entities, cells, merged ranges, sheets. Raises what zipfile raises for no package at all.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > unpacked:
            raise _refusal(f"展開すると大きすぎます（{size:,}バイト）。")
        # Excel packs with nothing else, and other ways unpack to any size at one stroke.
        ways = {entry.compress_type for entry in entries}
        if len(entries) > _MOST_PARTS or not ways <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _refusal(_DAMAGED)
        if any(entry.filename.casefold().endswith("vbaproject.bin") for entry in entries):
            raise _macros()
        found = _Package()
        for entry in entries:
            _scan(archive, entry, found)
    found.check()


@dataclass(slots=True)
class _Package:
    """What has been seen so far in all parts."""

    size: int = 0
    elements: int = 0
    cells: int = 0
    sheets: list[str] = field(default_factory=list)
    worksheets: set[str] = field(default_factory=set)
    targets: list[Sequence[str]] = field(default_factory=list)

    def check(self) -> None:
        if len(self.sheets) > _MOST_SHEETS:
            raise _refusal(f"シートが多すぎます（{len(self.sheets):,}枚、上限は{_MOST_SHEETS}枚）。")
        # Two sheets of one part would be read twice.
        if len(set(self.sheets)) < len(self.sheets):
            raise _refusal(_DAMAGED)
        for targets in self.targets:
            own = [target for target in targets if target in self.worksheets]
            if len(set(own)) < len(own):
                raise _refusal(_DAMAGED)


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, package: _Package) -> None:
    """Counts what one part holds; what is no XML (a picture) is passed over, as far as it is none."""
    targets: list[str] = []
    parser = expat.ParserCreate()
    formula_from, longest, shared = -1, 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal formula_from, longest, shared
        package.elements += 1
        local = name.rpartition(":")[2]
        if formula_from >= 0:
            longest = max(longest, parser.CurrentByteIndex - formula_from)
            formula_from = -1
        if local == "c":
            package.cells += 1
        elif local == "f":
            formula_from = parser.CurrentByteIndex
            shared += attributes.get("t") == "shared"
        elif local in _SPREADING:
            package.cells += _area(attributes.get("ref", ""))
        elif local == "worksheet":
            package.worksheets.add(posixpath.basename(entry.filename))
        elif local == "sheet":
            package.sheets += [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
        elif local == "Relationship" and attributes.get("TargetMode") != "External":
            targets.append(posixpath.basename(attributes.get("Target", "")))
        elif local in ("Override", "Default") and "macro" in attributes.get("ContentType", "").casefold():
            raise _macros()
        if package.cells > _MOST_CELLS or package.elements > _MOST_ELEMENTS:
            raise _refusal(
                f"セルが多すぎます（結合したセルの分も含めて、上限は{_MOST_CELLS:,}個）。"
                "使っていないシートや結合を消して保存し直してください。"
            )

    def refuse_doctype(*_: object) -> None:
        raise _refusal(
            "Excelが書かない記述（DOCTYPE）を含むファイルは受け付けません。Excelで開いて .xlsx で保存し直してください。"
        )

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    with archive.open(entry) as part:
        try:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
                package.size += len(chunk)
                if package.size > _MOST_XML:
                    raise _refusal(f"展開すると大きすぎます（表の中身の上限は{_MOST_XML:,}バイト）。")
        except expat.ExpatError:
            pass  # what reads this part stops at the same place
    if shared * longest > _MOST_FORMULAS:
        raise _refusal("長い数式が多すぎます。値だけを貼り付けたシートにして保存し直してください。")
    package.targets.append(targets)


def _area(reference: str) -> int:
    """How many cells a reference stands for: 「A1:C2」 six; none that is no reference to cells."""
    match = _RANGE.fullmatch(reference)
    if match is None:
        raise _refusal(_DAMAGED)
    first_column, first_row, last_column, last_row = match.groups()
    if last_column is None:
        return 1
    rows = abs(int(last_row) - int(first_row)) + 1
    return rows * (abs(_number(last_column) - _number(first_column)) + 1)


def _number(column: str) -> int:
    """「A」 1, 「XFD」 16,384."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _macros() -> BadFile:
    return _refusal("マクロを含むファイルは受け付けません。.xlsx で保存し直してください。")


def _refusal(reason: str) -> BadFile:
    return BadFile([FileError(reason)])

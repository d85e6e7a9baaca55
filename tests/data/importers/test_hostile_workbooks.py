"""Workbooks that are meant to do harm: each is refused in words and in little memory; only BadFile ever comes out."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from data.importers.files import read_plan_content, read_result_content
from data.importers.rows import BadFile

ROOT = Path(__file__).parents[3]
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
TYPES = "[Content_Types].xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

DAMAGED = "表計算ファイル（.xlsx）として開けません。壊れているか、別の形式です。"
TOO_MANY_CELLS = "セルが多すぎます"
MACROS = "マクロを含むファイルは受け付けません。.xlsx で保存し直してください。"
DOCTYPE = "Excelが書かない記述（DOCTYPE）を含むファイルは受け付けません。"


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _plan() -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["分野", "指標名", "基準値", "R4"], ["子育て", "待機児童数", 16, 8]):
        sheet.append(row)
    return book


def _with_strings(content: bytes) -> bytes:
    """The workbook with its first indicator among the shared strings, as Excel writes them."""
    strings = f'<sst xmlns="{_MAIN}"><si><t>待機児童数</t></si></sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    inline, shared = '<c r="B2" t="inlineStr"><is><t>待機児童数</t></is></c>', '<c r="B2" t="s"><v>0</v></c>'
    sheet, types = _part(SHEET, content), _part(TYPES, content)
    assert inline in sheet
    types = types.replace("</Types>", f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>')
    return _with({SHEET: sheet.replace(inline, shared), STRINGS: strings, TYPES: types}, of=content)


def _with(parts: Mapping[str, str | bytes], way: int = zipfile.ZIP_DEFLATED, of: bytes | None = None) -> bytes:
    """The plan's workbook with some of its parts exchanged, or others added."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(of or PLAN)) as old, zipfile.ZipFile(content, "w", way) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return content.getvalue()


def _part(name: str, of: bytes | None = None) -> str:
    with zipfile.ZipFile(io.BytesIO(of or PLAN)) as archive:
        return archive.read(name).decode()


PLAN = _with_strings(_saved(_plan()))


def _sheet(data: str, after: str = "") -> bytes:
    relations = f'xmlns:r="{_RELATIONS}"'
    text = f'<worksheet xmlns="{_MAIN}" {relations}><sheetData>{data}</sheetData>{after}</worksheet>'
    return _with({SHEET: text})


def _laughs(part: str, encoding: str = "utf-8") -> bytes:
    """A billion laughs in front of a part."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{entities}]>' + _part(part)
    return _with({part: text.encode(encoding)})


def _lying(size: int) -> bytes:
    """The directory says another size of the sheet than there is."""
    content = bytearray(PLAN)
    at = content.rindex(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(content)


def _sheets(number: int, targets: Callable[[int], str], ids: Callable[[int], str] = lambda n: f"s{n}") -> bytes:
    sheets = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="{ids(n)}"/>' for n in range(number))
    relations = "".join(
        f'<Relationship Id="{ids(n)}" Type="{_RELATIONS}/worksheet" Target="{targets(n)}"/>' for n in range(number)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    own = {f"xl/worksheets/{targets(n)[-12:].lstrip('/')}": _part(SHEET) for n in range(number)}
    return _with(
        {
            **own,
            BOOK: f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        }
    )


def _strings(text: str, cells: int) -> bytes:
    """So many cells with one shared text."""
    row = "".join('<row><c t="s"><v>0</v></c></row>' for _ in range(cells))
    strings = f'<sst xmlns="{_MAIN}"><si><t>{text}</t></si></sst>'
    return _with({SHEET: f'<worksheet xmlns="{_MAIN}"><sheetData>{row}</sheetData></worksheet>', STRINGS: strings})


def _shared_formulas() -> bytes:
    formula = "+".join(["A1"] * 2700)
    first = f'<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A9">{formula}</f><v>1</v></c></row>'
    others = "".join(f'<row r="{row}"><c r="A{row}"><f t="shared" si="0"/><v>1</v></c></row>' for row in range(2, 9000))
    return _sheet(first + others)


def _commented() -> bytes:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    comment = '<comment ref="A1:XFD1048576" authorId="0"><text><t>x</t></text></comment>'
    return _with(
        {
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="c" '
            f'Type="{_RELATIONS}/comments" Target="/xl/comments1.xml"/></Relationships>',
            "xl/comments1.xml": f'<comments xmlns="{_MAIN}"><authors><author>x</author></authors>'
            f"<commentList>{comment}</commentList></comments>",
        }
    )


_ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_EVERYWHERE = 'ref="A1:XFD1048576"'

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a cell at the far end": (lambda: _sheet(_ONE + _FAR), "値のあるセルが、表からとても離れています。"),
    "everything merged": (lambda: _sheet(_ONE, f"<mergeCells><mergeCell {_EVERYWHERE}/></mergeCells>"), TOO_MANY_CELLS),
    "many merged": (
        lambda: _sheet(_ONE, "<mergeCells>" + '<mergeCell ref="A1:Z9999"/>' * 9 + "</mergeCells>"),
        TOO_MANY_CELLS,
    ),
    "columns merged": (lambda: _sheet(_ONE, '<mergeCells><mergeCell ref="A:XFD"/></mergeCells>'), DAMAGED),
    "everything linked": (
        lambda: _sheet(_ONE, f'<hyperlinks><hyperlink {_EVERYWHERE} location="A1"/></hyperlinks>'),
        TOO_MANY_CELLS,
    ),
    "everything commented": (_commented, TOO_MANY_CELLS),
    "a million cells": (lambda: _sheet("<row>" + "<c/>" * 1_000_000 + "</row>"), TOO_MANY_CELLS),
    "another prefix": (
        lambda: _with(
            {SHEET: f'<x:worksheet xmlns:x="{_MAIN}"><x:sheetData>{"<x:c/>" * 600_000}</x:sheetData></x:worksheet>'}
        ),
        TOO_MANY_CELLS,
    ),
    "millions of styles": (
        lambda: _with(
            {"xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts>{"<font/>" * 3_000_001}</fonts></styleSheet>'}
        ),
        TOO_MANY_CELLS,
    ),
    "spaces without end": (lambda: _sheet(" " * 110_000_000), "展開すると大きすぎます"),
    "more than it may unpack to": (lambda: _with({"xl/media/a.png": b"\0" * 600_000_000}), "展開すると大きすぎます"),
    "a size too small": (lambda: _lying(100), DAMAGED),
    "a size of four gigabytes": (lambda: _lying(2**32 - 2), "展開すると大きすぎます"),
    "packed another way": (lambda: _with({"xl/x.bin": b"\0" * 50_000_000}, zipfile.ZIP_BZIP2), DAMAGED),
    "laughs in a sheet": (lambda: _laughs(SHEET), DOCTYPE),
    "laughs in the strings": (lambda: _laughs(STRINGS), DOCTYPE),
    "laughs in the workbook": (lambda: _laughs(BOOK), DOCTYPE),
    "laughs in UTF-16": (lambda: _laughs(SHEET, "utf-16"), DOCTYPE),
    "three thousand sheets": (
        lambda: _sheets(3000, lambda n: f"worksheets/t{n:06}.xml"),
        "シートが多すぎます（3,000枚、上限は256枚）。",
    ),
    "a sheet named twice": (lambda: _sheets(2, lambda _: "worksheets/sheet1.xml", lambda _: "s"), DAMAGED),
    "a part that is two sheets": (
        lambda: _sheets(2, lambda n: ("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml")[n]),
        DAMAGED,
    ),
    "long shared formulas": (_shared_formulas, "長い数式が多すぎます。"),
    "a very long text": (lambda: _strings("あ" * 32_768, 1), "文字が多すぎます（上限は32,767文字）。"),
    "long texts": (lambda: _strings("あ" * 32_767, 700), "文字が多すぎます（上限は20,000,000文字）。"),
    "macros": (lambda: _with({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), MACROS),
    "macros of an old kind": (
        lambda: _with(
            {
                TYPES: _part(TYPES).replace(
                    "</Types>",
                    '<Override PartName="/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>',
                )
            }
        ),
        MACROS,
    ),
    "a workbook with macros": (
        lambda: _with(
            {
                TYPES: _part(TYPES).replace(
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            }
        ),
        MACROS,
    ),
}

# With as little memory as no bomb would fit in.
_READ = """
import json, resource, sys
from pathlib import Path
from data.importers.files import read_plan_content
from data.importers.rows import BadFile

most = 1 << 30
resource.setrlimit(resource.RLIMIT_AS, (most, most))
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_plan_content(path.read_bytes())
    except BadFile as refused:
        told[path.name] = [str(error) for error in refused.errors]
    except BaseException as fault:
        told[path.name] = [repr(fault)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a process with one gigabyte to live in has to say of each file."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", _READ, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_in_words_and_in_little_memory(name: str, told: dict[str, list[str]]) -> None:
    assert HOSTILE[name][1] in told[name][0]


def test_error_names_the_cell_that_is_far_away() -> None:
    with pytest.raises(BadFile) as caught:
        read_plan_content(_sheet(_ONE + _FAR))
    assert "XFD" in str(caught.value.errors[0])
    assert "1048576" in str(caught.value.errors[0])


# What only looks like it


def test_empty_cells_far_away_do_no_harm() -> None:
    """Excel keeps the style of cells that were emptied."""
    book = _plan()
    sheet = book.active
    assert sheet is not None
    sheet["XFD1048576"].font = Font(bold=True)
    (plan,) = read_plan_content(_saved(book))
    assert [row.indicator for row in plan.rows] == ["待機児童数"]


def test_entities_are_refused_by_what_openpyxl_parses_with() -> None:
    """The second line of defence: openpyxl knows defusedxml."""
    import openpyxl

    assert openpyxl.DEFUSEDXML


@pytest.mark.parametrize("number_format", ["0." + "0" * 60, "0,,,,,,,,", "General", "0.00%"])
@pytest.mark.parametrize("number", ["1E999", "-1E308", "99999999999999.5", "1E-320"])
def test_numbers_at_the_edge(number: str, number_format: str) -> None:
    book = _plan()
    sheet = book.active
    assert sheet is not None
    sheet["D2"].number_format = number_format
    with zipfile.ZipFile(io.BytesIO(_saved(book))) as saved:
        cells = saved.read(SHEET).decode().replace("<v>8</v>", f"<v>{number}</v>")
        styles = saved.read("xl/styles.xml")
    (plan,) = read_plan_content(_with({SHEET: cells, "xl/styles.xml": styles}))
    assert plan.rows[0].targets[0][1]


# Whatever comes

_QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def _read_both(content: bytes) -> None:
    for read in (read_plan_content, read_result_content):
        with suppress(BadFile):
            read(content, 10**6)


@_QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xef\xbb\xbf", "指標名,R4\n".encode()]),
)
@example(b"", b"PK\x03\x04")
def test_any_bytes(content: bytes, start: bytes) -> None:
    _read_both(start + content)


@_QUICK
@given(st.text(alphabet="指標名年度実績値R4R5,\t\n\"'①②③%-0123456789万／", max_size=120))
def test_any_table(text: str) -> None:
    _read_both(("指標名,年度,実績値,R4\n" + text).encode())


@_QUICK
@given(st.lists(st.tuples(st.integers(0, len(PLAN) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_any_damage_to_the_package(damage: list[tuple[int, int]]) -> None:
    content = bytearray(PLAN)
    for at, byte in damage:
        content[at] = byte
    _read_both(bytes(content))


_PIECES = st.sampled_from(
    '<c> </c> <v> </v> <f> </f> <row> </row> <is><t>x</t></is> <!-- --> &lt; &a; 1E999 t="s" t="d" t="b" t="e" '
    's="9999" r="ZZZZ9" r="A0" r="XFD9999999" <mergeCell/> <hyperlink/> <cols><col/></cols> 9999999999'.split()
)


@_QUICK
@given(
    st.sampled_from([SHEET, STRINGS, BOOK, "xl/styles.xml", TYPES, "xl/_rels/workbook.xml.rels"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), _PIECES), min_size=1, max_size=4),
)
def test_any_damage_to_a_part(part: str, damage: list[tuple[float, int, str]]) -> None:
    text = _part(part)
    for share, cut, piece in damage:
        at = int(share * len(text))
        text = text[:at] + piece + text[at + cut :]
    _read_both(_with({part: text}))

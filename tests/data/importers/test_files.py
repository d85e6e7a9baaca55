"""Opening files: text in its encodings, workbooks as Excel shows them, and what is no table at all."""

import contextlib
import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.importers.files import read_result_file
from data.importers.rows import BadFile, PlanTable, ResultRow
from data.shipped import PLANS
from data.values import UNREADABLE_MARK
from tests.data.stores import R4, R5, read_plan

TEXT = "計画名,総合計画\n分野,指標名,基準値,R4,R5\n①子育て,待機児童数（髙﨑市）,16,8,ほぼ0\n"


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _errors(path: Path, limit: int = 10**6, read: Callable[[Path, int], object] = read_plan) -> list[str]:
    with pytest.raises(BadFile) as caught:
        read(path, limit)
    return [str(error) for error in caught.value.errors]


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_in_every_encoding(encoding: str, line_end: str, delimiter: str, tmp_path: Path) -> None:
    text = TEXT.replace("\n", line_end).replace(",", delimiter)
    plan = read_plan(_write(tmp_path / "plan.csv", text.encode(encoding)))
    (row,) = plan.rows
    assert plan.title == "総合計画"
    assert (row.area, row.indicator, row.baseline) == ("①子育て", "待機児童数（髙﨑市）", "16")
    assert row.targets == ((R4, "8"), (R5, "ほぼ0"))


def test_form_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    plan = read_plan(_write(tmp_path / "plan.xlsx", TEXT))
    assert plan.rows[0].indicator == "待機児童数（髙﨑市）"


def test_quoted_cells(tmp_path: Path) -> None:
    text = '指標名,R4,R5\n"A ""甲"", 乙","14,442","①500\n②50"\nB,1,2\n'
    first, second = read_plan(_write(tmp_path / "plan.csv", text)).rows
    assert first.indicator == 'A "甲", 乙'
    assert first.targets == ((R4, "14,442"), (R5, "①500\n②50"))
    assert second.line == 3


def test_quote_that_never_ends_is_an_error(tmp_path: Path) -> None:
    """Else the rest of the file would vanish into one cell."""
    text = '指標名,R4\n"A,1\nB,2\nC,3\n'
    (error,) = _errors(_write(tmp_path / "plan.csv", text))
    assert error.startswith("CSVとして読めません")


def test_control_characters_are_no_text(tmp_path: Path) -> None:
    plan = read_plan(_write(tmp_path / "plan.csv", "指標名,R4\nA\x0bB\x01,\x0c5\n"))
    assert (plan.rows[0].indicator, plan.rows[0].targets) == ("A B", ((R4, "5"),))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_unknown_encoding(encoding: str, tmp_path: Path) -> None:
    (error,) = _errors(_write(tmp_path / "plan.csv", TEXT.encode(encoding)))
    assert error.startswith("文字コードが分かりません")


@pytest.mark.parametrize("encoding", ["euc-jp", "iso-2022-jp"])
def test_other_encodings_never_pass_as_a_table(encoding: str, tmp_path: Path) -> None:
    text = TEXT.replace("髙﨑", "高崎").replace("①", "")
    (error,) = _errors(_write(tmp_path / "plan.csv", text.encode(encoding)))
    assert "文字コードが分かりません" in error or "見出し" in error


def test_table_of_a_pdf_with_its_header_in_one_line(tmp_path: Path) -> None:
    """Its rows may be shifted, so it is not read by its columns."""
    header = "分野\t項目\t\t指標名\t基準値\tR4\tR5\n"
    text = header + "A\t1(1)\t取組\tX\t1\t2\t3\n\tB\t1(2)\t次の取組\tY\t4\t5\n"
    plan = read_plan(_write(tmp_path / "plan.txt", text))
    assert [(row.number, row.initiative, row.indicator, row.baseline) for row in plan.rows] == [
        ("1(1)", "取組", "X", "1"),
        ("1(2)", "次の取組", "Y", "4"),
    ]
    assert plan.rows[1].targets == ((R4, "5"), (R5, UNREADABLE_MARK))
    assert [repair.line for repair in plan.repairs] == [3, 3]


def test_commas_with_a_tab_inside_are_no_pdf(tmp_path: Path) -> None:
    (row,) = read_plan(_write(tmp_path / "plan.csv", "分野,項目,指標名,R4\nA,取組,X\tY,5\n")).rows
    assert (row.indicator, row.targets) == ("X Y", ((R4, "5"),))


def test_results_as_text(tmp_path: Path) -> None:
    path = _write(tmp_path / "results.csv", "指標名,年度,実績値,備考\nX,R5,62%,速報\n".encode("cp932"))
    assert read_result_file(path) == (ResultRow(2, "X", "", "R5", "62%", "速報"),)


# What is no table


@pytest.mark.parametrize("content", [b"", b"\n", b"   \r\n\t"])
@pytest.mark.parametrize("read", [read_plan, read_result_file])
def test_empty_file(content: bytes, read: Callable[[Path, int], object], tmp_path: Path) -> None:
    assert _errors(_write(tmp_path / "plan.csv", content), read=read) == ["ファイルが空です。"]


def test_empty_but_for_a_byte_order_mark(tmp_path: Path) -> None:
    assert len(_errors(_write(tmp_path / "plan.csv", b"\xef\xbb\xbf"))) == 1


def test_file_over_the_limit(tmp_path: Path) -> None:
    path = _write(tmp_path / "plan.csv", TEXT)
    size = path.stat().st_size
    read_plan(path, size)
    assert _errors(path, size - 1) == [f"ファイルが大きすぎます（{size}バイト、上限は{size - 1}バイト）。"]


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (b"," * 4_000_000, "セルが多すぎます（上限は4,000,000個）。"),
        (b"\t" * 4_000_001, "セルが多すぎます"),
        (b"\n" * 500_001, "行が多すぎます（上限は500,000行）。"),
        (b"\r" * 500_001, "行が多すぎます"),
        (b"\r\n" * 500_001, "行が多すぎます"),
    ],
)
def test_empty_cells_without_end(end: bytes, message: str, tmp_path: Path) -> None:
    content = gzip.compress("指標名,R4\nX,5\n".encode() + end, 1)
    for read in (read_plan, read_result_file):
        (error,) = _errors(_write(tmp_path / "plan.csv.gz", content), read=read)
        assert error.startswith(message)


def test_workbook_that_unpacks_to_more_than_it_may(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 10**7)
    (error,) = _errors(path, limit=10**5)
    assert error.startswith("展開すると大きすぎます")


def _zip_of(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "文字コードが分かりません"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", ""),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "文字コードが分かりません"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504, "古いExcelの形式（.xls）"),
        (b"PK\x03\x04 this is no zip at all", "表計算ファイル（.xlsx）として開けません"),
        (_zip_of("hello.txt"), "表計算ファイル（.xlsx）として開けません"),
        (_zip_of("[Content_Types].xml", "word/document.xml"), "表計算ファイル（.xlsx）として開けません"),
        (b"just a sentence", "見出し"),
        (b"tab\tseparated\twords", "より前に行があります"),
    ],
    ids=["png", "pdf", "jpeg", "xls", "broken zip", "zip", "docx", "words", "tabs"],
)
def test_not_a_table(content: bytes, message: str, tmp_path: Path) -> None:
    assert message in _errors(_write(tmp_path / "plan.xlsx", content))[0]


@pytest.mark.parametrize("read", [read_plan, read_result_file])
def test_file_that_is_not_there(read: Callable[[Path, int], object], tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        (error,) = _errors(path, read=read)
        assert error.startswith("ファイルを開けません")


# Workbooks


def _workbook(path: Path, *sheets: Sequence[Sequence[str | float | None]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"シート{number}")
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_workbook(tmp_path: Path) -> None:
    rows: list[list[str | float | None]] = [
        ["○○市 KPI一覧"],
        [],
        ["分野", "指標名", "R4", "令和5年度"],
        ["A", "X", 5, "6件"],
        [None, "Y", 0.5, None],
    ]
    first, second = read_plan(_workbook(tmp_path / "plan.xlsx", rows)).rows
    assert (first.line, first.area, first.indicator, first.targets) == (4, "A", "X", ((R4, "5"), (R5, "6件")))
    assert (second.area, second.targets) == ("A", ((R4, "0.5"), (R5, "")))


def test_year_headings_that_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["指標名", 2022, 5])
    sheet["C1"].number_format = '"令和"0"年度"'
    sheet.append(["X", 1, 2])
    book.save(path)
    assert read_plan(path).rows[0].targets == ((R4, "1"), (R5, "2"))


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (0.482, "0.0%", "48.2%"),
        (0.8, "0%", "80%"),
        (0.11780000000000002, "0.00%", "11.78%"),
        (0.9994, "0.00%", "99.94%"),
        (1, "0%", "100%"),
        (48.2, '0.0"%"', "48.2%"),
        (48.2, "0.0\\%", "48.2%"),
        (14442, "#,##0", "14,442"),
        (1234567.5, "#,##0.0", "1,234,567.5"),
        (-198, "#,##0", "-198"),
        (-198, "#,##0;▲#,##0", "-198"),
        (164.6, "0", "165"),
        (164, '0"名込み"', "164名込み"),
        (8, '0"件"', "8件"),
        (12000, '#,##0"枚"', "12,000枚"),
        (100, '"約"0"%"', "約100%"),
        (9800, "General", "9800"),
        (165.6, "General", "165.6"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "100000000000000000000"),
        (0, "General", "0"),
        (14442000, "#,##0,", "14,442"),
        (120000000, "#,##0,,", "120"),
        (0.5, "# ?/?", "0.5"),
        (5, "@", "5"),
        ("5以上", "General", "5以上"),
        ("減少を目指します", "0.0%", "減少を目指します"),
        (12.5, "0.0_ ", "12.5"),
        (12.5, "#,##0.0_);[Red]\\(#,##0.0\\)", "12.5"),
        (3, '[$-411]0"回"', "3回"),
    ],
)
def test_cell_is_read_as_it_is_shown(value: object, style: str, shown: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["指標名", "R4"])
    sheet.append(["X", value])
    sheet["B2"].number_format = style
    book.save(path)
    assert read_plan(path).rows[0].targets == ((R4, shown),)


def test_merged_cells_have_the_value_of_their_first(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["分野", "項目番号", "項目", "指標名", "R4", "R5"])
    sheet.append(["A", "1(1)", "取組", "X", "100%", None])
    sheet.append([None, None, None, "Y", 1, 2])
    sheet.append([None, None, None, "Z", 3, 4])
    for cells in ("A2:A4", "B2:B3", "C2:C3", "E2:F2"):
        sheet.merge_cells(cells)
    sheet["B4"], sheet["C4"] = "1(2)", "次の取組"
    book.save(path)
    first, second, third = read_plan(path).rows
    assert first.targets == ((R4, "100%"), (R5, "100%"))
    assert (second.area, second.number, second.initiative) == ("A", "1(1)", "取組")
    assert (third.area, third.number, third.initiative) == ("A", "1(2)", "次の取組")


def test_header_of_two_merged_rows(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["分野", "指標名", "基準値", "目標値", None])
    sheet.append([None, None, None, "R4", "R5"])
    sheet.append(["A", "X", 1, 2, 3])
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        sheet.merge_cells(cells)
    book.save(path)
    (row,) = read_plan(path).rows
    assert (row.area, row.indicator, row.baseline, row.targets) == ("A", "X", "1", ((R4, "2"), (R5, "3")))


def test_several_sheets_are_chapters(tmp_path: Path) -> None:
    table: list[list[str | float]] = [["指標名", "R4"], ["X", 5]]
    plan = read_plan(_workbook(tmp_path / "plan.xlsx", table, [["表紙"]], table))
    assert [row.chapter for row in plan.rows] == ["シート1", "シート3"]
    assert plan.passed_over == ("シート「シート2」",)


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    for number, state in enumerate(("visible", "hidden", "veryHidden"), 1):
        sheet = book.worksheets[0] if number == 1 else book.create_sheet()
        sheet.append(["指標名", "R4"])
        sheet.append([f"X{number}", 5])
        sheet.sheet_state = state
    book.save(path)
    assert [row.indicator for row in read_plan(path).rows] == ["X1"]


def _with_formulas(path: Path, **values: str) -> Path:
    """A plan whose cells R4 and R5 of X are formulas, with the XML of the values that Excel saved for them."""
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.append(["指標名", "R4", "R5"])
    sheet.append(["X", "=20*2", '=IF(B2>50,"多い","")'])
    sheet["B2"].number_format = "#,##0"
    plain = path.with_suffix(".plain")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            for cell, saved in values.items() if name == "xl/worksheets/sheet1.xml" else ():
                content, found = re.subn(rf'(<c r="{cell}"[^>]*)><f>(.*?)</f><v ?/?>(</v>)?</c>', saved, content)
                assert found == 1
            target.writestr(name, content)
    return path


def test_formulas_are_read_by_the_values_that_excel_saved(tmp_path: Path) -> None:
    path = _with_formulas(
        tmp_path / "plan.xlsx",
        B2=r"\1><f>\2</f><v>14442</v></c>",
        C2=r'\1 t="str"><f>\2</f><v>多い</v></c>',
    )
    assert read_plan(path).rows[0].targets == ((R4, "14,442"), (R5, "多い"))


def test_formula_whose_value_is_an_empty_text(tmp_path: Path) -> None:
    path = _with_formulas(tmp_path / "plan.xlsx", B2=r"\1><f>\2</f><v>0</v></c>", C2=r'\1 t="str"><f>\2</f><v></v></c>')
    assert read_plan(path).rows[0].targets == ((R4, "0"), (R5, ""))


def test_formula_without_a_saved_value_is_an_error(tmp_path: Path) -> None:
    reason = "数式の値が保存されていません。Excelで開いて保存し直してください。"
    assert _errors(_with_formulas(tmp_path / "plan.xlsx")) == [
        f"シート「Sheet」 2行目「B」: {reason}",
        f"シート「Sheet」 2行目「C」: {reason}",
    ]


def test_formula_that_failed_is_an_error(tmp_path: Path) -> None:
    path = _with_formulas(
        tmp_path / "plan.xlsx",
        B2=r'\1 t="e"><f>\2</f><v>#DIV/0!</v></c>',
        C2=r'\1 t="e"><f>\2</f><v>#REF!</v></c>',
    )
    assert _errors(path) == [
        "シート「Sheet」 2行目「B」: 数式がエラー（#DIV/0!）になっています。",
        "シート「Sheet」 2行目「C」: 数式がエラー（#REF!）になっています。",
    ]


def test_results_in_a_workbook(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [["指標名", "年度", "実績値"], ["X", "R5", 62], ["Y", 2022, "①1 ②2"]]
    assert read_result_file(_workbook(tmp_path / "results.xlsx", rows)) == (
        ResultRow(2, "X", "", "R5", "62", "", sheet="シート1"),
        ResultRow(3, "Y", "", "2022", "①1 ②2", "", sheet="シート1"),
    )


def _sound_workbook() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["指標名", "R4"])
    sheet.append(["X", 5])
    sheet["B2"].number_format = '0"件"'
    sheet.merge_cells("A2:A3")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


_SOUND = _sound_workbook()
_PARTS = [name for name in zipfile.ZipFile(io.BytesIO(_SOUND)).namelist() if name.endswith(".xml")]
_DAMAGE = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8)


def _damaged(content: bytes, damage: list[tuple[float, int]]) -> bytes:
    bytes_ = bytearray(content)
    for place, value in damage:
        bytes_[int(place * len(bytes_))] = value
    return bytes(bytes_)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(part=st.sampled_from([None, *_PARTS]), damage=_DAMAGE, kept=st.sampled_from([1.0, 0.5, 0.05]))
def test_damaged_workbook_is_an_error_and_never_a_crash(
    part: str | None, damage: list[tuple[float, int]], kept: float, tmp_path: Path
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_SOUND)) as source, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, _damaged(source.read(name), damage) if name == part else source.read(name))
    whole = content.getvalue() if part else _damaged(content.getvalue(), damage)
    path = _write(tmp_path / "plan.xlsx", whole[: int(kept * len(whole))])
    with contextlib.suppress(BadFile):
        assert read_plan(path).rows


# The same plan in every form

SOURCE = PLANS / "fukushima_dx" / "kpi_table.txt"
_PLACE = ["章", "分野", "項目番号", "項目", "指標名"]


def _as_rows(plan: PlanTable) -> list[list[str]]:
    """The plan in the plain table form, by hand: merged cells left empty as a clerk would."""
    rows = [["計画名", plan.title], ["資料番号", plan.document], *(["注記", note] for note in plan.notes)]
    rows.append([*_PLACE, "基準値", *(year.name for year in plan.years), "元の行"])
    above = [""] * 4
    for row in plan.rows:
        place = [row.chapter, row.area, row.number, row.initiative]
        cells = [row.baseline or "", *(text for _, text in row.targets)] if row.indicator else [""] * 5
        rows.append([*([""] * 4 if place == above and row.indicator else place), row.indicator, *cells, str(row.line)])
        above = place
    return rows


def test_one_plan_gives_the_same_rows_in_every_form(tmp_path: Path) -> None:
    plan = read_plan(SOURCE)
    rows = _as_rows(plan)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    for path in (
        _write(tmp_path / "utf8.csv", text.getvalue()),
        _write(tmp_path / "cp932.csv", text.getvalue().encode("cp932")),
        _workbook(tmp_path / "plan.xlsx", rows),
    ):
        read = read_plan(path)
        assert read.rows == plan.rows
        assert (read.title, read.document, read.notes, read.years) == (
            plan.title,
            plan.document,
            plan.notes,
            plan.years,
        )

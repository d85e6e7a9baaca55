"""The collection form: what it asks for, how it looks, and that it loads back as it was filled in."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.changes import Author
from data.engine import writing
from data.facts import Measure
from data.importers.files import read_result_file
from data.importers.report import RecordReport
from data.importers.results import store_results
from data.store import Store
from data.template import MissingResult, asked_years, missing_results, write_form
from tests.data.stores import FIRST_DAY, R4, R5, R6, R7, cells, indicators, load, record

TODAY = date(2024, 4, 1)  # in R6: R4 and R5 are over
PLAN = (
    "担当課 | 項目番号 | 項目 | 指標名 | 単位 | R4 | R5 | R6",
    "道路課 | 2(1) | 道路 | 舗装率 | % | 60% | 65% | 70%",
    "子ども課 | 1(1) | 保育 | 待機児童数 | 人 | 8 | / | 0",
    " | 3(1) | 紙 | 用紙購入量 | 万枚 | 40 | 30 | 20",
)


def _missing(store: Store, today: date = TODAY) -> list[MissingResult]:
    catalogue = store.catalogue("default")
    years = {plan.id: asked_years(plan, today) for plan in catalogue.plans}
    return missing_results(catalogue.indicators, store.facts(catalogue.indicators), years)


def _write(store: Store, path: Path, with_plans: bool = False) -> tuple[Workbook, Worksheet]:
    write_form(_missing(store), path, TODAY, with_plans)
    book = load_workbook(path)
    return book, book.worksheets[0]


def _record(engine: sa.Engine, path: Path) -> RecordReport:
    with writing(engine) as connection:
        return store_results(connection, "default", read_result_file(path), Author("鈴木", FIRST_DAY, path.name))


@pytest.mark.parametrize(
    ("today", "year", "asked"),
    [
        (date(2024, 3, 31), None, (R4,)),
        (date(2024, 4, 1), None, (R4, R5)),
        (date(2030, 4, 1), None, (R4, R5, R6)),
        (date(2022, 4, 1), None, ()),
        (date(2024, 4, 1), R5, (R5,)),
        (date(2024, 4, 1), R6, (R6,)),  # what is reached in the course of the year
        (date(2024, 3, 31), R6, ()),
        (date(2030, 4, 1), R7, ()),
    ],
)
def test_years(today: date, year: object, asked: object, engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    (plan,) = store.catalogue("default").plans
    assert asked_years(plan, today, year if year in (R4, R5, R6, R7) else None) == asked


def test_what_has_a_target_and_no_result(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, "指標名 | 年度 | 実績値 | 公表判定", "舗装率 | R4 | 61.5% |", "待機児童数 | R4 | | 順調")
    told = [
        (one.owner, one.indicator.name, one.unit, one.fiscal_year, one.target, one.result_before)
        for one in _missing(store)
    ]
    assert told == [
        ("子ども課", "待機児童数", "人", R4, "8", ""),
        ("道路課", "舗装率", "%", R5, "65%", "61.5%"),
        ("", "用紙購入量", "万枚", R4, "40", ""),
        ("", "用紙購入量", "万枚", R5, "30", ""),
    ]


def test_form_as_it_is_seen(engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, *PLAN)
    book, sheet = _write(store, tmp_path / "form.xlsx")
    assert book.sheetnames == ["照会様式", "記入のしかた"]
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert rows[0] == "担当課 項目番号 取組項目 指標名 単位 年度 目標値 前年度の実績値 実績値 備考".split()
    assert rows[1] == ["子ども課", "1(1)", "保育", "待機児童数", "人", "R4", "8", "", "", ""]
    assert len(rows) == 6
    assert sheet["A2"].value == "2024年4月1日作成。実績が未登録の年度が、1行に一つ並んでいます。"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A5", "A4:J9", "$4:$4")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center is not None
    assert sheet.oddFooter.center.text == "&P / &N"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{line}" for column in "IJ" for line in range(5, 10)}
    assert {sheet[cell].number_format for cell in unlocked} == {"@"}
    hints = {str(hint.sqref): hint for hint in sheet.data_validations.dataValidation}
    assert set(hints) == {"I5:I9", "J5:J9"}
    assert all(hint.prompt and hint.type is None for hint in hints.values())  # it says how and refuses nothing


def test_form_loads_back_as_it_was_filled_in(engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, *PLAN)
    path = tmp_path / "form.xlsx"
    book, sheet = _write(store, path)
    sheet["I5"] = 12  # a number pasted from another sheet
    sheet["I6"], sheet["J6"] = "55.3%", "速報"
    sheet["I7"] = 0.625
    sheet["I7"].number_format = "0.0%"
    sheet["I8"], sheet["J9"] = "18万枚", "集計中"
    book.save(path)
    report = _record(engine, path)
    assert (len(report.new), report.skipped, [remark.line for remark in report.remarks]) == (4, 1, [9])
    assert report.warnings == ()
    assert cells(store, "待機児童数")["R4実績"] == "12"
    assert {key: cell for key, cell in cells(store, "舗装率").items() if "実績" in key} == {
        "R4実績": "55.3%",
        "R5実績": "62.5%",
    }
    (paper,) = [f.cell for f in store.facts(indicators(store, "用紙購入量")) if f.measure is Measure.ACTUAL]
    assert (paper.raw, str(paper.value), paper.unit) == ("18万枚", "18", "万枚")
    assert [one.fiscal_year for one in _missing(store)] == [R5]


def test_form_left_empty_changes_nothing(engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, *PLAN)
    _write(store, tmp_path / "form.xlsx")
    report = _record(engine, tmp_path / "form.xlsx")
    assert (report.changes_anything, report.skipped) == (False, 5)


def test_namesakes_come_back_to_where_they_belong(engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    header = "項目番号 | 項目 | 指標名 | R4"
    load(engine, header, "1 | 甲 | 参加者数 | 1", "1 | 乙 | 参加者数 | 3", title="みどり計画")
    load(engine, header, "1 | 甲 | 参加者数 | 5", title="道路計画")
    path = tmp_path / "form.xlsx"
    book, sheet = _write(store, path, with_plans=True)
    assert [sheet.cell(line, 11).value for line in range(4, 8)] == ["計画", "みどり計画", "みどり計画", "道路計画"]
    for line, value in enumerate("246", 5):
        sheet.cell(line, 9).value = value
    book.save(path)
    _record(engine, path)
    assert [cells(store, one)["R4実績"] for one in indicators(store, "参加者数")] == ["2", "4", "6"]


@pytest.mark.parametrize("name", ["=1+1", "+81の件数", "-5度の日数", "@home利用者数", "'=X", "=HYPERLINK(A1)"])
def test_names_that_look_like_formulas_stay_text(name: str, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, "指標名 | 担当課 | R4", f"{name.replace(chr(39), chr(39) * 2)} | =課 | 5")
    path = tmp_path / "form.xlsx"
    book, sheet = _write(store, path)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    sheet["I5"] = "4"
    book.save(path)
    assert len(_record(engine, path).new) == 1

"""Writing a plan out and loading it into an empty store gives the same facts, on both databases."""

import csv
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from data.changes import Author
from data.engine import writing
from data.exporter import choose_plan, export_rows, write_csv, write_xlsx
from data.importers.rows import BadFile, PlanTable
from data.importers.writer import Details, store_plan
from data.shipped import load_shipped_plans
from data.store import Store
from data.values import Absence
from tests.data.stores import FIRST_DAY, PLAN, R4, cells, indicators, load, read_plan, record, table, told

AUTHOR = Author("佐藤", FIRST_DAY)
Write = Callable[[list[list[str]], Path], None]
FORMS = pytest.mark.parametrize("write", [write_csv, write_xlsx])


def _rows(engine: sa.Engine, organisation: str = "default") -> list[list[str]]:
    with engine.connect() as connection:
        catalogue, plan = choose_plan(connection, organisation, None)
        return export_rows(connection, catalogue, plan)


def _load_again(engine: sa.Engine, path: Path, organisation: str) -> PlanTable:
    plan = read_plan(path)
    with writing(engine) as connection:
        store_plan(connection, organisation, plan, Details(), AUTHOR)
    return plan


@FORMS
def test_shipped_plan_comes_back_whole(write: Write, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load_shipped_plans(engine, "default", AUTHOR)
    path = tmp_path / "export"
    write(_rows(engine), path)
    _load_again(engine, path, "other")
    assert told(store, "other") == told(store)
    (indicator,) = indicators(store, "自席から参加可能なWeb会議の種類", "other")
    assert store.facts([indicator])[-1].cell.absence is Absence.UNREADABLE


@FORMS
def test_what_comes_out_again_is_the_same_file(write: Write, engine: sa.Engine, tmp_path: Path) -> None:
    load_shipped_plans(engine, "default", AUTHOR)
    rows = _rows(engine)
    write(rows, tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert _rows(engine, "other") == rows


FULL = "章 | 分野 | 項目番号 | 項目 | 指標名 | 単位 | 方向 | 集計 | 担当課 | 別名 | 備考 | 基準値 | R4 | R5"


@FORMS
def test_every_column_comes_back(write: Write, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(
        engine,
        "資料番号 | 資料3-3",
        "注記 | ※1 注記です",
        "注記 | ※2 もう一つ",
        FULL,
        "1章 | A | 1(1) | 甲 | X | 件 | 低い | 累計 | 保育課 | 別名1、別名2 | 速報 | 1 (累計1) | 約40万枚 | ①5 ②6",
        "1章 | A | 1(2) | 乙 | | | | | | | | | | ",
        "2章 |  |  | 丙 | X | 件 | 低い | 累計 | 学校課 | | | / | ― | ",
        "2章 | B |  |  | Y（人） | | 高い | 時点 | | | | 調査中 | R6 | 37.5%【2月1日時点】",
    )
    write(_rows(engine), tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert told(store, "other") == told(store)


@FORMS
def test_namesakes_come_back_apart(write: Write, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | X | 5", "乙 | X | 6", "丙 | X | 5")
    write(_rows(engine), tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert [len(indicator.listings) for indicator in indicators(store, "X", "other")] == [2, 1]
    assert told(store, "other") == told(store)


@FORMS
def test_years_that_only_history_knows_are_left_out(
    write: Write, engine: sa.Engine, store: Store, tmp_path: Path
) -> None:
    load(engine, "項目 | 指標名 | R4 | R5", "甲 | X | 5 | 6", "乙 | Y | 7 | 8")
    load(engine, "項目 | 指標名 | R5", "甲 | X | 6")
    rows = _rows(engine)
    assert rows[2][11:] == ["元の行", "R5"]
    write(rows, tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert cells(store, "X", "other") == {"R5": "6"}


@FORMS
def test_years_that_only_some_rows_have(write: Write, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    """Two lists of one PDF with years of their own: outside its list's years a row is not blank."""
    head = "資料\t\t\tKPI（一覧）\t\t\t\n\t\t\t指標名\t目標値\t\t\n分野\t項目\t\t\t基準値\tR4\tR5\n"
    text = head + "A\t1(1)\t甲\tX\t1\t2\t3\n次の一覧\n" + head.replace("R4\tR5", "R5\tR6") + "B\t2(1)\t乙\tY\t4\t5\t\n"
    source = tmp_path / "source"
    source.write_text(text, encoding="utf-8")
    _load_again(engine, source, "default")
    assert cells(store, "X") == {"基準値": "1", "R4": "2", "R5": "3", "R6": "計画期間外"}
    assert cells(store, "Y") == {"基準値": "4", "R4": "計画期間外", "R5": "5", "R6": "空欄"}
    write(_rows(engine), tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert told(store, "other") == told(store)


@FORMS
def test_plan_without_any_kpi_keeps_its_years(write: Write, engine: sa.Engine, store: Store, tmp_path: Path) -> None:
    load(engine, "項目 | 指標名 | R4 | R5", "甲 | | |", "乙 | | |")
    write(_rows(engine), tmp_path / "export")
    _load_again(engine, tmp_path / "export", "other")
    assert told(store, "other") == told(store)


def test_results_are_no_part_of_the_plan(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5")
    before = _rows(engine)
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 4")
    assert _rows(engine) == before


DANGEROUS = [
    "=1+1",
    "@SUM(A1)",
    "+81-24-521",
    "-名前",
    "'=1+1",
    "''",
    "'名前",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
    "#N/A",
]


@FORMS
@pytest.mark.parametrize("name", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_stays_text(
    write: Write, name: str, engine: sa.Engine, store: Store, tmp_path: Path
) -> None:
    cell = f"{name} 以上の何か"
    with writing(engine) as connection:
        plan = table("資料番号 | 資料", "注記 | 注", "項目 | 指標名 | 担当課 | R4", f"甲 | {name}X | {name}課 | {cell}")
        (row,) = plan.rows
        assert row.targets == ((R4, cell),) or name.startswith("'")
        store_plan(connection, "default", plan, Details(name), AUTHOR)
    path = tmp_path / "export"
    write(_rows(engine), path)
    _load_again(engine, path, "other")
    assert told(store, "other") == told(store)
    assert [plan.title for plan in store.catalogue("other").plans] == [name]


@pytest.mark.parametrize("name", [name for name in DANGEROUS if name[0] in "=+-@＝"])
def test_no_cell_is_a_formula(name: str, engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, "項目 | 指標名 | R4 | R5", f"甲 | {name} | -5 | ▲5%", title=name)
    write_csv(_rows(engine), tmp_path / "export.csv")
    with (tmp_path / "export.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [cell for row in csv.reader(file) for cell in row]
    assert f"'{name}" in written
    assert {"-5", "▲5%"} <= set(written)  # a number may well begin with a sign
    assert [cell for cell in written if cell.startswith(("=", "+", "-", "@", "＝"))] == ["-5"]
    write_xlsx(_rows(engine), tmp_path / "export.xlsx")
    sheet = load_workbook(tmp_path / "export.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_csv_opens_in_excel(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, "指標名 | R4", "X | 5")
    write_csv(_rows(engine), tmp_path / "export.csv")
    content = (tmp_path / "export.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert b"\r\r\n" not in content


def test_sheet_is_frozen_below_its_header(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, "資料番号 | 資料", "指標名 | R4", "X | 5")
    write_xlsx(_rows(engine), tmp_path / "export.xlsx")
    assert load_workbook(tmp_path / "export.xlsx").worksheets[0].freeze_panes == "A4"


def test_plan_is_chosen_by_its_title(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(ValueError, match="計画がまだありません"):
        choose_plan(connection, "default", None)
    load(engine, "指標名 | R4", "X | 5", title="計画1")
    load(engine, "指標名 | R4", "Y | 6", title="計画2")
    with engine.connect() as connection:
        _, plan = choose_plan(connection, "default", "計画2")
        assert plan.title == "計画2"
        for title in (None, "計画3"):
            with pytest.raises(ValueError, match="今ある計画: 「計画1」、「計画2」"):
                choose_plan(connection, "default", title)
        catalogue, plan = choose_plan(connection, "default", "計画1")
        rows = export_rows(connection, catalogue, plan)
    assert [row[4] for row in rows[3:]] == ["X"]


_ORGANISATIONS = count(1)
_NAMES = st.text(alphabet="ＡAａ 12(3)（）「」=+-@'＝、,\"№①②%％ｱア名数率\n\t/~_x", max_size=8) | st.sampled_from(
    DANGEROUS
)
_CELLS = st.sampled_from(
    ["", "/", "-", "―", "調査中", "0", "5", "5.0", "40万枚", "▲5%", "約100%", "①1 ②2", "1 (累計1)"]
)
_CELLS |= (
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9).map(str) | _NAMES
)
_COLUMNS = "章 分野 項目番号 項目 指標名 単位 担当課 別名 備考 基準値 R4 R6".split()


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    """A header with its columns in some order, some missing, and rows of anything at all."""
    columns = draw(st.lists(st.sampled_from(_COLUMNS), unique=True).map(lambda names: {*names, "指標名", "R4"}))
    header = draw(st.permutations(sorted(columns)))
    few = draw(st.lists(_NAMES, min_size=1, max_size=3))  # so that names meet again
    row = st.tuples(
        *(_CELLS if column in ("基準値", "R4", "R6") else st.sampled_from(few) | _NAMES for column in header)
    )
    return [list(header), *map(list, draw(st.lists(row, min_size=1, max_size=6)))]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
    deadline=None,
    max_examples=30,
)
@given(rows=_tables(), is_csv=st.booleans())
def test_any_plan_comes_back_the_same(
    rows: list[list[str]], is_csv: bool, engine: sa.Engine, store: Store, tmp_path: Path
) -> None:
    first, second = f"organisation {next(_ORGANISATIONS)}", f"organisation {next(_ORGANISATIONS)}"
    source, path = tmp_path / "source", tmp_path / "export"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["計画名", PLAN], *rows])
    try:
        _load_again(engine, source, first)
    except BadFile as bad:
        assume({error.reason for error in bad.errors} - {"指標名がありません。", "見出しの下に行がありません。"})
        raise
    (write_csv if is_csv else write_xlsx)(_rows(engine, first), path)
    _load_again(engine, path, second)
    assert told(store, second) == told(store, first)

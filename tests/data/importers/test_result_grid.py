"""Results as a grid: headings, rows left empty, what stands around the table."""

import pytest

from data.importers.grid import Grid
from data.importers.result_grid import read_result_grids
from data.importers.rows import BadFile, ResultRow
from tests.data.stores import grid


def test_results() -> None:
    rows = read_result_grids(
        [grid("R5の実績", "年度 | 指標名 | 備考 | 実績値", "R5 | X | 9月末時点 | 62%", "", "2022|Y||3")]
    )
    assert rows == (ResultRow(3, "X", "", "R5", "62%", "9月末時点"), ResultRow(5, "Y", "", "2022", "3", ""))


def test_columns_that_tell_namesakes_apart_and_published_statuses() -> None:
    header = "計画名 | No | 取組項目 | 指標 | 単位 | 年度 | 実績 | 公表判定"
    (row,) = read_result_grids([grid(header, "総合計画 | 1(1) | 保育 | X | 人 | R5 | | 順調")])
    assert row == ResultRow(2, "X", "1(1)", "R5", "", "", "総合計画", "保育", "順調")
    (row,) = read_result_grids([grid("指標名 | 年度 | 公表判定", "X | R5 | 遅れ")])
    assert (row.value, row.published_status) == ("", "遅れ")


def test_a_planned_value_is_no_plan() -> None:
    (row,) = read_result_grids([grid("指標名 | 年度 | 計画 | 実績", "X | R5 | 65% | 62%")])
    assert (row.value, row.plan) == ("62%", "")


def test_rows_without_a_value_stay_and_notes_below_the_table_do_not() -> None:
    rows = read_result_grids([grid("担当課 | 指標名 | 年度 | 実績値", "課 | X | R5 |", " | | R5 | 1", "※ 速報値")])
    assert [(row.line, row.indicator, row.value) for row in rows] == [(2, "X", ""), (3, "", "1")]


def test_other_sheets_are_passed_over() -> None:
    table, guide = (
        grid("指標名 | 年度 | 実績値", "X | R5 | 1"),
        grid("記入のしかた", "実績値を書きます。"),
    )
    rows = read_result_grids([Grid("説明", guide.rows), Grid("様式", table.rows)])
    assert [(row.indicator, row.sheet) for row in rows] == [("X", "様式")]


@pytest.mark.parametrize("header", ["指標名 | 年度", "年度 | 実績値", "指標名 | R5"])
def test_results_without_a_column(header: str) -> None:
    with pytest.raises(BadFile, match="「指標名」「年度」「実績値」の列が必要です"):
        read_result_grids([grid(header, "X | R5")])


def test_no_rows() -> None:
    with pytest.raises(BadFile, match="見出しの下に行がありません"):
        read_result_grids([grid("指標名 | 年度 | 実績値", " | | ")])


def test_result_row_longer_than_the_header_is_an_error() -> None:
    with pytest.raises(BadFile, match="2行目: 見出しより右に値があります"):
        read_result_grids([grid("指標名 | 年度 | 実績値", "X | R5 | 14 | 442")])

"""The plain table form as a grid of text: its header, its rows and what is wrong with them."""

import pytest

from data.facts import Aggregation, Direction
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.rows import BadFile, PlanTable, Row
from tests.data.stores import R4, R5, R6, table

R1 = FiscalYear(2019)


def _errors(*lines: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        table(*lines)
    return [str(error) for error in caught.value.errors]


def test_smallest_table() -> None:
    plan = table("指標名 | R4", "X | 5")
    assert plan == PlanTable("", "", (), (R4,), (Row(2, "", "", "", "", "X", None, ((R4, "5"),)),))


def test_full_table() -> None:
    header = "章 | 分野 | 項目番号 | 項目 | 指標名 | 単位 | 方向 | 集計 | 担当課 | 別名 | 備考 | 基準値 | R4 | R5"
    line = "1章 | 子育て | 1(1)ア | 保育 | 待機児童数 | 人 | 低い | 時点 | 保育課 | 待機、待ち | 速報 | 16 | 8 | 0"
    assert table(header, line).rows == (
        Row(
            2,
            "1章",
            "子育て",
            "1(1)ア",
            "保育",
            "待機児童数",
            "16",
            ((R4, "8"), (R5, "0")),
            unit="人",
            direction=Direction.LOWER,
            aggregation=Aggregation.POINT,
            owner="保育課",
            remark="速報",
            aliases=("待機", "待ち"),
        ),
    )


def test_columns_stand_in_any_order() -> None:
    (row,) = table("R5 | 基準値 | 指標名 | R4 | 項目", "3 | 1 | X | 2 | 取組").rows
    assert (row.indicator, row.initiative, row.baseline) == ("X", "取組", "1")
    assert dict(row.targets) == {R4: "2", R5: "3"}


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        *[
            (heading, FiscalYear(2024))
            for heading in ("R6", "Ｒ６", "R 6", "令和6年度", "令和６年度", "令和六年度", "令和6")
        ],
        *[(heading, FiscalYear(2024)) for heading in ("2024", "2024年度", "FY2024", "２０２４", "平成36年度", "H36")],
        *[(heading, FiscalYear(2024)) for heading in ("R6目標", "R6 目標値", "令和6年度の目標値", "2024年度目標")],
        *[(heading, FiscalYear(2017)) for heading in ("平成29年度", "H29", "平成二十九年度", "2017")],
        *[(heading, R1) for heading in ("R1", "令和元年度", "平成31年度", "H31", "2019")],
    ],
)
def test_year_headings(heading: str, year: FiscalYear) -> None:
    assert table(f"指標名 | {heading}", "X | 5").rows[0].targets == ((year, "5"),)


@pytest.mark.parametrize("heading", ["R6実績", "前年比", "2024/4", "R4-R7", "6年度", "20240"])
def test_columns_that_are_none_of_ours_are_passed_over_and_named(heading: str) -> None:
    plan = table(f"指標名 | {heading} | R4", "X | 99 | 5")
    assert plan.rows[0].targets == ((R4, "5"),)
    assert plan.passed_over == (f"列「{heading}」",)


def test_last_column_may_be_one_that_is_passed_over() -> None:
    assert table("指標名 | R4 | 前年比 | ", "X | 5 | 99 | ").passed_over == ("列「前年比」",)


def test_second_column_of_one_name_is_passed_over_and_named() -> None:
    plan = table("指標名 | 基準値 | 現状値 | R4", "X | 1 | 2 | 5")
    assert plan.rows[0].baseline == "1"
    assert plan.passed_over == ("列「現状値」",)


@pytest.mark.parametrize("heading", ["指標名", "指標", "KPI", "ＫＰＩ", "KPI名", "指 標 名", "指標\n名"])
def test_headings_of_the_name(heading: str) -> None:
    rows = read_plan_grids([Grid("", [[heading, "R4"], ["X", "5"]])]).rows
    assert [row.indicator for row in rows] == ["X"]


def test_title_rows_above_the_header_are_passed_over() -> None:
    plan = table("○○市 KPI一覧 (R4～R5)", "", "指標名の一覧です | 令和4年3月", "指標名 | R4", "X | 5")
    assert [(row.line, row.indicator) for row in plan.rows] == [(5, "X")]


def test_labelled_rows_above_the_header_tell_of_the_plan() -> None:
    plan = table("計画名 | 総合計画", " | 資料番号 | 資料3", "注記 | ※1", "注記 | ※2", "指標名 | R4", "X | 5")
    assert (plan.title, plan.document, plan.notes) == ("総合計画", "資料3", ("※1", "※2"))


def test_label_merged_over_several_cells() -> None:
    plan = table("計画名 | 計画名 | 総合計画 | 総合計画", "指標名 | R4", "X | 5")
    assert plan.title == "総合計画"


def test_empty_cells_of_the_place_mean_the_one_above() -> None:
    plan = table(
        "章 | 分野 | 項目番号 | 項目 | 指標名 | R4",
        "1章 | A | 1(1) | 取組1 | 指標1 | 1",
        " | | | | 指標2 | 2",
        " | | 1(2) | 取組2 | 指標3 | 3",
        " | B | | 取組3 | 指標4 | 4",
        "2章 | | | 取組4 | 指標5 | 5",
        " | | | | 指標6 | 6",
    )
    assert [(row.chapter, row.area, row.number, row.initiative) for row in plan.rows] == [
        ("1章", "A", "1(1)", "取組1"),
        ("1章", "A", "1(1)", "取組1"),
        ("1章", "A", "1(2)", "取組2"),
        ("1章", "B", "", "取組3"),
        ("2章", "", "", "取組4"),
        ("2章", "", "", "取組4"),
    ]


def test_number_of_its_own_is_another_initiative() -> None:
    plan = table("項目番号 | 項目 | 指標名 | R4", "1(1) | 取組1 | X | 1", "1(2) | | Y | 2", "1(2) | | Z | 3")
    assert [(row.number, row.initiative) for row in plan.rows] == [("1(1)", "取組1"), ("1(2)", ""), ("1(2)", "")]


def test_initiative_without_kpi() -> None:
    plan = table("項目番号 | 項目 | 指標名 | 基準値 | R4", "1(1) | 取組1 | X | 1 | 5", "1(2) | 取組2 | | |")
    assert plan.rows[1] == Row(3, "", "", "1(2)", "取組2", "")


def test_cells_are_kept_as_written() -> None:
    (row,) = table("指標名 | 基準値 | R4 | R5 | R6", "X | 調査中 |  ほぼ100%  | ―| ").rows
    assert (row.baseline, *(text for _, text in row.targets)) == ("調査中", "ほぼ100%", "―", "")


def test_short_rows_are_blank_at_the_end() -> None:
    assert table("指標名 | R4 | R5", "X | 5").rows[0].targets == ((R4, "5"), (R5, ""))


def test_row_longer_than_the_header_is_an_error() -> None:
    """A thousands separator that nobody quoted would move every figure by one year."""
    assert _errors("指標名 | R4 | R5", "X | 14 | 442 | 24 | 595", "Y | 1 | 2 | |") == [
        "2行目: 見出しより右に値があります。桁区切りのコンマなどでセルが分かれていないか確かめてください。"
    ]


def test_mark_of_a_text_is_taken_off() -> None:
    (row,) = table("項目 | 指標名 | R4 | R5", "'=1+1 | '@X | '-50%減 | '5").rows
    assert (row.initiative, row.indicator) == ("=1+1", "@X")
    assert [text for _, text in row.targets] == ["-50%減", "'5"]
    assert table("計画名 | '=計画", "指標名 | R4", "X | 1").title == "=計画"


def test_apostrophe_of_a_name_stays() -> None:
    assert table("指標名 | R4", "'24年問題への対応数 | 1").rows[0].indicator == "'24年問題への対応数"


def test_line_of_the_source() -> None:
    rows = table("指標名 | 元の行 | R4", "X | 17 | 5", "Y | 不明 | 5", "Z | 99999999999 | 5").rows
    assert [row.line for row in rows] == [17, 3, 4]


def test_several_sheets() -> None:
    plan = read_plan_grids(
        [
            Grid("表紙", [["総合計画"]]),
            Grid("庁内", [["指標名", "R4"], ["X", "5"]]),
            Grid("地域", [["指標名", "R4", "R5"], ["Y", "6", "7"]]),
        ]
    )
    assert [(row.chapter, row.indicator) for row in plan.rows] == [("庁内", "X"), ("地域", "Y")]
    assert plan.years == (R4, R5)
    assert plan.passed_over == ("シート「表紙」",)


def test_sheet_name_is_no_chapter_where_the_table_has_chapters_or_stands_alone() -> None:
    alone = read_plan_grids([Grid("Sheet1", [["指標名", "R4"], ["X", "5"]])])
    assert alone.rows[0].chapter == ""
    own = read_plan_grids([Grid(name, [["章", "指標名", "R4"], ["1章", name, "5"]]) for name in ("S1", "S2")])
    assert [row.chapter for row in own.rows] == ["1章", "1章"]


@pytest.mark.parametrize(
    ("years", "named"),
    [
        ("R4 | R4", "R4（令和4年度）"),
        ("R4 | 令和4年度", "R4（令和4年度）"),
        ("2022 | FY2022", "R4（令和4年度）"),
        ("R1 | 平成31年度", "R1（令和元年度）"),
        ("R6 | 平成36年度", "R6（令和6年度）"),
    ],
)
def test_year_twice(years: str, named: str) -> None:
    label = named.partition("（")[0]
    assert _errors(f"指標名 | {years}", "X | 1 | 2") == [f"1行目「{label}」: {named}の列が二つあります。"]


def test_row_without_a_name() -> None:
    assert _errors("項目 | 指標名 | 基準値 | R4", "取組 | | | 5", "取組 | | 1 |", "取組 | X | 1 | 2") == [
        "2行目「指標名」: 指標名がありません。",
        "3行目「指標名」: 指標名がありません。",
    ]


def test_words_of_direction_and_aggregation() -> None:
    assert _errors("指標名 | 方向 | 集計 | R4", "X | 上々 | 毎日 | 5", "Y | 高い | 累計 | 5") == [
        "2行目「方向」: 「上々」は読めません。「高い」か「低い」です。",
        "2行目「集計」: 「毎日」は読めません。「年度ごと」「累計」「時点」のどれかです。",
    ]


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("高い", Direction.HIGHER),
        ("増加", Direction.HIGHER),
        ("↑", Direction.HIGHER),
        ("少ないほど良い", Direction.LOWER),
    ],
)
def test_directions(word: str, direction: Direction) -> None:
    assert table("指標名 | 方向 | R4", f"X | {word} | 5").rows[0].direction is direction


@pytest.mark.parametrize(
    ("word", "aggregation"),
    [
        ("年度ごと", Aggregation.YEARLY),
        ("単年度", Aggregation.YEARLY),
        ("累計", Aggregation.CUMULATIVE),
        ("時点", "point"),
    ],
)
def test_aggregations(word: str, aggregation: Aggregation) -> None:
    assert table("指標名 | 集計 | R4", f"X | {word} | 5").rows[0].aggregation == aggregation


def test_all_errors_at_once_with_sheet_row_and_column() -> None:
    with pytest.raises(BadFile) as caught:
        read_plan_grids(
            [
                Grid("庁内", [["指標名", "R4", "R4"], ["", "5", "5"]]),
                Grid("地域", [["指標名", "方向", "R4"], ["X", "横", "5"]]),
            ]
        )
    assert [str(error) for error in caught.value.errors] == [
        "シート「庁内」 1行目「R4」: R4（令和4年度）の列が二つあります。",
        "シート「庁内」 2行目「指標名」: 指標名がありません。",
        "シート「地域」 2行目「方向」: 「横」は読めません。「高い」か「低い」です。",
    ]


@pytest.mark.parametrize("lines", [("",), ("章 | 分野", "1 | 2"), ("指標名 | 分野", "X | A"), ("R4 | R5", "1 | 2")])
def test_no_header(lines: tuple[str, ...]) -> None:
    assert _errors(*lines) == ["見出しの行が見つかりません。「指標名」と年度（R6、2024 など）の列が必要です。"]


def test_no_rows() -> None:
    assert _errors("指標名 | R4", " | ") == ["見出しの下に行がありません。"]


def test_years_of_the_table_come_sorted() -> None:
    assert table("指標名 | R6 | R4 | R5", "X | 3 | 1 | 2").years == (R4, R5, R6)

"""The reader of text copied out of a PDF, over the shipped plan and over broken texts.

expected_cells.tsv beside this file says what stands in each row of the plan. It was cut out of the source by the
position of each line's cells and compared with it by eye, without the reader.
"""

from pathlib import Path

import pytest

from data.importers.identity import Group, group_rows, read_row
from data.importers.pdf_text import read_pdf_text
from data.importers.rows import BadFile, PlanTable, Row
from data.shipped import PLANS
from data.values import UNREADABLE_MARK, Absence
from tests.data.stores import R4, R5, R6, R7, read_plan

SOURCE = PLANS / "fukushima_dx" / "kpi_table.txt"
TABLE = read_plan(SOURCE)
ROWS = {row.line: row for row in TABLE.rows}
GROUPS = group_rows(TABLE.rows)

_WORDS = {"空欄": "", "読取不能": UNREADABLE_MARK, "番号なし": "", "KPIなし": ""}
EXPECTED = [
    [_WORDS.get(cell, cell) for cell in line.split("\t")]
    for line in (Path(__file__).parent / "expected_cells.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


def test_every_row_is_expected() -> None:
    assert [row.line for row in TABLE.rows] == [int(line) for line, *_ in EXPECTED]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_row_equals_the_source(expected: list[str]) -> None:
    line, area, number, initiative, indicator, *cells = expected
    row = ROWS[int(line)]
    assert (row.area, row.number, row.initiative, row.indicator) == (area, number, initiative, indicator)
    if indicator:
        assert row.baseline == cells[0]
        assert row.targets == tuple(zip((R4, R5, R6, R7), cells[1:], strict=True))
    else:
        assert (row.baseline, row.targets) == (None, ())


def test_counts() -> None:
    assert len(TABLE.rows) == 82
    assert sum(1 for row in TABLE.rows if row.indicator) == 76
    assert len(GROUPS) == 70
    assert [row.line for row in TABLE.rows if not row.indicator] == [33, 34, 83, 84, 85, 86]


def test_plan_around_the_rows() -> None:
    assert TABLE.title == "デジタル変革（DX）推進基本方針及びデジタル化推進計画"
    assert TABLE.document == "資料3-3"
    assert TABLE.notes == ("※ K P Iの設定がなじまない取組項目については、記載を省略する。",)
    assert TABLE.years == (R4, R5, R6, R7)
    assert {row.chapter for row in TABLE.rows if row.line <= 34} == {""}
    assert {row.chapter for row in TABLE.rows if row.line >= 43} == {"地域のDX等に係るKPI一覧"}


def test_every_repair_is_reported_once() -> None:
    in_area, left, right = "分野の欄にあった", "左に1つずれていた", "右に1つずれていた"
    expected = {17: [right, "R7のセルが元の表で切れて"], 18: [in_area]}
    expected |= {line: [left] for line in range(82, 87)}
    expected |= {line: [right] for line in (100, 101, 107)}
    expected |= {line: [in_area] for line in range(102, 107)}
    assert {repair.line for repair in TABLE.repairs} == set(expected)
    for line, words in expected.items():
        repairs = [repair.text for repair in TABLE.repairs if repair.line == line]
        assert len(repairs) == len(words)
        assert all(word in repair for word, repair in zip(words, repairs, strict=True))


def test_line_17_has_lost_its_last_cell() -> None:
    cells = read_row(ROWS[17]).cells
    assert {place[1]: cell.absence for place, cell in cells.items()} == {
        None: None,
        R4: None,
        R5: None,
        R6: None,
        R7: Absence.UNREADABLE,
    }


def _group(name: str) -> Group:
    (group,) = [group for group in GROUPS if group.name == name]
    return group


def test_online_rate_is_one_indicator_in_five_places() -> None:
    group = _group("県及び市町村の行政手続のオンライン利用率")
    assert [read.row.line for read in group.rows] == [9, 21, 23, 27, 108]


def test_two_more_indicators_stand_in_two_places() -> None:
    twice = {group.name: [read.row.line for read in group.rows] for group in GROUPS if len(group.rows) == 2}
    assert twice == {
        "先端技術を活用する市町村数（累計）": [24, 25],
        "先端ICT関連産業集積推進事業の補助を受けた事業所の新規雇用者数（H30年度からの累計）": [71, 91],
    }


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("農業先端技術の研究開発発表件数（普及に移しうる成果数）", "5"),
        ("農業先端技術に係る研究成果発表件数（普及に移しうる成果数）", "4"),
        ("水産業先端技術に係る研究成果発表件数（普及に移しうる成果数）", "10"),
        ("「教員のICT活用指導力（D情報活用の基盤となる知識や態度について指導する能力）」", "89%"),
        ("「教員のICT活用指導力（B授業にICTを活用して指導する能力）」", "85%"),
        ("オープンデータ閲覧件数", "30,000"),
        ("オープンデータを整備した市町村数（累計）", "59"),
        ("先端技術を活用する市町村数（累計）", "59"),
    ],
)
def test_near_twins_stay_apart(name: str, last: str) -> None:
    for read in _group(name).rows:
        assert dict(read.row.targets)[R7] == last


def test_what_the_source_writes_is_not_corrected() -> None:
    assert ROWS[13].initiative == "電子決済の拡充"  # 決裁, by its indicator
    assert ROWS[105].indicator.startswith("ICTわたなの")
    assert ROWS[56].number == "3(1)イウエ"


def test_windows_line_ends_and_form_feeds_change_nothing() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    assert read_pdf_text(text.replace("\n", "\r\n")) == TABLE
    pages = text.replace("\n第4-1 市町村支援・連携\t2(2)", "\n\f第4-1 市町村支援・連携\t2(2)")
    assert pages != text
    assert read_pdf_text(pages) == TABLE


def test_cells_that_an_editor_cut_off_are_unknown_and_never_blank() -> None:
    whole = SOURCE.read_text(encoding="utf-8").splitlines()
    cut = [line.rstrip("\t") if ROWS.get(number, _NO_ROW).indicator else line for number, line in enumerate(whole, 1)]
    table = read_pdf_text("\n".join(cut))
    lost = {17: 1, 68: 1, 74: 3, 80: 2, 109: 2}
    assert {repair.line for repair in table.repairs if "切れていて" in repair.text} == set(lost)
    for row in table.rows:
        if row.indicator:
            whole_cells = [text for _, text in ROWS[row.line].targets]
            kept = len(whole_cells) - lost.get(row.line, 0)
            assert [text for _, text in row.targets] == whole_cells[:kept] + [UNREADABLE_MARK] * (4 - kept)


def test_initiative_that_an_editor_cut_off_is_an_error() -> None:
    """Whether a KPI stood behind it cannot be known any more."""
    text = "\n".join(line.rstrip("\t") for line in SOURCE.read_text(encoding="utf-8").splitlines())
    with pytest.raises(BadFile) as caught:
        read_pdf_text(text)
    assert [error.line for error in caught.value.errors] == [33, 34, 83, 84, 85, 86]


_NO_ROW = Row(0, "", "", "", "", "")
_HEAD = "資料\t\t\tKPI（重要業績評価指標）\t\t\t\n\t\t\t指標名\t目標値\t\t\n分野\t項目\t\t\t基準値\tR4\tR5\n"


def _read(*lines: str) -> PlanTable:
    """Reads rows below a header of three lines that names 基準値, R4 and R5."""
    return read_pdf_text(_HEAD + "\n".join(lines))


def _errors(*lines: str) -> list[tuple[int, str]]:
    with pytest.raises(BadFile) as caught:
        _read(*lines)
    return [(error.line, error.reason) for error in caught.value.errors]


GOOD = "1 分野\t1(1)\t取組\t指標\t1\t2\t3"


def test_smallest_text() -> None:
    assert _read(GOOD).rows == (Row(4, "", "1 分野", "1(1)", "取組", "指標", "1", ((R4, "2"), (R5, "3"))),)


def test_words_are_kept_as_written() -> None:
    (row,) = _read("1 分野\t1(1)\t取組\t指標\t調査中\t減少を目指します\t―").rows
    assert (row.baseline, *(text for _, text in row.targets)) == ("調査中", "減少を目指します", "―")


def test_merged_cells_take_what_stands_above() -> None:
    _, second, third = _read(GOOD, "\t\t\t別の指標\t4\t5\t6", "\t1(2)\t次の取組\t次の指標\t7\t8\t9").rows
    assert (second.area, second.number, second.initiative) == ("1 分野", "1(1)", "取組")
    assert (third.area, third.number, third.initiative) == ("1 分野", "1(2)", "次の取組")


def test_merged_cells_do_not_reach_into_the_next_list() -> None:
    assert _errors(GOOD, "次の一覧", "\t\t\t別の指標\t4\t5\t6") == [(6, "取組項目がなく、上の行から補えません。")]


@pytest.mark.parametrize(
    "line",
    [
        "1 分野\t1(1)\t取組\t\t1\t2\t3",
        "\t1(1)\t取組\t\t1\t2\t3",
        "1 分野\t\t取組\t\t1\t2\t3",
        "1 分野\t\t取組\t\t1\t2\t",
        "\t\t\t\t1\t2\t3",
        "\t\t取組\t\t1\t2\t",
    ],
)
def test_row_without_a_name(line: str) -> None:
    assert [number for number, _ in _errors(GOOD, line, GOOD)] == [5]


def test_too_many_cells() -> None:
    ((line, reason),) = _errors(GOOD, GOOD + "\t4")
    assert line == 5
    assert "セルが多すぎる" in reason


def test_columns_that_fit_two_ways() -> None:
    ((line, reason),) = _errors(GOOD, "\t\t\t指標かもしれない\t指標かもしれない\t\t\t\t")
    assert line == 5
    assert "二通り" in reason


def test_all_errors_at_once() -> None:
    assert [line for line, _ in _errors("\t\t\t\t1\t2\t3", GOOD, GOOD + "\t9", "\t\t\t\t1\t2\t3")] == [4, 6, 7]


def test_row_before_any_header() -> None:
    with pytest.raises(BadFile, match=r"見出し.*より前に行があります"):
        read_pdf_text(GOOD + "\n" + _HEAD + GOOD)


def test_no_header() -> None:
    with pytest.raises(BadFile, match="表の見出し（指標名と年度）が見つかりません"):
        read_pdf_text("表\t\nです")


def test_no_rows() -> None:
    with pytest.raises(BadFile, match="表に行がありません"):
        read_pdf_text(_HEAD)


@pytest.mark.parametrize("years", ["R4\tR4", "R4\tR 4", "R4\t令和4年度", "R4\t2022", "R1\t平成31年度"])
def test_year_twice(years: str) -> None:
    with pytest.raises(BadFile, match=r"3行目.*年度の列が二つあります"):
        read_pdf_text(_HEAD.replace("R4\tR5", years) + GOOD)


def test_lists_with_years_of_their_own() -> None:
    later = "次の一覧\n" + _HEAD.replace("R4\tR5", "R5\tR6")
    text = _HEAD + GOOD + "\n" + later + GOOD.replace("指標", "次の指標")
    table = read_pdf_text(text)
    assert table.years == (R4, R5, R6)
    assert [tuple(year for year, _ in row.targets) for row in table.rows] == [(R4, R5), (R5, R6)]


def test_every_cell_of_the_plan_is_a_figure_or_a_known_absence() -> None:
    cells = [cell for group in GROUPS for read in group.rows for cell in read.cells.values()]
    assert len(cells) == 76 * 5
    assert all(cell.is_number or cell.absence for cell in cells)
    assert {cell.raw for cell in cells if cell.absence} == {"", "/", "-"}

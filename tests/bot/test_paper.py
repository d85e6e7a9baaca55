"""`python -m bot summary`: the workbook read back, beside what the same question is answered in the chat."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.ask import open_door
from bot.figures import rows_of
from bot.paper import Scope, write_paper
from bot.question import Question
from bot.scorecard import Scorecard, scorecard
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.scale_choice import choose_scale
from data.scales import IAA, SCALES, STANDARD
from data.store import Store

ROOT = Path(__file__).parents[2]
TODAY, NOW = date(2024, 11, 20), datetime(2024, 11, 20, tzinfo=UTC)
R5, R6 = FiscalYear(2023), FiscalYear(2024)
LONG = "炭焼き小屋を訪れ、炭焼きの体験と講習を受けた、村の内外の小学生・中学生・高校生の延べ人数" * 3
FORMULA = "=cmd|' /C calc'!A0"
ROWS = [
    ["分野", "項目番号", "項目", "指標名", "単位", "担当課", "基準値", "R4", "R5", "R6"],
    ["1 くらし", "1(1)", "暖房", "灯油の使用量", "L", "環境課", "40", "36", "32", "28"],
    ["1 くらし", "1(2)", "渡し船", "渡し船の赤字額", "", "交通課", "-200", "-150", "-100", "-50"],
    ["1 くらし", "1(3)", "証", "村民証を持つ人の割合", "%", "住民課", "50%", "60%", "ほぼ100%", "ほぼ100%"],
    ["1 くらし", "1(4)", "共通", "窓口の待ち時間", "分", "住民課", "20", "18", "15", "10"],
    ["2 しごと・森", "2(1)", "森", FORMULA, "ha", "林務課", "10", "20", "30", "40"],
    ["2 しごと・森", "2(2)", "炭", LONG, "人", "林務課", "100", "110", "120", "130"],
    ["2 しごと・森", "2(3)", "市", "①朝市の回数 ②夜市の回数", "", "商工課", "", "①10 ②5", "①12 ②6", "①14 ②7"],
    ["2 しごと・森", "2(4)", "共通", "窓口の待ち時間", "分", "商工課", "20", "18", "15", "10"],
]
RESULTS = [
    ("灯油の使用量", "R5", "33.5", ""),
    ("渡し船の赤字額", "R5", "-210", ""),
    ("村民証を持つ人の割合", "R5", "96.4%", ""),
    ("窓口の待ち時間", "R5", "15", ""),
    (FORMULA, "R5", "29.27", "R5.9月末時点"),
    ("①朝市の回数 ②夜市の回数", "R5", "①12 ②3", ""),
]


def _fill(url: str, *, with_results: bool = True) -> Store:
    engine = open_engine(url)
    ensure_schema(engine)
    author = Author("test", NOW)
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", ROWS)]), Details(title="村づくり計画"), author)
        if with_results:
            rows = [ResultRow(line, name, "", *rest) for line, (name, *rest) in enumerate(RESULTS, 2)]
            store_results(connection, "default", rows, author)
    return Store(engine)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('paper') / 'shirube.db'}"


@pytest.fixture(scope="module")
def store(database: str) -> Store:
    return _fill(database)


def _card(store: Store, year: FiscalYear = R5, scale: str = "") -> Scorecard:
    indicators = store.catalogue("default").indicators
    return scorecard(rows_of(indicators, store.facts(indicators)), TODAY, year, SCALES.get(scale))


def _paper(store: Store, year: FiscalYear = R5, scale: str = "", area: str = "") -> Workbook:
    scope = Scope(store.catalogue("default").plans, area)
    return load_workbook(BytesIO(write_paper(_card(store, year, scale), scope, TODAY)))


def _cells(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _counts(book: Workbook) -> dict[str, dict[str, object]]:
    """The first table of the first sheet, by area and heading."""
    cells = _cells(book["まとめ"])
    at = next(line for line, row in enumerate(cells) if row[0] == "分野")
    header = [str(heading) for heading in cells[at]]
    end = next(line for line, row in enumerate(cells) if row[0] == "合計")
    return {str(row[0]): dict(zip(header[1:], row[1:], strict=True)) for row in cells[at + 1 : end + 1]}


def _list(book: Workbook) -> dict[str, dict[str, object]]:
    """The second sheet, by indicator and heading."""
    cells = _cells(book["一覧"])
    at = next(line for line, row in enumerate(cells) if "指標" in row)
    header = [str(heading) for heading in cells[at]]
    rows = [dict(zip(header, row, strict=True)) for row in cells[at + 1 :]]
    return {str(row["指標"]): row for row in rows}


def _words(counts: Mapping[str, object], statuses: Mapping[str, int]) -> dict[str, object]:
    return {word: counts[word] for word in statuses}


def test_counts_are_those_of_the_chat(store: Store) -> None:
    answer = open_door(store)(Question("R5の達成状況をまとめて", TODAY))
    assert dict(answer.status_counts) == {"達成": 2, "概ね順調": 2, "後退": 1, "判定不可": 1, "実績未登録": 1}
    total = _counts(_paper(store))["合計"]
    assert _words(total, answer.status_counts) == answer.status_counts
    assert (total["遅れ"], total["計"], total["登録済み"], total["うち途中経過"]) == (0, 7, 6, 1)


def test_an_indicator_of_two_areas_counts_in_each_and_once_in_all(store: Store) -> None:
    book = _paper(store)
    counts = _counts(book)
    assert [(area, own["達成"], own["計"]) for area, own in counts.items()] == [
        ("1 くらし", 2, 4),
        ("2 しごと・森", 1, 4),
        ("合計", 2, 7),
    ]
    assert any("合計では1件" in str(row[0]) for row in _cells(book["まとめ"]))
    assert _list(book)["窓口の待ち時間"]["分野"] == "1 くらし\n2 しごと・森"
    assert _list(book)["窓口の待ち時間"]["出典"] == "村づくり計画 5・9行目"


def test_an_area_shows_itself_alone(store: Store) -> None:
    assert list(_counts(_paper(store, area="2 しごと・森"))) == ["2 しごと・森", "合計"]


def test_figures_stand_as_written(store: Store) -> None:
    listed = _list(_paper(store))
    columns = {"基準値": (Measure.BASELINE, None), "目標値": (Measure.TARGET, R5), "実績値": (Measure.ACTUAL, R5)}
    for one in _card(store).judged:
        for column, place in columns.items():
            fact = one.row.facts.get(place)
            if fact and fact.cell.absence is None:
                assert listed[one.row.indicator.name][column] == fact.cell.raw
    assert listed["村民証を持つ人の割合"]["目標値"] == "ほぼ100%"
    assert listed[LONG]["実績値"] == "実績未登録"
    assert listed["①朝市の回数 ②夜市の回数"]["基準値"] == "空欄"


@pytest.mark.parametrize(
    ("name", "status", "progress", "achievement", "formula"),
    [
        ("灯油の使用量", "概ね順調", 0.813, 0.955, "進捗率 ＝ （33.5 − 40）÷（32 − 40）＝ 81.3%"),
        ("渡し船の赤字額", "後退", -0.1, None, "進捗率 ＝ （-210 − (-200)）÷（-100 − (-200)）＝ -10%"),
        ("村民証を持つ人の割合", "達成", 0.928, 0.964, "実績が目標を満たしています。"),
        (FORMULA, "概ね順調", 0.964, 0.976, "進捗率 ＝ （29.27 − 10）÷（30 − 10）＝ 96.4%"),
        (LONG, "実績未登録", None, None, "実績がまだ登録されていません。"),
    ],
)
def test_rates_are_numbers_beside_their_formula(
    store: Store, name: str, status: str, progress: float | None, achievement: float | None, formula: str
) -> None:
    row = _list(_paper(store))[name]
    assert (row["判定"], row["進捗率"], row["達成率"]) == (status, progress, achievement)
    assert row["計算式（言葉で）"] == formula


def test_rates_look_like_percentages(store: Store) -> None:
    shares = [cell for row in _paper(store)["一覧"].iter_rows() for cell in row if isinstance(cell.value, float)]
    assert shares
    assert {cell.number_format for cell in shares} == {"0.0%"}


def test_each_measure_of_a_cell_is_judged(store: Store) -> None:
    row = _list(_paper(store))["①朝市の回数 ②夜市の回数"]
    assert row["判定"] == "判定不可"
    assert str(row["計算式（言葉で）"]).splitlines()[1:] == [
        "① 達成: 実績が目標を満たしています。",
        "② 遅れ: 基準値からの幅がないので、達成率 ＝ 実績 3 ÷ 目標 6 ＝ 50%",
    ]


def test_nothing_becomes_a_formula(store: Store) -> None:
    book = _paper(store)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    (named,) = [cell for cell in cells if cell.value == FORMULA and cell.parent.title == "一覧"]
    assert named.quotePrefix  # not even once somebody has edited it


def test_a_result_under_way_says_so(store: Store) -> None:
    book = _paper(store)
    assert _list(book)[FORMULA]["途中経過・備考"] == "途中経過\nR5.9月末時点"
    assert _list(book)["灯油の使用量"]["途中経過・備考"] is None


def test_what_to_look_at_first_stands_before_the_best(store: Store) -> None:
    cells = _cells(_paper(store)["まとめ"])
    headings = [str(row[0]) for row in cells]
    weak, best = headings.index("まず見るべきもの"), headings.index("「達成」のもの")
    assert [row[:5] for row in cells[weak + 2 : weak + 3]] == [["渡し船の赤字額", "後退", "-210", "-100", "-200"]]
    assert headings[best + 2 : best + 4] == ["窓口の待ち時間", "村民証を持つ人の割合"]


def test_date_scale_and_sources_are_said(store: Store) -> None:
    lines = [str(row[0]) for row in _cells(_paper(store)["まとめ"])]
    assert lines[0] == "村づくり計画 達成状況のまとめ（計画全体、令和5年度）"
    assert lines[1] == "作成日: 令和6年11月20日"
    assert "判定基準: 標準の判定基準。実績が目標を満たせば「達成」" in lines[3]
    assert "出典: 村づくり計画" in lines


def test_another_scale_has_its_own_words_and_says_what_becomes_of_the_plans(store: Store) -> None:
    book = _paper(store, scale="iaa")
    counts = _counts(book)["合計"]
    assert {word: counts[word] for word in "ABCD"} == {"A": 0, "B": 1, "C": 3, "D": 0}
    assert "進捗率" not in _list(book)["灯油の使用量"]
    assert any(str(row[0]).startswith("標準の判定基準から変わるもの") for row in _cells(book["まとめ"]))


def test_a_year_without_any_result(tmp_path: Path) -> None:
    store = _fill(f"sqlite:///{tmp_path / 'a.db'}", with_results=False)
    book = _paper(store, R6)
    assert (_counts(book)["合計"]["実績未登録"], _counts(book)["合計"]["登録済み"]) == (7, 0)
    assert {row["実績値"] for row in _list(book).values()} == {"実績未登録"}
    assert any("まだ登録されていません" in str(row[0]) for row in _cells(book["まとめ"]))


def test_the_page_is_a4_landscape_and_repeats_the_header(store: Store) -> None:
    book = _paper(store)
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        fitting = sheet.sheet_properties.pageSetUpPr
        assert fitting is not None
        assert fitting.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert book["一覧"].print_title_rows == "$3:$3"
    widths = {column: own.width for column, own in book["一覧"].column_dimensions.items()}
    assert max(widths.values()) <= 30  # however long a name is


def test_what_a_workbook_cannot_hold_is_left_out(tmp_path: Path) -> None:
    store = _fill(f"sqlite:///{tmp_path / 'a.db'}")
    rows, title = [["分野", "指標名", "R5"], ["\x01山", "桜\x02の本数", "5"]], "町&づくり\x03" * 60
    with writing(store.engine) as connection:
        store_plan(connection, "other", read_plan_grids([Grid("", rows)]), Details(title=title), Author("test", NOW))
    catalogue = store.catalogue("other")
    card = scorecard(rows_of(catalogue.indicators, store.facts(catalogue.indicators)), TODAY, R5)
    book = load_workbook(BytesIO(write_paper(card, Scope(catalogue.plans), TODAY)))
    assert list(_list(book)) == ["桜の本数"]
    assert book.properties.title is not None
    assert book.properties.title.startswith("町&づくり町&づくり")
    footer = book["一覧"].oddFooter
    assert footer is not None
    assert len(str(footer)) <= 255


def test_plans_that_are_judged_differently_are_not_counted_together(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    store, author = _fill(database), Author("test", NOW)
    rows = [["指標名", "R5"], ["桜の本数", "5"]]
    with writing(store.engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details(title="町づくり計画"), author)
        choose_scale(connection, "default", "町づくり計画", IAA, None, author)
    done = _summary(database, "--year", "R5")
    assert (done.returncode, done.stdout) == (1, "")
    assert "計画によって判定基準が違います" in done.stderr
    assert _summary(database, "--year", "R5", "--plan", "町づくり計画").stdout.startswith("実績未登録 1件")
    indicators = store.catalogue("default").indicators
    card = scorecard(rows_of(indicators, store.facts(indicators)), TODAY, R5, STANDARD)
    book = load_workbook(BytesIO(write_paper(card, Scope(store.catalogue("default").plans), TODAY)))
    assert _list(book)["桜の本数"]["計画"] == "町づくり計画"
    assert "（分野の記載なし）" in _counts(book)


def _summary(database: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHIRUBE_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "summary", "--today", "2024-11-20", *map(str, arguments)],
        cwd=ROOT,
        env={**own, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_command_prints_what_the_chat_says(store: Store, database: str) -> None:
    done = _summary(database, "--area", "しごと", "--year", "令和5年度")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "達成 1件 ／ 概ね順調 1件 ／ 判定不可 1件 ／ 実績未登録 1件 — 「2 しごと・森」の令和5年度"
    )
    answer = open_door(store)(Question("しごと・森分野のR5の達成状況をまとめて", TODAY))
    assert done.stdout.splitlines() == answer.text.plain().splitlines()


def test_command_writes_the_workbook(store: Store, database: str, tmp_path: Path) -> None:
    path = tmp_path / "会議資料.xlsx"
    done = _summary(database, "--xlsx", path, "--year", "2023", "--plan", "村づくり計画", "--scale", "標準")
    assert done.returncode == 0, done.stderr
    book = load_workbook(path)
    assert book.sheetnames == ["まとめ", "一覧", "判定のしかた"]
    assert _counts(book) == _counts(_paper(store))
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--area", "うみ"), "分野「うみ」がありません。今ある分野と章: 「1 くらし」、「2 しごと・森」"),
        (("--area", "し"), "一つに決まりません。次のどれかを指定してください: 「1 くらし」、「2 しごと・森」"),
        (("--year", "去年"), "年度「去年」が読めません"),
        (("--year", "R1"), "令和元年度（2019年4月〜2020年3月）には、目標も実績もありません"),
        (("--scale", "甲乙丙"), "判定基準「甲乙丙」がありません。選べるもの: 「標準」"),
        (("--plan", "町の計画"), "計画「町の計画」がありません。今ある計画: 「村づくり計画」"),
        (("--xlsx", "なし/資料.xlsx"), "なし/資料.xlsx に書き込めません（そのフォルダーがありません）"),
        (("--xlsx", "tests"), "tests に書き込めません（同じ名前のフォルダーがあります）"),
    ],
)
def test_command_says_what_is_wrong(store: Store, database: str, arguments: tuple[str, ...], said: str) -> None:
    done = _summary(database, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr

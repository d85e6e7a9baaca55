"""Recording results, on both databases: all rows or none."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author, lock_organisation
from data.engine import writing
from data.exporter import choose_plan, export_rows
from data.facts import Measure
from data.importers.report import RecordReport
from data.importers.result_grid import read_result_grids
from data.importers.results import store_results
from data.importers.rows import BadFile
from data.store import Store
from data.values import Cell
from tests.data.stores import FIRST_DAY, R4, R5, R6, cells, count_rows, grid, indicators, load, record

PLAN = (
    "分野 | 項目番号 | 項目 | 指標名 | 単位 | R4 | R5",
    "A | 1(1) | 甲 | 待機児童数 | 人 | 8 | 0",
    "A | 1(2) | 乙 | 端末の整備率 | | 100% | 100%",
    "A | 1(2) | 乙 | 参加者数 | | 1 | 2",
    "B | ２（１） | 丙 | 参加者数 | | 3 | 4",
)
HEADER = "指標名 | 年度 | 実績値 | 備考"


def _errors(engine: sa.Engine, *lines: str) -> list[str]:
    before = count_rows(engine, t.figures, t.changes)
    with pytest.raises(BadFile) as caught:
        record(engine, *lines)
    assert count_rows(engine, t.figures, t.changes) == before
    return [str(error) for error in caught.value.errors]


def _counts(report: RecordReport) -> tuple[int, int, int, int]:
    """New, changed, unchanged, skipped."""
    return len(report.new), len(report.changed), report.unchanged, report.skipped


def test_results_are_recorded(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    report = record(
        engine,
        HEADER,
        "待機児童数 | R4 | 12 | 速報",
        "待機児童数 | 令和5年度 | 3 | R5.9月末時点",
        "端末の整備率 | 2022 | 99.5% |",
    )
    assert _counts(report) == (3, 0, 0, 0)
    assert cells(store, "待機児童数") == {"R4": "8", "R5": "0", "R4実績": "12", "R5実績": "3"}
    results = [fact for fact in store.facts(indicators(store, "待機児童数")) if fact.measure is Measure.ACTUAL]
    assert [(fact.cell.unit, fact.cell.note, fact.cell.as_of) for fact in results] == [
        ("人", "速報", ""),
        ("人", "", "R5.9月末時点"),
    ]
    assert results[0].sources == results[0].indicator.listings


def test_same_results_again_change_nothing(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    lines = (HEADER, "待機児童数 | R4 | 12 | 速報", "端末の整備率 | R4 | 99.5% |")
    record(engine, *lines)
    figures = count_rows(engine, t.figures)
    assert _counts(record(engine, *lines)) == (0, 0, 2, 0)
    assert count_rows(engine, t.figures) == figures


def test_other_results_are_new_revisions(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, HEADER, "待機児童数 | R4 | 12 | 速報", "端末の整備率 | R4 | 99% |")
    later = Author("田中", FIRST_DAY + timedelta(days=90), "確報.xlsx")
    report = record(
        engine,
        HEADER,
        "待機児童数 | R4 | 12 | 確報",
        "端末の整備率 | R4 | 98% |",
        "端末の整備率 | R5 | 97% |",
        author=later,
    )
    assert _counts(report) == (1, 2, 0, 0)
    (indicator,) = indicators(store, "待機児童数")
    first, second = [revision for revision in store.revisions(indicator) if revision.measure is Measure.ACTUAL]
    assert (first.number, first.cell.raw, first.cell.note) == (1, "12", "速報")
    assert (second.number, second.cell.raw, second.cell.note) == (2, "12", "確報")
    assert (second.change.kind, second.change.by, second.change.at) == ("record", "田中", later.at)
    assert (second.change.file, second.line) == ("確報.xlsx", 0)
    assert cells(store, "端末の整備率")["R4実績"] == "98%"


def test_names_count_by_letters_and_not_by_width(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "ICT導入施設数 | 5")
    record(engine, HEADER, "ｉｃｔ 導入施設数 | Ｒ４ | ４ |")
    assert cells(store, "ICT導入施設数")["R4実績"] == "４"


def test_unknown_name_comes_with_the_nearest(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, "待機児数 | R4 | 12 |") == [
        "2行目「指標名」: 「待機児数」という指標はありません。近い名前: 「待機児童数」"
    ]
    assert _errors(engine, HEADER, "XYZ | R4 | 12 |") == [
        "2行目「指標名」: 「XYZ」という指標はありません。計画の表のとおりに書いてください。"
    ]


def test_name_of_another_organisation_is_unknown(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    with pytest.raises(BadFile, match="「待機児童数」という指標はありません。計画の表のとおりに"):
        record(engine, HEADER, "待機児童数 | R4 | 12 |", organisation="他の県")


def test_ambiguous_name_needs_the_number(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, "参加者数 | R4 | 12 |") == [
        "2行目「指標名」: 「参加者数」は複数あります（デジタル計画 A 1(2) 乙、デジタル計画 B ２（１） 丙）。"
        "項目番号の列で区別してください。"
    ]
    with_number = "項目番号 | 指標名 | 年度 | 実績値"
    assert _errors(engine, with_number, "9(9) | 参加者数 | R4 | 12") == [
        "2行目「項目番号」: 「参加者数」に項目番号「9(9)」のものはありません。あるのは 1(2)、２（１） です。"
    ]
    record(engine, with_number, "1(2) | 参加者数 | R4 | 12", "2(1) | 参加者数 | R4 | 34")
    assert [cells(store, found)["R4実績"] for found in indicators(store, "参加者数")] == ["12", "34"]


@pytest.mark.parametrize("value", ["調査中", "-", "10～20", "令和5年度", "達成"])
def test_value_that_is_no_number(value: str, engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, f"待機児童数 | R4 | {value} |") == [
        f"2行目「実績値」: 「{value}」は数値として読めません。例: 55.3%、18万枚、12,345、▲162。"
        "まだ分からないときは空欄にしてください。"
    ]


@pytest.mark.parametrize("year", ["昨年度", "5年度", "R4-R5", "R0"])
def test_year_that_is_none(year: str, engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, f"待機児童数 | {year} | 12 |") == [
        f"2行目「年度」: 「{year}」は年度として読めません。例: R5、令和5年度、2023"
    ]


def test_result_twice(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, "待機児童数 | R4 | 12 |", "待機児童数 | 令和4年度 | 12 |") == [
        "3行目「年度」: 2行目と同じ指標・同じ年度です。どちらか一つにしてください。"
    ]


def test_every_error_at_once_and_nothing_written(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    errors = _errors(
        engine,
        HEADER,
        "待機児童数 | R4 | 12 |",
        "待機児数 | いつか | たくさん |",
        "参加者数 | R5 | 1 |",
        "端末の整備率 | R4 | 未達 |",
    )
    assert [error.partition(":")[0] for error in errors] == [
        "3行目「指標名」",
        "3行目「年度」",
        "3行目「実績値」",
        "4行目「指標名」",
        "5行目「実績値」",
    ]
    assert cells(store, "待機児童数") == {"R4": "8", "R5": "0"}


def test_result_of_two_measures(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4 | R5", "①講義 ②企業 | ①500 ②50 | ①500 ②50")
    record(engine, HEADER, "①講義 ②企業 | R5 | ①480 ②51 |")
    (result,) = [fact for fact in store.facts(indicators(store, "①講義 ②企業")) if fact.measure is Measure.ACTUAL]
    assert [(part.label, int(part.value)) for part in result.cell.parts] == [("①", 480), ("②", 51)]


def test_results_outlive_a_new_load_of_the_plan(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, HEADER, "待機児童数 | R4 | 12 |")
    load(engine, PLAN[0], "A | 1(1) | 甲 | 待機児童数 | 人 | 7 | 0")
    assert cells(store, "待機児童数") == {"R4": "7", "R5": "0", "R4実績": "12"}


def _actual(store: Store, name: str) -> Cell:
    (fact,) = [fact for fact in store.facts(indicators(store, name)) if fact.measure is Measure.ACTUAL]
    return fact.cell


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("18万枚", "180000", "枚"),
        ("１８万枚", "180000", "枚"),
        (" 180,000 ", "180000", "枚"),
        ("約120", "120", "枚"),
        ("▲162", "-162", "枚"),
    ],
)
def test_values_as_staff_type_them(typed: str, value: str, unit: str, engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | 基準値 | R4", "用紙購入量 | 40万枚 | 36万枚")
    record(engine, HEADER, f"用紙購入量 | R4 | {typed} |")
    cell = _actual(store, "用紙購入量")
    assert (cell.raw, cell.value, cell.unit) == (typed.strip(), Decimal(value), unit)


@pytest.mark.parametrize(
    ("declared", "target", "typed", "value", "unit"),
    [
        ("万枚", "36", "4.1", "4.1", "万枚"),
        ("万枚", "36", "18万枚", "18", "万枚"),
        ("枚", "360,000", "18万枚", "180000", "枚"),
        ("万人", "0.5", "1,200人", "0.12", "万人"),
        ("千円", "500", "12万円", "120", "千円"),
        ("%", "50", "55.3％", "55.3", "%"),
        ("", "50%", "55.3", "55.3", "%"),
        ("人時", "50", "120人時", "120", "人時"),
        ("人", "50", "12名", "12", "名"),
    ],
)
def test_results_are_on_the_scale_of_their_targets(
    declared: str, target: str, typed: str, value: str, unit: str, engine: sa.Engine, store: Store
) -> None:
    load(engine, "指標名 | 単位 | R4", f"X | {declared} | {target}")
    record(engine, HEADER, f"X | R4 | {typed} |")
    cell = _actual(store, "X")
    assert (cell.raw, cell.value, cell.unit) == (typed, Decimal(value), unit)


@pytest.mark.parametrize(("name", "typed", "units"), [("待機児童数", "3%", "%人"), ("端末の整備率", "55件", "件%")])
def test_another_unit_than_the_indicators(name: str, typed: str, units: str, engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, f"{name} | R4 | {typed} |") == [
        f"2行目「実績値」: 「{typed}」の単位「{units[0]}」は、この指標の単位「{units[1]}」と違います。"
        "値を確かめるか、単位を付けずに書いてください。"
    ]


def test_same_name_in_two_plans_needs_the_plan(engine: sa.Engine, store: Store) -> None:
    for title in ("みどり計画", "道路計画"):
        load(engine, "項目番号 | 項目 | 指標名 | R4", "1 | 甲 | 参加者数 | 10", title=title)
    assert _errors(engine, HEADER, "参加者数 | R4 | 12 |") == [
        "2行目「指標名」: 「参加者数」は複数あります（みどり計画、道路計画）。計画の列で区別してください。"
    ]
    header = "計画 | 指標名 | 年度 | 実績値"
    assert _errors(engine, header, "空の計画 | 参加者数 | R4 | 12", "道路計画 | 参加率 | R4 | 12") == [
        "2行目「計画」: 計画「空の計画」はありません。今ある計画: 「みどり計画」、「道路計画」",
        "3行目「指標名」: 「参加率」という指標はありません。近い名前: 「参加者数」",
    ]
    record(engine, header, "道路計画 | 参加者数 | R4 | 12")
    found = {one.plan.title: cells(store, one).get("R4実績") for one in indicators(store, "参加者数")}
    assert found == {"みどり計画": None, "道路計画": "12"}


def test_name_that_another_plan_has(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "参加者数 | 10", title="みどり計画")
    load(engine, "指標名 | R4", "来場者数 | 10", title="道路計画")
    assert _errors(engine, "計画 | 指標名 | 年度 | 実績値", "道路計画 | 参加者数 | R4 | 12") == [
        "2行目「計画」: 「参加者数」は計画「道路計画」にありません。あるのは「みどり計画」です。"
    ]


def test_namesakes_of_one_number_need_the_initiative(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | 参加者数 | 1", "乙 | 参加者数 | 3")
    with pytest.raises(BadFile, match="取組項目の列で区別してください"):
        record(engine, HEADER, "参加者数 | R4 | 12 |")
    record(engine, "取組項目 | 指標名 | 年度 | 実績値", "乙 | 参加者数 | R4 | 12")
    assert [cells(store, found).get("R4実績") for found in indicators(store, "参加者数")] == [None, "12"]


@pytest.mark.parametrize(
    ("year", "reason"),
    [
        ("R2", "R2は計画「デジタル計画」の期間（R4〜R5）の外です。年度を確かめてください。"),
        ("R6", "R6は計画「デジタル計画」の期間（R4〜R5）の外です。年度を確かめてください。"),
        ("R7", "R7はまだ始まっていないので、実績はありません。年度を確かめてください。"),
    ],
)
def test_year_for_which_there_is_no_result(year: str, reason: str, engine: sa.Engine) -> None:
    load(engine, *PLAN)  # the day of recording is in R6
    assert _errors(engine, HEADER, f"待機児童数 | {year} | 12 |") == [f"2行目「年度」: {reason}"]
    record(engine, HEADER, "待機児童数 | R3 | 12 |")  # the year that the plan starts from


def test_rows_left_empty_are_counted_and_their_remarks_told(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    rows = ("待機児童数 | R4 | |", "知らない指標 | R4 | |", "端末の整備率 | R4 | | 集計中", "端末の整備率 | R5 | 99% |")
    report = record(engine, HEADER, *rows)
    assert _counts(report) == (1, 0, 0, 3)
    assert [(remark.line, remark.text) for remark in report.remarks] == [(4, "端末の整備率 R4: 「集計中」")]
    assert "R4実績" not in cells(store, "端末の整備率")


def test_value_without_a_name_or_a_year(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, " | R4 | 12 |", "待機児童数 | | 12 |") == [
        "2行目「指標名」: 空です。計画の表にある指標名を書いてください。",
        "3行目「年度」: 空です。例: R5、令和5年度、2023",
    ]


def test_result_of_the_year_that_is_not_over_is_interim(engine: sa.Engine) -> None:
    load(engine, "指標名 | R5 | R6", "X | 5 | 6")
    report = record(engine, HEADER, "X | R5 | 4 |", "X | R6 | 1 | R6.9月末時点")
    assert [(one.place[1], one.is_interim, one.cell.as_of) for one in report.new] == [
        (R5, False, ""),
        (R6, True, "R6.9月末時点"),
    ]


@pytest.mark.parametrize(
    ("targets", "typed", "warning"),
    [
        ("48.2% | 80.0%", "5,530%", "これまでの値（48.2%〜80.0%）から大きく離れています。桁や単位を確かめてください。"),
        ("48.2% | 80.0%", "0.553", "これまでの値（48.2%〜80.0%）から大きく離れています。桁や単位を確かめてください。"),
        (
            "48.2% | 80.0%",
            "155.3%",
            "100%を超えています。これまでの値（48.2%〜80.0%）を超えてよい指標か、確かめてください。",
        ),
        ("40万枚 | 12万枚", "18", "これまでの値（12万枚〜40万枚）から大きく離れています。桁や単位を確かめてください。"),
        ("-215 | -110", "162", "これまでの値（-215〜-110）と正負が逆です。符号（▲）を確かめてください。"),
        ("8 | 8", "▲7", "これまでの値（8）と正負が逆です。符号（▲）を確かめてください。"),
    ],
)
def test_value_far_outside_the_series_is_a_warning(
    targets: str, typed: str, warning: str, engine: sa.Engine, store: Store
) -> None:
    load(engine, "指標名 | 基準値 | R5", f"X | {targets}")
    report = record(engine, HEADER, f"X | R5 | {typed} |")
    assert [remark.text for remark in report.warnings] == [f"X R5の実績値「{typed}」: {warning}"]
    assert _actual(store, "X").raw == typed


@pytest.mark.parametrize("name", ["相談窓口", "窓口の整備率"])
def test_percent_of_an_indicator_without_unit(name: str, engine: sa.Engine, store: Store) -> None:
    """「7%」 of windows is an error; of a rate whose plan leaves the sign out it may be right."""
    load(engine, "指標名 | 基準値 | R5", f"{name} | 8 | 5")
    if name == "相談窓口":
        with pytest.raises(BadFile, match="「7%」には「%」がありますが、この指標の値（5）は%ではありません。"):
            record(engine, HEADER, f"{name} | R5 | 7% |")
        return
    (warning,) = record(engine, HEADER, f"{name} | R5 | 7% |").warnings
    assert warning.text.endswith("これまでの値（5〜8）には「%」が付いていません。")


@pytest.mark.parametrize(
    ("targets", "typed"),
    [
        ("48.2% | 80.0%", "9.9%"),
        ("0 | 6,000", "300"),  # between the known figures
        ("0 | 0", "5,420"),
        ("120% | 130%", "132%"),
        ("-215 | 10", "5"),
        ("8 | 5", "0"),
        ("なし | 調査中", "5"),
        ("40万枚 | 12万枚", "34.8万枚"),
    ],
)
def test_value_that_is_not_far(targets: str, typed: str, engine: sa.Engine) -> None:
    load(engine, "指標名 | 基準値 | R5", f"X | {targets}")
    assert record(engine, HEADER, f"X | R5 | {typed} |").warnings == ()


def test_earlier_results_count_among_the_known_figures(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4 | R5", "X | 5 | 6")
    assert record(engine, HEADER, "X | R4 | 300 |").warnings != ()
    assert record(engine, HEADER, "X | R5 | 310 |").warnings == ()
    assert record(engine, HEADER, "X | R5 | 31,000 |").warnings != ()  # not compared with itself


def test_published_statuses_are_kept_as_words(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    header = "指標名 | 年度 | 実績値 | 公表判定 | 備考"
    rows = ("待機児童数 | R4 | 12 | 順調 | 速報", "待機児童数 | R5 | | 100% |", "端末の整備率 | R4 | 99% | |")
    assert _counts(record(engine, header, *rows)) == (4, 0, 0, 0)
    facts = store.facts(indicators(store, "待機児童数"))
    published = [fact for fact in facts if fact.measure is Measure.PUBLISHED]
    assert [(fact.fiscal_year, fact.cell) for fact in published] == [(R4, Cell("順調")), (R5, Cell("100%"))]
    assert published[0].sources == published[0].indicator.listings
    assert [fact.cell.raw for fact in facts if fact.measure is Measure.ACTUAL] == ["12"]
    assert _counts(record(engine, header, *rows)) == (0, 0, 4, 0)
    assert _counts(record(engine, header, "待機児童数 | R4 | | 遅れ |")) == (0, 1, 0, 0)
    assert store.facts(indicators(store, "待機児童数"))[-2].cell.raw == "遅れ"


def test_published_statuses_outlive_a_load_and_stay_out_of_an_export(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, "指標名 | 年度 | 公表判定", "待機児童数 | R4 | 順調")
    load(engine, *PLAN[:-1], "B | 2(1) | 丙 | 参加者数 | | 5 | 4")
    assert store.facts(indicators(store, "待機児童数"))[-1].cell.raw == "順調"
    with engine.connect() as connection:
        rows = export_rows(connection, *choose_plan(connection, "default", None))
    assert not any("順調" in cell for row in rows for cell in row)


def test_what_replaces_an_earlier_result_says_whose(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    record(engine, HEADER, "待機児童数 | R4 | 12 |")
    report = record(engine, HEADER, "待機児童数 | R4 | 13 |", author=Author("田中", FIRST_DAY, "later.csv"))
    (changed,) = report.changed
    assert changed.before is not None
    assert (changed.before.cell.raw, changed.before.change.by, changed.before.change.file) == (
        "12",
        "鈴木",
        "results.csv",
    )


def test_two_record_at_the_same_time_and_nothing_is_lost(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    first, second = Author("鈴木", FIRST_DAY, "first.csv"), Author("田中", FIRST_DAY, "second.csv")
    earlier = [grid(HEADER, "待機児童数 | R4 | 12 |", "端末の整備率 | R4 | 99% |")]
    with ThreadPoolExecutor() as threads:
        with writing(engine) as connection:
            store_results(connection, "default", read_result_grids(earlier), first)
            waiting = threads.submit(
                record, engine, HEADER, "待機児童数 | R4 | 13 |", "待機児童数 | R5 | 1 |", author=second
            )
            assert wait([waiting], timeout=0.3).not_done  # for the first to end
        report = waiting.result(timeout=60)
    assert [(one.before and one.before.change.by, one.cell.raw) for one in report.changed] == [("鈴木", "13")]
    assert _counts(report) == (1, 1, 0, 0)
    revisions = store.revisions(indicators(store, "待機児童数")[0])
    told = [(r.number, r.fiscal_year, r.cell.raw, r.change.by) for r in revisions if r.measure is Measure.ACTUAL]
    assert told == [(1, R4, "12", "鈴木"), (1, R5, "1", "田中"), (2, R4, "13", "田中")]
    assert cells(store, "端末の整備率")["R4実績"] == "99%"


def test_many_record_at_the_same_time(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    names = [f"職員{number}" for number in range(6)]

    def record_own(name: str) -> RecordReport:
        lines = (f"待機児童数 | R4 | {names.index(name)}1 | {name}", f"端末の整備率 | R5 | 9{names.index(name)}% |")
        return record(engine, HEADER, *lines, author=Author(name, FIRST_DAY, f"{name}.csv"))

    with ThreadPoolExecutor(len(names)) as threads:
        reports = list(threads.map(record_own, names))
    assert sorted(_counts(report) for report in reports) == [(0, 2, 0, 0)] * 5 + [(2, 0, 0, 0)]
    revisions = [r for r in store.revisions(indicators(store, "待機児童数")[0]) if r.measure is Measure.ACTUAL]
    assert [r.number for r in revisions] == [1, 2, 3, 4, 5, 6]
    assert {r.change.by for r in revisions} == set(names)
    replaced = {one.before.change.by for report in reports for one in report.changed if one.before}
    assert replaced == set(names) - {revisions[-1].change.by}


def test_two_are_the_first_of_a_new_organisation(engine: sa.Engine, store: Store) -> None:
    with ThreadPoolExecutor() as threads:
        with writing(engine) as connection:
            lock_organisation(connection, "新しい市")
            waiting = threads.submit(load, engine, *PLAN, organisation="新しい市")
            assert wait([waiting], timeout=0.3).not_done
        assert waiting.result(timeout=60).is_new
    record(engine, HEADER, "待機児童数 | R4 | 12 |", organisation="新しい市")
    assert cells(store, indicators(store, "待機児童数", "新しい市")[0])["R4実績"] == "12"

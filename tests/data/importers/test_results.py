"""Recording results, on both databases: all rows or none."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.facts import Measure
from data.importers.report import RecordReport
from data.importers.rows import BadFile
from data.store import Store
from tests.data.stores import FIRST_DAY, R5, cells, count_rows, indicators, load, record

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
    assert _errors(engine, HEADER, "XYZ | R4 | 12 |") == ["2行目「指標名」: 「XYZ」という指標はありません。"]


def test_name_of_another_organisation_is_unknown(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    with pytest.raises(BadFile, match=r"「待機児童数」という指標はありません。$"):
        record(engine, HEADER, "待機児童数 | R4 | 12 |", organisation="他の県")


def test_ambiguous_name_needs_the_number(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, "参加者数 | R4 | 12 |") == [
        "2行目「指標名」: 「参加者数」は複数あります（デジタル計画 A 1(2) 乙、デジタル計画 B ２（１） 丙）。"
        "項目番号の列で区別してください。"
    ]
    with_number = "項目番号 | 指標名 | 年度 | 実績値"
    assert _errors(engine, with_number, "9(9) | 参加者数 | R4 | 12") == [
        "2行目「指標名」: 「参加者数」に項目番号「9(9)」のものはありません。"
    ]
    record(engine, with_number, "1(2) | 参加者数 | R4 | 12", "2(1) | 参加者数 | R4 | 34")
    assert [cells(store, found)["R4実績"] for found in indicators(store, "参加者数")] == ["12", "34"]


@pytest.mark.parametrize("value", ["調査中", "-", "10～20", "令和5年度", "達成"])
def test_value_that_is_no_number(value: str, engine: sa.Engine) -> None:
    load(engine, *PLAN)
    assert _errors(engine, HEADER, f"待機児童数 | R4 | {value} |") == [
        f"2行目「実績値」: 「{value}」は数値として読めません。"
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
        "3行目「年度」: 2行目と同じ指標・同じ年度です。"
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
    load(engine, "指標名 | R4", "①講義 ②企業 | ①500 ②50")
    record(engine, HEADER, "①講義 ②企業 | R5 | ①480 ②51 |")
    (result,) = [fact for fact in store.facts(indicators(store, "①講義 ②企業")) if fact.fiscal_year == R5]
    assert [(part.label, int(part.value)) for part in result.cell.parts] == [("①", 480), ("②", 51)]


def test_results_outlive_a_new_load_of_the_plan(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, HEADER, "待機児童数 | R4 | 12 |")
    load(engine, PLAN[0], "A | 1(1) | 甲 | 待機児童数 | 人 | 7 | 0")
    assert cells(store, "待機児童数") == {"R4": "7", "R5": "0", "R4実績": "12"}

"""Storing plans, on both databases: what a first load, the same load and a changed load leave behind."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import tables as t
from data.changes import Author
from data.engine import writing
from data.facts import Aggregation, Direction, Measure
from data.importers.identity import group_rows
from data.importers.report import Difference, UnreadCell
from data.importers.rows import BadFile
from data.importers.writer import Details, store_plan
from data.store import Store
from data.values import UNREADABLE_MARK, Absence
from tests.data.stores import (
    FIRST_DAY,
    PLAN,
    R4,
    R5,
    R6,
    cells,
    count_rows,
    indicators,
    load,
    record,
    table,
    told,
    without_ids,
)

HEADER = "分野 | 項目番号 | 項目 | 指標名 | 基準値 | R4 | R5"
LINES = (
    HEADER,
    "A | 1(1) | 保育 | 待機児童数 | 16 | 8 | 0",
    "A | 1(2) | 学校 | 端末の整備率 | 21.7% | 100% | 100%",
    "B | 2(1) | 道路 | | | |",
    "B | 2(2) | 移住 | 移住者数 | - | 調査中 | ",
)


def test_first_load(engine: sa.Engine, store: Store) -> None:
    report = load(engine, *LINES)
    assert report.is_new
    assert report.changes_anything
    assert (report.title, report.rows, report.indicators, report.without_indicator) == (PLAN, 4, 3, 1)
    assert report.years == (R4, R5)
    assert report.unread == [UnreadCell(5, "移住者数", "R4の目標値", "調査中")]
    assert (report.added, report.changed, report.removed) == ([], [], [])

    catalogue = store.catalogue("default")
    assert [plan.title for plan in catalogue.plans] == [PLAN]
    assert (catalogue.plans[0].first_year, catalogue.plans[0].last_year) == (R4, R5)
    assert [(i.area, i.number, i.title, i.line) for i in catalogue.initiatives] == [
        ("A", "1(1)", "保育", 2),
        ("A", "1(2)", "学校", 3),
        ("B", "2(1)", "道路", 4),
        ("B", "2(2)", "移住", 5),
    ]
    assert [indicator.name for indicator in catalogue.indicators] == ["待機児童数", "端末の整備率", "移住者数"]
    assert cells(store, "待機児童数") == {"基準値": "16", "R4": "8", "R5": "0"}
    assert cells(store, "移住者数") == {"基準値": "-", "R4": "調査中", "R5": "空欄"}


def test_same_again_changes_nothing(engine: sa.Engine, store: Store) -> None:
    load(engine, *LINES)
    before = told(store), count_rows(engine, t.plans, t.areas, t.initiatives, t.indicators, t.listings, t.figures)
    report = load(engine, *LINES)
    assert not report.changes_anything
    assert not report.is_new
    assert (
        told(store),
        count_rows(engine, t.plans, t.areas, t.initiatives, t.indicators, t.listings, t.figures),
    ) == before


def test_changed_file_lists_what_is_different(engine: sa.Engine, store: Store) -> None:
    load(engine, *LINES)
    report = load(
        engine,
        HEADER,
        "A | 1(1) | 保育 | 待機児童数 | 16 | 8 | 3",
        "B | 2(1) | 道路 | 舗装率 | 50% | | 60%",
        "B | 2(2) | 移住 | 移住者数 | - | 調査中 | ―",
        "C | 3(1) | 防災 | | | |",
    )
    assert report.added == [Difference("取組項目「防災」"), Difference("舗装率", "2(1) 道路")]
    assert report.changed == [
        Difference("待機児童数", "R5の目標値", "0", "3"),
        Difference("移住者数", "R5の目標値", "空欄", "―"),
    ]
    assert report.removed == [Difference("取組項目「学校」"), Difference("端末の整備率")]
    assert [indicator.name for indicator in store.catalogue("default").indicators] == [
        "待機児童数",
        "舗装率",
        "移住者数",
    ]
    assert cells(store, "待機児童数")["R5"] == "3"


def test_old_figures_stay_readable_with_who_when_and_from_which_file(engine: sa.Engine, store: Store) -> None:
    japan = timezone(timedelta(hours=9))
    later = datetime(2025, 1, 6, 18, 5, 9, tzinfo=japan)
    load(engine, "指標名 | R4", "X | 5", author=Author("佐藤", FIRST_DAY, "plan.csv"))
    load(engine, "指標名 | R4", "", "X | 7", author=Author("鈴木", later, "plan-2.xlsx"))
    (x,) = indicators(store, "X")
    first, second = store.revisions(x)
    assert (first.number, first.cell.raw, first.line) == (1, "5", 3)
    assert (first.change.kind, first.change.by, first.change.file) == ("load", "佐藤", "plan.csv")
    assert (second.number, second.cell.raw, second.measure, second.fiscal_year) == (2, "7", Measure.TARGET, R4)
    assert (second.change.by, second.change.file) == ("鈴木", "plan-2.xlsx")
    assert (first.change.at, second.change.at) == (FIRST_DAY, later)
    assert second.change.at.utcoffset() == timedelta(0)
    assert cells(store, x) == {"R4": "7"}


def test_figure_that_comes_back_is_a_third_revision(engine: sa.Engine, store: Store) -> None:
    for value in ("5", "7", "5"):
        load(engine, "指標名 | R4", f"X | {value}")
    (x,) = indicators(store, "X")
    assert [(revision.number, revision.cell.raw) for revision in store.revisions(x)] == [(1, "5"), (2, "7"), (3, "5")]


def test_cells_without_text_differ_by_why_there_is_none(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4 | R5", f"X | {UNREADABLE_MARK} | 5")
    report = load(engine, "指標名 | R4 | R5", "X | | 5")
    assert report.changed == [Difference("X", "R4の目標値", "読み取り不能", "なし")]
    assert cells(store, "X") == {"R4": "空欄", "R5": "5"}


def test_withdrawn_indicator_is_hidden_and_comes_back_as_the_same_one(engine: sa.Engine, store: Store) -> None:
    load(engine, *LINES)
    record(engine, "指標名 | 年度 | 実績値", "端末の整備率 | R4 | 99%")
    (before,) = indicators(store, "端末の整備率")
    load(engine, *LINES[:2], *LINES[3:])
    assert indicators(store, "端末の整備率") == []
    assert [revision.cell.raw for revision in store.revisions(before)] == ["21.7%", "100%", "100%", "99%"]
    report = load(engine, *LINES)
    assert report.added == [Difference("取組項目「学校」"), Difference("端末の整備率", "1(2) 学校")]
    assert (report.changed, report.removed) == ([], [])
    (after,) = indicators(store, "端末の整備率")
    assert after == before
    assert cells(store, after) == {"基準値": "21.7%", "R4": "100%", "R5": "100%", "R4実績": "99%"}


def test_one_of_several_listings_is_withdrawn(engine: sa.Engine, store: Store) -> None:
    header = "項目 | 指標名 | R4"
    load(engine, header, "保育 | X | 5", "学校 | X | 5")
    report = load(engine, header, "保育 | X | 5", "学校 | Y | 6")
    assert [difference.name for difference in report.removed] == ["X"]
    (x,) = indicators(store, "X")
    assert [listing.initiative.title for listing in x.listings] == ["保育"]
    assert [source.initiative.title for source in store.facts([x])[0].sources] == ["保育"]


def test_initiative_without_kpi_is_given_one_and_loses_it(engine: sa.Engine, store: Store) -> None:
    header = "項目 | 指標名 | R4"
    load(engine, header, "保育 | |", "学校 | Y | 1")
    report = load(engine, header, "保育 | X | 5", "学校 | Y | 1")
    assert report.added == [Difference("X", "保育")]
    load(engine, header, "保育 | |", "学校 | Y | 1")
    catalogue = store.catalogue("default")
    assert [initiative.title for initiative in catalogue.initiatives] == ["保育", "学校"]
    assert [indicator.name for indicator in catalogue.indicators] == ["Y"]


# Which rows are one indicator


def test_figures_that_agree_are_one_indicator_with_several_listings(engine: sa.Engine, store: Store) -> None:
    load(engine, HEADER, "A | 1(1) | 甲 | 利用率 | 48.2% | 61% | 80%", "B | 2(1) | 乙 | 利用率 | | 61.0% | ８０％")
    (indicator,) = indicators(store, "利用率")
    assert indicator.qualifier == ""
    assert [listing.line for listing in indicator.listings] == [2, 3]
    baseline, first, second = store.facts([indicator])
    assert (baseline.cell.raw, first.cell.raw, second.cell.raw) == ("48.2%", "61%", "80%")
    assert [len(fact.sources) for fact in (baseline, first, second)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5", "5.0", True),
        ("40万", "400,000", True),
        ("5", "5件", True),
        ("5", "/", True),
        ("5", "調査中", True),
        ("①5 ②6", "①5　②6", True),
        ("5", "6", False),
        ("5件", "5人", False),
        ("5", "5以上", False),
        ("100%", "ほぼ100%", False),
        ("①5 ②6", "①5 ②7", False),
    ],
)
def test_when_figures_agree(one: str, other: str, same: bool) -> None:
    rows = table("項目 | 指標名 | R4 | R5", f"甲 | X | {one} |", f"乙 | X | {other} | 9").rows
    assert len(group_rows(rows)) == (1 if same else 2)


def test_spellings_of_one_name_are_one_indicator() -> None:
    rows = table("項目 | 指標名 | R4", "甲 | ICT導入施設数 | 5", "乙 | ＩＣＴ 導入施設数 | 5").rows
    assert [group.name for group in group_rows(rows)] == ["ICT導入施設数"]


def test_units_of_their_own_keep_namesakes_apart() -> None:
    rows = table("項目 | 指標名 | 単位 | R4", "甲 | X | 件 | 5", "乙 | X | 人 | 5", "丙 | X | | 5").rows
    assert [len(group.rows) for group in group_rows(rows)] == [2, 1]


def test_namesakes_with_different_figures_are_told_apart(engine: sa.Engine, store: Store) -> None:
    report = load(engine, HEADER, "A | 1(1) | 甲 | 参加者数 | 1 | 2 | 3", "B | 2(1) | 乙 | 参加者数 | 1 | 2 | 4")
    assert [repair.text for repair in report.repairs] == [
        "「参加者数」は同じ名前で値が違う行（2、3行目）があるため、別々の指標として扱いました。"
    ]
    first, second = indicators(store, "参加者数")
    assert (first.qualifier, second.qualifier) == ("A 1(1) 甲", "B 2(1) 乙")
    assert (cells(store, first)["R5"], cells(store, second)["R5"]) == ("3", "4")


def test_namesakes_stay_who_they_are_in_any_order(engine: sa.Engine, store: Store) -> None:
    header = "項目 | 指標名 | R4"
    load(engine, header, "甲 | X | 1", "乙 | X | 2")
    before = {i.listings[0].initiative.title: i.id for i in indicators(store, "X")}
    report = load(engine, header, "乙 | X | 2", "甲 | X | 1")
    assert not report.changes_anything
    assert {i.listings[0].initiative.title: i.id for i in indicators(store, "X")} == before


def test_results_stay_with_their_indicator_when_a_namesake_joins(engine: sa.Engine, store: Store) -> None:
    header = "項目 | 指標名 | R4"
    load(engine, header, "甲 | X | 1")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 0.9")
    load(engine, header, "乙 | X | 200", "甲 | X | 1")
    of = {indicator.listings[0].initiative.title: cells(store, indicator) for indicator in indicators(store, "X")}
    assert of == {"甲": {"R4": "1", "R4実績": "0.9"}, "乙": {"R4": "200"}}


def test_indicator_that_moves_to_another_initiative_stays_the_same(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | X | 1")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 0.9")
    load(engine, "項目 | 指標名 | R4", "乙 | X | 1")
    (x,) = indicators(store, "X")
    assert [listing.initiative.title for listing in x.listings] == ["乙"]
    assert cells(store, x) == {"R4": "1", "R4実績": "0.9"}


def test_same_indicator_twice_in_one_place_is_one_with_the_figures_of_both(engine: sa.Engine, store: Store) -> None:
    report = load(engine, "項目 | 指標名 | R4 | R5 | R6", "甲 | X | 5 | | /", "甲 | X | | 6 | 7")
    assert [repair.line for repair in report.repairs] == [3]
    assert cells(store, "X") == {"R4": "5", "R5": "6", "R6": "7"}
    assert not load(engine, "項目 | 指標名 | R4 | R5 | R6", "甲 | X | 5 | | /", "甲 | X | | 6 | 7").changes_anything


# All or nothing


def test_alias_of_an_unknown_indicator_writes_nothing(engine: sa.Engine, store: Store) -> None:
    with pytest.raises(BadFile, match="別名の指標「Z」が計画にありません"):
        load(engine, "指標名 | R4", "X | 5", aliases={"X": ["エックス"], "Z": ["ゼット"]})
    assert store.catalogue("default").plans == ()
    assert sum(count_rows(engine, t.plans, t.chapters, t.indicators, t.figures, t.changes)) == 0


def test_fault_in_the_middle_leaves_the_store_as_it_was(engine: sa.Engine, store: Store) -> None:
    load(engine, *LINES)
    before = told(store), count_rows(engine, t.figures, t.changes, t.initiatives)

    def fail(done: int, total: int) -> None:
        raise RuntimeError

    changed = table(HEADER, "A | 1(1) | 保育 | 待機児童数 | 1 | 2 | 3", "Z | 9 | 新 | 新指標 | 1 | 2 | 3")
    with pytest.raises(RuntimeError), writing(engine) as connection:
        store_plan(connection, "default", changed, Details(PLAN), Author("佐藤", FIRST_DAY), fail)
    assert (told(store), count_rows(engine, t.figures, t.changes, t.initiatives)) == before


def test_plan_without_a_title(engine: sa.Engine) -> None:
    with pytest.raises(BadFile, match="計画名が分かりません"):
        load(engine, "指標名 | R4", "X | 5", title="")


def test_progress_ends_at_all(engine: sa.Engine) -> None:
    seen: list[tuple[int, int]] = []
    lines = [f"X{number} | {number} | 1" for number in range(1500)]
    with writing(engine) as connection:
        store_plan(
            connection,
            "default",
            table("指標名 | R4 | R5", *lines),
            Details(PLAN),
            Author("佐藤", FIRST_DAY),
            lambda done, total: seen.append((done, total)),
        )
    assert seen == [(2000, 3000), (3000, 3000)]


# The database itself


def test_figures_can_be_neither_changed_nor_deleted(engine: sa.Engine, store: Store) -> None:
    load(engine, *LINES)
    for statement in (
        sa.update(t.figures).values(raw="1"),
        sa.update(t.figures).where(t.figures.c.revision == 1).values(revision=2),
        sa.delete(t.figures),
        sa.delete(t.figures).where(t.figures.c.raw == "16"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="figure is append-only"), writing(engine) as connection:
            connection.execute(statement)
    assert cells(store, "待機児童数")["基準値"] == "16"


@pytest.mark.parametrize("measure", [Measure.BASELINE, Measure.TARGET, Measure.ACTUAL])
def test_one_revision_number_once_for_a_cell(measure: Measure, engine: sa.Engine) -> None:
    load(engine, "指標名 | 基準値 | R4", "X | 1 | 5")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 4")
    with engine.connect() as connection:
        row = connection.execute(sa.select(t.figures).where(t.figures.c.measure == measure)).mappings().one()
    again = {key: value for key, value in row.items() if key != "id"}
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as connection:
        connection.execute(sa.insert(t.figures), [again])


def test_rows_must_belong_to_something(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as connection:
        connection.execute(sa.insert(t.indicators), [{"plan_id": 99, "name": "X", "unit": ""}])


_ORGANISATIONS = count(1)
_CELLS = st.decimals(min_value=Decimal("-999999999999"), max_value=Decimal("999999999999"), places=3) | st.decimals(
    min_value=0, max_value=100, places=1
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(values=st.lists(_CELLS, min_size=1, max_size=20))
def test_decimals_come_back_digit_for_digit(values: list[Decimal], engine: sa.Engine, store: Store) -> None:
    organisation = f"organisation {next(_ORGANISATIONS)}"
    load(engine, "指標名 | R4", *(f"X{at} | {value}" for at, value in enumerate(values)), organisation=organisation)
    facts = store.facts(store.catalogue(organisation).indicators)
    assert [str(fact.cell.value) for fact in facts] == [str(value + 0) for value in values]


def test_two_writers_at_once_take_turns(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 0")
    barrier, values = Barrier(4), range(1, 5)

    def write(value: int) -> None:
        barrier.wait()
        load(engine, "指標名 | R4", f"X | {value}")

    threads = [Thread(target=write, args=(value,)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (x,) = indicators(store, "X")
    revisions = store.revisions(x)
    assert [revision.number for revision in revisions] == [1, 2, 3, 4, 5]
    assert {revision.cell.raw for revision in revisions} == {"0", "1", "2", "3", "4"}


# Organisations, plans and what else a plan's table tells


def test_organisations_do_not_see_each_other(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    load(engine, "指標名 | R4", "X | 7", organisation="市", aliases={"X": ["エックス"]})
    assert cells(store, "X", "県") == {"R4": "5"}
    assert cells(store, "X", "市") == {"R4": "7"}
    assert store.catalogue("県").indicators[0].aliases == ()
    assert store.catalogue("町") == store.catalogue("default")
    assert store.catalogue("町").plans == ()
    assert not load(engine, "指標名 | R4", "X | 5", organisation="県").changes_anything


def test_plans_of_one_organisation_stand_side_by_side(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", title="計画1")
    assert load(engine, "指標名 | R4", "X | 7", title="計画2").is_new
    first, second = indicators(store, "X")
    assert (first.plan.title, second.plan.title) == ("計画1", "計画2")
    assert (first.qualifier, second.qualifier) == ("", "")
    assert (cells(store, first), cells(store, second)) == ({"R4": "5"}, {"R4": "7"})


FULL = "項目 | 指標名 | 単位 | 方向 | 集計 | 担当課 | 別名 | 備考 | R4"


def test_optional_columns(engine: sa.Engine, store: Store) -> None:
    load(engine, FULL, "甲 | X | 件 | 低い | 累計 | 保育課 | 別名1、別名2 | 速報 | 5", "乙 | Y（人） | | | | | | | 6")
    (x,), (y,) = indicators(store, "X"), indicators(store, "Y（人）")
    assert (x.unit, x.direction, x.aggregation) == ("件", Direction.LOWER, Aggregation.CUMULATIVE)
    assert (x.listings[0].owner, x.listings[0].remark, x.aliases) == ("保育課", "速報", ("別名1", "別名2"))
    assert (y.unit, y.direction, y.aggregation, y.aliases) == ("人", None, None, ())
    assert [fact.cell.unit for fact in store.facts([x, y])] == ["件", "人"]


def test_unit_of_the_cell_beats_that_of_the_indicator(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | 単位 | R4 | R5 | R6", "X | 件 | 5 | 50% | 調査中")
    assert [fact.cell.unit for fact in store.facts(indicators(store, "X"))] == ["件", "%", ""]


def test_changed_columns_are_reported(engine: sa.Engine, store: Store) -> None:
    load(engine, FULL, "甲 | X | 件 | 低い | 累計 | 保育課 | 別名1 | 速報 | 5")
    report = load(engine, FULL, "甲 | Ｘ | 人 | 高い | 時点 | 学校課 | 別名2 | 確報 | 5")
    assert report.added == [Difference("Ｘ", "別名", "", "別名2")]
    assert report.changed == [
        Difference("Ｘ", "指標名", "X", "Ｘ"),
        Difference("Ｘ", "単位", "件", "人"),
        Difference("Ｘ", "方向", "lower", "higher"),
        Difference("Ｘ", "集計", "cumulative", "point"),
        Difference("Ｘ", "担当課", "保育課", "学校課"),
        Difference("Ｘ", "備考", "速報", "確報"),
    ]
    (x,) = indicators(store, "Ｘ")
    assert (x.unit, x.direction, x.aggregation) == ("人", Direction.HIGHER, Aggregation.POINT)
    assert (x.listings[0].owner, x.listings[0].remark, x.aliases) == ("学校課", "確報", ("別名1", "別名2"))


def test_file_without_a_column_takes_nothing_away(engine: sa.Engine, store: Store) -> None:
    load(
        engine,
        "計画名 | 計画",
        "資料番号 | 資料3",
        "注記 | ※",
        FULL,
        "甲 | X | 件 | 低い | 累計 | 保育課 | 別名 | 速報 | 5",
    )
    before = store.catalogue("default")
    report = load(engine, "", "", "", "項目 | 指標名 | R4", "甲 | X | 5")
    assert not report.changes_anything
    assert without_ids(store.catalogue("default")) == without_ids(before)


def test_changed_document_notes_and_years_are_reported(engine: sa.Engine, store: Store) -> None:
    load(engine, "資料番号 | 資料3", "注記 | ※1", "指標名 | R4", "X | 5")
    report = load(engine, "資料番号 | 資料4", "注記 | ※2", "指標名 | R4 | R5", "X | 5 | 6")
    assert [difference.place for difference in report.changed] == ["資料番号", "注記", "最終年度"]
    (plan,) = store.catalogue("default").plans
    assert (plan.document, plan.notes, plan.first_year, plan.last_year) == ("資料4", ("※2",), R4, R5)


# Years


def test_removed_year_ends_as_outside_the_plan(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4 | R5", "X | 5 | 6")
    report = load(engine, "指標名 | R5 | R6", "X | 6 | 7")
    assert Difference("X", "R4の目標値", "5", "なし") in report.changed
    assert cells(store, "X") == {"R4": "計画期間外", "R5": "6", "R6": "7"}
    (x,) = indicators(store, "X")
    assert [revision.cell.raw for revision in store.revisions(x) if revision.fiscal_year == R4] == ["5", ""]
    assert not load(engine, "指標名 | R5 | R6", "X | 6 | 7").changes_anything
    load(engine, "指標名 | R4 | R5 | R6", "X | 5 | 6 | 7")
    assert cells(store, "X") == {"R4": "5", "R5": "6", "R6": "7"}


def test_removed_baseline_column(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | 基準値 | R4", "X | 1 | 5")
    load(engine, "指標名 | R4", "X | 5")
    baseline, target = store.facts(indicators(store, "X"))
    assert (baseline.measure, baseline.cell.absence, target.cell.raw) == (Measure.BASELINE, Absence.OUTSIDE_PLAN, "5")


def test_table_without_baselines_has_none(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    assert [fact.measure for fact in store.facts(indicators(store, "X"))] == [Measure.TARGET]


def test_figures_stand_in_their_years(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R6 | 基準値 | R4 | R5", "X | 3 | 0 | 1 | 2")
    facts = store.facts(indicators(store, "X"))
    assert [(fact.fiscal_year, fact.cell.value) for fact in facts] == [
        (None, Decimal(0)),
        (R4, Decimal(1)),
        (R5, Decimal(2)),
        (R6, Decimal(3)),
    ]
    assert FIRST_DAY.tzinfo is UTC

"""The history of an indicator as text."""

from datetime import timedelta

import sqlalchemy as sa

from data.changes import Author
from data.history import history_lines
from data.store import Store
from tests.data.stores import FIRST_DAY, R4, R5, R7, indicators, load, record

PLAN = ("項目番号 | 項目 | 指標名 | 基準値 | R4 | R5", "1(1) | 保育 | 待機児童数 | 16 | 8 | /")
HEADER = "指標名 | 年度 | 実績値 | 備考 | 公表判定"


def _later(days: int, by: str, file: str) -> Author:
    return Author(by, FIRST_DAY + timedelta(days=days), file)


def test_every_revision_by_place_and_time(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, HEADER, "待機児童数 | R4 | 12 | 速報 | 順調")
    record(engine, HEADER, "待機児童数 | R4 | 13 | 確報 |", author=_later(30, "田中", "確報.xlsx"))
    load(engine, PLAN[0], PLAN[1].replace("| 8", "| 7"), author=_later(60, "佐藤", "plan2.csv"))
    (indicator,) = indicators(store, "待機児童数")
    assert list(history_lines(indicator, store.revisions(indicator))) == [
        "待機児童数（デジタル計画、1(1) 保育）",
        "基準値",
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 16",
        "R4の目標値",
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 8",
        "- 2024/05/31 18:30 佐藤、plan2.csv（計画の読み込み）: 8 → 7",
        "R4の実績値",
        "- 2024/04/01 18:30 鈴木、results.csv（実績の登録）: 12（速報）",
        "- 2024/05/01 18:30 田中、確報.xlsx（実績の登録）: 12（速報） → 13（確報）",
        "R4の公表判定",
        "- 2024/04/01 18:30 鈴木、results.csv（実績の登録）: 順調",
        "R5の目標値",
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: /",
    ]


def test_one_year(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    (indicator,) = indicators(store, "待機児童数")
    revisions = store.revisions(indicator)
    assert [line for line in history_lines(indicator, revisions, R4) if not line.startswith("-")] == [
        "待機児童数（デジタル計画、1(1) 保育）",
        "R4の目標値",
    ]
    assert list(history_lines(indicator, revisions, R7))[1:] == ["R7の値は、まだ何も記録されていません。"]


def test_listings_that_agree_are_told_once(engine: sa.Engine, store: Store) -> None:
    rows = ("A | 1 | 甲 | X | 61.0% | 70%", "A | 2 | 乙 | X | 61% | 70%", "B | 3 | 丙 | X | 61% | 70%")
    load(engine, "分野 | 項目番号 | 項目 | 指標名 | R4 | R5", *rows)
    (indicator,) = indicators(store, "X")
    lines = list(history_lines(indicator, store.revisions(indicator)))
    assert [line for line in lines if not line.startswith("-")] == [
        "X（デジタル計画、A 1 甲）",
        "R4の目標値（元の表の2行目）",
        "R4の目標値（元の表の3・4行目）",
        "R5の目標値",
    ]


def test_what_a_load_takes_away_is_told(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    load(engine, "項目番号 | 項目 | 指標名 | 基準値 | R4", "1(1) | 保育 | 待機児童数 | 16 | 8")
    (indicator,) = indicators(store, "待機児童数")
    assert list(history_lines(indicator, store.revisions(indicator), R5))[2:] == [
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: /",
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: / → 計画期間外",
    ]

"""A small plan with results, for the tests of statuses: less is better, below zero, two measures in a cell."""

from datetime import UTC, date, datetime
from pathlib import Path

from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.store import Store

TODAY = date(2024, 11, 20)
ROWS = [
    ["分野", "指標名", "基準値", "R4", "R5", "R6", "R7"],
    ["くらし", "灯油の使用量", "40", "36", "32", "28", "24"],
    ["くらし", "植樹の面積", "10", "20", "30", "40", "50"],
    ["くらし", "渡し船の赤字額", "-200", "-150", "-100", "-50", "0"],
    ["しごと", "朝市の出店割合", "99%以上", "99%以上", "99%以上", "99%以上", "99%以上"],
    ["しごと", "蛍の観測地点", "", "/", "/", "5", "6"],
    ["しごと", "①窯の数 ②窯元の数", "①2 ②4", "①3 ②5", "①4 ②6", "①5 ②7", "①6 ②8"],
]
RESULTS = [
    ("灯油の使用量", "R5", "34", ""),
    ("植樹の面積", "R4", "21", ""),
    ("植樹の面積", "R5", "26", ""),
    ("植樹の面積", "R6", "30", "R6.9月末時点"),
    ("渡し船の赤字額", "R5", "-210", ""),
    ("朝市の出店割合", "R5", "98%", ""),
    ("蛍の観測地点", "R5", "4", ""),
    ("①窯の数 ②窯元の数", "R5", "①4 ②5", ""),
]


def author(day: datetime | None = None) -> Author:
    return Author("鈴木", day or datetime(2024, 10, 1, tzinfo=UTC), "results.csv")


def village(path: Path) -> Store:
    """A new store with the plan and its results."""
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", ROWS)]), Details(title="村づくり計画"), author())
    store = Store(engine)
    record(store, *RESULTS)
    return store


def record(store: Store, *results: tuple[str, str, str, str], day: datetime | None = None) -> None:
    """Records (指標名, 年度, 実績値, 備考)."""
    rows = [ResultRow(line, name, "", *rest) for line, (name, *rest) in enumerate(results, 2)]
    with writing(store.engine) as connection:
        store_results(connection, "default", rows, author(day))

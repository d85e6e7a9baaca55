"""What recording would do, on both databases: shown without being done, done only as agreed."""

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.facts import Measure
from data.importers.preview import Preview, preview_results, record_as_previewed
from data.importers.rows import BadFile, ResultRow
from data.store import Store
from tests.data.stores import FIRST_DAY, cells, count_rows, load, record

PLAN = (
    "分野 | 項目番号 | 項目 | 指標名 | 単位 | R4 | R5",
    "A | 1(1) | 甲 | 待機児童数 | 人 | 8 | 0",
    "A | 1(2) | 乙 | 参加者数 | | 1 | 2",
    "B | 1(2) | 乙 | 参加者数 | | 3 | 4",
)
AUTHOR = Author("slack:U1", FIRST_DAY, "Slack")


def _row(name: str, value: str, indicator_id: int = 0) -> ResultRow:
    return ResultRow(1, name, "", "R4", value, "", indicator_id=indicator_id)


def _results(preview: Preview) -> tuple[list[str], list[str]]:
    before, after = (
        [fact.cell.raw for fact in facts if fact.measure is Measure.ACTUAL and fact.cell.absence is None]
        for facts in (preview.before, preview.after)
    )
    return before, after


def test_a_preview_writes_nothing(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    record(engine, "指標名 | 年度 | 実績値", "待機児童数 | R4 | 12")
    before = count_rows(engine, t.figures, t.changes)
    preview = preview_results(engine, "default", [_row("待機児童数", "10")], AUTHOR)
    assert _results(preview) == (["12"], ["10"])
    assert count_rows(engine, t.figures, t.changes) == before
    with pytest.raises(BadFile):
        preview_results(engine, "default", [_row("待機児童数", "多い")], AUTHOR)


def test_only_what_is_agreed_to_is_recorded(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    rows = [_row("待機児童数", "10")]
    preview, is_done = record_as_previewed(engine, "default", rows, AUTHOR, lambda preview: False)
    assert (_results(preview), is_done) == (([], ["10"]), False)
    assert "R4実績" not in cells(store, "待機児童数")
    _, is_done = record_as_previewed(engine, "default", rows, AUTHOR, lambda preview: _results(preview) == ([], ["10"]))
    assert is_done
    assert cells(store, "待機児童数")["R4実績"] == "10"


def test_one_that_was_picked_needs_nothing_to_be_told_apart(engine: sa.Engine, store: Store) -> None:
    load(engine, *PLAN)
    same = [one for one in store.catalogue("default").indicators if one.name == "参加者数"]
    with pytest.raises(BadFile, match="複数あります"):
        preview_results(engine, "default", [_row("参加者数", "5")], AUTHOR)
    for one in same:
        report = preview_results(engine, "default", [_row("参加者数", "5", one.id)], AUTHOR).report
        assert [recorded.indicator.id for recorded in report.new] == [one.id]
    with pytest.raises(BadFile, match="という指標はありません"):
        preview_results(engine, "default", [_row("別の名前", "5", same[0].id)], AUTHOR)

"""Several plans in one organisation: the question names one, or the year asked does, or the latest is meant."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answer import Kind
from bot.ask import Ask, open_door
from bot.question import Question
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from data.store import Store

TODAY = date(2024, 11, 20)

PLANS = {
    "みどり環境基本計画": [["指標名", "R1", "R2", "R3"], ["ごみ排出量", "90", "80", "70"], ["植樹本数", "1", "2", "3"]],
    "第二次みどり環境ビジョン": [["指標名", "R3", "R4", "R5"], ["ごみ排出量", "60", "50", "40"]],
}


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    engine = open_engine(f"sqlite:///{tmp_path / 'shirube.db'}")
    ensure_schema(engine)
    for title, rows in PLANS.items():
        with writing(engine) as connection:
            table = read_plan_grids([Grid("", rows)])
            store_plan(connection, "default", table, Details(title=title), Author("test", datetime.now(UTC)))
    return open_door(Store(engine))


def _raw(ask: Ask, text: str) -> list[str]:
    return [fact.cell.raw for fact in ask(Question(text, TODAY)).facts]


def test_the_plan_that_holds_the_year(ask: Ask) -> None:
    assert _raw(ask, "ごみ排出量 R1") == ["90"]
    assert _raw(ask, "ごみ排出量 R5") == ["40"]


def test_the_plan_that_is_named(ask: Ask) -> None:
    assert _raw(ask, "みどり環境基本計画のごみ排出量 R3") == ["70"]
    assert _raw(ask, "第二次みどり環境ビジョンのごみ排出量 R3") == ["60"]


def test_a_year_that_both_hold_is_asked_back_with_the_plans_named(ask: Ask) -> None:
    answer = ask(Question("ごみ排出量 R3", TODAY))
    assert answer.kind is Kind.CHOOSE
    assert "みどり環境基本計画" in answer.text.plain()
    assert "第二次みどり環境ビジョン" in answer.text.plain()


def test_the_latest_plan_where_no_year_is_named(ask: Ask) -> None:
    assert _raw(ask, "ごみ排出量の目標") == ["60", "50", "40"]


def test_the_source_names_the_plan_where_there_are_several(ask: Ask) -> None:
    assert "みどり環境基本計画" in ask(Question("植樹本数 R2", TODAY)).text.sources


def test_a_year_that_no_plan_holds_is_said_so(ask: Ask) -> None:
    answer = ask(Question("植樹本数 R9", TODAY))
    assert answer.kind is Kind.NO_DATA
    assert "令和1〜3年度" in answer.text.plain() or "令和元〜3年度" in answer.text.plain()

"""What is kept of a turn: the thread's memory for a day, open questions without names, all in the store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answer import Kind
from bot.ask import Ask, open_door
from bot.question import Question
from bot.replay import changed_answers, named, recorded_threads, with_alias
from bot.turn import keeping
from data import tables as t
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine
from data.shipped import load_shipped_plans
from data.store import Store
from data.turns import read_unanswered

TODAY = date(2024, 11, 20)


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'shirube.db'}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("test", datetime.now(UTC)))
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def door(own_store: Store) -> Ask:
    return keeping(open_door(own_store), own_store, log=True)


def _question(text: str, thread: str = "t1", day: date = TODAY, organisation: str = DEFAULT_ORGANISATION) -> Question:
    return Question(text, day, organisation, thread, user="福島 太郎")


def _figures(door: Ask, text: str, thread: str = "t1", day: date = TODAY) -> list[str]:
    return [fact.cell.raw for fact in door(_question(text, thread, day)).facts]


def test_any_worker_goes_on_with_a_thread(own_store: Store) -> None:
    one, other = (keeping(open_door(own_store), own_store, log=False) for _ in range(2))
    assert _figures(one, "コピー用紙のR6目標は?") == ["20万枚"]
    assert _figures(other, "じゃあR7は?") == ["12万枚"]
    assert _figures(one, "その前の年は?") == ["20万枚"]


def test_threads_know_nothing_of_each_other(door: Ask) -> None:
    door(_question("コピー用紙のR6目標は?", "t1"))
    assert door(_question("じゃあR7は?", "t2")).kind is Kind.NOT_UNDERSTOOD
    assert door(_question("じゃあR7は?", "")).kind is Kind.NOT_UNDERSTOOD


def test_a_thread_is_remembered_until_the_next_day(door: Ask, own_store: Store) -> None:
    door(_question("コピー用紙のR6目標は?"))
    assert _figures(door, "じゃあR7は?", day=TODAY + timedelta(days=1)) == ["12万枚"]
    assert door(_question("基準値は?", day=TODAY + timedelta(days=3))).kind is Kind.NOT_UNDERSTOOD
    door(_question("防犯アプリ R6", "t9", TODAY + timedelta(days=3)))
    with own_store.engine.connect() as connection:
        assert list(connection.execute(sa.select(t.conversations.c.thread)).scalars()) == ["t9"]


def test_memory_holds_nothing_of_the_asker(door: Ask, own_store: Store) -> None:
    door(_question("県民のマイナンバーカードの取得率 R6とR7"))
    with own_store.engine.connect() as connection:
        row = connection.execute(sa.select(t.conversations)).one()
    assert set(row.state) == {"targets", "years", "measures", "choices", "others", "question"} | {
        "selection",
        "earlier",
        "earlier_years",
        "earlier_measures",
        "asked_for",
    }
    assert row.state["years"] == [2024, 2025]
    assert row.state["question"] == ["県民のマイナンバーカードの取得率 R6とR7"]
    assert "福島" not in repr(row)


def test_a_question_that_is_not_understood_leaves_the_thread_as_it_was(door: Ask) -> None:
    door(_question("コピー用紙のR6目標は?"))
    door(_question("天気は?"))
    door(_question("ありがとう"))
    assert _figures(door, "R7は?") == ["12万枚"]


def test_open_questions_are_logged_without_the_asker(door: Ask, own_store: Store) -> None:
    for text in ("コピー用紙 R6", "出生率のR6目標は?", "オープンデータのR6目標は?", "ありがとう", "  "):
        door(_question(text))
    with own_store.engine.connect() as connection:
        logged = read_unanswered(connection, DEFAULT_ORGANISATION)
        rows = connection.execute(sa.select(t.unanswered)).all()
    assert [(kind, text) for kind, text, _ in logged] == [
        ("not_understood", "出生率のR6目標は?"),
        ("choose", "オープンデータのR6目標は?"),
    ]
    assert "福島" not in repr(rows)


def test_a_question_whose_answer_was_wrong_is_logged_once(door: Ask, own_store: Store) -> None:
    door(_question("教育のネットの稼働率 R6"))
    wrong = door(_question("違います"))
    assert not wrong.facts
    door(_question("違う"))
    door(_question("コピー用紙 R6"))
    assert _figures(door, "いや、そうじゃなくて防犯アプリのR6")
    with own_store.engine.connect() as connection:
        logged = read_unanswered(connection, DEFAULT_ORGANISATION)
    assert [(kind, text) for kind, text, _ in logged] == [
        ("rejected", "教育のネットの稼働率 R6"),
        ("rejected", "コピー用紙 R6"),
    ]


def test_a_question_of_another_organisation_writes_nothing_here(door: Ask, own_store: Store) -> None:
    door(_question("天気は?", organisation="よそ"))
    with own_store.engine.connect() as connection:
        assert read_unanswered(connection, DEFAULT_ORGANISATION) == []


def test_replay_shows_every_answer_that_an_alias_would_change(own_store: Store) -> None:
    catalogue = own_store.catalogue(DEFAULT_ORGANISATION)
    proposed = with_alias(catalogue, "ペパゼロ", named(catalogue, "コピー用紙購入量（本庁（知事部局））"))
    threads = [["ペパゼロ R6", "じゃあR7は?"], ["防犯アプリ R6"]]
    changed = list(changed_answers(own_store, catalogue, proposed, threads, TODAY))
    assert [(one.message, one.before.kind, one.after.text.lead) for one in changed] == [
        ("ペパゼロ R6", Kind.NOT_UNDERSTOOD, "20万枚"),
        ("じゃあR7は?", Kind.NOT_UNDERSTOOD, "12万枚"),
    ]
    with pytest.raises(ValueError, match="という指標はありません"):
        named(catalogue, "ない指標")


def test_recorded_threads_come_from_the_dialogues(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 例\n\n## 一つ\n> 一\nanswer x\n> 二\n\n## 二つ\n> 三\n", encoding="utf-8")
    assert list(recorded_threads(tmp_path)) == [["一", "二"], ["三"]]
    assert list(recorded_threads(tmp_path / "none")) == []

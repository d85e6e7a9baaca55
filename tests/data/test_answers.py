"""Answers under permanent numbers, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data import tables as t
from data.answers import GivenAnswer, forget_words, keep_answer, read_answer
from data.changes import lock_organisation
from data.engine import writing
from data.retention import forget
from tests.data.stores import count_rows

NOW = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
DAY = date(2026, 12, 2)
DOCUMENT: dict[str, Any] = {
    "form": 1,
    "text": {"statement": "5人 — 待機児童数"},
    "figures": [{"raw": "5", "year": None}],
}


def _keep(engine: sa.Engine, question: str = "待機児童数は?", organisation: str = "default", **other: Any) -> int:
    values: dict[str, Any] = {
        "receipt": "読み取り: 待機児童数",
        "asked_on": DAY,
        "revision": 3,
        "kind": "answer",
        "document": DOCUMENT,
        "now": NOW,
    } | other
    return keep_answer(engine, organisation, question, **values)


def _read(engine: sa.Engine, number: int, organisation: str = "default") -> GivenAnswer | None:
    with engine.connect() as connection:
        return read_answer(connection, organisation, number)


def _add_organisation(engine: sa.Engine, name: str) -> None:
    with writing(engine) as connection:
        lock_organisation(connection, name)


def test_answer_stays_as_it_was_given(engine: sa.Engine) -> None:
    number = _keep(engine)
    kept = GivenAnswer(number, "待機児童数は?", "読み取り: 待機児童数", DAY, NOW, 3, "answer", DOCUMENT)
    assert _read(engine, number) == kept


def test_same_answer_has_the_number_of_the_first_time(engine: sa.Engine) -> None:
    number = _keep(engine)
    assert _keep(engine, now=NOW + timedelta(days=1), asked_on=date(2026, 12, 3)) == number
    found = _read(engine, number)
    assert found is not None
    assert (found.given_at, found.asked_on) == (NOW, DAY)
    assert count_rows(engine, t.given_answers) == [1]


@pytest.mark.parametrize(
    "other",
    [
        {"question": "待機児童は?"},
        {"receipt": "読み取り: 待機児童"},
        {"revision": 4},
        {"kind": "no_data"},
        {"document": DOCUMENT | {"figures": []}},
    ],
)
def test_another_answer_has_another_number(other: dict[str, Any], engine: sa.Engine) -> None:
    assert _keep(engine) != _keep(engine, **other)


def test_order_of_a_document_s_keys_is_none_of_its_own(engine: sa.Engine) -> None:
    assert _keep(engine) == _keep(engine, document=dict(reversed(DOCUMENT.items())))


def test_no_answer_is_shown_to_another_organisation(engine: sa.Engine) -> None:
    _add_organisation(engine, "県")
    number = _keep(engine)
    assert _read(engine, number, "県") is None
    assert _keep(engine, organisation="県") != number
    assert _read(engine, number) is not None


@pytest.mark.parametrize("number", [0, -1, 1, 2**31 - 1, 2**31, 2**63, 10**40])
def test_number_that_nothing_has(number: int, engine: sa.Engine) -> None:
    assert _read(engine, number) is None


def test_two_at_once_get_one_number(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(lambda _: _keep(engine), range(8)))
    assert len(set(numbers)) == 1
    assert count_rows(engine, t.given_answers) == [1]


@pytest.mark.parametrize("text", ["\0待機児童数は?", "待機児童数は?\ud800", "\0"])
def test_letters_that_no_database_takes(text: str, engine: sa.Engine) -> None:
    number = _keep(engine, text)
    found = _read(engine, number)
    assert found is not None
    assert found.question == text.replace("\0", "").replace("\ud800", "")
    assert _keep(engine, text) == number


# What is forgotten


def test_words_are_forgotten_in_time_and_the_answer_stays(engine: sa.Engine) -> None:
    old = _keep(engine, now=NOW - timedelta(days=91))
    new = _keep(engine, "保育所の数は?", now=NOW - timedelta(days=89))
    assert forget(engine, NOW, 90).answers == 1
    found, kept = _read(engine, old), _read(engine, new)
    assert found is not None
    assert kept is not None
    assert (found.question, found.receipt, found.document, found.revision) == ("", "", DOCUMENT, 3)
    assert kept.question == "保育所の数は?"
    assert forget(engine, NOW, 90).answers == 0


def test_nobody_can_try_what_was_asked_once_it_is_forgotten(engine: sa.Engine) -> None:
    """Neither by asking again (another number comes) nor by the digest of the question, nor of none."""
    numbers = [_keep(engine), _keep(engine, "保育所の数は?")]
    digests = sa.select(t.given_answers.c.digest).order_by(t.given_answers.c.id)
    with writing(engine) as connection:
        before = connection.execute(digests).scalars().all()
        assert forget_words(connection, NOW + timedelta(days=1)) == 2
        after = connection.execute(digests).scalars().all()
    assert not set(before) & set(after)
    assert len(set(after)) == 2
    assert _keep(engine) not in numbers
    assert _keep(engine, "", receipt="") not in numbers


@pytest.mark.parametrize(
    "write",
    [
        sa.delete(t.given_answers),
        sa.update(t.given_answers).values(document={}),
        sa.update(t.given_answers).values(revision=9),
        sa.update(t.given_answers).values(given_at=NOW + timedelta(days=1)),
        sa.update(t.given_answers).values(id=99),
    ],
)
def test_database_itself_refuses_to_change_an_answer(write: sa.Executable, engine: sa.Engine) -> None:
    number = _keep(engine)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(write)
    found = _read(engine, number)
    assert found is not None
    assert (found.document, found.revision, found.given_at) == (DOCUMENT, 3, NOW)

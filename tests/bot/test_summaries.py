"""Messages that ask for a summary, over the shipped plan (nlp/summaries_corpus.py)."""

from datetime import date

import pytest

from bot.knowledge import Knowledge, read_knowledge
from data.changes import DEFAULT_ORGANISATION
from data.store import Store
from nlp import summaries_corpus as corpus
from nlp.intents import Intent
from nlp.parse import parse
from nlp.query import Query


@pytest.fixture(scope="module")
def knowledge(store: Store) -> Knowledge:
    return read_knowledge(lambda: store.catalogue(DEFAULT_ORGANISATION), None)


def _read(message: str, knowledge: Knowledge) -> Query:
    return parse(message, date(2024, 11, 20), knowledge.index)


@pytest.mark.parametrize("message", corpus.WHOLE)
def test_of_the_whole_plan(message: str, knowledge: Knowledge) -> None:
    query = _read(message, knowledge)
    assert query.intent is Intent.SUMMARY
    assert query.selection is not None
    assert not query.selection.is_scoped


@pytest.mark.parametrize("message", corpus.BY_AREA)
def test_of_each_area(message: str, knowledge: Knowledge) -> None:
    query = _read(message, knowledge)
    assert query.intent is Intent.SUMMARY
    assert query.selection is not None
    assert query.selection.by_area


@pytest.mark.parametrize("message", corpus.OF_AREA)
def test_of_an_area(message: str, knowledge: Knowledge) -> None:
    query = _read(message, knowledge)
    assert query.intent is Intent.SUMMARY
    assert query.selection is not None
    assert len(query.selection.areas) == 1


@pytest.mark.parametrize("message", corpus.NON_EXAMPLES)
def test_of_something_else(message: str, knowledge: Knowledge) -> None:
    assert _read(message, knowledge).intent is not Intent.SUMMARY

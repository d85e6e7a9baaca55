"""The trail of changes, and which of them the store's revision counts, on both databases."""

import pytest
import sqlalchemy as sa

from data import tables as t
from data.aliases import add_alias
from data.changes import Author, add_change, lock_organisation
from data.engine import writing
from data.facts import CHANGES, SILENT, ChangeKind
from data.store import Store
from tests.data.stores import FIRST_DAY, count_rows, load, record

AUTHOR = Author("佐藤", FIRST_DAY, "plan.csv")

# Of these a question's answer may depend: what is known is built anew. A new kind belongs here or to SILENT.
TOLD = {
    ChangeKind.LOAD,
    ChangeKind.RECORD,
    ChangeKind.ALIAS,
    ChangeKind.WITHDRAW,
    ChangeKind.ACCEPT,
    ChangeKind.SCALE,
}


def _change(engine: sa.Engine, kind: ChangeKind, organisation: str = "default", author: Author = AUTHOR) -> int:
    with writing(engine) as connection:
        return add_change(connection, lock_organisation(connection, organisation), kind, author)


def test_every_kind_is_classified_and_has_its_words() -> None:
    assert set(ChangeKind) == TOLD | SILENT
    assert not TOLD & SILENT
    assert set(CHANGES) == set(ChangeKind)
    assert len(set(CHANGES.values())) == len(CHANGES)


@pytest.mark.parametrize("kind", ChangeKind)
def test_revision_counts_what_answers_depend_on(kind: ChangeKind, engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    before = store.revision("default")
    number = _change(engine, kind)
    after = before if kind in SILENT else number
    assert (store.revision("default"), store.catalogue("default").revision) == (after, after)


def test_revision_of_an_organisation_with_silent_changes_alone(engine: sa.Engine, store: Store) -> None:
    _change(engine, ChangeKind.WORKSPACE)
    _change(engine, ChangeKind.LOAD, "県")
    assert store.revision("default") == 0
    assert store.revision("県") == 2


def test_figures_as_of_a_revision_that_silent_changes_have_passed(engine: sa.Engine, store: Store) -> None:
    """A digest that was told before the revision left silent changes out holds one of their numbers."""
    load(engine, "指標名 | R4", "X | 5")
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 4")
    silent = _change(engine, ChangeKind.SUBSCRIBE)
    told = store.revision("default")
    assert told < silent
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 3")
    indicators = store.catalogue("default").indicators
    assert store.facts(indicators, told) == store.facts(indicators, silent)
    assert [fact.cell.raw for fact in store.facts(indicators, told)][-1] == "4"
    assert [fact.cell.raw for fact in store.facts(indicators, store.revision("default"))][-1] == "3"


def test_alias_counts(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    before = store.revision("default")
    with writing(engine) as connection:
        add_alias(connection, "default", "エックス", "X", AUTHOR)
    assert store.revision("default") > before
    assert count_rows(engine, t.changes) == [2]

"""Adding aliases by hand, on both databases."""

import pytest
import sqlalchemy as sa

from data import tables as t
from data.aliases import add_alias
from data.changes import Author
from data.engine import writing
from data.store import Store
from tests.data.stores import FIRST_DAY, count_rows, indicators, load

AUTHOR = Author("佐藤", FIRST_DAY)


def _add(engine: sa.Engine, text: str, indicator: str, organisation: str = "default") -> bool:
    with writing(engine) as connection:
        return add_alias(connection, organisation, text, indicator, AUTHOR)


def test_alias_is_added_once(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "待機児童数 | 5")
    assert _add(engine, " 待機 ", "待機児童数")
    revision, changes = store.revision("default"), count_rows(engine, t.changes)
    assert not _add(engine, "待機", "待機児童数")
    assert indicators(store, "待機児童数")[0].aliases == ("待機",)
    assert (store.revision("default"), count_rows(engine, t.changes)) == (revision, changes)


def test_alias_of_namesakes_is_given_to_each(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | 参加者数 | 5", "乙 | 参加者数 | 6")
    assert _add(engine, "参加", "参加者数")
    assert [indicator.aliases for indicator in indicators(store, "参加者数")] == [("参加",), ("参加",)]


def test_alias_outlives_a_new_load(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    _add(engine, "エックス", "X")
    load(engine, "指標名 | 別名 | R4", "X | x値 | 6")
    assert indicators(store, "X")[0].aliases == ("エックス", "x値")


@pytest.mark.parametrize("text", ["", "  ", "甲、乙", "甲,乙", "甲\n乙", "甲\t乙"])
def test_text_that_is_no_alias(text: str, engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5")
    with pytest.raises(ValueError, match="別名は空にできません"):
        _add(engine, text, "X")


def test_unknown_indicator(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    for organisation in ("default", "県"):
        with pytest.raises(ValueError, match="「Y」という指標はありません"):
            _add(engine, "別名", "Y", organisation)
    with pytest.raises(ValueError, match="「X」という指標はありません"):
        _add(engine, "別名", "X", "default")
    assert count_rows(engine, t.aliases) == [0]

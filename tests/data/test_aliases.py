"""Aliases added and withdrawn by hand, on both databases."""

import pytest
import sqlalchemy as sa

from data import tables as t
from data.aliases import add_alias, withdraw_alias
from data.changes import Author
from data.engine import writing
from data.store import Store
from data.trail import read_trail
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


def _withdraw(engine: sa.Engine, text: str, *ids: int, organisation: str = "default") -> None:
    with writing(engine) as connection:
        withdraw_alias(connection, organisation, text, ids, AUTHOR)


def test_withdrawn_alias_is_gone_until_somebody_gives_it_again(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | 別名 | R4", "X | エックス、x値 | 5")
    (before,) = indicators(store, "X")
    revision = store.revision("default")
    _withdraw(engine, "エックス", before.id)
    assert store.revision("default") > revision
    assert indicators(store, "X")[0].aliases == ("x値",)
    report = load(engine, "指標名 | 別名 | R4", "X | エックス、x値 | 5")
    assert report.passed_over == ("別名「エックス」（X）: 管理で外されたもの",)
    assert indicators(store, "X")[0].aliases == ("x値",)
    assert _add(engine, "エックス", "X")
    assert indicators(store, "X")[0].aliases == ("x値", "エックス")
    assert load(engine, "指標名 | 別名 | R4", "X | エックス、x値 | 5").passed_over == ()
    (as_it_was,) = store.catalogue("default", as_of=revision).indicators
    assert "エックス" in as_it_was.aliases
    with engine.connect() as connection:
        told = [(one.change.kind, one.change.by, one.about) for one in read_trail(connection, "default")]
    assert ("withdraw", "佐藤", "「エックス」（X）") in told
    assert ("alias", "佐藤", "「エックス」→ X") in told


def test_alias_is_withdrawn_from_exactly_one_namesake(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | 参加者数 | 5", "乙 | 参加者数 | 6")
    _add(engine, "参加", "参加者数")
    first, _ = indicators(store, "参加者数")
    _withdraw(engine, "参加", first.id)
    assert [indicator.aliases for indicator in indicators(store, "参加者数")] == [(), ("参加",)]
    assert _add(engine, "参加", "参加者数")
    assert [indicator.aliases for indicator in indicators(store, "参加者数")] == [("参加",), ("参加",)]


def test_what_is_no_alias_is_not_withdrawn(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | 別名 | R4", "X | エックス | 5", "Y | | 6")
    x, y = (indicators(store, name)[0].id for name in "XY")
    changes = count_rows(engine, t.changes)
    for text, ids, organisation in (
        ("x値", (x,), "default"),
        ("エックス", (y,), "default"),
        ("エックス", (x, y), "default"),
        ("エックス", (x, 99), "default"),
        ("エックス", (x,), "県"),
    ):
        with pytest.raises(ValueError, match=f"別名「{text}」は、この指標にはもうありません"):
            _withdraw(engine, text, *ids, organisation=organisation)
    assert count_rows(engine, t.changes) == changes
    _withdraw(engine, "エックス", x)
    with pytest.raises(ValueError, match="もうありません"):
        _withdraw(engine, "エックス", x)


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

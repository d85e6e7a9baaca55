"""Choosing the scale by which a plan is judged, on both databases."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.engine import writing
from data.facts import Plan
from data.scale_choice import choose_scale, read_about
from data.scales import ABOUT, IAA, STANDARD, Scale, scale_named
from data.store import Store
from tests.data.stores import FIRST_DAY, count_rows, load

AUTHOR = Author("佐藤", FIRST_DAY)


def _choose(
    engine: sa.Engine,
    scale: Scale,
    about: Decimal | None = None,
    title: str | None = None,
    organisation: str = "default",
) -> tuple[Plan, Plan]:
    with writing(engine) as connection:
        return choose_scale(connection, organisation, title, scale, about, AUTHOR)


def _scales(store: Store) -> list[tuple[str, Scale, Decimal]]:
    return [(plan.title, plan.scale, plan.about) for plan in store.catalogue("default").plans]


def test_a_plan_keeps_its_scale_when_it_is_loaded_again(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", title="甲")
    before, after = _choose(engine, IAA, Decimal("0.9"))
    assert ((before.scale, before.about), (after.scale, after.about)) == ((STANDARD, ABOUT), (IAA, Decimal("0.9")))
    load(engine, "指標名 | R4 | R5", "X | 6 | 7", title="甲")
    assert _scales(store) == [("甲", IAA, Decimal("0.9"))]


def test_a_choice_is_one_change(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    revision = store.revision("default")
    _choose(engine, IAA)
    assert store.revision("default") > revision
    with engine.connect() as connection:
        kinds = connection.execute(sa.select(t.changes.c.kind, t.changes.c.by).order_by(t.changes.c.id)).all()
    assert [tuple(kind) for kind in kinds][1:] == [("scale", "佐藤")]


def test_nothing_is_written_where_nothing_changes(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    revision, changes = store.revision("default"), count_rows(engine, t.changes)
    before, after = _choose(engine, STANDARD, Decimal("0.950"))
    assert before == after
    assert (store.revision("default"), count_rows(engine, t.changes)) == (revision, changes)


def test_without_a_percentage_it_stays(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", title="甲")
    _choose(engine, STANDARD, Decimal("0.9"))
    _choose(engine, IAA)
    assert _scales(store) == [("甲", IAA, Decimal("0.9"))]


def test_of_several_plans_one_is_chosen_by_its_title(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", title="甲")
    load(engine, "指標名 | R4", "X | 5", title="乙")
    load(engine, "指標名 | R4", "X | 5", title="丙", organisation="県")
    for title, said in ((None, "--plan で計画名を一つ"), ("丙", "計画「丙」がありません")):
        with pytest.raises(ValueError, match=said):
            _choose(engine, IAA, title=title)
    _choose(engine, IAA, title="乙")
    assert _scales(store) == [("甲", STANDARD, ABOUT), ("乙", IAA, ABOUT)]


@pytest.mark.parametrize(("text", "about"), [("95", "0.95"), ("９５％", "0.95"), ("100", "1"), ("97.5%", "0.975")])
def test_percentage(text: str, about: str) -> None:
    assert read_about(text) == Decimal(about)


@pytest.mark.parametrize("text", ["0", "-5", "100.1", "nan", "Infinity", "半分", "", "0.95.1"])
def test_what_is_no_percentage(text: str) -> None:
    with pytest.raises(ValueError, match="0より大きく100以下"):
        read_about(text)


def test_scales_are_named_by_a_short_word() -> None:
    assert (scale_named("標準"), scale_named("独法"), scale_named(IAA.name)) == (STANDARD, IAA, IAA)
    with pytest.raises(ValueError, match="「標準」（標準の判定基準）、「独法」（独立行政法人評価の基準）"):
        scale_named("独")

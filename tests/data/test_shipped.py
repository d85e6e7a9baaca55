"""The plan that ships with the program, loaded into an empty store on both databases."""

import time
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from data import tables as t
from data.changes import Author
from data.engine import writing
from data.facts import name_key
from data.importers.identity import group_rows
from data.importers.writer import store_plan
from data.shipped import PLANS, load_shipped_plans, read_details
from data.store import Store
from data.values import Absence
from tests.data.stores import FIRST_DAY, cells, count_rows, indicators, load, read_plan, told

AUTHOR = Author("起動", FIRST_DAY)
FOLDERS = sorted(path.parent for path in PLANS.glob("*/plan.toml"))


def test_shipped_plan_is_loaded_into_an_empty_store(engine: sa.Engine, store: Store) -> None:
    assert load_shipped_plans(engine, "default", AUTHOR)
    catalogue = store.catalogue("default")
    assert [plan.title for plan in catalogue.plans] == ["デジタル変革（DX）推進基本方針及びデジタル化推進計画"]
    assert (catalogue.plans[0].first_year.label, catalogue.plans[0].last_year.label) == ("R4", "R7")
    assert len(catalogue.indicators) == 70
    assert sum(len(indicator.listings) for indicator in catalogue.indicators) == 76
    listed = {listing.initiative.id for indicator in catalogue.indicators for listing in indicator.listings}
    assert [i.line for i in catalogue.initiatives if i.id not in listed] == [33, 34, 83, 84, 85, 86]
    assert list(dict.fromkeys(initiative.chapter for initiative in catalogue.initiatives)) == [
        "デジタル県庁等",
        "地域のDX等に係るKPI一覧",
    ]
    assert all(indicator.qualifier == "" for indicator in catalogue.indicators)
    assert len(store.facts(catalogue.indicators)) == 70 * 5


def test_what_the_shipped_plan_says(engine: sa.Engine, store: Store) -> None:
    load_shipped_plans(engine, "default", AUTHOR)
    assert cells(store, "県民のマイナンバーカードの取得率")["R6"] == "ほぼ100%"
    assert cells(store, "職員の職場満足度") == {"基準値": "-", **dict.fromkeys(("R4", "R5", "R6", "R7"), "4以上")}
    assert cells(store, "自席から参加可能なWeb会議の種類")["R7"] == Absence.UNREADABLE
    online = "県及び市町村の行政手続のオンライン利用率"
    assert cells(store, online) == {"基準値": "48.2%", "R4": "61.0%", "R5": "67.4%", "R6": "73.7%", "R7": "80.0%"}
    facts = store.facts(indicators(store, online))
    assert [[listing.line for listing in fact.sources] for fact in facts] == [[9, 21, 23, 27, 108]] * 5


def test_store_that_holds_a_plan_is_left_alone(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    before = told(store), count_rows(engine, t.changes)
    assert not load_shipped_plans(engine, "default", AUTHOR)
    assert (told(store), count_rows(engine, t.changes)) == before


def test_second_start_changes_nothing(engine: sa.Engine, store: Store) -> None:
    load_shipped_plans(engine, "default", AUTHOR)
    before = told(store), count_rows(engine, t.changes)
    assert not load_shipped_plans(engine, "default", AUTHOR)
    assert (told(store), count_rows(engine, t.changes)) == before


def test_plan_of_another_organisation_does_not_count(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5", organisation="市")
    assert load_shipped_plans(engine, "default", AUTHOR)


def test_start_waits_for_one_that_came_first(engine: sa.Engine, store: Store) -> None:
    said: list[bool] = []
    second = Thread(target=lambda: said.append(load_shipped_plans(engine, "default", AUTHOR)))
    with writing(engine) as connection:
        table = read_plan(FOLDERS[0] / "kpi_table.txt")
        store_plan(connection, "default", table, read_details(FOLDERS[0] / "plan.toml"), AUTHOR)
        second.start()
        time.sleep(0.3)  # by now it has seen an empty store and wants to write
        assert said == []
    second.join()
    assert said == [False]
    assert count_rows(engine, t.plans, t.changes) == [1, 1]
    assert len(store.catalogue("default").indicators) == 70


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_aliases_belong_to_indicators_and_are_no_names(folder: Path) -> None:
    groups = group_rows(read_plan(folder / "kpi_table.txt").rows)
    names = {name_key(group.name): group.name for group in groups}
    aliases = read_details(folder / "plan.toml").aliases
    assert [name for name in aliases if name not in names.values()] == []
    assert [name for name in names.values() if name not in aliases] == []
    spelled = [(name_key(alias), name) for name, own in aliases.items() for alias in own]
    assert [alias for alias, name in spelled if names.get(alias, name) != name] == []
    assert len({alias for alias, _ in spelled}) == len(spelled)
    assert all(alias.strip() == alias and "、" not in alias for own in aliases.values() for alias in own)

"""The catalogue of the ministries' review sheets, where it is at hand: the bars that the index is to keep."""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answer import Kind
from bot.ask import Ask, open_door
from bot.question import Question
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import name_key
from data.importers.files import read_plan_file
from data.importers.writer import Details, store_plan
from data.store import Store
from tests.bench import catalogue

TODAY = date(2024, 11, 20)
SHARED = Path(__file__).parents[3] / "shared" / "scale"
FILE = SHARED / "judgit_kpi_long.tsv.gz"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="../shared/scale is not at hand")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'shirube.db'}")
    ensure_schema(engine)
    author = Author("test", datetime.now(UTC))
    with writing(engine) as connection:
        for table in read_plan_file(FILE):
            store_plan(connection, DEFAULT_ORGANISATION, table, Details(), author)
    return Store(engine)


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    return open_door(store)


def test_names_are_found_however_they_are_asked(ask: Ask, store: Store) -> None:
    names = catalogue.unique_names(store.catalogue(DEFAULT_ORGANISATION).indicators)
    right: dict[str, list[bool]] = {}
    for one in catalogue.questions(names):
        right.setdefault(one.kind, []).append(catalogue.is_right(ask(Question(one.text, TODAY)), one.name))
    assert {kind: sum(own) / len(own) >= 0.97 for kind, own in right.items()} == dict.fromkeys(right, True)


def test_names_of_several_projects_bring_up_the_projects(ask: Ask, store: Store) -> None:
    shared = catalogue.shared_names(store.catalogue(DEFAULT_ORGANISATION).indicators)
    names = random.Random(catalogue.SEED).sample(sorted(shared), 200)
    right = [catalogue.names_projects(ask(Question(name, TODAY)), name) for name in names]
    assert sum(right) / len(right) >= 0.99


def test_statistics_that_are_not_there_are_not_answered(ask: Ask, store: Store) -> None:
    known = {name_key(indicator.name) for indicator in store.catalogue(DEFAULT_ORGANISATION).indicators}
    lines = (SHARED / "indicator_names.txt").read_text(encoding="utf-8").splitlines()[catalogue.STATISTICS :]
    names = random.Random(catalogue.SEED).sample([name for name in lines if name_key(name) not in known], 500)
    answered = [name for name in names if ask(Question(name, TODAY)).kind in (Kind.ANSWER, Kind.NO_DATA)]
    assert len(answered) <= 5, answered

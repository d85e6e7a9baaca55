"""Plays the transcripts of tests/dialogues, each as a thread: over the shipped plan, ministries' and a village's."""

from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest

from bot.answer import Answer, Kind
from bot.answer_json import to_json
from bot.answers import wording
from bot.ask import Ask, open_door
from bot.channels.web.openapi import document
from bot.knowledge import Target
from bot.question import Question
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Fact, Measure
from data.importers.files import read_plan_file
from data.importers.writer import Details, store_plan
from data.store import Store
from tests.bot.transcripts import FOLDER, Dialogue, question_of, read_dialogues
from tests.bot.village import village

TESTS = Path(__file__).parents[1]
SHIPPED = list(read_dialogues(FOLDER))
MINISTRIES = list(read_dialogues(FOLDER / "ministries"))
VILLAGE = list(read_dialogues(FOLDER / "village"))
#: What OpenAPI's document says of every answer.
DESCRIBED = jsonschema_rs.validator_for({**document(), "$ref": "#/components/schemas/Answer"})


@pytest.fixture(scope="module")
def ministries(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The long-form plans of tests/data/ministries.tsv."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('ministries') / 'shirube.db'}")
    ensure_schema(engine)
    author = Author("test", datetime.now(UTC))
    with writing(engine) as connection:
        for table in read_plan_file(TESTS / "data" / "ministries.tsv"):
            store_plan(connection, DEFAULT_ORGANISATION, table, Details(), author)
    return Store(engine)


@pytest.fixture(scope="module")
def ask_ministries(ministries: Store) -> Ask:
    return open_door(ministries)


@pytest.mark.parametrize("dialogue", SHIPPED, ids=lambda dialogue: dialogue.title)
def test_dialogue(dialogue: Dialogue, ask: Ask, store: Store) -> None:
    _play(dialogue, keeping(ask, store, log=False))


@pytest.mark.parametrize("dialogue", MINISTRIES, ids=lambda dialogue: dialogue.title)
def test_dialogue_over_ministries(dialogue: Dialogue, ask_ministries: Ask, ministries: Store) -> None:
    _play(dialogue, keeping(ask_ministries, ministries, log=False))


@pytest.fixture(scope="module")
def village_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return village(tmp_path_factory.mktemp("village") / "shirube.db")


@pytest.mark.parametrize("dialogue", VILLAGE, ids=lambda dialogue: dialogue.title)
def test_dialogue_over_village(dialogue: Dialogue, village_store: Store) -> None:
    _play(dialogue, keeping(open_door(village_store), village_store, log=False))


@pytest.mark.parametrize("dialogues", [SHIPPED, MINISTRIES, VILLAGE], ids=["shipped", "ministries", "village"])
def test_titles_tell_dialogues_apart(dialogues: list[Dialogue]) -> None:
    """Two of the same title would share a thread."""
    titles = [dialogue.title for dialogue in dialogues]
    assert [title for title in titles if titles.count(title) > 1] == []


def _play(dialogue: Dialogue, ask: Ask) -> None:
    question, answer = Question("", dialogue.turns[0].today), None
    for turn in dialogue.turns:
        question = question_of(turn, question, answer, dialogue.title)
        answer = ask(question)
        DESCRIBED.validate(to_json(answer, dialogue.title))
        text = answer.text.plain()
        assert turn.expected, f"nothing is expected of the answer to {turn.message}"
        assert any(_described(answer, expected.partition(" ")[0]) == expected for expected in turn.expected), text
        for line in turn.reply:
            assert line in text.splitlines()
        for words in turn.contained:
            assert any(one in text for one in words.split(" | ")), text


def _described(answer: Answer, form: str) -> str:
    """The answer in the words of the transcripts, in the form that is expected."""
    about: tuple[Target, ...] = (*answer.indicators, *answer.items)
    if answer.kind is Kind.ANSWER and form in ("list", "count", "yes", "no", "number", "status", "counts"):
        assert {fact.indicator for fact in answer.facts} <= set(answer.indicators)
        return _in_short(answer, form)
    if answer.kind is Kind.ANSWER:
        figures = {one: [fact for fact in answer.facts if fact.indicator == one] for one in about}
        assert answer.facts == tuple(fact for facts in figures.values() for fact in facts)
        return "answer " + "; ".join(
            f"{wording.name(one)}: {' / '.join(map(_figure, facts)) or 'なし'}" for one, facts in figures.items()
        )
    if answer.kind is Kind.CHOOSE:
        return f"choose {' / '.join(map(wording.name, answer.choices))}"
    if answer.kind is Kind.NO_DATA:
        assert not answer.facts
        return f"no_data {' / '.join(map(wording.name, about))}"
    assert not answer.facts
    assert not answer.context_facts
    return answer.kind.value


def _in_short(answer: Answer, form: str) -> str:
    about: tuple[Target, ...] = answer.indicators or answer.items
    names = " / ".join(map(wording.name, about))
    if form == "list":
        return f"list {names or 'なし'}"
    if form == "count":
        return f"count {answer.count}"
    if form == "counts":
        return f"counts {' / '.join(f'{status} {count}' for status, count in answer.status_counts.items())}"
    if form == "status":
        return "status " + "; ".join(f"{wording.name(o.indicator)}: {o.year.label} {o.status}" for o in answer.statuses)
    facts = f"{names}: {' / '.join(map(_figure, answer.facts))}"
    if form == "number":
        return f"number {answer.computed[0].value.normalize():f} {facts}"
    return f"{ {True: 'yes', False: 'no', None: 'undecided'}[answer.yes] } {facts}".strip()


def _figure(fact: Fact) -> str:
    if fact.fiscal_year is None:
        return f"基準値 {fact.cell.raw}"
    measure = "実績" if fact.measure is Measure.ACTUAL else ""
    return f"{measure}{fact.fiscal_year.label} {fact.cell.raw}"

"""The bot before the eyes of a person: in Microsoft's own client for tests, in Chromium, from question to answer.

Pictures of all of it are kept in .pictures/teams. What passes between the two is checked by the proxy (signing.py).
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import open_engine, writing
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from tests.teams.bare import ANSWER, PRESSED
from tests.teams.browser import Screen, screen
from tests.teams.elements import Json
from tests.teams.stage import PERSONAL, PORT, Stage, stage

PICTURES = Path(__file__).parents[2] / ".pictures" / "teams"


@dataclass(frozen=True, slots=True)
class Scene:
    """A person before the bot, and what a test looks at behind the stage."""

    person: Screen
    stage: Stage
    engine: sa.Engine
    before: int  # so much had passed when the test began

    def passed(self) -> list[Json]:
        """What has passed between the two since the test began."""
        return self.stage.passed()[self.before :]

    def went_well(self) -> None:
        """Nothing was refused, and Teams would not have refused anything."""
        wrong = [one for one in self.passed() if one["faults"] or one["status"] >= 400]
        assert wrong == [], self.stage.text()


@pytest.fixture(scope="module")
def opened(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The bot on a store of this module, with 田中 before it in the personal chat."""
    folder = tmp_path_factory.mktemp("playground")
    url = f"sqlite:///{shutil.copy(file_with_plan, folder / 'plan.db')}"
    serve, engine = ("-m", "bot", "serve", "--port", PORT), open_engine(url)
    with stage(folder, serve, {"DATABASE_URL": url}) as behind, screen(behind, PICTURES) as person:
        yield Scene(person, behind, engine, 0)
    engine.dispose()


@pytest.fixture
def scene(opened: Scene, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The same for one test: nothing is said yet on the screen, and the bot remembers nothing."""
    with opened.engine.begin() as connection:
        for table in ("conversation", "event"):  # what a thread is about; what a person asked last
            connection.execute(sa.text(f"DELETE FROM {table}"))
    opened.person.start_over()
    yield replace(opened, before=len(opened.stage.passed()))
    opened.person.picture(f"{request.node.name}-end")


def test_the_stage_with_a_bare_bot(tmp_path: Path) -> None:
    """Tells what is amiss with the stage from what is amiss with the bot."""
    bare = ("-m", "tests.teams.bare", PORT)
    with stage(tmp_path, bare, {}) as behind, screen(behind, PICTURES) as person:
        person.say("コピー用紙のR6目標は?")
        person.sees(ANSWER)
        person.press("他の年度")
        person.sees(PRESSED)
        person.picture("bare")
        person.open("企画課 - 指標")
        person.say("コピー用紙のR6目標は?", mention=True)
        person.sees(ANSWER)
        assert [one["faults"] for one in behind.passed() if one["faults"]] == []


def test_a_question_is_answered_with_its_source(scene: Scene) -> None:
    scene.person.say("コピー用紙のR6目標は?")
    scene.person.sees("20万枚")
    scene.person.sees("出典: 資料3-3")
    scene.person.picture("answer")
    scene.went_well()


def test_a_candidate_that_is_pressed_takes_the_place_of_the_question_back(scene: Scene) -> None:
    scene.person.say("満足度の目標")
    scene.person.sees("どちらの指標ですか")
    scene.person.picture("asking-back")
    scene.person.press("チャットボット満足度")
    scene.person.sees("チャットボット満足度の目標値")
    scene.person.picture("chosen")
    scene.went_well()


def test_a_chart_is_drawn_in_place_of_the_answer(scene: Scene) -> None:
    scene.person.say("コピー用紙のR6目標は?")
    scene.person.press("推移")
    scene.person.sees("12万枚")
    scene.person.picture("chart")
    scene.went_well()


def test_an_indicator_is_searched_and_inserted(scene: Scene) -> None:
    scene.person.open("打合せ")
    scene.person.search("コピー用紙")
    scene.person.sees("コピー用紙購入量")
    scene.person.picture("search")
    scene.person.sees("コピー用紙購入量").click()
    scene.person.sees("32万枚")
    scene.person.picture("inserted")
    scene.person.press("Send Message")
    scene.person.sees("32万枚")
    scene.person.picture("sent")
    names = [one["body"].get("name") for one in scene.passed() if one["way"] == "in"]
    assert "composeExtension/query" in names
    scene.went_well()


def test_a_mention_in_a_channel_is_answered_in_its_thread(scene: Scene) -> None:
    scene.person.open("企画課 - 指標")
    scene.person.say("コピー用紙のR6目標は?", mention=True)
    scene.person.sees("20万枚")
    scene.person.picture("channel")
    answered = [one for one in scene.passed() if one["way"] == "out" and one["body"].get("type") == "message"]
    assert answered
    assert all(";messageid=" in one["path"] for one in answered)
    scene.went_well()


def test_a_digest_comes_by_itself(scene: Scene) -> None:
    wish = Wish("teams", PERSONAL, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
    with writing(scene.engine) as connection:
        add_subscription(connection, DEFAULT_ORGANISATION, wish, Author("佐藤", datetime.now(UTC) - timedelta(days=30)))
    scene.person.sees("産業振興", seconds=60)
    scene.person.picture("digest")
    scene.went_well()

"""The bot before the eyes of a person: in Microsoft's own client for tests, in Chromium, from question to answer.

Pictures of all of it are kept in .pictures/teams. What passes between the two is checked by the proxy (signing.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import open_engine, writing
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from tests.teams.bare import ANSWER, PRESSED
from tests.teams.browser import Screen, screen
from tests.teams.stage import PERSONAL, PORT, Stage, stage

PICTURES = Path(__file__).parents[2] / ".pictures" / "teams"


@dataclass(frozen=True, slots=True)
class Scene:
    """A person before the bot, and what a test looks at behind the stage."""

    person: Screen
    stage: Stage
    database: str

    def went_well(self) -> None:
        """Nothing was refused, and Teams would not have refused anything."""
        wrong = [one for one in self.stage.passed() if one["faults"] or one["status"] >= 400]
        assert wrong == [], self.stage.text()


@pytest.fixture
def scene(tmp_path: Path, sqlite_url: str, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The bot on a store of the test's own, with 田中 before it in the personal chat."""
    serve = ("-m", "bot", "serve", "--port", PORT)
    with stage(tmp_path, serve, {"DATABASE_URL": sqlite_url}) as behind, screen(behind, PICTURES) as person:
        yield Scene(person, behind, sqlite_url)
        person.picture(f"{request.node.name}-end")


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
    names = [one["body"].get("name") for one in scene.stage.passed() if one["way"] == "in"]
    assert "composeExtension/query" in names
    scene.went_well()


def test_a_mention_in_a_channel_is_answered_in_its_thread(scene: Scene) -> None:
    scene.person.open("企画課 - 指標")
    scene.person.say("コピー用紙のR6目標は?", mention=True)
    scene.person.sees("20万枚")
    scene.person.picture("channel")
    answered = [one for one in scene.stage.passed() if one["way"] == "out" and one["body"].get("type") == "message"]
    assert answered
    assert all(";messageid=" in one["path"] for one in answered)
    scene.went_well()


def test_a_digest_comes_by_itself(scene: Scene) -> None:
    engine = open_engine(scene.database)
    wish = Wish("teams", PERSONAL, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
    with writing(engine) as connection:
        add_subscription(connection, DEFAULT_ORGANISATION, wish, Author("佐藤", datetime.now(UTC) - timedelta(days=30)))
    engine.dispose()
    scene.person.sees("産業振興", seconds=60)
    scene.person.picture("digest")
    scene.went_well()

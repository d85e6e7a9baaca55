"""What staff get in Teams, through a bot that runs: read back from the connector as the people there see it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.changes import Author
from data.engine import open_engine, writing
from data.references import read_references
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from data.turns import read_unanswered
from data.votes import Votes, count_votes
from tests.teams.activities import Place, channel, group_chat, personal
from tests.teams.connector import Connector
from tests.teams.elements import Json, actions, parts, texts
from tests.teams.limits import cards
from tests.teams.process import Bot, StartBot
from tests.teams.standing import Standing, standing
from tests.teams.teams import Teams
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
BUSY = "調べています"
PAPER = "コピー用紙購入量（本庁（知事部局））"


@pytest.fixture(scope="module")
def stage(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A bot for all tests that leave nothing in its store that others would notice."""
    folder = tmp_path_factory.mktemp("staff")
    with standing(folder, f"sqlite:///{shutil.copy(file_with_plan, folder / 'plan.db')}") as standing_bot:
        yield standing_bot


@pytest.fixture
def bot(stage: Standing) -> Bot:
    return stage.bot


@pytest.fixture
def own_bot(start_bot: StartBot) -> Bot:
    """A bot on the test's own store."""
    return start_bot()


def _ask(teams: Teams, text: str, place: Place | None = None, user: str = "tanaka") -> Json:
    """The answer as it stands in the conversation: the message of its card, with what the text above it says."""
    sent = teams.say(text, place, user)
    assert sent.reply.acknowledged

    def answered() -> list[Json]:
        found = teams.replies(sent)
        return found if len(found) == 2 and BUSY not in str(found[0].get("text")) else []

    above, card = wait_for(answered, 10, f"after {text}")
    assert not cards(above)
    return {**card, "text": above["text"], "above": above}


def _said(card: Json) -> str:
    return "\n".join(texts(card))


def _titles(card: Json) -> list[str]:
    return [str(button.get("title")) for button in actions(card)]


def test_question_is_answered_with_a_card(bot: Bot) -> None:
    answer = _ask(bot.teams, "コピー用紙のR6目標は?")
    (card,) = cards(answer)
    said = _said(card)
    assert "20万枚" in said
    assert "読み取り: 「コピー用紙」" in said
    assert "出典: 資料3-3" in said
    assert _titles(card) == ["推移", "他の年度", "違う"]
    assert answer["text"].startswith("20万枚")
    assert answer["above"]["channelData"]["feedbackLoop"]
    (cited,) = [entity for entity in answer["above"]["entities"] if "citation" in entity]
    assert "ペーパーレス化の推進" in cited["citation"][0]["appearance"]["name"]
    follow_up = _ask(bot.teams, "じゃあR7は?")
    assert follow_up["text"].startswith("12万枚")


@pytest.mark.parametrize("place", [group_chat(), channel()], ids=["group", "channel"])
def test_mention_is_answered_in_its_thread(bot: Bot, place: Place) -> None:
    assert _ask(bot.teams, "コピー用紙のR6目標は?", place)["text"].startswith("20万枚")
    assert _ask(bot.teams, "じゃあR7は?", place, "suzuki")["text"].startswith("12万枚")


def test_buttons_answer_in_the_card_and_lead_back(bot: Bot) -> None:
    answer = _ask(bot.teams, "コピー用紙のR6目標は?")
    years = bot.teams.press(answer, "他の年度").card
    assert years
    assert {"40万枚", "32万枚", "20万枚", "12万枚"} <= set(texts(years))
    answer["attachments"][0]["content"] = years
    back = bot.teams.press(answer, "戻る").card
    assert back
    assert _titles(back) == ["推移", "他の年度", "違う"]
    answer["attachments"][0]["content"] = back
    chart = bot.teams.press(answer, "推移").card
    assert chart
    (drawn,) = [part for part in parts(chart) if part.kind.startswith("Chart.")]
    assert drawn.value["fallback"]
    assert "目標値 R4 40万枚、R5 32万枚、R6 20万枚、R7 12万枚" in _said(chart)


def test_candidates_are_buttons_and_the_answer_takes_their_place(bot: Bot) -> None:
    question = _ask(bot.teams, "農業先端技術の発表件数 R7")
    pressed = bot.teams.press(question, "2. ")
    assert pressed.card
    assert "研究成果" in _said(pressed.card)
    assert "令和7年度" in _said(pressed.card)
    assert "研究成果" in _ask(bot.teams, "R6は?")["text"]


def test_wrong_asks_what_was_meant_and_is_logged(own_bot: Bot, sqlite_url: str) -> None:
    answer = _ask(own_bot.teams, "コピー用紙のR6目標は?")
    pressed = own_bot.teams.press(answer, "違う")
    assert pressed.card
    assert "失礼しました。" in _said(pressed.card)
    with open_engine(sqlite_url).connect() as connection:
        logged = [(kind, text) for kind, text, _ in read_unanswered(connection, "default")]
    assert logged == [("rejected", "コピー用紙のR6目標は?")]


def test_long_lists_page(bot: Bot) -> None:
    listed = _ask(bot.teams, "%の指標の一覧")
    (card,) = cards(listed)
    assert "次の5件" in _titles(card)
    second = bot.teams.press(listed, "次の5件").card
    assert second
    assert "前の10件" in _titles(second)
    assert "11〜15件目（全15件）" in _said(second)


def test_feedback_is_counted(own_bot: Bot, sqlite_url: str) -> None:
    answer = _ask(own_bot.teams, "コピー用紙のR6目標は?")
    for user, reaction in (("tanaka", "like"), ("suzuki", "dislike"), ("suzuki", "like")):
        value = {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": "{}"}}
        sent = own_bot.teams.invoke("message/submitAction", value, user=user, replyToId=answer["above"]["id"])
        assert sent.reply.status == 200
    with open_engine(sqlite_url).connect() as connection:
        assert count_votes(connection, "default", None) == Votes(good=2, bad=0)


def test_indicators_are_found_while_composing(own_bot: Bot) -> None:
    (first, *_) = own_bot.teams.search("コピー用紙 R6")
    assert "20万枚" in _said(first["content"])
    assert actions(first["content"]) == []
    assert first["preview"]["content"]["title"] == PAPER
    assert len(own_bot.teams.search("アプリ")) >= 2
    assert len(own_bot.teams.search(None)) == 5
    _ask(own_bot.teams, "コピー用紙のR6目標は?")

    def recent() -> bool:
        return [one["preview"]["content"]["title"] for one in own_bot.teams.search(None)] == [PAPER]

    assert wait_for(recent, 5)


def test_digest_reaches_a_channel_where_the_bot_was_installed(
    start_bot: StartBot, connector: Connector, sqlite_url: str
) -> None:
    place = channel()
    first = start_bot(sqlite_url)
    first.teams.install(place)
    engine = open_engine(sqlite_url)

    def known() -> bool:
        with engine.connect() as connection:
            return bool(read_references(connection, "default", "teams"))

    wait_for(known, 10)
    listing = [sys.executable, "-m", "bot", "teams", "conversations"]
    environment = {"DATABASE_URL": sqlite_url, "PATH": "", "LANG": "C.UTF-8"}
    shown = subprocess.run(listing, check=True, cwd=ROOT, env=environment, capture_output=True, text=True).stdout
    conversation = shown.splitlines()[0].split()[1]
    with writing(engine) as connection:
        wish = Wish("teams", conversation, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
        add_subscription(connection, "default", wish, Author("佐藤", datetime.now(UTC) - timedelta(days=30)))
    start_bot(sqlite_url)

    def told() -> list[Json]:
        found = connector.messages(conversation)
        return found if len(found) == 2 and cards(found[1]) else []

    above, below = wait_for(told, 40)
    assert "「4 産業振興」の状況のお知らせです" in above["text"]
    assert "産業振興" in _said(cards(below)[0])


def test_conversation_that_is_gone_is_forgotten(own_bot: Bot, connector: Connector, sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    own_bot.teams.install(personal("tanaka"))

    def kept() -> int:
        with engine.connect() as connection:
            return len(read_references(connection, "default", "teams"))

    wait_for(lambda: kept() == 1, 10)
    own_bot.teams.uninstall(personal("tanaka"))
    wait_for(lambda: kept() == 0, 10)

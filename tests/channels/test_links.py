"""Answers in chats lead to their permanent page, where people can reach it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.ask import Ask, open_door
from bot.channels.asked import Asked, asked_of
from bot.channels.links import linked
from bot.channels.slack.messages import answer_message
from bot.channels.teams.cards import answer_reply
from bot.question import Question
from data.answers import read_answer
from data.engine import open_engine
from data.store import Store
from tests.slack.rendered import check

ADDRESS = "https://shirube.example.jp"
COPIES = Question("コピー用紙のR6目標は?", date(2024, 11, 20))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    engine = open_engine(sqlite_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def ask(store: Store) -> Ask:
    return open_door(store)


def _linked(store: Store, ask: Ask, question: Question, address: str = ADDRESS) -> Asked:
    answer = ask(question)
    return linked(asked_of(ask, question, answer), store, address, question, answer)


def test_an_answer_leads_to_its_page(store: Store, ask: Ask) -> None:
    asked = _linked(store, ask, COPIES)
    assert asked.link == f"{ADDRESS}/a/1"
    with store.engine.connect() as connection:
        kept = read_answer(connection, COPIES.organisation, 1)
    assert kept is not None
    assert kept.question == COPIES.text
    message = answer_message(ask(COPIES), asked)
    check(message)
    assert message.text.endswith(f"この答えのページ: {ADDRESS}/a/1")
    (link,) = [one for block in message.forms[0] for one in block.get("elements", ()) if one.get("url")]
    assert (link["text"]["text"], link["url"]) == ("この答えのページ", asked.link)
    card = answer_reply(ask(COPIES), asked).card
    assert card is not None
    (opening,) = [one for one in card["actions"] if one["type"] == "Action.OpenUrl"]
    assert (opening["title"], opening["url"]) == ("この答えのページ", asked.link)


def test_the_same_answer_has_the_same_page(store: Store, ask: Ask) -> None:
    links = [_linked(store, ask, replace(COPIES, user=user)).link for user in ("slack:U1", "teams:2")]
    assert links == [f"{ADDRESS}/a/1"] * 2


@pytest.mark.parametrize("text", ["満足度の目標", "来週の天気は?", "ありがとう", "使い方"])
def test_what_is_no_answer_from_the_store_has_no_page(store: Store, ask: Ask, text: str) -> None:
    assert _linked(store, ask, replace(COPIES, text=text)).link == ""


def test_without_a_public_address_nothing_is_kept(store: Store, ask: Ask) -> None:
    assert _linked(store, ask, COPIES, address="").link == ""
    with store.engine.connect() as connection:
        assert read_answer(connection, COPIES.organisation, 1) is None

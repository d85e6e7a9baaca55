"""The permanent page of an answer, for the channels whose answers link to it."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.answer import Answer
from bot.channels.asked import Asked
from bot.permanent import give_number
from bot.question import Question
from data.store import Store


def linked(asked: Asked, store: Store, public_url: str, question: Question, answer: Answer) -> Asked:
    """With the address of the answer's page, kept from here on: 「https://shirube.example.jp/a/12」.

    Without one where no public address is set, and for what is no answer from the store.
    """
    if not public_url:
        return asked
    number = give_number(store, question, answer, datetime.now(UTC))
    return asked if number is None else replace(asked, link=f"{public_url}/a/{number}")

"""What the load asks: the conversations of tests/dialogues over the shipped plan, dealt to lanes, with ask()'s replies.

The replies come from the door itself, asked one after the other in threads of their own: what the bot posts under load
must be the same words.
"""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from bot.answer import Answer, Kind
from bot.ask import open_door
from bot.channels.asked import Asked
from bot.channels.slack.messages import answer_message
from bot.channels.slack.tables import PAGE
from bot.question import Question
from bot.tabular import table_of
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine
from data.shipped import load_shipped_plans
from data.store import Store
from tests.bot.transcripts import FOLDER, read_dialogues


@dataclass(frozen=True, slots=True)
class Planned:
    """A question at its place. `start` is the number of the question that began its thread, its own for the first;
    `reply` is the text that ask() gives, `rows` how many rows its table has (0 without one)."""

    number: int
    lane: int
    start: int
    text: str
    mentions: bool
    kind: Kind
    reply: str
    rows: int

    @property
    def follows(self) -> bool:
        return self.start != self.number

    @property
    def is_long(self) -> bool:
        """Is it a list with more rows than the first page of an answer?"""
        return self.rows > PAGE


def plan_questions(count: int, lanes: int, direct: Collection[int], today: date) -> list[Planned]:
    """So many questions, in turn one for each lane; in `direct` lanes without threads. The same deal every time."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'plan.db'}")
        ensure_schema(engine)
        load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("bench", datetime.now(UTC)))
        ask = keeping(open_door(store := Store(engine)), store, log=False)
        scripts = _scripts()
        left: list[list[str]] = [[] for _ in range(lanes)]
        starts = [0] * lanes
        planned: list[Planned] = []
        for number in range(count):
            lane = number % lanes
            if not left[lane]:
                left[lane], starts[lane] = list(next(scripts)), number
            text, start = left[lane].pop(0), starts[lane]
            thread = f"{lane}" if lane in direct else f"{lane}:{start}"
            remembered = store.recall(DEFAULT_ORGANISATION, thread, today) is not None
            answer = ask(Question(text, today, DEFAULT_ORGANISATION, thread))
            table = table_of(answer, today)
            planned.append(
                Planned(
                    number,
                    lane,
                    start,
                    text,
                    start == number or not remembered or _is_for_nobody(answer),
                    answer.kind,
                    answer_message(answer, Asked(text, today)).text,
                    len(table.rows) if table else 0,
                )
            )
        engine.dispose()
    return planned


def _is_for_nobody(answer: Answer) -> bool:
    """Would the bot keep silent in a thread, or answer only to the asker, if the message did not mention it?"""
    return answer.is_courtesy or answer.kind is Kind.NOT_UNDERSTOOD


def _scripts() -> Iterator[tuple[str, ...]]:
    """The dialogues of typed messages again and again, those of several messages as often as the others."""
    found = [tuple(turn.message for turn in dialogue.turns) for dialogue in read_dialogues(FOLDER)]
    typed = [script for script in found if not any(message.endswith(".") for message in script)]
    short, long = [one for one in typed if len(one) == 1], [one for one in typed if len(one) > 1]
    chance = Random(20)
    while True:
        for one, several in zip(chance.sample(short, len(long)), chance.sample(long, len(long)), strict=True):
            yield from (one, several)

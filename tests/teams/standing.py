"""A bot that stands for all tests of a module, where they do not disturb each other: with its Teams and its store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.channels.teams.posting import BUSY
from data.engine import open_engine
from tests.teams.activities import Place
from tests.teams.connector import Call, Connector
from tests.teams.elements import Json
from tests.teams.issuer import Issuer
from tests.teams.limits import cards
from tests.teams.process import Bot, StartBot, bot_starter
from tests.teams.teams import Sent, Teams
from tests.waiting import wait_for

CARD = "card"


@dataclass(frozen=True, slots=True)
class Standing:
    """A bot with what it stands on. `start` starts others beside it, by default on the same store."""

    issuer: Issuer
    connector: Connector
    bot: Bot
    start: StartBot
    engine: sa.Engine

    @property
    def teams(self) -> Teams:
        return self.bot.teams

    def answer(self, sent: Sent, seconds: float = 10.0) -> Json:
        """The answer to what was said, as soon as all of it stands in the conversation: the message of its card, with
        what the text above it says; that message itself is `above`."""

        def found() -> Json | None:
            shown = self._replies(sent)
            above = [one for one in shown if one.get("text") not in (None, BUSY)]
            below = [one for one in shown if cards(one)]
            return {**below[-1], "text": above[-1]["text"], "above": above[-1]} if above and below else None

        return wait_for(found, seconds, f"after {str(sent.activity.get('text'))[:80]}")

    def _replies(self, sent: Sent) -> list[Json]:
        """What stands in the conversation as a reply to this very message."""
        calls = self.connector.calls_of("reply")
        answers = [call.answer for call in calls if call.ok and call.activity == sent.activity["id"]]
        ids = {answer["id"] for answer in answers if isinstance(answer, dict)}
        return [one for one in self.connector.messages(sent.place.id) if one["id"] in ids]

    def ask(self, text: str, place: Place | None = None, user: str = "tanaka") -> Json:
        sent = self.teams.say(text, place, user)
        assert sent.reply.acknowledged, sent.reply
        return self.answer(sent)

    def shown(self, place: Place) -> list[str]:
        """What people see in a conversation: the texts, and CARD for each card."""
        return [str(one.get("text", CARD)) for one in self.connector.messages(place.id)]

    def calls(self, place: Place, *kinds: str) -> list[Call]:
        """The calls to a conversation that put messages there: the line and the answer, typing aside."""
        return [
            call
            for call in self.connector.calls
            if call.conversation == place.id
            and call.kind in (kinds or ("send", "reply", "update"))
            and call.body.get("type") == "message"
        ]

    def outcomes(self) -> dict[str, str | None]:
        """How each event that the store holds has ended, by its key."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT key, outcome FROM event"))
            return {row.key: row.outcome for row in rows}

    def settled(self, keys: set[str], seconds: float = 20.0) -> list[str | None]:
        """The outcomes of these events in the order of their keys, as soon as all have one."""

        def found() -> list[str | None]:
            outcomes = self.outcomes()
            return [outcomes[key] for key in sorted(keys)] if all(outcomes.get(key) for key in keys) else []

        return wait_for(found, seconds, f"of {keys}")


def key_of(sent: Sent) -> str:
    """The key of the event that a delivery becomes."""
    return f"{sent.place.id}|{sent.activity['id']}"


@contextmanager
def standing(folder: Path, database: str, **environment: str) -> Iterator[Standing]:
    """Starts an issuer, a connector and a bot on a store that holds a plan; all end with the block."""
    issuer = Issuer()
    issuer.start()
    connector = Connector(issuer)
    connector.start()
    started: list[Bot] = []
    start = bot_starter(issuer, connector, folder, lambda: database, started)
    engine = open_engine(database)
    try:
        yield Standing(issuer, connector, start(**environment), start, engine)
    finally:
        for bot in started:
            bot.kill()
        engine.dispose()
        connector.stop()
        issuer.stop()
    assert connector.mistakes == []

"""A bot that stands for all tests of a module, where they do not disturb each other: with its gateway and its store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from data.engine import open_engine
from tests.slack.gateway import Gateway
from tests.slack.process import Bot, StartBot, Way, bot_starter
from tests.slack.slack import Slack
from tests.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """A bot with what it stands on. `start` starts others beside it, by default on the same store."""

    gateway: Gateway
    bot: Bot
    start: StartBot
    engine: sa.Engine

    @property
    def slack(self) -> Slack:
        return self.bot.slack

    @property
    def workspace(self) -> Workspace:
        return self.gateway.workspace

    def posted(self, channel: str) -> list[str]:
        """The texts that the bot has posted to a channel, in the order in which Slack took them."""
        calls = self.gateway.calls_of("chat.postMessage")
        return [str(call.params["text"]) for call in calls if call.ok and call.params["channel"] == channel]

    def events(self) -> list[tuple[str, str | None]]:
        """The keys and the outcomes of all events that the store holds."""
        with self.engine.connect() as connection:
            return [(row.key, row.outcome) for row in connection.execute(sa.text("SELECT key, outcome FROM event"))]

    def keys(self) -> set[str]:
        return {key for key, _ in self.events()}


@contextmanager
def standing(
    workspace: Workspace, folder: Path, database: str, way: Way = "http", **environment: str
) -> Iterator[Standing]:
    """Starts a gateway and a bot on a store that holds a plan; both end with the block."""
    gateway = Gateway(workspace)
    gateway.start()
    started: list[Bot] = []
    start = bot_starter(gateway, folder, lambda: database, started)
    engine = open_engine(database)
    try:
        yield Standing(gateway, start(way, **environment), start, engine)
    finally:
        for bot in started:
            bot.kill()
        engine.dispose()
        gateway.stop()
    assert gateway.mistakes == []

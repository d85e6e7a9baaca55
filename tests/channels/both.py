"""One bot that serves Slack and Teams at once, on one store."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from tests.channels.in_slack import SlackUser
from tests.channels.in_teams import TeamsUser
from tests.channels.slack_side import SlackSide
from tests.process import Process, run
from tests.slack.elements import Json
from tests.slack.process import answers_url_verification
from tests.slack.transport import over_http
from tests.slack.workspace import BOT_TOKEN, SIGNING_SECRET
from tests.teams.connector import Connector
from tests.teams.issuer import Issuer
from tests.teams.process import settings
from tests.teams.teams import Teams
from tests.waiting import free_port

_LOOK_AGAIN = 0.02


@dataclass(slots=True)
class Bot(Process):
    """A bot that runs, with what surrounds it."""

    side: SlackSide
    connector: Connector
    slack: SlackUser
    teams: TeamsUser


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Bot]:
    """`bot serve` on a store. What Slack or Teams would refuse fails at the end."""
    issuer, side = Issuer(), SlackSide()
    connector = Connector(issuer)
    port, log = free_port(), folder / "bot.log"
    for one in (issuer, side, connector):
        one.start()
    issuer.sign(connector.service_url)  # makes its key, which several threads would make at once
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DATABASE_URL": url,
        "SLACK_API_URL": side.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        **settings(issuer),
    }
    arguments = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    process = run(arguments, environment, log)
    ends = _Ends(log)
    ends.start()
    slack = SlackUser(side, over_http(lambda: port), ends.wait)
    teams = TeamsUser(Teams(issuer, connector, lambda: port), ends.wait)
    bot = Bot(
        arguments, environment, log, lambda: answers_url_verification(port), process, side, connector, slack, teams
    )
    try:
        bot.await_ready()
        yield bot
    finally:
        bot.kill()
        ends.stop()
        for one in (connector, side, issuer):
            one.stop()
    assert side.mistakes == []
    assert connector.mistakes == []


@dataclass(slots=True)
class _Ends:
    """How events have ended, as the bot's log tells it, which is read on and on between `start` and `stop`.

    Many wait at the same time: each is woken when its own event has ended.
    """

    log: Path
    _ended: dict[str, str] = field(default_factory=dict)
    _awaited: dict[str, Event] = field(default_factory=lambda: defaultdict(Event))
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._read_on, name="ends", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def wait(self, key: str, seconds: float) -> str:
        """How an event has ended, as soon as it has; "" if it has not in so many seconds."""
        with self._lock:
            awaited = self._awaited[key]
        return self._ended[key] if awaited.wait(seconds) else ""

    def _read_on(self) -> None:
        with self.log.open("rb") as file:
            rest = b""
            while not self._stop.wait(_LOOK_AGAIN):
                *lines, rest = (rest + file.read()).split(b"\n")
                for line in lines:
                    if line.startswith(b"{"):
                        self._note(json.loads(line))

    def _note(self, about: Json) -> None:
        if about["message"] == "event":
            with self._lock:
                self._ended[about["event"]] = about["ended"]
                self._awaited[about["event"]].set()

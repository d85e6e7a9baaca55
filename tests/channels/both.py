"""One bot that serves Slack and Teams at once, on one store."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from tests.channels.in_slack import SlackUser
from tests.channels.in_teams import TeamsUser
from tests.channels.slack_side import SlackSide
from tests.process import Process, run
from tests.slack.process import answers_url_verification
from tests.slack.transport import over_http
from tests.slack.workspace import BOT_TOKEN, SIGNING_SECRET
from tests.teams.connector import Connector
from tests.teams.issuer import Issuer
from tests.teams.process import settings
from tests.teams.teams import Teams
from tests.waiting import free_port


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
    slack = SlackUser(side, over_http(lambda: port), ends.of)
    teams = TeamsUser(Teams(issuer, connector, lambda: port), ends.of)
    bot = Bot(
        arguments, environment, log, lambda: answers_url_verification(port), process, side, connector, slack, teams
    )
    try:
        bot.await_ready()
        yield bot
    finally:
        bot.kill()
        for one in (connector, side, issuer):
            one.stop()
    assert side.mistakes == []
    assert connector.mistakes == []


@dataclass(slots=True)
class _Ends:
    """How events have ended, as the bot's log tells it. It is read on from where it was read to."""

    log: Path
    _ended: dict[str, str] = field(default_factory=dict)
    _read: int = 0
    _lock: Lock = field(default_factory=Lock)

    def of(self, key: str) -> str:
        with self._lock, self.log.open("rb") as file:
            file.seek(self._read)
            *lines, rest = file.read().split(b"\n")
            self._read = file.tell() - len(rest)
            for line in lines:
                if line.startswith(b"{"):
                    about = json.loads(line)
                    if about["message"] == "event":
                        self._ended[about["event"]] = about["ended"]
            return self._ended.get(key, "")

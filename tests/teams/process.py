"""The bot as a process of its own with Teams as its channel."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.process import Process, run
from tests.teams.connector import Connector
from tests.teams.issuer import CLIENT_ID, CLIENT_SECRET, TENANT, Issuer
from tests.teams.teams import Teams, request
from tests.waiting import free_port


@dataclass(slots=True)
class Bot(Process):
    """A bot that runs. `teams` reaches it, `log` holds all that it has written."""

    teams: Teams
    port: int


class StartBot(Protocol):
    def __call__(self, database: str | None = None, **environment: str) -> Bot: ...


def settings(issuer: Issuer) -> dict[str, str]:
    """The settings of the Teams channel that point at the tests' issuer."""
    return {
        "TEAMS_CLIENT_ID": CLIENT_ID,
        "TEAMS_CLIENT_SECRET": CLIENT_SECRET,
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_ALLOWED_TENANTS": TENANT,
        "TEAMS_OPENID_METADATA_URL": issuer.metadata_url,
        "TEAMS_TOKEN_URL": issuer.token_url,
    }


def bot_starter(
    issuer: Issuer, connector: Connector, folder: Path, default_database: Callable[[], str], started: list[Bot]
) -> StartBot:
    """What starts bots on a store, by default all on the same one, and notes each. An empty setting is left out."""
    numbers = count(1)

    def start(database: str | None = None, **environment: str) -> Bot:
        port = free_port()
        arguments = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
        given = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DATABASE_URL": database or default_database(),
            **settings(issuer),
            **environment,
        }
        given = {name: value for name, value in given.items() if value}
        log = folder / f"bot{next(numbers)}.log"
        process = run(arguments, given, log)
        teams = Teams(issuer, connector, lambda: port)
        bot = Bot(arguments, given, log, lambda: is_there(port), process, teams, port)
        started.append(bot)
        bot.await_ready()
        return bot

    return start


def is_there(port: int) -> bool:
    """Whether something answers at /api/messages: to a GET, which is no delivery."""
    return request(port, b"", {}, method="GET").status != 0

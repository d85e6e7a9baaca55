"""The bot as a process of its own, as it runs in earnest, with a Slack that reaches it."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal, Protocol

from tests.process import Process, run
from tests.slack.gateway import Gateway
from tests.slack.slack import Slack
from tests.slack.transport import over_http, over_socket, post, signed
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.waiting import free_port, wait_for

Way = Literal["http", "socket"]


@dataclass(slots=True)
class Bot(Process):
    """A bot that runs. `slack` reaches it, `log` holds all that it has written."""

    slack: Slack


class StartBot(Protocol):
    def __call__(self, way: Way = "http", database: str | None = None, **environment: str) -> Bot: ...


def bot_starter(gateway: Gateway, folder: Path, default_database: Callable[[], str], started: list[Bot]) -> StartBot:
    """What starts bots on a store, by default all on the same one, and notes each."""
    numbers = count(1)

    def start(way: Way = "http", database: str | None = None, **environment: str) -> Bot:
        log = folder / f"bot{next(numbers)}.log"
        port = free_port()
        command = ["serve", "--port", str(port)] if way == "http" else ["slack"]
        arguments = [sys.executable, "-m", "bot", *command]
        settings = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DATABASE_URL": database or default_database(),
            "SLACK_API_URL": gateway.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            **({"SLACK_APP_TOKEN": APP_TOKEN} if way == "socket" else {}),
            **environment,
        }
        transport = over_http(lambda: port) if way == "http" else over_socket(gateway)
        before = gateway.sockets.opened

        def ready() -> bool:
            nonlocal before
            if way == "http":
                return answers_url_verification(port)
            arrived = gateway.sockets.opened > before
            before = gateway.sockets.opened if arrived else before
            return arrived

        process = run(arguments, settings, log)
        bot = Bot(arguments, settings, log, ready, process, Slack(gateway.workspace, gateway, transport))
        started.append(bot)
        bot.await_ready()
        return bot

    return start


def answers_url_verification(port: int) -> bool:
    """Whether an app on this port passes the check that Slack makes of a new address."""
    body = '{"type": "url_verification", "token": "verification-token", "challenge": "応答"}'
    reply = post(port, body, signed(body, "application/json"))
    return reply.status == 200 and "応答" in (reply.body.get("challenge") or reply.text)


def await_connection(gateway: Gateway, number: int = 1) -> None:
    """Waits until so many connections of Socket Mode are open."""
    wait_for(lambda: len(gateway.sockets.connections) >= number, 20, "of connections")

"""The bot as a process of its own, as it runs in earnest, with a Slack that reaches it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal, Protocol

from tests.slack.gateway import Gateway
from tests.slack.slack import Slack
from tests.slack.transport import over_http, over_socket, post, signed
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, free_port, wait_for

Way = Literal["http", "socket"]

_ROOT = Path(__file__).parents[2]
_STARTED = 60.0


@dataclass(slots=True)
class Bot:
    """A bot that runs. `slack` reaches it, `log` holds all that it has written."""

    arguments: list[str]
    environment: dict[str, str]
    log: Path
    slack: Slack
    ready: Callable[[], object]
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As kill -9 does."""
        self.process.kill()
        self.process.wait(10)

    def terminate(self, seconds: float = 15) -> int:
        """Asks it to end, as a service manager does, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def restart(self) -> None:
        """The same once more, after it has ended."""
        assert self.process.poll() is not None, "it still runs"
        self.process = _run(self.arguments, self.environment, self.log)
        self.await_ready()

    def await_ready(self) -> None:
        end = time.monotonic() + _STARTED
        while not self.ready():
            assert self.process.poll() is None, f"the bot ended: {self.text()}"
            assert time.monotonic() < end, f"the bot is not ready: {self.text()}"
            time.sleep(0.05)

    def text(self) -> str:
        return self.log.read_text(errors="replace")


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

        process = _run(arguments, settings, log)
        bot = Bot(arguments, settings, log, Slack(gateway.workspace, gateway, transport), ready, process)
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


def _run(arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(arguments, stdout=output, stderr=output, cwd=_ROOT, env=environment)

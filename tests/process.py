"""The program as a process of its own, as it runs in earnest."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_STARTED = 60.0


@dataclass(slots=True)
class Process:
    """A bot that runs. `log` holds all that it has written."""

    arguments: list[str]
    environment: dict[str, str]
    log: Path
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
        self.process = run(self.arguments, self.environment, self.log)
        self.await_ready()

    def await_ready(self) -> None:
        end = time.monotonic() + _STARTED
        while not self.ready():
            assert self.process.poll() is None, f"the bot ended: {self.text()}"
            assert time.monotonic() < end, f"the bot is not ready: {self.text()}"
            time.sleep(0.05)

    def text(self) -> str:
        return self.log.read_text(errors="replace")


def run(arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Starts it in the project's folder; what it writes is put after what is in the log."""
    with log.open("ab") as output:
        return subprocess.Popen(arguments, stdout=output, stderr=output, cwd=_ROOT, env=environment)

"""The page as it is served in earnest: by a process of its own, with a real clock, on a port of this machine."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.process import Process, run
from tests.waiting import free_port

PORT = "{port}"


@dataclass(slots=True)
class Served(Process):
    """A server that runs. `url` is its address without a slash at the end, `database` the URL of its store."""

    url: str
    database: str


def serve(database: str, folder: Path, **environment: str) -> Served:
    """Starts it on a store and waits until it answers. What it writes is in a file of the folder. PORT in a setting
    stands for its port."""
    port = free_port()
    environment = {name: value.replace(PORT, str(port)) for name, value in environment.items()}
    url = f"http://127.0.0.1:{port}"
    arguments = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATABASE_URL": database, **environment}
    log = folder / f"served{port}.log"
    served = Served(
        arguments, given, log, lambda: _answers(f"{url}/healthz"), run(arguments, given, log), url, database
    )
    served.await_ready()
    return served


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):  # noqa: S310
            return True
    except HTTPError:
        return True
    except OSError:
        return False

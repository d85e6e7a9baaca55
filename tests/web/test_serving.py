"""`python -m bot serve` as a process: what it says at its start, what it forgets, how it ends."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from data.changes import DEFAULT_ORGANISATION
from data.engine import open_engine, writing
from data.turns import Turn, read_unanswered, write_turn
from tests.waiting import wait_for
from tests.web.process import serve


def _start(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "serve", *arguments]
    given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


def test_it_tells_its_address_forgets_in_time_and_ends_when_asked(sqlite_url: str, tmp_path: Path) -> None:
    engine, today = open_engine(sqlite_url), datetime.now(UTC).date()
    old, new = (Turn(today - timedelta(days=days), (), (("not_understood", f"{days}日前"),)) for days in (91, 89))
    with writing(engine) as connection:
        for turn in (old, new):
            write_turn(connection, DEFAULT_ORGANISATION, turn)

    def kept() -> list[str]:
        with engine.connect() as connection:
            return [text for _, text, _ in read_unanswered(connection, DEFAULT_ORGANISATION)]

    assert kept() == ["91日前", "89日前"]
    served = serve(sqlite_url, tmp_path)
    assert served.log.read_text().startswith(f"しるべが動いています: {served.url}/ （終わるには Ctrl+C）")
    wait_for(lambda: kept() == ["89日前"], 20)
    assert served.terminate() == 0
    engine.dispose()


def test_the_page_is_served_beside_socket_mode(sqlite_url: str, tmp_path: Path) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    served = serve(sqlite_url, tmp_path, **tokens, SLACK_API_URL="http://127.0.0.1:9/")  # Slack is not asked for
    with urlopen(f"{served.url}/readyz", timeout=10) as response:  # noqa: S310
        assert response.status == 200
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{served.url}/slack/events", data=b"", timeout=10)  # noqa: S310
    assert served.terminate() == 0


def test_an_address_that_is_taken_is_said_so(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _start("--port", str(port), DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    assert f"アドレス 127.0.0.1 のポート {port} で受けられません" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_cannot_be_right_are_named_without_their_secrets(sqlite_url: str) -> None:
    secret = "short-and-secret"  # noqa: S105
    done = _start("--port", "0", DATABASE_URL=sqlite_url, SHIRUBE_SESSION_SECRET=secret)
    assert done.returncode == 1
    assert "SHIRUBE_SESSION_SECRET が短すぎます" in done.stderr
    assert secret not in done.stderr + done.stdout

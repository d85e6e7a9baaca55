"""The worker of digests as a process, alone and beside another, with no server that would post for it."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from data.changes import Author
from data.engine import open_engine, writing
from data.events import Arrival, keep_event
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from tests.process import Process, run
from tests.slack.gateway import Gateway
from tests.slack.workspace import BOT_TOKEN, Workspace
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[2]


def _start(database: str, gateway: Gateway, log: Path, port: int) -> Process:
    arguments = [sys.executable, "-m", "bot", "digest", "--work", "--metrics", str(port)]
    settings = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DATABASE_URL": database,
        "SLACK_API_URL": gateway.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
    }
    process = run(arguments, settings, log)
    return Process(arguments, settings, log, lambda: "handing out digests" in log.read_text(), process)


def test_two_workers_post_a_digest_once_leave_questions_alone_and_end_when_told(
    workspace: Workspace, gateway: Gateway, sqlite_url: str, tmp_path: Path
) -> None:
    channel, now = workspace.make_channel("tanaka"), datetime.now(UTC)
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        wish = Wish("slack", channel, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
        add_subscription(connection, "default", wish, Author("佐藤", now - timedelta(days=30)))
    keep_event(engine, "default", Arrival("slack", "Ev1", "elsewhere", "question", {}), now)
    ports = [free_port() for _ in range(2)]
    workers = [_start(sqlite_url, gateway, tmp_path / f"worker{port}.log", port) for port in ports]

    def outcomes() -> dict[str, str | None] | None:
        with engine.connect() as connection:
            found = {row.key: row.outcome for row in connection.execute(sa.text("SELECT key, outcome FROM event"))}
        return found if "answered" in found.values() else None

    found = wait_for(outcomes, 30)
    engine.dispose()
    for worker in workers:
        worker.await_ready()
    counts = [urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode() for port in ports]
    assert all("shirube_questions" in text and "process_resident_memory_bytes" in text for text in counts)
    assert [worker.terminate() for worker in workers] == [0, 0]
    posted = [call.params["text"] for call in gateway.calls_of("chat.postMessage")]
    assert len(posted) == 1
    assert "「4 産業振興」の状況のお知らせです" in posted[0]
    assert found.pop("Ev1") is None
    assert len(found) == 1
    for worker in workers:
        lines = [json.loads(line) for line in worker.text().splitlines()]
        assert {"message": "handing out digests", "channels": ["slack"]}.items() <= lines[0].items()
        assert BOT_TOKEN not in worker.text()


def test_worker_says_that_the_port_of_its_counts_is_taken(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _work(sqlite_url, "--metrics", str(port))
    assert done.returncode == 1
    assert f"ポート {port} で受けられません" in done.stderr
    assert "--metrics" in done.stderr
    assert "Traceback" not in done.stderr


def test_worker_without_a_channel_says_what_is_missing(sqlite_url: str) -> None:
    done = _work(sqlite_url)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def _work(database: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "digest", "--work", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

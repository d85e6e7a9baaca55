"""The worker of digests as a process, alone and beside another, with no server that would post for it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from data.changes import Author
from data.engine import open_engine, writing
from data.events import Arrival, keep_event
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from tests.process import Process, run
from tests.slack.gateway import Gateway
from tests.slack.workspace import BOT_TOKEN, Workspace
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]


def _start(database: str, gateway: Gateway, log: Path) -> Process:
    arguments = [sys.executable, "-m", "bot", "digest", "--work"]
    settings = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DATABASE_URL": database,
        "SLACK_API_URL": gateway.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
    }
    return Process(arguments, settings, log, log.exists, run(arguments, settings, log))


def test_two_workers_post_a_digest_once_leave_questions_alone_and_end_when_told(
    workspace: Workspace, gateway: Gateway, sqlite_url: str, tmp_path: Path
) -> None:
    channel, now = workspace.make_channel("tanaka"), datetime.now(UTC)
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        wish = Wish("slack", channel, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
        add_subscription(connection, "default", wish, Author("佐藤", now - timedelta(days=30)))
    keep_event(engine, "default", Arrival("slack", "Ev1", "elsewhere", "question", {}), now)
    workers = [_start(sqlite_url, gateway, tmp_path / f"worker{number}.log") for number in range(2)]

    def outcomes() -> dict[str, str | None] | None:
        with engine.connect() as connection:
            found = {row.key: row.outcome for row in connection.execute(sa.text("SELECT key, outcome FROM event"))}
        return found if "answered" in found.values() else None

    found = wait_for(outcomes, 30)
    engine.dispose()
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


def test_worker_without_a_channel_says_what_is_missing(sqlite_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "digest", "--work"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATABASE_URL": sqlite_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr

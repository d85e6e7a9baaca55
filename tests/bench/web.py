"""Measures the page as it runs in earnest: one worker, SQLite, real HTTP.

`python -m tests.bench.web`, part of `make bench`. 50 questions a second, each a different one of the dialogues, come at
their planned moments over connections that stay open, whether or not the ones before have been answered; a latency
counts from its planned moment. An endpoint that does nothing is measured in the same way beside it. Then the first byte
of the board, over the shipped plan and over one of 1,000 indicators with results: again, and after a change. It ends
with 1 where a bar is missed.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from http.client import HTTPConnection
from itertools import chain, cycle, islice
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from sqlalchemy import Engine

from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.shipped import load_shipped_plans
from data.store import Store
from tests.bench.speed import LARGE, large_plan, record_results
from tests.bot.transcripts import FOLDER, read_dialogues
from tests.web.process import Served, serve

PER_SECOND = 50
_CONNECTIONS = 16
_VISITS, _CHANGES = 40, 10


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one row of the table, with its bars (None for none) on p50 and p99."""

    name: str
    times: Sequence[float]
    p50_bar: float | None = None
    p99_bar: float | None = None

    def p(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def is_missed(self) -> bool:
        bars = ((self.p50_bar, self.p(0.5)), (self.p99_bar, self.p(0.99)))
        return any(bar is not None and found > bar for bar, found in bars)

    def line(self) -> str:
        bars = (("p50", self.p50_bar), ("p99", self.p99_bar))
        wanted = "、".join(f"{name} ≤ {bar:g}" for name, bar in bars if bar is not None)
        verdict = f"（{wanted} ms: {'届きません' if self.is_missed else '満たします'}）" if wanted else ""
        return (
            f"{self.name} {len(self.times)}回: p50 {self.p(0.5):.1f} ms、p99 {self.p(0.99):.1f} ms、"
            f"最大 {max(self.times):.1f} ms{verdict}"
        )


async def _send(requests: Sequence[bytes], url: str) -> list[float]:
    """Sends requests at their planned moments; the milliseconds from those to the last byte of each answer."""
    address = urlsplit(url)
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(_CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(address.hostname, address.port))
    start = perf_counter() + 0.1

    async def one(at: float, request: bytes) -> float:
        await asyncio.sleep(at - perf_counter())
        reader, writer = await free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, headers = head.split(b"\r\n", 1)
        if b" 200 " not in status + b" ":
            raise RuntimeError(head.decode())
        (size,) = [line.split(b":")[1] for line in headers.lower().splitlines() if line.startswith(b"content-length")]
        await reader.readexactly(int(size))
        free.put_nowait((reader, writer))
        return (perf_counter() - at) * 1000

    planned = enumerate(requests)
    times = await asyncio.gather(*(one(start + at / PER_SECOND, request) for at, request in planned))
    while not free.empty():
        free.get_nowait()[1].close()
    return list(times)


def _request(method: str, path: str, body: bytes = b"") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Content-Type: application/json", "", ""]).encode() + body


def _questions(number: int) -> list[bytes]:
    """So many questions, all different as far as the dialogues go; what goes on from an answer asks by itself here."""
    messages = dict.fromkeys(turn.message for dialogue in read_dialogues(FOLDER) for turn in dialogue.turns)
    bodies = (json.dumps({"question": message}).encode() for message in islice(cycle(messages), number))
    return [_request("POST", "/api/ask", body) for body in bodies]


def _first_byte(connection: HTTPConnection, path: str) -> float:
    began = perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    taken = (perf_counter() - began) * 1000
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return taken


def _of_board(name: str, served: Served, change: Callable[[int], None], bar: float) -> Iterator[Measured]:
    connection = HTTPConnection(urlsplit(served.url).netloc)
    first = _first_byte(connection, "/board")
    yield Measured(f"/board の最初の1バイト（{name}）、起動して初めて", [first], bar)
    yield Measured(
        f"/board の最初の1バイト（{name}）、続けて",
        [_first_byte(connection, "/board") for _ in range(_VISITS)],
        bar,
        bar,
    )
    times = []
    for number in range(_CHANGES):
        change(number)
        times.append(_first_byte(connection, "/board"))
    yield Measured(f"/board の最初の1バイト（{name}）、変更のすぐ後", times, bar)


def _changing(engine: Engine) -> Callable[[int], None]:
    """What records one more result."""
    indicator = Store(engine).catalogue(DEFAULT_ORGANISATION).indicators[0]

    def change(number: int) -> None:
        place, value = indicator.listings[0].initiative, Decimal(10 + number)
        row = ResultRow(2, indicator.name, place.number, "R4", f"{value}{indicator.unit}", "")
        with writing(engine) as connection:
            store_results(connection, DEFAULT_ORGANISATION, [row], Author("bench", datetime.now(UTC)))

    return change


def _over_plan(folder: Path, seconds: int) -> Iterator[Measured]:
    url = f"sqlite:///{folder / 'plan.db'}"
    engine = open_engine(url)
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("bench", datetime.now(UTC)))
    record_results(engine, Store(engine).catalogue(DEFAULT_ORGANISATION).indicators)
    served = serve(url, folder)
    try:
        asyncio.run(_send(_questions(PER_SECOND), served.url))
        empty = [_request("GET", "/healthz")] * (PER_SECOND * max(5, seconds // 3))
        yield Measured("空のエンドポイント（/healthz）", asyncio.run(_send(empty, served.url)))
        asked = asyncio.run(_send(_questions(PER_SECOND * seconds), served.url))
        yield Measured(f"/api/ask（毎秒{PER_SECOND}問）", asked, 5, 30)
        yield from _of_board("同梱の計画", served, _changing(engine), 100)
    finally:
        served.kill()


def _over_large_plan(folder: Path) -> Iterator[Measured]:
    url = f"sqlite:///{folder / 'large.db'}"
    engine = open_engine(url)
    ensure_schema(engine)
    large_plan(engine, LARGE)
    record_results(engine, Store(engine).catalogue(DEFAULT_ORGANISATION).indicators)
    served = serve(url, folder)
    try:
        yield from _of_board(f"{LARGE}指標の計画", served, _changing(engine), 300)
    finally:
        served.kill()


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=25)
    seconds = parser.parse_args(arguments).seconds
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for measured in chain(_over_plan(Path(folder), seconds), _over_large_plan(Path(folder))):
            print(measured.line(), flush=True)
            missed |= measured.is_missed
    sys.exit(missed)


if __name__ == "__main__":
    main(sys.argv[1:])

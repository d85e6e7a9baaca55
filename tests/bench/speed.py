"""Measures what a user waits for, with the floor beside it: `make bench`.

The floor is what no answer can do without: Sudachi's tokenising alone, and one database query alone. Every question is
asked once, as the first of its thread; nothing is cached between questions but what the program itself keeps.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from time import perf_counter

from bot.ask import open_door
from bot.question import Question
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine
from data.facts import Indicator
from data.shipped import load_shipped_plans
from data.store import Store
from nlp.normalize import normalize
from nlp.tokens import tokenize

TODAY = date(2024, 11, 20)
STARTS = 7


def _questions(indicators: Sequence[Indicator]) -> list[str]:
    """Each indicator by its name, its aliases and a polite sentence."""
    questions = []
    for indicator in indicators:
        questions += [f"{indicator.name}のR6の目標は?", f"{indicator.name} 令和5年度から令和7年度まで"]
        questions += [f"{alias} 来年度" for alias in indicator.aliases]
        questions += [f"お疲れ様です。{alias}の基準値っていくつですか?" for alias in indicator.aliases]
    return questions


def _measure(run: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    times = []
    for question in questions:
        started = perf_counter()
        run(question)
        times.append((perf_counter() - started) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


def _cold_starts(url: str) -> list[float]:
    """Seconds of whole processes that answer one question, byte-compiled, the store already set up."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "bot", "nlp", "data"], check=True)
    command = [sys.executable, "-m", "bot", "ask", "マイナンバーカードの取得率のR6目標は?"]
    times = []
    for _ in range(STARTS):
        started = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DATABASE_URL": url})
        times.append(perf_counter() - started)
    return sorted(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'shirube.db'}"
        engine = open_engine(url)
        ensure_schema(engine)
        load_shipped_plans(engine, DEFAULT_ORGANISATION, Author("bench", datetime.now(UTC)))
        store = Store(engine)
        indicators = store.catalogue(DEFAULT_ORGANISATION).indicators
        questions = _questions(indicators)
        texts = [normalize(question) for question in questions]
        ask = open_door(store)
        turn = keeping(ask, store, log=True)
        ask(Question("コピー用紙", TODAY))
        print(f"指標 {len(indicators)}、質問 {len(questions)}（どれも1回だけ）")
        rows = [
            ("ask()", lambda question: ask(Question(question, TODAY)), questions),
            (
                "ask()と記録（1トランザクション）",
                lambda text: turn(Question(text, TODAY, thread=token_hex(8))),
                questions,
            ),
            ("下限: 形態素解析だけ", tokenize, texts),
            ("下限: データベース1回だけ", lambda question: store.facts(indicators[:1]), questions),
        ]
        for name, run, asked in rows:
            p50, p99 = _measure(run, asked)
            print(f"{name}: p50 {p50:.3f} ms、p99 {p99:.3f} ms")
        starts = _cold_starts(url)
        median = starts[STARTS // 2]
        print(f"起動から最初の答えまで（プロセス全体、{STARTS}回）: 中央値 {median:.2f} s、最大 {starts[-1]:.2f} s")


if __name__ == "__main__":
    main()

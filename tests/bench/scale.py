"""Measures a large catalogue of real names: `make bench-scale`, from ../shared/scale; nothing is measured without it.

Loading, the index, `ask()` beside its floor (tokenising alone) and beside peers over the same names, how often the
right name is found, and with --million how time and memory grow up to a million names.
"""

import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

from rapidfuzz.fuzz import WRatio
from rapidfuzz.process import extractOne

from bot.answer import Answer, Kind
from bot.ask import Ask, answer_question, open_door
from bot.knowledge import build_knowledge
from bot.question import Question
from bot.reads import reads_of
from data.changes import DEFAULT_ORGANISATION
from data.engine import open_engine
from data.facts import name_key
from data.store import Store
from nlp.index import Entry, build_index
from nlp.normalize import normalize
from nlp.parse import parse
from nlp.tokens import tokenize
from tests.bench import catalogue
from tests.bench.speed import measure

TODAY = date(2024, 11, 20)
SHARED = Path(__file__).parents[3] / "shared" / "scale"
CATALOGUE = SHARED / "judgit_kpi_long.tsv.gz"
NAMES = SHARED / "indicator_names.txt"
SIZES = (44_000, 250_000, 1_000_000)


def main() -> None:
    if not CATALOGUE.exists():
        print(f"{CATALOGUE} がないので、何も測りません。")
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'catalogue.db'}"
        _in_a_process("読み込み（data load）", [sys.executable, "-m", "data", "load", str(CATALOGUE)], url)
        start = [sys.executable, "-m", "tests.bench.scale", "--ready"]
        _in_a_process("索引ができるまで（新しいプロセス）", start, url)
        _ask_all(Store(open_engine(url)))
    if "--million" in sys.argv:
        for size in SIZES:
            subprocess.run([sys.executable, "-m", "tests.bench.scale", "--names", str(size)], check=True)


def _in_a_process(title: str, command: Sequence[str], url: str) -> None:
    """Seconds and the peak of resident memory of a process of its own."""
    started = perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run(
        command, check=True, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    shown = f"最大 {peak // 1024} MiB" if peak > before else ""
    own = done.stdout.decode().splitlines()[-1] if "--ready" in command else ""
    print(f"{title}: 全体 {perf_counter() - started:.1f} s {shown} {own}")


def _ready() -> None:
    """What a server does at its start, from an existing store."""
    started = perf_counter()
    ask = open_door(Store(open_engine(os.environ["DATABASE_URL"])))
    ask(Question("ヘルプ", TODAY))
    print(f"店を開けてから {perf_counter() - started:.2f} s、常駐 {_resident()} MiB")


def _resident() -> int:
    """Resident memory of this process in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def _ask_all(store: Store) -> None:
    ask = open_door(store)
    ask(Question("ヘルプ", TODAY))
    indicators = store.catalogue(DEFAULT_ORGANISATION).indicators
    unique = catalogue.unique_names(indicators)
    asked = list(catalogue.questions(unique))
    answers: list[tuple[catalogue.Asked, Answer]] = []
    texts = [one.text for one in asked]
    p50, p99 = measure(lambda text: answers.append((asked[len(answers)], ask(Question(text, TODAY)))), texts)
    print(f"ask()（{len(asked)}問、どれも1回目）: p50 {p50:.3f} ms、p99 {p99:.3f} ms")
    print(f"指標 {len(indicators)}、1つだけの名前 {len(unique)}、常駐 {_resident()} MiB")
    for kind in dict.fromkeys(one.kind for one in asked):
        own = [(one, answer) for one, answer in answers if one.kind == kind]
        right = sum(catalogue.is_right(answer, one.name) for one, answer in own)
        print(f"{kind}: {right}/{len(own)} = {right / len(own):.1%} {dict(Counter(a.kind.value for _, a in own))}")
    _namesakes(ask, store)
    _absent(store)
    rows: list[tuple[str, Callable[[str], object], list[str]]] = [
        ("下限: 形態素解析だけ", lambda text: tokenize(normalize(text)), texts),
        *_peers(unique, texts),
    ]
    for name, run, questions in rows:
        p50, p99 = measure(run, questions)
        print(f"{name}（{len(questions)}問）: p50 {p50:.3f} ms、p99 {p99:.3f} ms")


def _namesakes(ask: Ask, store: Store) -> None:
    """Names that several projects share: asked back, with the projects named."""
    shared = catalogue.shared_names(store.catalogue(DEFAULT_ORGANISATION).indicators)
    names = random.Random(catalogue.SEED).sample(sorted(shared), 300)
    right = sum(catalogue.names_projects(ask(Question(name, TODAY)), name) for name in names)
    print(f"同じ名前のある指標: {right}/{len(names)} = {right / len(names):.1%} が事業名を挙げて聞き返し")


def _absent(store: Store) -> None:
    """Names that are not there: of statistics, of other sheets, and of the catalogue itself, left out of it."""
    rng = random.Random(catalogue.SEED)
    everything = store.catalogue(DEFAULT_ORGANISATION)
    known = {name_key(indicator.name) for indicator in everything.indicators}
    names = NAMES.read_text(encoding="utf-8").splitlines()
    statistics = [name for name in names[catalogue.STATISTICS :] if name_key(name) not in known]
    others = [name for name in names[: catalogue.STATISTICS] if name_key(name) not in known]
    held = set(rng.sample(catalogue.unique_names(everything.indicators), 500))
    rest = replace(everything, indicators=tuple(one for one in everything.indicators if one.name not in held))
    for title, own, catalogue_of in (
        ("統計の名前", rng.sample(statistics, 500), everything),
        ("ほかのシートの名前", rng.sample(others, 500), everything),
        ("除いておいた名前", sorted(held), rest),
    ):
        knowledge = build_knowledge(catalogue_of)
        reads = reads_of(store)
        kinds = Counter(answer_question(Question(name, TODAY), knowledge, reads, None).kind.value for name in own)
        silent = 1 - (kinds[Kind.ANSWER.value] + kinds[Kind.NO_DATA.value]) / len(own)
        print(f"ない名前（{title}）: {silent:.1%} が答えなし {dict(kinds)}")


def _peers(names: Sequence[str], texts: Sequence[str]) -> Iterator[tuple[str, Callable[[str], object], list[str]]]:
    """What others would do over the same names, some of the questions only."""
    folded = [normalize(name) for name in names]
    yield "rapidfuzz WRatio 全件", lambda text: extractOne(normalize(text), folded, scorer=WRatio), list(texts[::50])
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
    database.executemany("INSERT INTO names VALUES (?)", [(name,) for name in folded])
    query = "SELECT name FROM names WHERE names MATCH ? ORDER BY bm25(names) LIMIT 10"

    def full_text(text: str) -> object:
        letters = "".join(letter for letter in normalize(text) if letter.isalnum())
        pieces = dict.fromkeys(f'"{letters[at : at + 3]}"' for at in range(len(letters) - 2))
        return database.execute(query, (" OR ".join(pieces),)).fetchall()

    yield "SQLite FTS5 trigram", full_text, list(texts[::10])


def _with_names(size: int) -> None:
    """Index and parse() over made-up names from true ones: place × statistic, mixed with the names of sheets."""
    names = NAMES.read_text(encoding="utf-8").splitlines()
    municipalities = (SHARED / "municipality_names.txt").read_text(encoding="utf-8").splitlines()
    places = list(dict.fromkeys([*(line.split()[0] for line in municipalities), *municipalities]))
    rng = random.Random(catalogue.SEED)
    statistics = names[catalogue.STATISTICS :]
    rng.shuffle(statistics)
    made = (f"{place}の{statistic}" for statistic in statistics for place in places)
    own = dict.fromkeys(names)
    for name in made:
        if len(own) >= size:
            break
        own.setdefault(name)
    started = perf_counter()
    index = build_index([Entry(name, initiatives=("事業",)) for name in own])
    built = perf_counter() - started
    asked = list(catalogue.questions(list(own), 300))
    p50, p99 = measure(lambda text: parse(text, TODAY, index), [one.text for one in asked])
    found: dict[str, list[bool]] = defaultdict(list)
    for one in asked:
        part = parse(one.text, TODAY, index).asked[0]
        found[one.kind].append(one.name in [index.entries[c.entry].name for c in part.fitting[:6]])
    shares = "、".join(f"{kind} {sum(hits) / len(hits):.1%}" for kind, hits in found.items())
    times = f"索引 {built:.1f} s、parse() p50 {p50:.3f} ms、p99 {p99:.3f} ms"
    print(f"{len(own)}件: {times}、常駐 {_resident()} MiB、{shares}")


if __name__ == "__main__":
    if "--ready" in sys.argv:
        _ready()
    elif "--names" in sys.argv:
        _with_names(int(sys.argv[sys.argv.index("--names") + 1]))
    else:
        main()

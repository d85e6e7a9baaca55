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
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from time import perf_counter

from sqlalchemy import Engine

from bot.ask import Ask, open_door
from bot.chart import Course
from bot.pictures import png, svg
from bot.question import Question
from bot.turn import keeping
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Indicator
from data.fiscal_year import FiscalYear
from data.importers.files import read_plan_file
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.shipped import load_shipped_plans
from data.store import Store
from nlp.normalize import normalize
from nlp.tokens import tokenize

TODAY = date(2024, 11, 20)
STARTS = 7
LARGE = 1000


def _questions(indicators: Sequence[Indicator]) -> list[str]:
    """Each indicator by its name, its aliases and a polite sentence."""
    questions = []
    for indicator in indicators:
        questions += [f"{indicator.name}のR6の目標は?", f"{indicator.name} 令和5年度から令和7年度まで"]
        questions += [f"{alias} 来年度" for alias in indicator.aliases]
        questions += [f"お疲れ様です。{alias}の基準値っていくつですか?" for alias in indicator.aliases]
    return questions


#: Questions of every kind that is no look-up, over whatever plan: about many, rankings, counts, reverse look-ups.
MANY = (
    "KPIは全部でいくつ?",
    "{area}のKPI一覧",
    "{area}の指標は何件?",
    "R7の目標が80%以上の指標",
    "%の指標は何件",
    "R7の目標が一番大きい指標は?",
    "{area}で伸び率が高い順に5つ",
    "R7の目標が基準値の2倍以上の指標を全部",
    "R4からR7まで変わらない指標は?",
    "基準値がない指標は?",
    "640人って何の目標?",
    "分野はいくつ?",
)
#: The same of one indicator.
OF_ONE = (
    "{name}はR4からR7で何%増える?",
    "{name}は基準値の何倍?",
    "{name}はR7で80%いく?",
    "{name}は減らす計画?",
    "{name}の単位は?",
    "{name}はどの分野?",
)


def _other_kinds(indicators: Sequence[Indicator], sample: int) -> list[str]:
    """Every form with every area, or with `sample` of the indicators."""
    areas = dict.fromkeys(listing.initiative.area for one in indicators for listing in one.listings)
    questions = [form.format(area=area.lstrip("0123456789第- ")) for form in MANY for area in areas if area]
    picked = indicators[:: max(1, len(indicators) // sample)]
    questions += [form.format(name=one.aliases[0] if one.aliases else one.name) for form in OF_ONE for one in picked]
    return list(dict.fromkeys(questions))


def large_plan(engine: Engine, size: int) -> None:
    """A made-up plan of so many indicators in ten areas, with baselines and four years of targets."""
    areas = (
        "産業振興",
        "教育文化",
        "福祉保健",
        "環境共生",
        "防災危機管理",
        "観光交流",
        "農業水産",
        "医療体制",
        "交通基盤",
        "行政改革",
    )
    rows = ["章,分野,項目番号,項目,指標名,単位,基準値,R4,R5,R6,R7"]
    for number in range(size):
        area, turn = areas[number % 10], number // 10
        unit = ("件", "人", "%", "回", "")[number % 5]
        base = 10 + number % 90
        years = ",".join(f"{base + year * (number % 7)}{'%' if unit == '%' else ''}" for year in range(5))
        kind = "率" if unit == "%" else "数"
        title = f"{area}の取組その{turn % 20}"
        name = f"{area}に関する第{turn}施策の利用者{kind}"
        rows.append(f"本編,{area},{number % 10}({turn % 20 + 1}),{title},{name},{unit},{years}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.csv"
        path.write_text("\n".join(rows), encoding="utf-8")
        with writing(engine) as connection:
            for table in read_plan_file(path):
                store_plan(
                    connection, DEFAULT_ORGANISATION, table, Details("試験計画"), Author("bench", datetime.now(UTC))
                )


#: Lists by status and summaries, over a plan with results.
STATUSES = (
    "遅れている指標は?",
    "未達成の指標は?",
    "R4の判定が「後退」の指標を教えて",
    "{area}で順調な指標は?",
    "R5で遅れている指標は何件?",
    "遅れている指標が一番多い分野は?",
    "達成率ワースト5",
    "{area}の達成率を一覧で",
    "全体の達成状況をまとめて",
    "{area}のR4の状況は?",
    "分野別の達成状況",
    "R5の状況を独法方式でまとめて",
)


def record_results(engine: Engine, indicators: Sequence[Indicator]) -> None:
    """Invented results of R4 and R5: from half of a target to a good deal more than it."""
    facts = {(one.indicator.id, one.fiscal_year): one for one in Store(engine).facts(indicators) if one.cell.value}
    rows: list[ResultRow] = []
    for at, indicator in enumerate(indicators):
        for year in (FiscalYear(2022), FiscalYear(2023)):
            if target := facts.get((indicator.id, year)):
                value = (target.cell.value or Decimal(0)) * (50 + at * 7 % 70) / 100
                place = indicator.listings[0].initiative
                rows.append(ResultRow(len(rows) + 2, indicator.name, place.number, year.label, f"{value:.1f}", ""))
    with writing(engine) as connection:
        store_results(connection, DEFAULT_ORGANISATION, rows, Author("bench", datetime.now(UTC)))


def _of_results(name: str, engine: Engine) -> None:
    """One line for lists by status and summaries, each question once for every area."""
    store = Store(engine)
    indicators = store.catalogue(DEFAULT_ORGANISATION).indicators
    record_results(engine, indicators)
    ask = open_door(store)
    areas = list(dict.fromkeys(listing.initiative.area for one in indicators for listing in one.listings))[:12]
    questions = [form.format(area=area) for area in areas for form in STATUSES]
    ask(Question(questions[0], TODAY))
    p50, p99 = measure(lambda question: ask(Question(question, TODAY)), questions)
    print(f"判定の一覧・まとめ（{name}） {len(questions)}問: p50 {p50:.3f} ms、p99 {p99:.3f} ms")


def measure(run: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
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


def _report(name: str, ask: Ask, indicators: Sequence[Indicator]) -> None:
    """One line for the kinds of questions that are no look-ups."""
    questions = _other_kinds(indicators, 60)
    ask(Question(questions[0], TODAY))
    p50, p99 = measure(lambda question: ask(Question(question, TODAY)), questions)
    print(f"{name} {len(questions)}問: p50 {p50:.3f} ms、p99 {p99:.3f} ms")


def _pictures(ask: Ask, indicators: Sequence[Indicator]) -> None:
    """Each indicator's picture once, after the first one has loaded the library."""
    answers = (ask(Question(f"{indicator.name}の目標の推移", TODAY)) for indicator in indicators)
    charts = {answer.chart.title: answer.chart for answer in answers if isinstance(answer.chart, Course)}
    first = next(iter(charts.values()))
    for name, draw in (("PNG", png), ("SVG", svg)):
        started = perf_counter()
        draw(first)
        cold = perf_counter() - started
        p50, p99 = measure(lambda title, draw=draw: draw(charts[title]), list(charts))  # type: ignore[misc]
        print(
            f"グラフの{name} {len(charts)}枚: 最初 {cold:.2f} s、その後 p50 {p50 / 1000:.3f} s、p99 {p99 / 1000:.3f} s"
        )


def _over_large_plan() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'large.db'}")
        ensure_schema(engine)
        large_plan(engine, LARGE)
        store = Store(engine)
        _report(
            f"一覧・条件・順位・計算など（{LARGE}指標の計画）",
            open_door(store),
            store.catalogue(DEFAULT_ORGANISATION).indicators,
        )
        _of_results(f"{LARGE}指標の計画", engine)


def main() -> None:
    _over_large_plan()
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
            p50, p99 = measure(run, asked)
            print(f"{name}: p50 {p50:.3f} ms、p99 {p99:.3f} ms")
        _report("一覧・条件・順位・計算など（同梱の計画）", ask, indicators)
        _of_results("同梱の計画", engine)
        _pictures(open_door(store), indicators)
        starts = _cold_starts(url)
        median = starts[STARTS // 2]
        print(f"起動から最初の答えまで（プロセス全体、{STARTS}回）: 中央値 {median:.2f} s、最大 {starts[-1]:.2f} s")


if __name__ == "__main__":
    main()

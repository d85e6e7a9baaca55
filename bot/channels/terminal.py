"""The terminal: single questions, JSON lines, and a chat with history and completion."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from secrets import token_hex
from shutil import get_terminal_size
from typing import IO

from bot.answer import Answer, Kind, Text
from bot.answer_json import to_json
from bot.ask import Ask
from bot.channels.plot import plot
from bot.channels.requests import ask_in_context, read_request
from bot.chart import Chart
from bot.knowledge import Target, key_of
from bot.question import Question

_log = logging.getLogger(__name__)


def _asked(ask: Ask, question: Question) -> Answer:
    """The channel's edge: a fault becomes an apology with an id, which the log has with its cause."""
    try:
        return ask(question)
    except Exception:
        fault = token_hex(4)
        _log.exception("question failed, id %s", fault)
        return Answer(
            Kind.NOT_UNDERSTOOD,
            Text(f"内部の問題でお答えできませんでした。管理者に番号 {fault} を伝えてください。"),
        )


NO_CHART = "この答えにはグラフがありません。一つの指標の数値か、達成状況のまとめを聞くと、グラフにできます。"


def ask_once(ask: Ask, question: Question, as_json: bool) -> Answer:
    """Prints the reply, or the answer as one JSON object."""
    answer = _asked(ask, question)
    if as_json:
        print(json.dumps(to_json(answer), ensure_ascii=False))
        return answer
    print(answer.text.plain())
    if question.explain:
        print("\n".join(["---", *answer.trace]))
    return answer


def print_chart(chart: Chart | None) -> None:
    """Prints a chart in letters as wide as the terminal, or that there is none."""
    print(plot(chart, get_terminal_size().columns) if chart else NO_CHART)


def answer_lines(ask: Ask, lines: Iterable[str], empty: Question) -> Iterator[str]:
    """One JSON answer for each request line, in order; a line that is no request gets an answer that says so.

    `empty` is a question with all that a line does not say.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            request = read_request(line)
        except ValueError:
            text = f"{number}行目は、質問の形（JSON、questionは文字列、todayは2024-11-20の形）になっていません。"
            yield json.dumps({"kind": Kind.NOT_UNDERSTOOD.value, "text": text, "facts": []}, ensure_ascii=False)
        else:
            answer = ask_in_context(partial(_asked, ask), request, empty)
            yield json.dumps(to_json(answer, request.id), ensure_ascii=False)


def chat(ask: Ask, question: Question, names: Sequence[str], terminal: IO[str] = sys.stdin) -> None:
    """Reads questions until the end of input or 「終了」; a number picks from the candidates of the last answer,
    「グラフ」 shows its chart.

    `question` holds everything but the text; `names` are offered as completions.
    """
    read = _prompt(names) if terminal.isatty() else lambda: terminal.readline()
    show = _screen()
    choices: tuple[Target, ...] = ()
    asked = question
    chart: Chart | None = None
    print("指標の名前と年度を入れてください（例: コピー用紙のR6目標）。「ヘルプ」で聞き方、「終了」で終わります。")
    print("「グラフ」で、すぐ前の答えをグラフで見られます。")
    while (line := read()) and (text := line.strip()) not in ("終了", "exit", "quit"):
        if not text:
            continue
        if text == "グラフ":
            print_chart(chart)
            print()
            continue
        if choices and text.isdecimal() and 1 <= int(text) <= len(choices):
            asked = replace(asked, picked=key_of(choices[int(text) - 1]))
        else:
            asked = replace(question, text=text)
        answer = _asked(ask, asked)
        choices, chart = answer.choices, answer.chart
        show(answer)


def _prompt(names: Sequence[str]) -> Callable[[], str]:
    """A line editor with history and completion; "" at the end of input."""
    # A quarter of a second to import: only for a chat at a screen.
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import FuzzyWordCompleter
    from prompt_toolkit.history import FileHistory

    session: PromptSession[str] = PromptSession(
        history=FileHistory(".shirube_history"), completer=FuzzyWordCompleter(list(names)), complete_while_typing=False
    )

    def read() -> str:
        try:
            return session.prompt("> ") + "\n"
        except (EOFError, KeyboardInterrupt):
            return ""

    return read


def _screen() -> Callable[[Answer], None]:
    from rich.console import Console
    from rich.text import Text as Line

    console = Console(highlight=False)

    def show(answer: Answer) -> None:
        text = answer.text
        first = Line(text.lead, style="bold").append(" — " if text.lead else "").append(text.statement, style="none")
        console.print(first, soft_wrap=True)
        for line in text.details:
            console.print(Line(line), soft_wrap=True)
        for line in filter(None, (text.receipt, text.sources)):
            console.print(Line(line, style="dim"), soft_wrap=True)
        console.print()

    return show

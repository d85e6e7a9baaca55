"""`python -m bot …`: wires settings, store and channels together."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

from bot import alias_commands
from bot.ask import open_door
from bot.channels import terminal
from bot.chart import Chart
from bot.config import chosen_plan, today
from bot.digests.commands import add_commands as add_digest_commands
from bot.pictures import png, svg
from bot.question import Question
from bot.server_commands import add_commands as add_server_commands
from bot.summary_command import add_options, summarise
from bot.turn import keeping
from bot.unanswered import group_unanswered
from data import settings
from data.changes import Author
from data.commandline import Parser, fail, login_name
from data.engine import SchemaOutdated, StoreUnreachable, ensure_schema, open_engine
from data.output_file import write_whole
from data.shipped import load_shipped_plans
from data.store import Store
from data.turns import read_unanswered
from data.votes import count_votes


def main(arguments: Sequence[str]) -> None:
    options = _parser().parse_args(arguments)
    if not options.needs_store:
        options.run(options)
        return
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(name)s %(message)s")
    organisation = settings.organisation(os.environ)
    try:
        store = _open_store(organisation)
    except (ValueError, SchemaOutdated, StoreUnreachable) as error:
        fail(str(error))
    try:
        options.run(store, organisation, options)
        sys.stdout.flush()
    except BrokenPipeError:  # 「| head」 has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_store(organisation: str) -> Store:
    """The store, migrated where it is SQLite, with the shipped plan where it holds none."""
    kept_days = settings.conversation_days(os.environ)
    engine = open_engine(settings.database_url(os.environ))
    ensure_schema(engine)
    load_shipped_plans(engine, organisation, Author("shirube", datetime.now(UTC)))
    return Store(engine, kept_days)


def _parser() -> Parser:
    parser = Parser(prog="python -m bot", description="KPIの問いに日本語で答えます。")
    parser.set_defaults(needs_store=True)
    commands = parser.add_subparsers(title="コマンド", required=True, metavar="コマンド")

    ask = commands.add_parser("ask", help="一つの質問に答えます")
    ask.add_argument("question", nargs="?", metavar="質問")
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="答えをJSONで表示します")
    form.add_argument("--jsonl", action="store_true", help="標準入力の1行ごとの質問（JSON）に、1行ずつJSONで答えます")
    form.add_argument("--explain", action="store_true", help="質問をどう読んだかも表示します")
    ask.add_argument("--chart", action="store_true", help="答えのグラフも、端末の文字で表示します")
    ask.add_argument("--png", type=Path, metavar="ファイル", help="答えのグラフをPNG画像に書き出します")
    ask.add_argument("--svg", type=Path, metavar="ファイル", help="答えのグラフをSVG画像に書き出します")
    ask.add_argument("--plan", default=None, metavar="計画名", help="質問が言わないときの計画（SHIRUBE_PLAN）")
    ask.add_argument("--today", type=date.fromisoformat, default=None, metavar="日付", help="質問の日付（2024-11-20）")
    ask.set_defaults(run=_ask, parser=ask)

    summary = commands.add_parser("summary", help="ある年度の達成状況をまとめます")
    add_options(summary)
    summary.set_defaults(run=_summary)

    unanswered = commands.add_parser("unanswered", help="答えられなかった質問を、多い順に表示します")
    unanswered.set_defaults(run=_unanswered)

    alias_commands.add_commands(commands)

    chat = commands.add_parser("chat", help="端末で対話します")
    chat.set_defaults(run=_chat)

    add_digest_commands(commands)
    add_server_commands(commands)
    return parser


def _ask(store: Store, organisation: str, options: Namespace) -> None:
    ask = keeping(open_door(store), store, log=not options.jsonl)
    asked_on: date = options.today or today()
    empty = Question("", asked_on, organisation, plan=_plan(store, organisation, options.plan))
    if options.jsonl and (options.chart or options.png or options.svg):
        options.parser.error("--jsonlではグラフを書き出せません")
    elif options.jsonl:
        for line in terminal.answer_lines(ask, sys.stdin, empty):
            print(line, flush=True)
    elif options.question is None:
        options.parser.error("質問がありません")
    else:
        question = replace(empty, text=options.question, explain=options.explain)
        answer = terminal.ask_once(ask, question, as_json=options.json)
        if options.chart or options.png or options.svg:
            _draw(answer.chart, options)


def _draw(chart: Chart | None, options: Namespace) -> None:
    if chart is None:
        fail(terminal.NO_CHART)
    if options.chart:
        terminal.print_chart(chart)
    try:
        if options.png:
            write_whole(options.png, png(chart))
        if options.svg:
            write_whole(options.svg, svg(chart).encode())
    except ValueError as error:
        fail(f"グラフをファイルに書き出せません: {error}")


def _plan(store: Store, organisation: str, title: str | None) -> str:
    try:
        return chosen_plan(store, organisation, title)
    except ValueError as error:
        fail(str(error))


def _summary(store: Store, organisation: str, options: Namespace) -> None:
    try:
        summarise(store, organisation, _plan(store, organisation, options.plan), options)
    except ValueError as error:
        fail(str(error))


def _unanswered(store: Store, organisation: str, options: Namespace) -> None:
    with store.engine.connect() as connection:
        logged, votes = read_unanswered(connection, organisation), count_votes(connection, organisation)
    groups = group_unanswered(logged)
    print(f"答えられなかった質問: {len(logged)}件（{len(groups)}種類）")
    for one in groups:
        print(f"- {one.count}件 {one.reason} 最後は{one.day}: {one.text}")
    if votes.good or votes.bad:
        print(f"答えへの評価: 役に立った{votes.good}件、役に立たなかった{votes.bad}件")


def _chat(store: Store, organisation: str, options: Namespace) -> None:
    catalogue = store.catalogue(organisation)
    names = [name for indicator in catalogue.indicators for name in (indicator.name, *indicator.aliases)]
    plan = _plan(store, organisation, None)
    question = Question("", today(), organisation, thread=token_hex(8), user=login_name(), plan=plan)
    terminal.chat(keeping(open_door(store), store, log=True), question, names)


if __name__ == "__main__":
    main(sys.argv[1:])

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

from bot.answer import Kind
from bot.ask import open_door
from bot.channels import terminal
from bot.chart import Chart
from bot.config import today
from bot.digests.commands import add_commands
from bot.pictures import png, svg
from bot.question import Question
from bot.replay import DIALOGUES, changed_answers, recorded_threads, with_alias
from bot.summary_command import add_options, summarise
from bot.turn import REJECTED, keeping
from data import settings
from data.aliases import add_alias
from data.changes import Author
from data.commandline import Parser, fail, login_name
from data.engine import SchemaOutdated, StoreUnreachable, ensure_schema, open_engine, writing
from data.output_file import write_whole
from data.shipped import load_shipped_plans
from data.store import Store
from data.turns import read_unanswered
from nlp.normalize import normalize, squeeze


def main(arguments: Sequence[str]) -> None:
    options = _parser().parse_args(arguments)
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
    engine = open_engine(settings.database_url(os.environ))
    ensure_schema(engine)
    load_shipped_plans(engine, organisation, Author("shirube", datetime.now(UTC)))
    return Store(engine)


def _parser() -> Parser:
    parser = Parser(prog="python -m bot", description="KPIの問いに日本語で答えます。")
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

    alias = commands.add_parser("alias", help="別名を試してから登録します")
    proposing = alias.add_subparsers(title="操作", required=True, metavar="操作").add_parser(
        "propose", help="別名を足すと変わる答えを見せてから、登録します"
    )
    proposing.add_argument("text", metavar="別名")
    proposing.add_argument("indicator", metavar="指標名")
    proposing.add_argument("--yes", action="store_true", help="確認せずに登録します")
    proposing.set_defaults(run=_propose_alias)

    chat = commands.add_parser("chat", help="端末で対話します")
    chat.set_defaults(run=_chat)

    add_commands(commands)
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
    """The title of the plan that is meant where a question does not say, "" for any; ends with an error for no plan."""
    plan = settings.default_plan(os.environ) if title is None else title
    titles = store.plan_titles(organisation) if plan else ()
    if plan and plan not in titles:
        fail(f"計画「{plan}」がありません。今ある計画: {'、'.join(f'「{one}」' for one in titles)}")
    return plan


def _summary(store: Store, organisation: str, options: Namespace) -> None:
    try:
        summarise(store, organisation, _plan(store, organisation, options.plan), options)
    except ValueError as error:
        fail(str(error))


_REASONS = {Kind.NOT_UNDERSTOOD: "分からない", Kind.CHOOSE: "聞き返し", REJECTED: "「違う」"}


def _unanswered(store: Store, organisation: str, options: Namespace) -> None:
    with store.engine.connect() as connection:
        logged = read_unanswered(connection, organisation)
    groups: dict[str, list[tuple[str, str, date]]] = {}
    for kind, text, day in logged:
        groups.setdefault(squeeze(normalize(text)), []).append((kind, text, day))
    print(f"答えられなかった質問: {len(logged)}件（{len(groups)}種類）")
    for same in sorted(groups.values(), key=lambda same: (-len(same), same[0][1])):
        kind, text, day = same[-1]
        reason = _REASONS.get(kind, kind)
        print(f"- {len(same)}件 {reason} 最後は{day}: {text}")


def _propose_alias(store: Store, organisation: str, options: Namespace) -> None:
    catalogue = store.catalogue(organisation)
    with store.engine.connect() as connection:
        logged = [[text] for text in dict.fromkeys(text for _, text, _ in read_unanswered(connection, organisation))]
    threads = [*recorded_threads(DIALOGUES), *logged]
    try:
        proposed = with_alias(catalogue, options.text, options.indicator)
    except ValueError as error:
        fail(str(error))
    changed = list(changed_answers(store, catalogue, proposed, threads, today()))
    print(f"{sum(map(len, threads))}の質問のうち、答えが変わるのは{len(changed)}件です。")
    for one in changed:
        before, after = (answer.text.body().splitlines()[0] for answer in (one.before, one.after))
        print(f"- {one.message}\n    今: {before}\n    後: {after}")
    if not options.yes and input("この別名を登録しますか [y/N]: ").strip().lower() not in ("y", "yes", "はい"):
        print("登録しませんでした。")
        return
    try:
        with writing(store.engine) as connection:
            author = Author(login_name(), datetime.now(UTC))
            added = add_alias(connection, organisation, options.text, options.indicator, author)
    except ValueError as error:
        fail(str(error))
    print("別名を登録しました。" if added else "その別名はもう登録されています。")


def _chat(store: Store, organisation: str, options: Namespace) -> None:
    catalogue = store.catalogue(organisation)
    names = [name for indicator in catalogue.indicators for name in (indicator.name, *indicator.aliases)]
    plan = _plan(store, organisation, None)
    question = Question("", today(), organisation, thread=token_hex(8), user=login_name(), plan=plan)
    terminal.chat(keeping(open_door(store), store, log=True), question, names)


if __name__ == "__main__":
    main(sys.argv[1:])

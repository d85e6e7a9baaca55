"""The commands that keep running, and what an operator needs before: `serve`, `slack`, `doctor`."""

import json
import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bot.channels.slack.manifest import manifest
from bot.channels.teams.commands import add_manifest
from bot.config import CannotStart
from bot.doctor import examine
from bot.lasting import add_metrics, until_told
from bot.logs import start_logging
from data.commandline import Parser, fail
from data.references import read_references
from data.store import Store

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

HOST, PORT = "127.0.0.1", 8000


def add_commands(commands: Any) -> None:
    """Adds the commands to argparse's (whose own type has no public name)."""
    serving: Parser = commands.add_parser(
        "serve", help="ブラウザーのページを開き、設定があればSlackとTeamsからの要求も受けます"
    )
    serving.add_argument("--host", default=HOST, metavar="アドレス", help=f"受けるアドレス（なければ{HOST}）")
    serving.add_argument("--port", type=int, default=PORT, metavar="番号", help=f"受けるポート（なければ{PORT}）")
    serving.add_argument("--open", action="store_true", help="ブラウザーでページを開きます")
    serving.set_defaults(run=_serve)

    slack = commands.add_parser("slack", help="Slackにつなぎます（ソケットモード。外から届く必要がありません）")
    add_metrics(slack)
    slack.set_defaults(run=_slack)
    parts = slack.add_subparsers(title="操作", required=False, metavar="操作")
    printing = parts.add_parser("manifest", help="Slackのアプリを作るためのマニフェスト（JSON）を表示します")
    printing.add_argument(
        "--url", default="", metavar="アドレス", help="HTTPで受けるときの公開アドレス（なければソケットモード）"
    )
    printing.set_defaults(run=_manifest, needs_store=False)

    teams = commands.add_parser("teams", help="Teamsのための操作")
    parts = teams.add_subparsers(title="操作", required=True, metavar="操作")
    add_manifest(parts)
    listing = parts.add_parser("conversations", help="定期報告を届けられる会話の一覧を表示します")
    listing.set_defaults(run=_conversations)

    doctor = commands.add_parser("doctor", help="設定・データベース・辞書・トークンを確かめます")
    doctor.set_defaults(run=_doctor, needs_store=False)


def _serve(store: Store, organisation: str, options: Namespace) -> None:
    # The channels' libraries are imported where they are used: no other command needs them.
    from starlette.routing import Mount

    from bot.channels.web.access import is_closed
    from bot.channels.web.running import open_desk, working
    from bot.serve import listen, serve, show_page

    start_logging()
    with ExitStack() as stack:
        try:
            routes = [
                *_slack_routes(stack, store, organisation),
                *_teams_routes(stack, store, organisation),
            ]
            desk = open_desk(store, organisation, os.environ, options.host)
            page = stack.enter_context(working(desk, os.environ))
            routes.append(Mount("/", page))  # everything that is neither Slack's nor Teams'
            listening = listen(options.host, options.port)
        except (CannotStart, ValueError) as reason:
            fail(str(reason))
        address = desk.settings.public_url or f"http://{_in_url(options.host)}:{options.port}/"
        is_shut = is_closed(desk.settings)
        where = "ページは誰にも開いていません。開くにはOIDC_ISSUERなどを設定してください" if is_shut else address
        print(f"しるべが動いています: {where} （終わるには Ctrl+C）", flush=True)
        if options.open and not is_shut:
            show_page(address)
        serve(routes, listening)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _slack_routes(stack: ExitStack, store: Store, organisation: str) -> Iterator["BaseRoute"]:
    bot, secret, app = (
        os.environ.get(f"SLACK_{name}", "").strip() for name in ("BOT_TOKEN", "SIGNING_SECRET", "APP_TOKEN")
    )
    is_socket = app and not secret  # Socket Mode: `bot slack` answers, beside this
    if is_socket or not (bot or secret):
        return
    from bot.channels.slack.http import slack_route
    from bot.channels.slack.running import open_desk, working

    desk = open_desk(store, organisation, os.environ)
    if not desk.settings.signing_secret:
        raise CannotStart("SLACK_SIGNING_SECRET がありません。Slackのアプリの「Basic Information」で得られます。")
    yield slack_route(stack.enter_context(working(desk, os.environ)), desk.settings.signing_secret)


def _teams_routes(stack: ExitStack, store: Store, organisation: str) -> Iterator["BaseRoute"]:
    from bot.channels.teams.settings import is_configured, teams_settings

    if not is_configured(os.environ):
        return
    own = teams_settings(os.environ, organisation)
    from bot.channels.teams.running import open_desk, working

    yield stack.enter_context(working(open_desk(store, own, organisation, os.environ), os.environ))


def _slack(store: Store, organisation: str, options: Namespace) -> None:
    from bot import metrics
    from bot.channels.slack.running import open_desk, run_socket

    start_logging()
    until = until_told()
    try:
        with metrics.shown_at(options.metrics):
            run_socket(open_desk(store, organisation, os.environ), os.environ, until)
    except CannotStart as reason:
        fail(str(reason))


def _manifest(options: Namespace) -> None:
    print(json.dumps(manifest(options.url), ensure_ascii=False, indent=2))


_SORTS = {"personal": "個人", "groupChat": "グループ", "channel": "チャンネル"}


def _conversations(store: Store, organisation: str, options: Namespace) -> None:
    with store.engine.connect() as connection:
        found = read_references(connection, organisation, "teams")
    for one in found:
        whom = f" {one.person}" if one.person else ""
        print(f"- {one.conversation} （{_SORTS.get(one.kind, one.kind)}{whom}）")
    if not found:
        print("まだありません。しるべをTeamsの会話に追加するか、そこで一度質問すると、ここに並びます。")


def _doctor(options: Namespace) -> None:
    findings = examine(os.environ)
    for finding in findings:
        print(finding)
    if any(finding.is_wrong for finding in findings):
        raise SystemExit(1)

"""The commands that keep running, and what an operator needs before: `serve`, `slack`, `doctor`."""

import json
import os
import signal
from argparse import Namespace
from threading import Event
from typing import Any

from bot.channels.slack.manifest import manifest
from bot.doctor import examine
from bot.logs import start_logging
from data.commandline import Parser, fail
from data.store import Store

HOST, PORT = "127.0.0.1", 8000


def add_commands(commands: Any) -> None:
    """Adds the commands to argparse's (whose own type has no public name)."""
    serving: Parser = commands.add_parser("serve", help="サーバーとして動きます（Slackからの要求をHTTPで受けます）")
    serving.add_argument("--host", default=HOST, metavar="アドレス", help=f"受けるアドレス（なければ{HOST}）")
    serving.add_argument("--port", type=int, default=PORT, metavar="番号", help=f"受けるポート（なければ{PORT}）")
    serving.set_defaults(run=_serve)

    slack = commands.add_parser("slack", help="Slackにつなぎます（ソケットモード。外から届く必要がありません）")
    slack.set_defaults(run=_slack)
    parts = slack.add_subparsers(title="操作", required=False, metavar="操作")
    printing = parts.add_parser("manifest", help="Slackのアプリを作るためのマニフェスト（JSON）を表示します")
    printing.add_argument(
        "--url", default="", metavar="アドレス", help="HTTPで受けるときの公開アドレス（なければソケットモード）"
    )
    printing.set_defaults(run=_manifest, needs_store=False)

    doctor = commands.add_parser("doctor", help="設定・データベース・辞書・トークンを確かめます")
    doctor.set_defaults(run=_doctor, needs_store=False)


def _serve(store: Store, organisation: str, options: Namespace) -> None:
    # Bolt and Starlette are imported where they are used: no other command needs them.
    from bot.channels.slack.http import slack_route
    from bot.channels.slack.running import CannotStart, open_desk, working
    from bot.serve import serve

    start_logging()
    try:
        desk = open_desk(store, organisation, os.environ)
        if not desk.settings.signing_secret:
            raise CannotStart("SLACK_SIGNING_SECRET がありません。Slackのアプリの「Basic Information」で得られます。")
    except CannotStart as reason:
        fail(str(reason))
    with working(desk, os.environ) as app:
        serve([slack_route(app, desk.settings.signing_secret)], options.host, options.port)


def _slack(store: Store, organisation: str, options: Namespace) -> None:
    from bot.channels.slack.running import CannotStart, open_desk, run_socket

    start_logging()
    until = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: until.set())
    try:
        run_socket(open_desk(store, organisation, os.environ), os.environ, until)
    except CannotStart as reason:
        fail(str(reason))


def _manifest(options: Namespace) -> None:
    print(json.dumps(manifest(options.url), ensure_ascii=False, indent=2))


def _doctor(options: Namespace) -> None:
    findings = examine(os.environ)
    for finding in findings:
        print(finding)
    if any(finding.is_wrong for finding in findings):
        raise SystemExit(1)

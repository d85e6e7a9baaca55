"""`python -m bot teams manifest OUT.zip`: writes the app package."""

import os
import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from bot.ask import open_door
from bot.channels.phrases import HELP
from bot.channels.teams.manifest import NO_PAGE, package
from bot.channels.teams.package_rules import package_faults
from bot.config import today
from bot.question import Question
from data.commandline import Parser, fail
from data.output_file import write_whole
from data.store import Store

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def add_manifest(parts: Any) -> None:
    """Adds the command to argparse's parts of `teams` (whose own type has no public name)."""
    writing: Parser = parts.add_parser("manifest", help="Teamsに入れるアプリのパッケージ（ZIP）を書き出します")
    writing.add_argument("out", type=Path, metavar="ファイル", help="書き出す先。例: shirube.zip")
    writing.add_argument(
        "--url", default="", metavar="アドレス", help=f"このボットの説明ページのアドレス（なければ仮の {NO_PAGE}）"
    )
    writing.set_defaults(run=_write)


def _write(store: Store, organisation: str, options: Namespace) -> None:
    client_id = os.environ.get("TEAMS_CLIENT_ID", "").strip().lower()
    if not _GUID.fullmatch(client_id):
        fail(
            "TEAMS_CLIENT_ID に、Azureのボットの「Microsoft App ID」（8-4-4-4-12桁の英数字）を指定してください。"
            if client_id
            else "TEAMS_CLIENT_ID がありません。Azureのボットの「構成」にある「Microsoft App ID」です。"
        )
    if options.url and not options.url.startswith(("https://", "http://")):
        fail("--url には https:// で始まるアドレスを指定してください。")
    examples = open_door(store)(Question(HELP, today(), organisation)).examples
    record_at = os.environ.get("SHIRUBE_RECORD_URL", "").strip()
    made = package(client_id, options.url or NO_PAGE, examples, [record_at] if record_at else [])
    if faults := package_faults(made):
        fail("パッケージがTeamsの決まりに合いません: " + "、".join(faults))
    try:
        write_whole(options.out, made)
    except ValueError as error:
        fail(str(error))
    print(f"{options.out} に書き出しました。Teams管理センターの「アプリを管理」からアップロードしてください。")
    if not options.url:
        print(f"説明ページのアドレスは仮のもの（{NO_PAGE}）です。--url で指定できます。")

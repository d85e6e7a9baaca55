"""`make try-slack`: しるべ in a local Slack, to try it without a workspace: one person, one channel, a terminal.

The bot runs as it does in earnest (HTTP or Socket Mode) against the emulator behind the gateway of the tests.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from tests.slack.elements import Json
from tests.slack.gateway import Gateway
from tests.slack.process import Bot, Way, bot_starter
from tests.slack.slack import Said
from tests.slack.workspace import BOT_USER, start_workspace

_HELP = """\
模擬のSlackにつながりました（{way}）。#kpi に田中さんとして書き込みます。
  質問          @しるべ をつけて書き込みます。答えが来たあとは、そのスレッドに（メンションなしで）続けます
  /kpi 質問     自分にだけ見える答え
  1、2 …        すぐ前の答えのボタンを押します
  新            新しい話題にします
  終了          やめます"""
_PATIENCE = 3.0


def main(way: Way) -> None:
    with tempfile.TemporaryDirectory(prefix="shirube-slack-") as name:
        folder = Path(name)
        workspace = start_workspace(folder)
        gateway = Gateway(workspace)
        gateway.start()
        started: list[Bot] = []
        try:
            bot = bot_starter(gateway, folder, lambda: f"sqlite:///{folder / 'shirube.db'}", started)(way)
            print(_HELP.format(way="HTTP" if way == "http" else "ソケットモード"))
            _talk(bot, gateway, workspace.make_channel("tanaka", "suzuki"))
        finally:
            for one in started:
                one.kill()
            gateway.stop()
            workspace.process.kill()


def _talk(bot: Bot, gateway: Gateway, channel: str) -> None:
    slack = bot.slack
    said: Said | None = None
    shown: Json = {}
    private = False
    for line in iter(_read, "終了"):
        posts, whispers = len(_own(gateway)), len(gateway.responses)
        if not line:
            continue
        if line == "新":
            said = None
            print("新しい話題にします。")
            continue
        if line.startswith("/kpi"):
            slack.command(line.removeprefix("/kpi").strip(), channel)
        elif line.isdecimal() and 0 < int(line) <= len(_buttons(shown)):
            action = _buttons(shown)[int(line) - 1]["action_id"]
            if private:
                slack.press_ephemeral(channel, shown["blocks"], action)
            else:
                slack.press(channel, shown, action)
        elif said:
            slack.say(channel, line, thread_ts=said.ts)
        else:
            said = slack.mention(channel, line)
        for message, is_private in _replies(gateway, posts, whispers):
            shown, private = message, is_private
            _show(message, is_private)


def _read() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return "終了"


def _own(gateway: Gateway) -> list[Json]:
    """The messages that the bot has put before everybody, posted or in place of another."""
    calls = [call for call in gateway.calls if call.ok and call.method in ("chat.postMessage", "chat.update")]
    return [
        {"user": BOT_USER, **call.params, **call.answer.get("message", {}), "ts": call.answer["ts"]} for call in calls
    ]


def _replies(gateway: Gateway, posts: int, whispers: int) -> Sequence[tuple[Json, bool]]:
    """What came of a line: as soon as something has, and a moment for what follows it."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and len(_own(gateway)) <= posts and len(gateway.responses) <= whispers:
        time.sleep(0.05)
    time.sleep(0.2)
    public = [(message, False) for message in _own(gateway)[posts:]]
    return [*public, *((response.body, True) for response in gateway.responses[whispers:])]


def _buttons(message: Json) -> list[Json]:
    blocks = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [element for block in blocks for element in block["elements"]]


def _show(message: Json, is_private: bool) -> None:
    print("しるべ（あなただけに表示）:" if is_private else "しるべ:")
    print(message["text"])
    tables = [block for block in message.get("blocks") or [] if block["type"] in ("data_table", "data_visualization")]
    print("".join(f"［{block['type']}］" for block in tables), end="\n" if tables else "")
    print("  ".join(f"［{number} {button['text']['text']}］" for number, button in enumerate(_buttons(message), 1)))


if __name__ == "__main__":
    (chosen,) = [one for one in get_args(Way) if one == sys.argv[1]] or ["socket"]
    main(chosen)

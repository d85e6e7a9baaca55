"""What the commands share: argparse in Japanese, who runs them, how they say things."""

import argparse
import getpass
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from data.changes import Author

_WORDS = {
    "usage: ": "使い方: ",
    "positional arguments:": "引数:",
    "options:": "オプション:",
    "show this help message and exit": "この説明を表示します",
}


class Parser(argparse.ArgumentParser):
    """argparse's parser, speaking Japanese; a library asks for inheritance here."""

    def format_help(self) -> str:
        return _in_japanese(super().format_help())

    def format_usage(self) -> str:
        return _in_japanese(super().format_usage())

    def error(self, message: str) -> NoReturn:
        self.exit(
            2, f"{self.format_usage()}引数が足りないか、正しくありません。{self.prog} --help で説明が見られます。\n"
        )


def add_author(command: argparse.ArgumentParser) -> None:
    """The option of every command that writes."""
    command.add_argument("--by", default=None, metavar="名前", help="記録に残す担当者（なければログイン名）")


def author_of(options: argparse.Namespace, file: Path | None = None) -> Author:
    return Author(options.by or login_name(), datetime.now(UTC), file.name if file else "")


def login_name() -> str:
    """Who runs the program, for the record; a container may know no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "（不明）"


def section(title: str, lines: Sequence[str]) -> Iterator[str]:
    """A title with the number of its lines, and the lines; nothing where there are none."""
    if lines:
        yield f"{title}（{len(lines)}件）:"
        yield from (f"- {line}" for line in lines)


def _in_japanese(text: str) -> str:
    for english, japanese in _WORDS.items():
        text = text.replace(english, japanese)
    return text


def fail(message: str) -> NoReturn:
    """Ends the program with a message on standard error and exit code 1."""
    print(message, file=sys.stderr)
    raise SystemExit(1)

"""The command line in Japanese: argparse with its own words replaced."""

import argparse
import getpass
import sys
from typing import NoReturn

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


def login_name() -> str:
    """Who runs the program, for the record; a container may know no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "（不明）"


def _in_japanese(text: str) -> str:
    for english, japanese in _WORDS.items():
        text = text.replace(english, japanese)
    return text


def fail(message: str) -> NoReturn:
    """Ends the program with a message on standard error and exit code 1."""
    print(message, file=sys.stderr)
    raise SystemExit(1)

"""Reads the transcripts of tests/dialogues."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.answer import Answer
from bot.knowledge import key_of
from bot.question import Question

FOLDER = Path(__file__).parents[1] / "dialogues"


@dataclass
class Turn:
    """A message and the lines that say what is expected of its answer."""

    message: str
    today: date
    expected: list[str] = field(default_factory=list)
    reply: list[str] = field(default_factory=list)
    contained: list[str] = field(default_factory=list)


@dataclass
class Dialogue:
    """One section of a transcript; its title, with the file's name, is also the thread's."""

    title: str
    turns: list[Turn]


def read_dialogues(folder: Path) -> Iterator[Dialogue]:
    """The dialogues of a folder, not of the folders in it."""
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, *lines = section.splitlines()
            yield Dialogue(f"{path.stem}: {title}", _turns(lines))


def _turns(lines: list[str]) -> list[Turn]:
    turns: list[Turn] = []
    today = date(2024, 11, 20)
    for line in filter(None, lines):
        if line.startswith("today: "):
            today = date.fromisoformat(line.removeprefix("today: "))
        elif line.startswith("> "):
            turns.append(Turn(line.removeprefix("> "), today))
        elif line.startswith("| "):
            turns[-1].reply.append(line.removeprefix("| "))
        elif line.startswith("~ "):
            turns[-1].contained.append(line.removeprefix("~ "))
        else:
            turns[-1].expected.append(line)
    return turns


def question_of(turn: Turn, before: Question, answer: Answer | None, thread: str) -> Question:
    """The message in its thread; 「1.」 presses a button of the answer before it."""
    button = re.fullmatch(r"(\d)\.", turn.message)
    if not button:
        return Question(turn.message, turn.today, thread=thread)
    assert answer is not None
    return Question(before.text, turn.today, thread=thread, picked=key_of(answer.choices[int(button[1]) - 1]))

"""Plays the transcripts of tests/dialogues over the shipped plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Answer, Kind, names
from bot.ask import Ask
from bot.knowledge import key_of
from bot.question import Question
from data.facts import Fact, Measure

FOLDER = Path(__file__).parents[1] / "dialogues"


@dataclass
class Turn:
    """A message and the lines that say what is expected of its answer."""

    message: str
    today: date
    expected: list[str] = field(default_factory=list)
    reply: list[str] = field(default_factory=list)


def _dialogues() -> Iterator[tuple[str, list[Turn]]]:
    for path in sorted(FOLDER.glob("*.md")):
        if path.name == "README.md":
            continue
        for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, *lines = section.splitlines()
            yield f"{path.stem}: {title}", _turns(lines)


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
        else:
            turns[-1].expected.append(line)
    return turns


DIALOGUES = list(_dialogues())


@pytest.mark.parametrize("turns", [turns for _, turns in DIALOGUES], ids=[title for title, _ in DIALOGUES])
def test_dialogue(turns: list[Turn], ask: Ask) -> None:
    asked = Question("", turns[0].today)
    answer: Answer | None = None
    for turn in turns:
        picked = re.fullmatch(r"(\d)\.", turn.message)
        if picked:
            assert answer is not None
            asked = Question(asked.text, turn.today, picked=key_of(answer.choices[int(picked[1]) - 1]))
        else:
            asked = Question(turn.message, turn.today)
        answer = ask(asked)
        text = answer.text.plain()
        assert turn.expected, f"nothing is expected of the answer to {turn.message}"
        assert _described(answer) in turn.expected, text
        for line in turn.reply:
            assert line in text.splitlines()


def _described(answer: Answer) -> str:
    """The answer in the words of the transcripts."""
    if answer.kind is Kind.ANSWER:
        return f"answer {names(answer.indicators)[0]}: {' / '.join(map(_figure, answer.facts))}"
    if answer.kind is Kind.CHOOSE:
        return f"choose {' / '.join(names(answer.choices))}"
    if answer.kind is Kind.NO_DATA:
        assert not answer.facts
        return f"no_data {' / '.join([*names(answer.indicators), *names(answer.items)])}"
    assert not answer.facts
    assert not answer.context_facts
    return answer.kind.value


def _figure(fact: Fact) -> str:
    if fact.fiscal_year is None:
        return f"基準値 {fact.cell.raw}"
    measure = "実績" if fact.measure is Measure.ACTUAL else ""
    return f"{measure}{fact.fiscal_year.label} {fact.cell.raw}"

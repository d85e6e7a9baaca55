"""A dialogue of the corpus at the terminal: what stands on the screen, and the answers behind it."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from itertools import groupby

from bot.answer import Answer
from bot.ask import Ask
from bot.channels import terminal
from bot.question import Question
from tests.bot.transcripts import Dialogue, Turn


@dataclass(frozen=True, slots=True)
class Told:
    """A turn with what the terminal has shown for it, and the answer that it was given to show."""

    turn: Turn
    text: str
    answer: Answer


def candidate(turn: Turn) -> str:
    """「1」 where the transcript says 「1.」: the first candidate is picked; "" for what is typed."""
    return turn.message[:-1] if re.fullmatch(r"\d\.", turn.message) else ""


def tell(dialogue: Dialogue, ask: Ask) -> list[Told]:
    """The dialogue in the chat of the terminal, with a new chat for each day."""
    told: list[Told] = []
    answers: list[Answer] = []

    def noting(question: Question) -> Answer:
        answers.append(ask(question))
        return answers[-1]

    for day, group in groupby(dialogue.turns, lambda turn: turn.today):
        turns, screen = list(group), io.StringIO()
        keyboard = _Keyboard([candidate(turn) or turn.message for turn in turns], screen)
        with redirect_stdout(screen):
            terminal.chat(noting, Question("", day, thread=dialogue.title), (), keyboard)
        told += [Told(*one) for one in zip(turns, keyboard.shown(), answers[-len(turns) :], strict=True)]
    return told


class _Keyboard(io.StringIO):
    """Types line after line. What comes upon the screen between two of them is shown for the first."""

    def __init__(self, lines: Sequence[str], screen: io.StringIO) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))
        self._screen = screen
        self._ends: list[int] = []

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # of bytes, too, in typeshed
        self._ends.append(self._screen.tell())
        return super().readline(-1 if size is None else size)

    def shown(self) -> Iterator[str]:
        screen = self._screen.getvalue()
        for start, end in zip(self._ends, self._ends[1:], strict=False):
            yield screen[start:end].removesuffix("\n\n")

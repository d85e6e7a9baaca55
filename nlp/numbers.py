"""The numbers of initiatives in a question: 「3(6)アの指標」."""

import re
from collections.abc import Iterator

from nlp.index import Index
from nlp.pieces import Span

_NUMBER = re.compile(r"(?<![0-9(])第?[0-9]{1,2}(?:-[0-9])?\([0-9]{1,2}\)(?P<letters>[ア-ン]{0,4}(?![ァ-ヺー]))?")


def read_numbers(text: str, index: Index) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """The place of each number in a normalised text, with the entries that stand under it.

    A number without its letter means all that begin with it (3(6) → 3(6)ア, 3(6)イ), one letter of several the whole
    (3(1)イ → 3(1)イウエ).
    """
    for match in _NUMBER.finditer(text):
        number = match[0]
        entries = index.numbers.get(number)
        if entries is None:
            base, letters = (number[: -len(match["letters"])], match["letters"]) if match["letters"] else (number, "")
            entries = tuple(
                dict.fromkeys(
                    entry
                    for known, found in index.numbers.items()
                    if known.startswith(base) and letters in known[len(base) :]
                    for entry in found
                )
            )
        if entries:
            yield match.span(), entries

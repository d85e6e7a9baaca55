"""A question as a channel hands it over."""

from dataclasses import dataclass
from datetime import date

from data.changes import DEFAULT_ORGANISATION


@dataclass(frozen=True, slots=True)
class Question:
    """A message with what is known about its asking.

    `asked_on` (Asia/Tokyo) is the only clock there is. `picked` is the key (bot/knowledge.py) of what the user picked
    when asked back, "" for a question in words alone. `explain` asks for the answer's trace.
    """

    text: str
    asked_on: date
    organisation: str = DEFAULT_ORGANISATION
    thread: str = ""
    user: str = ""
    picked: str = ""
    explain: bool = False

"""A question as a channel hands it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.changes import DEFAULT_ORGANISATION


@dataclass(frozen=True, slots=True)
class Question:
    """A message with what is known about its asking.

    `asked_on` (Asia/Tokyo) is the only clock there is. `picked` is the key (bot/knowledge.py) of what the user picked
    when asked back, "" for a question in words alone. `plan` is the title of the plan that is meant where the message
    does not say, "" for any. `explain` asks for the answer's trace. `state` is what went before
    (Memory.state) where the asker brings it along and no thread is kept.
    """

    text: str
    asked_on: date
    organisation: str = DEFAULT_ORGANISATION
    thread: str = ""
    user: str = ""
    picked: str = ""
    plan: str = ""
    explain: bool = False
    state: Mapping[str, Sequence[str | int]] | None = None

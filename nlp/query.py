"""What a question asks for, as far as its own words tell."""

from dataclasses import dataclass

from nlp.indicators import Candidate
from nlp.intents import Intent
from nlp.measures import MeasureReading
from nlp.periods import PeriodReading


@dataclass(frozen=True, slots=True)
class Query:
    """A question as read, before the store is asked.

    `candidates` are entries of the index, best first; `fitting` are those of them that fit equally well, if any does.
    `written` is the message as cleaned, `text` the same in lower case; every start and end is a place in either.
    `periods` and `measures` keep the words that they were read from.
    """

    text: str
    written: str
    intent: Intent
    candidates: tuple[Candidate, ...]
    fitting: tuple[Candidate, ...]
    periods: tuple[PeriodReading, ...]
    measures: tuple[MeasureReading, ...]

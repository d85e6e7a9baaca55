"""What a question asks for, as far as its own words tell."""

from dataclasses import dataclass

from nlp.amounts import Amount
from nlp.asked import Asked
from nlp.calculations import CalculationReading
from nlp.criteria import ConditionReading
from nlp.facets import FacetReading
from nlp.followups import FollowUp
from nlp.intents import Intent
from nlp.mentions import Match
from nlp.selection import Selection


@dataclass(frozen=True, slots=True)
class Held:
    """「AはBより多い?」: the part of `asked` that the other is held against, and whether the other is to be more."""

    more: bool
    against: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question as read, before thread and store are asked.

    `written` is the message as cleaned, `text` the same in lower case; every start and end is a place in either.
    `asked` has one part, or several where the message asks for several indicators. What kinds of questions other than
    look-ups need stands beside it: the `selection` of a question about many, the `calculation`, the `claims` of a
    yes/no question, the `facets` asked about, the `amounts` that a reverse look-up starts from, how one indicator is
    `held` against the other in a comparison. `asks_many` tells of a question about many that was not understood to
    its end, and has no selection. `narrows_thread` says that the selection is the thread's, as the message
    changes it. `scale` is the key of the scale to judge by where one is named.
    """

    text: str
    written: str
    intent: Intent
    asked: tuple[Asked, ...]
    followup: FollowUp
    selection: Selection | None = None
    calculation: CalculationReading | None = None
    claims: tuple[ConditionReading, ...] = ()
    facets: tuple[FacetReading, ...] = ()
    amounts: tuple[Amount, ...] = ()
    held: Held | None = None
    narrows_thread: bool = False
    asks_many: bool = False
    scale: str = ""

    @property
    def rejects(self) -> bool:
        """Does the message say that the answer before it was wrong?"""
        return self.intent is Intent.WRONG or self.followup.rejects

    @property
    def names_something(self) -> bool:
        """Has the message words of its own that could name an indicator, or its number?"""
        return any(
            any(word.can_be_asked for word in asked.words) or any(c.match is Match.NUMBER for c in asked.fitting)
            for asked in self.asked
        )

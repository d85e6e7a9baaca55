"""What every answer is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.knowledge import Knowledge, Target
from bot.question import Question
from data.facts import Fact, Indicator
from nlp.cues import Cues
from nlp.indicators import Candidate
from nlp.query import Query
from nlp.selection import Selection

#: Every current figure of some indicators, in their order (data/store.py).
ReadFacts = Callable[[Sequence[Indicator]], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """The question, how it was read, what is known, and the way to the figures of some indicators."""

    question: Question
    query: Query
    knowledge: Knowledge
    facts: ReadFacts

    def target(self, candidate: Candidate) -> Target:
        """What a candidate of the query stands for."""
        return self.knowledge.targets[candidate.entry]

    @property
    def selection(self) -> Selection:
        """Which indicators a question about many means; every one where it does not say."""
        return self.query.selection or Selection(Cues())

    @property
    def several_plans(self) -> bool:
        return len(self.knowledge.catalogue.plans) > 1

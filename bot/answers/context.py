"""What every answer is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.knowledge import Knowledge, Target
from bot.question import Question
from data.facts import Fact, Indicator, Revision
from nlp.cues import Cues
from nlp.indicators import Candidate
from nlp.query import Query
from nlp.selection import Selection

#: Every current figure of some indicators, in their order (data/store.py).
ReadFacts = Callable[[Sequence[Indicator]], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Reads:
    """The ways to the figures of the store: the current ones of some indicators, and all that one ever had."""

    facts: ReadFacts
    revisions: Callable[[Indicator], tuple[Revision, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """The question, how it was read, what is known, and the ways to the figures of indicators."""

    question: Question
    query: Query
    knowledge: Knowledge
    reads: Reads

    def facts(self, indicators: Sequence[Indicator]) -> tuple[Fact, ...]:
        return self.reads.facts(indicators)

    def revisions(self, indicator: Indicator) -> tuple[Revision, ...]:
        return self.reads.revisions(indicator)

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

"""What every answer is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.figures import Row
from bot.knowledge import Knowledge, Target
from bot.question import Question
from bot.reads import Reads
from data.facts import Indicator, Revision
from nlp.cues import Cues
from nlp.indicators import Candidate
from nlp.query import Query
from nlp.selection import Selection


@dataclass(frozen=True, slots=True)
class Context:
    """The question, how it was read, what is known, and the ways to the figures of indicators."""

    question: Question
    query: Query
    knowledge: Knowledge
    reads: Reads

    def rows(self, indicators: Sequence[Indicator]) -> list[Row]:
        return self.reads.rows(indicators)

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

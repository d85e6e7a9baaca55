"""Which indicators a question about many means, under which conditions, in which order."""

from dataclasses import dataclass

from nlp.criteria import ConditionReading
from nlp.cues import Cues
from nlp.indicators import Candidate
from nlp.operands import Figure
from nlp.orders import OrderReading


@dataclass(frozen=True, slots=True)
class Selection:
    """The indicators that a question means, and in what order.

    `plan` is the title of a plan that is named, `areas` are titles of areas or chapters, `entries` entries of the
    index that the `topic` words (or the number of an initiative) mean, `named` indicators called by their names; all
    three empty: every indicator. `by_place` says that places in the plan were named. `figures` are the years and
    measures that belong to no condition (`has_stray_figure`: one that was not understood), `excluded` the names of
    indicators that are left out by name, `near` areas that have the topic in their titles. `each` asks for the status
    of every single indicator, `by_area` for the counts of every area; `scale` is the key of the scale to judge
    by where one is named.
    """

    cues: Cues
    conditions: tuple[ConditionReading, ...] = ()
    order: OrderReading | None = None
    plan: str = ""
    areas: tuple[str, ...] = ()
    without_areas: bool = False
    topic: str = ""
    by_place: bool = False
    entries: tuple[int, ...] = ()
    named: tuple[Candidate, ...] = ()
    figures: tuple[Figure, ...] = ()
    has_stray_figure: bool = False
    excluded: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    each: bool = False
    by_area: bool = False
    scale: str = ""

    @property
    def is_scoped(self) -> bool:
        return bool(self.plan or self.areas or self.entries or self.named)

    @property
    def narrows(self) -> bool:
        """Does it say anything of which indicators it means?"""
        cues = self.cues
        return bool(
            self.is_scoped
            or self.conditions
            or cues.containing
            or cues.unit
            or cues.without_unit
            or cues.number
            or cues.owner
            or cues.listed_twice
            or cues.without_indicator
            or cues.improves
        )

"""An indicator found by what somebody types, for forms that are about one."""

from dataclasses import dataclass

from bot.channels.directory import Directory, directory_of
from bot.channels.search import matching
from bot.channels.web.admin.frame import number_in
from bot.channels.web.desk import Desk, Visit
from bot.question import Question
from data.facts import Indicator

_MOST = 30
_TYPED = 200
#: What is said of an indicator that is in no plan any more.
GONE = "この指標は今の計画にありません。指標を選び直してください。"


@dataclass(frozen=True, slots=True)
class Named:
    """An indicator as lists show it: what tells it from its namesakes, and where it stands."""

    indicator: Indicator
    apart: str
    where: str


def find(desk: Desk, visit: Visit, typed: str) -> list[Named]:
    """The indicators that fit what was typed, best first; none for nothing."""
    typed = typed.strip()[:_TYPED]
    if not typed:
        return []
    directory = directory_of(desk.store, desk.organisation)
    question = Question(typed, visit.today, desk.organisation, plan=desk.plan)
    return [named(directory, one) for one in matching(desk.ask, directory, question, _MOST)]


def named(directory: Directory, indicator: Indicator) -> Named:
    return Named(indicator, directory.apart(indicator), directory.whereabouts(indicator))


def indicator_of(desk: Desk, text: str) -> Named | None:
    """The indicator with this number, None where no plan has it any more."""
    directory = directory_of(desk.store, desk.organisation)
    indicator = directory.by_id.get(number_in(text))
    return named(directory, indicator) if indicator else None

"""Questions that found no answer, with the aliases that would answer them, each one press away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.responses import Response

from bot.answer import Kind
from bot.channels.directory import directory_of
from bot.channels.web.admin.finding import Named, named
from bot.channels.web.admin.frame import page_of, show
from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import Page
from bot.knowledge import Knowledge, build_knowledge
from bot.question import Question
from bot.suggestions import suggest
from bot.trials import MOST_INDICATORS
from bot.turn import REJECTED
from bot.unanswered import Unanswered, group_unanswered
from data.roles import may_administer
from data.store import Store
from data.turns import read_unanswered
from data.votes import count_votes

_GROUPS = 20
_OPEN = (Kind.NOT_UNDERSTOOD, Kind.CHOOSE)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An alias for an indicator, and where its replay is shown."""

    named: Named
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One unanswered question: what answers it now ("" for nothing), else the `words` that could become an alias of
    one of the proposed indicators."""

    question: Unanswered
    answered: str
    words: str
    proposed: Sequence[Proposed]


def show_questions(desk: Desk, visit: Visit) -> Response:
    page = page_of(visit)
    with desk.store.engine.connect() as connection:
        logged, votes = read_unanswered(connection, desk.organisation), count_votes(connection, desk.organisation)
    groups = group_unanswered(logged)
    catalogue = directory_of(desk.store, desk.organisation).catalogue
    is_large = len(catalogue.indicators) > MOST_INDICATORS
    knowledge = None if is_large else _knowledge(desk.store, desk.organisation, catalogue.revision)
    shown = groups[(page - 1) * _GROUPS : page * _GROUPS]
    return show(
        desk,
        visit,
        "questions.html",
        asked=len(logged),
        kinds=len(groups),
        votes=votes,
        groups=[_group(desk, visit, one, knowledge) for one in shown],
        most_indicators=MOST_INDICATORS if is_large else 0,
        page=page,
        has_more=page * _GROUPS < len(groups),
    )


@lru_cache(2)
def _knowledge(store: Store, organisation: str, revision: int) -> Knowledge:
    """What is known as of a revision, read once for every change of the store."""
    return build_knowledge(store.catalogue(organisation))


def _group(desk: Desk, visit: Visit, one: Unanswered, knowledge: Knowledge | None) -> Group:
    if one.kind != REJECTED:
        answer = desk.ask(Question(one.text, visit.today, desk.organisation, plan=desk.plan))
        if answer.kind not in _OPEN:
            return Group(one, answer.text.first, "", ())
    suggestion = suggest(one.kind, one.text, visit.today, knowledge) if knowledge else None
    if suggestion is None:
        return Group(one, "", "", ())
    directory = directory_of(desk.store, desk.organisation)
    proposed = [
        Proposed(
            named(directory, indicator),
            f"/admin/aliases/new?{urlencode({'indicator': indicator.id, 'text': suggestion.words})}",
        )
        for indicator in suggestion.indicators
    ]
    return Group(one, "", suggestion.words, proposed)


PAGES = (Page("/admin/questions", show_questions, needs=may_administer),)

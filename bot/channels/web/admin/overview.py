"""What waits for somebody to decide or to do it, with the way there."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.admin.frame import show
from bot.channels.web.desk import Desk, Visit, role_in
from bot.channels.web.pages import Page
from bot.unanswered import group_unanswered
from data.proposals import read_proposals
from data.roles import may_administer, may_record, read_roles
from data.subscriptions import read_subscriptions
from data.template import asked_years, missing_results
from data.turns import read_unanswered

# Of more indicators the figures take too long to read for a page that is opened by the way.
_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work: where it is done, what waits there. `count` is None where it was not counted."""

    path: str
    title: str
    count: int | None
    unit: str
    what: str


def show_overview(desk: Desk, visit: Visit) -> Response:
    return show(desk, visit, "overview.html", waiting=list(_waiting(desk, visit)))


def _waiting(desk: Desk, visit: Visit) -> Iterator[Waiting]:
    role = role_in(desk, visit.visitor)
    if may_record(role):
        yield Waiting("/admin/results", "実績", _missing(desk, visit), "件", "終わった年度で、実績値が未登録")
    if not may_administer(role):
        return
    with desk.store.engine.connect() as connection:
        questions = group_unanswered(read_unanswered(connection, desk.organisation))
        proposals = read_proposals(connection, desk.organisation)
        subscriptions = read_subscriptions(connection, desk.organisation)
        roles = read_roles(connection, desk.organisation)
    catalogue = directory_of(desk.store, desk.organisation).catalogue
    yield Waiting("/admin/questions", "答えられなかった質問", len(questions), "種類", "別名で答えられることがあります")
    yield Waiting("/admin/aliases", "別名", len(proposals), "件", "利用者からの提案が、決定を待っています")
    yield Waiting("/admin/plans", "計画", len(catalogue.plans), "件", f"指標{len(catalogue.indicators):,}")
    yield Waiting("/admin/subscriptions", "定期報告", len(subscriptions), "件", "購読")
    yield Waiting("/admin/roles", "役割", len(roles), "人", "登録者と管理者")


def _missing(desk: Desk, visit: Visit) -> int | None:
    """How many results of years that are over are not recorded."""
    catalogue = directory_of(desk.store, desk.organisation).catalogue
    if len(catalogue.indicators) > _LOOKED_AT:
        return None
    years = {plan.id: asked_years(plan, visit.today) for plan in catalogue.plans}
    return len(missing_results(catalogue.indicators, desk.store.facts(catalogue.indicators), years))


PAGES = (Page("/admin", show_overview, needs=may_record),)

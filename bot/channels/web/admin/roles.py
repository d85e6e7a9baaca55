"""Who may do what: the roles, granted and taken away."""

from starlette.responses import Response

from bot.channels.web.admin.frame import go_to, show
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page
from data.engine import writing
from data.roles import ROLE_NAMES, Role, grant, may_administer, read_roles, role_named

_OWN = "自分の管理者の役割は外せません。ほかの管理者に頼んでください。"


def show_roles(desk: Desk, visit: Visit) -> Response:
    return _page(desk, visit)


def change(desk: Desk, visit: Visit) -> Response:
    """Gives a person a role instead of the one before; 閲覧者 takes it away."""
    person = visit.form.get("person", "").strip()
    try:
        role = role_named(visit.form.get("role", ""))
        if person == visit.visitor.person and not may_administer(role):
            raise ValueError(_OWN)
        with writing(desk.store.engine) as connection:
            grant(connection, desk.organisation, person, role, author_of(visit))
    except ValueError as error:
        return _page(desk, visit, str(error))
    return go_to("/admin/roles", "role")


def _page(desk: Desk, visit: Visit, problem: str = "") -> Response:
    with desk.store.engine.connect() as connection:
        granted = read_roles(connection, desk.organisation)
    return show(
        desk,
        visit,
        "roles.html",
        422 if problem else 200,
        granted=granted,
        role_names=ROLE_NAMES,
        choices=[Role.RECORDER, Role.ADMINISTRATOR],
        typed=visit.form,
        problem=problem,
    )


PAGES = (
    Page("/admin/roles", show_roles, needs=may_administer),
    Page("/admin/roles", change, method="POST", needs=may_administer),
)

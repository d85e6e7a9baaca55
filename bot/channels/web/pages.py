"""Pages: what answers at which address, for whom, and how its template becomes HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.channels.letters import clean, one_line
from bot.channels.web.desk import LOCAL, Desk, Visit, role_in
from bot.chart import alt_text
from data.history import moment
from data.roles import Role, may_administer, may_record

HERE = Path(__file__).parent
STATIC = HERE / "static"

#: Says what a visit gets.
Handle = Callable[[Desk, Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """`needs` tells which roles may come, None for everyone who may in at all. A POST's form is checked for its token;
    `takes_files` lets it carry one (as large as importers take)."""

    path: str
    handle: Handle
    method: str = "GET"
    needs: Callable[[Role], bool] | None = None
    takes_files: bool = False


def render(desk: Desk, visit: Visit, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A template with what every page has: the visitor, what they may do, and the desk's settings."""
    role = role_in(desk, visit.visitor)
    html = html_of(
        template,
        visitor=visit.visitor,
        is_local=visit.visitor.person == LOCAL,
        may_record=may_record(role),
        may_administer=may_administer(role),
        today=visit.today,
        path=visit.request.url.path,
        **values,
    )
    return HTMLResponse(html, status)


def html_of(template: str, /, **values: Any) -> str:
    """A template as it is, for what needs no visitor."""
    return _environment().get_template(template).render(**values)


def render_notice(desk: Desk, visit: Visit, title: str, lines: tuple[str, ...] = (), status: int = 200) -> HTMLResponse:
    """A page, or where the script asks a piece of one, that says one thing."""
    template = "notice_fragment.html" if visit.wants_fragment else "notice.html"
    return render(desk, visit, template, status, title=title, lines=lines)


def static_url(name: str) -> str:
    """The address of a file of ours; another one as soon as the file is."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static_url"] = static_url
    environment.filters.update(clean=clean, one_line=one_line, moment=moment, alt_text=alt_text)
    return environment

"""What everything in this channel works with: the store, the door and the settings; and one visit of somebody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from starlette.requests import Request

from bot.ask import Ask, open_door
from bot.channels.web.settings import WebSettings
from data.changes import Author
from data.fiscal_year import TOKYO, FiscalYear
from data.roles import Role, role_of
from data.store import Store

CHANNEL = "web"
#: The one who sits at this machine, where the page is open to nobody else.
LOCAL = f"{CHANNEL}:local"


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one organisation. `plan` is meant where a question names none, "" for any; `clock` gives UTC."""

    store: Store
    organisation: str
    plan: str
    ask: Ask
    settings: WebSettings
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is there: `person` as roles name them (「web:abc」), the name they go by, the thread of this browser's chat
    and the token that its forms carry. `with_samples`: invented results are shown in place of missing ones."""

    person: str
    name: str
    thread: str = ""
    csrf: str = field(default="", repr=False)
    with_samples: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent; its name is as hostile as its content."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a visitor, at a moment (UTC), with the fields and files of its form."""

    request: Request
    visitor: Visitor
    at: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, SentFile] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.astimezone(TOKYO).date()

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def wants_fragment(self) -> bool:
        """Does the page's own script ask, which puts the answer into the page?"""
        return self.request.headers.get("shirube-fragment") == "1"


def seen_by(desk: Desk, visit: Visit) -> Desk:
    """The desk as the visitor sees it: with invented results up to the last year that is over, if they chose so."""
    if not visit.visitor.with_samples:
        return desk
    store = _sampled(desk.store, FiscalYear.of_date(visit.today).plus(-1))
    return replace(desk, store=store, ask=_door(store))


@lru_cache(4)
def _sampled(store: Store, until: FiscalYear) -> Store:
    return replace(store, samples=until)


@lru_cache(4)
def _door(store: Store) -> Ask:
    return open_door(store)


def role_in(desk: Desk, visitor: Visitor) -> Role:
    """What a visitor may do at this moment; who sits at the machine may do everything, as on its command line."""
    if visitor.person == LOCAL:
        return Role.ADMINISTRATOR
    with desk.store.engine.connect() as connection:
        return role_of(connection, desk.organisation, visitor.person)


def author_of(visit: Visit, source: str = "Web") -> Author:
    """「佐藤 健（web:abc）」, with what the change came from: the page, or the name of a file."""
    visitor = visit.visitor
    by = f"{visitor.name}（{visitor.person}）" if visitor.name else visitor.person
    return Author(by, visit.at, source)

"""What a browser's signed cookie holds: who signed in and when, the thread of its chat, the token of its forms, its
choices."""

from datetime import datetime
from hmac import compare_digest
from secrets import token_urlsafe

from starlette.requests import HTTPConnection

from bot.channels.web.desk import LOCAL, Visitor

_COOKIE = "shirube"
#: Seconds after which somebody signs in again.
LASTS = 8 * 60 * 60

_PERSON, _NAME, _AT, _THREAD, _TOKEN, _SAMPLES = "person", "name", "at", "thread", "token", "samples"
_PATH = "path"


def cookie_name(is_secure: bool) -> str:
    """A browser takes a cookie of the longer name from this very host alone, over https, and for all its paths."""
    return f"__Host-{_COOKIE}" if is_secure else _COOKIE


def visitor_of(connection: HTTPConnection, is_open: bool, at: datetime) -> Visitor | None:
    """Who asks at a moment; None for somebody who has not signed in, or too long ago, where that is needed. A new
    browser gets its thread and token.

    Where the page is open to this machine alone nobody signs in.
    """
    session = connection.session
    person = LOCAL if is_open else session.get(_PERSON)
    if not person or (person == LOCAL) is not is_open:
        return None
    if not is_open and not 0 <= at.timestamp() - session.get(_AT, 0) < LASTS:
        return None
    for key in (_THREAD, _TOKEN):
        session.setdefault(key, token_urlsafe(18))
    return Visitor(
        person,
        "" if is_open else session.get(_NAME, ""),
        session[_THREAD],
        session[_TOKEN],
        bool(session.get(_SAMPLES)),
    )


def sign_in(connection: HTTPConnection, person: str, name: str, at: datetime) -> None:
    """Begins a session anew: nothing of the one before, which may have been somebody else's, is in it."""
    connection.session.clear()
    connection.session.update({_PERSON: person, _NAME: name, _AT: int(at.timestamp())})


def remember_going_to(connection: HTTPConnection, path: str) -> None:
    """Where somebody wants to go who has to sign in before."""
    connection.session[_PATH] = path


def going_to(connection: HTTPConnection) -> str:
    """Where they wanted to go, 「/」 if nowhere; signing in forgets it."""
    return str(connection.session.get(_PATH, "/"))


def sign_out(connection: HTTPConnection) -> None:
    connection.session.clear()


def show_samples(connection: HTTPConnection, is_on: bool) -> None:
    """Whether invented results are shown in this browser."""
    connection.session[_SAMPLES] = is_on


def start_thread(connection: HTTPConnection) -> None:
    """The next question goes on about nothing that was said before."""
    connection.session[_THREAD] = token_urlsafe(18)


def holds_token(visitor: Visitor, token: str) -> bool:
    """Does a form carry the token of the page that it stands on?"""
    return bool(visitor.csrf) and compare_digest(visitor.csrf.encode(), token.encode())

"""Who may in: whoever sits at this machine where the page is open to nobody else; else who has signed in.

Where nobody can sign in, nothing of the page is there at all. Scripts may ask the API with a token of the provider.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.desk import Desk, Visitor
from bot.channels.web.guards import Count
from bot.channels.web.plain import is_for_programs, plain
from bot.channels.web.sessions import visitor_of
from bot.channels.web.settings import WebSettings
from bot.config import is_loopback_host

#: Addresses that answer everybody: those of whoever watches over the server have a key of their own.
HEALTH = ("/healthz", "/readyz", "/metrics")
LOGIN, CALLBACK, LOGOUT = "/login", "/login/callback", "/logout"
#: How often an address may begin to sign in a minute: behind a proxy a whole organisation has one.
SIGN_INS = 600

# What a proxy says of whom it speaks for: through one, this machine is not the one who asks.
_FORWARDING = frozenset(
    {
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "x-original-forwarded-for",
        "x-original-url",
        "x-envoy-external-address",
        "true-client-ip",
        "cf-connecting-ip",
        "fastly-client-ip",
    }
)
_FORWARDED = "x-forwarded"
_VISITOR = "shirube.visitor"
# It travels in a cookie, of which browsers take 4 KB.
_LONGEST_PATH = 1000
_READING = ("GET", "HEAD")

#: Who a header `Authorization` speaks for; None for nobody. It raises CannotTell.
Bearer = Callable[[str], Awaitable[Visitor | None]]


class CannotTell(Exception):
    """Whether somebody may in cannot be told at this moment."""


def is_open_to(connection: HTTPConnection, settings: WebSettings) -> bool:
    """Is the page open without signing in? Only where the server listens to this machine alone, no public address is
    set, and the request names this machine (no foreign name that was pointed here) and came through no proxy.

    Proxies that say nothing of themselves often speak HTTP 1.0, as no browser does.
    """
    if not settings.is_loopback or settings.public_url or connection.scope.get("http_version") == "1.0":
        return False
    if any(name in _FORWARDING or name.startswith(_FORWARDED) for name in connection.headers):
        return False
    hosts = connection.headers.getlist("host")
    return len(hosts) == 1 and is_loopback_host(_without_port(hosts[0]).lower())


def is_closed(settings: WebSettings) -> bool:
    """Can nobody get in, because the page is not for this machine alone and nobody can sign in?"""
    return settings.provider is None and bool(settings.public_url or not settings.is_loopback)


def is_from_elsewhere(connection: HTTPConnection, settings: WebSettings) -> bool:
    """Has a page of somebody else sent this? Browsers say so; what says nothing is no browser, or carries a token."""
    site = connection.headers.get("sec-fetch-site", "none")
    origin = connection.headers.get("origin")
    own = settings.public_url or f"http://{connection.headers.get('host', '').lower()}"
    return site not in ("same-origin", "none") or (origin is not None and origin != own)


def own_path(text: str) -> str:
    """The text if it leads to a page of ours, else 「/」: nobody is led elsewhere, nor around in circles."""
    try:
        address = urlsplit(text)
    except ValueError:
        return "/"
    is_own = text.startswith("/") and not (text.startswith("//") or address.scheme or address.netloc)
    is_plain = text.isascii() and text.isprintable() and "\\" not in text and len(text) <= _LONGEST_PATH
    is_circle = any(address.path == path or address.path.startswith(f"{path}/") for path in (LOGIN, LOGOUT))
    return text if is_own and is_plain and not is_circle else "/"


def visitor_in(connection: HTTPConnection) -> Visitor:
    """Who was let in; everything behind `with_admission` has somebody."""
    visitor = connection.scope[_VISITOR]
    assert isinstance(visitor, Visitor)  # noqa: S101 - only with_admission puts it there
    return visitor


def with_admission(app: ASGIApp, desk: Desk, count: Count, count_sign_in: Count, bearer: Bearer | None) -> ASGIApp:
    """Lets in who may, counts what they ask, and lets nobody be made to send what they did not mean to send.

    It stands inside the middleware that reads the session.
    """
    own = desk.settings

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = await _refusal(connection)
        await (refusal or app)(scope, receive, send)

    async def _refusal(connection: HTTPConnection) -> Response | None:
        scope, path = connection.scope, connection.scope["path"]
        is_open = is_open_to(connection, own)
        if not is_open and own.provider is None:
            return plain(connection, 404)
        if path.startswith("/static/"):
            return None
        if not is_open and _is_entrance(scope["method"], path):
            host = connection.client.host if connection.client else ""
            return _counted(connection, count_sign_in(host))
        visitor = visitor_of(connection, is_open, desk.clock())
        if visitor is None and bearer and is_for_programs(connection):
            try:
                visitor = await bearer(connection.headers.get("authorization", ""))
            except CannotTell:
                return plain(connection, 503, headers={"retry-after": "10"})
        if visitor is None:
            return _must_sign_in(connection)
        if scope["method"] not in _READING and is_from_elsewhere(connection, own):
            return plain(connection, 403, ("しるべのページから、もう一度お試しください。",))
        scope[_VISITOR] = visitor
        return _counted(connection, count(visitor.person))

    return guarded


def _is_entrance(method: str, path: str) -> bool:
    return path in (LOGIN, CALLBACK) or (path == LOGOUT and method in _READING)


def _counted(connection: HTTPConnection, seconds: int) -> Response | None:
    if not seconds:
        return None
    lines = (f"{seconds}秒ほど待ってから、もう一度お試しください。",)
    return plain(connection, 429, lines, headers={"retry-after": str(seconds)})


def _must_sign_in(connection: HTTPConnection) -> Response:
    if is_for_programs(connection):
        return plain(connection, 401, headers={"www-authenticate": "Bearer"})
    if connection.headers.get("shirube-fragment") == "1":
        return plain(connection, 401, ("ページを読み込み直して、ログインしてください。",))
    is_reading, query = connection.scope["method"] in _READING, connection.url.query
    path = own_path(quote(connection.scope["path"]) + (f"?{query}" if query else "")) if is_reading else "/"
    return RedirectResponse(f"{LOGIN}?next={quote(path, safe='/')}", 303)


def _without_port(host: str) -> str:
    """「127.0.0.1:8000」 → 「127.0.0.1」, 「[::1]:8000」 → 「[::1]」."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host

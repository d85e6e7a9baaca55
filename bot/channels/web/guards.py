"""What every response of the site carries, and what a request may cost: bytes, seconds, times a minute.

Guards are ASGI middleware, made for Starlette's `Middleware(guard, …)`; they stand before anything is read.
"""

import logging
from collections.abc import Callable
from math import ceil
from secrets import token_hex
from time import monotonic, time

from anyio import fail_after
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import metrics
from bot.channels.phrases import IS_BROKEN
from bot.channels.web.desk import CHANNEL
from bot.channels.web.plain import plain
from data.engine import is_store_fault

#: Bytes of a form without a file; around a file a form is as large.
FORM = 256 * 1024
#: Seconds in which a body arrives, a large file over a slow line too.
PATIENCE = 120.0

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS = {"strict-transport-security": "max-age=31536000"}
# A file's address changes with the file, if it carries its version.
_FOREVER, _LOOK_AGAIN, _NEVER = "public, max-age=31536000, immutable", "no-cache", "no-store"
_IS_AWAY = "データベースにつながりません。しばらくしてから、もう一度お試しください。"

_log = logging.getLogger(__name__)

#: Counts a request of somebody; gives the seconds to wait where there were too many, else 0.
Count = Callable[[str], int]


def with_headers(app: ASGIApp, is_secure: bool) -> ASGIApp:
    """Puts the security headers on every response, and says what may be kept by whom."""
    given = {**_HEADERS, **(_HTTPS if is_secure else {})}
    fixed = [(name.encode(), value.encode()) for name, value in given.items()]

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                caching = (
                    () if any(name == b"cache-control" for name, _ in own) else ((b"cache-control", kept(message)),)
                )
                message = {**message, "headers": [*own, *caching, *fixed]}
            await send(message)

        def kept(message: Message) -> bytes:
            if not scope["path"].startswith("/static/") or message["status"] >= 400:
                return _NEVER.encode()
            return (_FOREVER if scope["query_string"].startswith(b"v=") else _LOOK_AGAIN).encode()

        if scope["type"] == "websocket":  # nothing here speaks so
            await send({"type": "websocket.close"})
            return
        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return guarded


def with_plain_errors(app: ASGIApp) -> ASGIApp:
    """Lets nothing out that went wrong but a number, by which the log tells more."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, send_noting)
        except Exception as error:
            number = token_hex(4)
            _log.exception("%s failed: %s", scope["path"], number)
            metrics.failed(CHANNEL)
            if has_begun:
                raise
            if is_store_fault(error):
                answer = plain(HTTPConnection(scope), 503, (_IS_AWAY,), headers={"retry-after": "5"})
            else:
                answer = plain(HTTPConnection(scope), 500, (IS_BROKEN.format(number),))
            await answer(scope, receive, send)

    return guarded


def with_limited_bodies(app: ASGIApp, most_of: Callable[[str], int], patience: float = PATIENCE) -> ASGIApp:
    """Refuses bodies larger than `most_of` says for a path: at once where they say so themselves, else as soon as more
    has arrived than may; and those that are not there after so many seconds.

    What still comes of a refused body the server throws away as it comes.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await plain(connection, 400)(scope, receive, send)
            return
        most = most_of(scope["path"])
        told = connection.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > most:
            await plain(connection, 413, (_at_most(most),))(scope, receive, send)
            return
        await app(scope, _limited(receive, most, patience), send)

    return guarded


def _limited(receive: Receive, most: int, patience: float) -> Receive:
    size, is_whole, end = 0, False, monotonic() + patience

    async def receive_limited() -> Message:
        nonlocal size, is_whole
        if is_whole:  # what comes now is that somebody has gone, and that may take as long as it likes
            return await receive()
        try:
            with fail_after(max(0.0, end - monotonic())):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        size += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if size > most:
            raise HTTPException(413, _at_most(most))
        return message

    return receive_limited


def _at_most(most: int) -> str:
    whole = most // 1024 // 1024
    return f"一度に送れるのは{f'{whole}MB' if whole else f'{most // 1024}KB'}までです。"


def counting(times: int) -> Count:
    """Counts requests by who asks: so many in any minute."""
    each, limiter = RateLimitItemPerMinute(times), SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(person: str) -> int:
        if limiter.hit(each, person):
            return 0
        return max(1, ceil(limiter.get_window_stats(each, person).reset_time - time()))

    return count

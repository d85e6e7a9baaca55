"""Who may in: whoever sits at this machine where the page is open to nobody else; else who has signed in."""

from starlette.requests import HTTPConnection

from bot.channels.web.settings import WebSettings, is_loopback_host

# What a proxy says of whom it speaks for: through one, this machine is not the one who asks.
_FORWARDING = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-server",
    "x-real-ip",
    "x-original-host",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
)


def is_open_to(connection: HTTPConnection, settings: WebSettings) -> bool:
    """Is the page open without signing in? Only where the server listens to this machine alone, no public address is
    set, and the request names this machine (no foreign name that was pointed here) and came through no proxy."""
    if not settings.is_loopback or settings.public_url:
        return False
    if any(name in connection.headers for name in _FORWARDING):
        return False
    hosts = connection.headers.getlist("host")
    return len(hosts) == 1 and is_loopback_host(_without_port(hosts[0]))


def _without_port(host: str) -> str:
    """「127.0.0.1:8000」 → 「127.0.0.1」, 「[::1]:8000」 → 「[::1]」."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host

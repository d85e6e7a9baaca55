"""What goes out to Teams: messages into conversations, by the Bot Connector of the service that a conversation is of.

The connector tells no bot what it has posted. So a lost reply to a post leaves open whether people see it, and the
exception Unsure says so; to put a message in the place of another can be done twice and comes to the same, so that
bot/channels/teams/posting.py first posts a line that has no answer in it, and then puts the answer in its place.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.teams.arrivals import Place
from bot.channels.teams.pace import Pace
from bot.channels.teams.settings import TeamsSettings, may_speak_to
from bot.channels.teams.tokens import NoToken, Tokens

#: Seconds that one call may take, and all tries together: less than the lease of an event (data/events.py).
TIMEOUT, BUDGET = 8.0, 12.0
# What Microsoft says is to be tried again (learn.microsoft.com, rate limiting for bots).
_AGAIN = (412, 429, 502, 504)
# So is 401, where a token got anew was refused, too: Entra and the connector may disagree for a while.
_LATER = (401, 408, 500, 503)
_LONGEST_WAIT = 3600.0
_NOT_BEGUN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

Json = Mapping[str, Any]
_EMPTY: Json = MappingProxyType({})


class Gone(Exception):
    """403 or 404: we may not speak in this conversation any more, or what was to be replaced is not there."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code

    @property
    def is_message(self) -> bool:
        """Is it only the message that is gone?"""
        return self.code == "ActivityNotFoundInConversation"


class NotTaken(Exception):
    """Teams refuses it for good: too large, or badly formed."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class NotSent(Exception):
    """Nothing was posted; it can be tried again, after so many seconds where Teams says so."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Unsure(Exception):
    """It may have been posted: the request was on its way, and no answer came."""


@dataclass(frozen=True, slots=True)
class Connector:
    """For the threads of one process. Every call takes at most BUDGET seconds, tries and waiting included, and raises
    Gone, NotTaken, NotSent, or Unsure where it posts."""

    settings: TeamsSettings
    client: httpx.Client
    tokens: Tokens
    pace: Pace = field(default_factory=Pace)

    def send(self, place: Place, activity: Json, reply_to: str = "") -> str:
        """Posts into a conversation, or its thread, and gives the id of the message."""
        path = f"{_path(place)}/{quote(reply_to, safe='')}" if reply_to else _path(place)
        body = {**activity, "replyToId": reply_to} if reply_to else activity
        return str(self._call(place, "POST", path, body).get("id") or "")

    def update(self, place: Place, message: str, activity: Json) -> None:
        """Puts a message in the place of one of our own."""
        self._call(place, "PUT", f"{_path(place)}/{quote(message, safe='')}", {**activity, "id": message})

    def delete(self, place: Place, message: str) -> None:
        self._call(place, "DELETE", f"{_path(place)}/{quote(message, safe='')}", _EMPTY)

    def show_typing(self, place: Place) -> None:
        """Three dots, for some seconds or until a message comes."""
        self.send(place, {"type": "typing"})

    def _call(self, place: Place, method: str, path: str, body: Json) -> Json:
        if not may_speak_to(self.settings, place.service_url):
            raise NotTaken(0, "service url")
        url, deadline, tries = f"{place.service_url.rstrip('/')}/{path}", time.monotonic() + BUDGET, 0
        while True:
            self._keep_pace(place, deadline)
            response = self._try(method, url, body, deadline)
            tries += 1
            if response.status_code not in _AGAIN and not (response.status_code == 401 and tries == 1):
                return _read(response)
            wait = _wait_of(response, tries)
            # A last try needs a moment, too.
            if time.monotonic() + wait + 1.0 > deadline:
                raise NotSent(str(response.status_code), wait)
            time.sleep(wait)

    def _keep_pace(self, place: Place, deadline: float) -> None:
        while wait := self.pace.claim(place.conversation, time.monotonic()):
            if time.monotonic() + wait + 1.0 > deadline:
                raise NotSent("as fast as Teams allows", wait)
            time.sleep(wait)

    def _try(self, method: str, url: str, body: Json, deadline: float) -> httpx.Response:
        try:
            token = self.tokens.current()
        except NoToken as error:
            raise NotSent(f"no token: {error}", 30.0 if error.is_final else 0.0) from None
        seconds = max(min(TIMEOUT, deadline - time.monotonic()), 1.0)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            response = self.client.request(method, url, json=dict(body), headers=headers, timeout=seconds)
        except _NOT_BEGUN as error:
            raise NotSent(type(error).__name__) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            # What takes the place of something, or takes it away, can be done again.
            raise Unsure(type(error).__name__) if method == "POST" else NotSent(type(error).__name__) from None
        if response.status_code == 401:
            self.tokens.drop(token)
        return response


def open_connector(settings: TeamsSettings) -> Connector:
    """With connections of its own, through HTTPS_PROXY where that is set, but never in tests on loopback."""
    client = httpx.Client(timeout=TIMEOUT, trust_env=not settings.allows_loopback, follow_redirects=False)
    return Connector(settings, client, Tokens(settings, client))


def _path(place: Place) -> str:
    return f"v3/conversations/{quote(place.conversation, safe='')}/activities"


def _read(response: httpx.Response) -> Json:
    try:
        answer = response.json() if response.content else {}
    except ValueError:
        answer = {}
    known = answer if isinstance(answer, dict) else {}
    if response.is_success:
        return known
    error = known.get("error")
    code = str(error.get("code", ""))[:64] if isinstance(error, dict) else ""
    if response.status_code in (403, 404):
        raise Gone(response.status_code, code)
    if response.status_code in _LATER:
        raise NotSent(f"{response.status_code} {code}", _wait_of(response, 1))
    raise NotTaken(response.status_code, code)


def _wait_of(response: httpx.Response, tries: int) -> float:
    """The seconds that Retry-After asks for, as a number or a date; else 0.5, 1, 2…; none after a refused token."""
    if response.status_code == 401:
        return 0.0
    text = str(response.headers.get("Retry-After", "")).strip()
    try:
        wait = float(text) if text[:1].isdecimal() else _until(text)
    except (ValueError, TypeError, OverflowError):
        return float(0.5 * 2 ** (tries - 1))
    return min(max(wait, 0.0), _LONGEST_WAIT) if math.isfinite(wait) else 0.5


def _until(date: str) -> float:
    return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()

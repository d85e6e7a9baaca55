"""The bot's own tokens, by which the Bot Framework knows it: got with the secret or as a managed identity, and reused.

The secret's way is one form to be posted (OAuth 2.0, client credentials), the same in tests; a managed identity is
asked for in several ways by the several services of Azure, which msal knows.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError
from threading import Lock
from typing import Any

import httpx

from bot.channels.teams.settings import TeamsSettings

_AUDIENCE = "https://api.botframework.com"
_EXCHANGE = "api://AzureADTokenExchange"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Before its end a token is got anew; so long at least it is kept, however short it lasts.
_AHEAD, _AT_LEAST = 300.0, 10.0


class NoToken(Exception):
    """Entra gave no token: its short word for the reason, never what was sent."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    until: float  # time.monotonic()


@dataclass(slots=True)
class Tokens:
    """Gives the token of the moment; one thread gets a new one while others wait for it."""

    settings: TeamsSettings
    client: httpx.Client
    _token: Token | None = None
    _lock: Lock = field(default_factory=Lock)

    def current(self) -> str:
        """Raises NoToken."""
        with self._lock:
            if self._token is None or time.monotonic() >= self._token.until:
                self._token = _fetch(self.settings, self.client)
            return self._token.value

    def drop(self, token: str) -> None:
        """Gets another one next time, where this one has been refused."""
        with self._lock:
            if self._token and self._token.value == token:
                self._token = None


def _fetch(settings: TeamsSettings, client: httpx.Client) -> Token:
    if settings.managed_identity == settings.client_id:
        return _by_identity(settings, client, _AUDIENCE)
    form = {"grant_type": "client_credentials", "client_id": settings.client_id, "scope": f"{_AUDIENCE}/.default"}
    if settings.managed_identity:
        proof = _by_identity(settings, client, _EXCHANGE)
        return _by_form(settings, client, form | {"client_assertion_type": _ASSERTION, "client_assertion": proof.value})
    return _by_form(settings, client, form | {"client_secret": settings.client_secret})


def _by_form(settings: TeamsSettings, client: httpx.Client, form: Mapping[str, str]) -> Token:
    url = settings.token_url or f"https://login.microsoftonline.com/{settings.tenant_id}/oauth2/v2.0/token"
    return _read(_asked(lambda: client.post(url, data=dict(form))))


def _asked(ask: Callable[[], httpx.Response]) -> Mapping[str, Any]:
    try:
        response = ask()
        answer = response.json()
    except (httpx.TransportError, JSONDecodeError, UnicodeDecodeError) as error:
        raise NoToken(type(error).__name__, is_final=False) from None
    if not isinstance(answer, dict):
        raise NoToken("no JSON object", is_final=False)
    if response.status_code != 200:
        reason = str(answer.get("error", ""))[:64]
        raise NoToken(f"{response.status_code} {reason}", is_final=response.status_code in (400, 401, 403))
    return answer


def _by_identity(settings: TeamsSettings, client: httpx.Client, resource: str) -> Token:
    import msal

    own = msal.UserAssignedManagedIdentity(client_id=settings.managed_identity)
    try:
        answer = msal.ManagedIdentityClient(own, http_client=client).acquire_token_for_client(resource=resource)
    except (httpx.TransportError, msal.ManagedIdentityError, ValueError) as error:
        raise NoToken(type(error).__name__, is_final=False) from None
    if "access_token" not in answer:
        raise NoToken(str(answer.get("error", ""))[:64], is_final=False)
    return _read(answer)


def _read(answer: Mapping[str, Any]) -> Token:
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    try:
        lasts = float(seconds or 0)
    except (TypeError, ValueError):
        lasts = 0.0
    if not isinstance(value, str) or not value:
        raise NoToken("no access_token", is_final=False)
    return Token(value, time.monotonic() + max(lasts - _AHEAD, _AT_LEAST))

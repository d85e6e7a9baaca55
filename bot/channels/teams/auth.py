"""Who sends us activities? Only the Bot Framework does, with a token of its own for this bot.

The SDK's validator checks the signature (RS256 and nothing else), audience, issuer and times. What it leaves open is
closed here: a token has to say when it expires and from which service it comes, an activity has to name the same
service, and keys are fetched in a thread, for seconds at most. Of the SDK's two validators it is the one of the Bot
Framework alone: the other would fetch keys for whatever tenant an unproven token names.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

import jwt
from anyio import CapacityLimiter, fail_after, to_thread

from bot.channels.teams.sdk import PUBLIC, TokenValidator, with_overrides
from bot.channels.teams.settings import TeamsSettings

#: Seconds until a request whose token cannot be judged yet is sent away; Teams itself waits ten to fifteen.
PATIENCE = 8.0
# While keys are fetched slowly so many threads wait for them; other requests wait without one.
_THREADS = 16
_MOST_LETTERS = 16_384
# What comes of a key set that is out of reach, or that is none.
_NO_KEYS = (jwt.PyJWKClientConnectionError, jwt.PyJWKSetError, JSONDecodeError, OSError)


class NotAuthentic(Exception):
    """The token is not the Bot Framework's, not for us, or not of now; says why, for the log only."""


class CannotTell(Exception):
    """The keys are out of reach at this moment."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A service that has proven to be the Bot Framework's. `service_url` is where it wants to be spoken to."""

    service_url: str

    def is_of(self, service_url: object) -> bool:
        return isinstance(service_url, str) and service_url.rstrip("/") == self.service_url.rstrip("/")


Authenticate = Callable[[str], Awaitable[Caller]]


def authenticator(settings: TeamsSettings) -> Authenticate:
    """Gives the function that judges the header `Authorization` of a request; it raises NotAuthentic or CannotTell."""
    validator = _validator(settings)
    limiter = CapacityLimiter(_THREADS)

    async def authenticate(header: str) -> Caller:
        token = _token(header)
        try:
            with fail_after(PATIENCE):
                claims = await to_thread.run_sync(_validate, validator, token, abandon_on_cancel=True, limiter=limiter)
        except TimeoutError:
            raise CannotTell("the keys are slow to come") from None
        return _caller(claims)

    return authenticate


def keys_address(settings: TeamsSettings) -> str:
    """Where the keys come from."""
    return _validator(settings).options.jwks_uri


def _validator(settings: TeamsSettings) -> TokenValidator:
    cloud = with_overrides(PUBLIC, openid_metadata_url=settings.openid_metadata_url or None)
    return TokenValidator.for_service(settings.client_id, cloud=cloud)


def _token(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _MOST_LETTERS or not token.isascii():
        raise NotAuthentic("no bearer token")
    return token


def _validate(validator: TokenValidator, token: str) -> Mapping[str, Any]:
    """The claims. For a thread: the SDK's coroutine never waits, but fetches keys where it runs."""
    try:
        return asyncio.run(validator.validate_token(token))
    except _NO_KEYS as error:
        raise CannotTell(type(error).__name__) from None
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        raise NotAuthentic(type(error).__name__) from None


def _caller(claims: Mapping[str, Any]) -> Caller:
    if not isinstance(claims.get("exp"), int | float):
        raise NotAuthentic("no exp")
    service_url = claims.get("serviceurl")
    if not isinstance(service_url, str) or not service_url:
        raise NotAuthentic("no serviceurl")
    return Caller(service_url)

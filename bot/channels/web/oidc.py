"""The provider that people sign in with (OpenID Connect): what it says of itself, and what its tokens say of people.

Authlib does the protocol: state, nonce, PKCE, the exchange of the code, the checks of the ID token. What it leaves open
is closed here: it would believe whatever issuer and algorithms the provider's document names, and take a token for
another client that names us as `azp`.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx2
from anyio import fail_after
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from bot.channels.letters import one_line
from bot.channels.web.desk import CHANNEL, LOCAL
from bot.channels.web.settings import ENTRA, Provider
from bot.config import safe_address
from data.roles import is_person

#: Seconds that the provider has to answer, each time and all in all; a clock of its may differ by so many of them.
PATIENCE, ALL_PATIENCE, LEEWAY = 8.0, 15.0, 60
#: How tokens may be signed: by a key that nobody but the provider has.
ALGORITHMS = ("RS256", "PS256", "ES256")
# Seconds after which what the provider says of itself is asked anew, and for which a key that it did not have is none.
_KEPT, _UNKNOWN = 600.0, 60.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NAMES = ("name", "preferred_username", "email")
_LONGEST_NAME = 60
_LONGEST_TOKEN = 16_384


class NoProvider(Exception):
    """The provider is out of reach, or is not what the settings say; says why, for the log."""


class NotAdmitted(Exception):
    """Who comes from the provider does not get in; says why, for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in: as roles name them (「web:abc」), and the name that they go by, "" for none."""

    person: str
    name: str


#: Authlib's client (it has no types), with what the provider says of itself now.
Client = Callable[[], Awaitable[Any]]


def client_of(provider: Provider) -> Client:
    """Gives Authlib's client; what the provider says of itself is kept for a while. Raises NoProvider."""
    known: Any = None
    until = 0.0

    async def client() -> Any:
        nonlocal known, until
        if known is None or monotonic() > until:
            known, until = _app(provider, await _fetched(provider)), monotonic() + _KEPT
        return known

    return client


def document_address(provider: Provider) -> str:
    """Where the provider says what it is."""
    return f"{provider.issuer}/.well-known/openid-configuration"


def checked(document: object, provider: Provider) -> Mapping[str, Any]:
    """What of the provider's document is used. Raises ValueError, in the operator's words, where it is another's."""
    if not isinstance(document, dict):
        raise ValueError("設定の文書が読めません。OIDC_ISSUER を確かめてください。")
    issuer = document.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != provider.issuer:
        raise ValueError(f"発行者が OIDC_ISSUER と違います（{one_line(str(issuer), 200)}）。")
    for name in _ENDPOINTS:
        if not isinstance(document.get(name), str) or safe_address(document[name]) is None:
            raise ValueError(f"設定の文書の {name} が https:// のアドレスではありません。")
    offered = document.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [one for one in ALGORITHMS if one in offered]
    if not algorithms:
        raise ValueError(f"トークンの署名の方式が、どれも使えません（使えるのは{'、'.join(ALGORITHMS)}）。")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    return {
        "issuer": issuer,
        **{name: document[name] for name in _ENDPOINTS},
        "algorithms": algorithms,
        "method": method,
    }


def identity_of(claims: Mapping[str, Any], provider: Provider) -> Identity:
    """Who a checked token is about. Raises NotAdmitted for somebody without the required claim, or without an id that
    roles can name.

    In Entra ID a `sub` is another one in every application; `oid` is what administrators see there and what stays when
    the application is registered anew. Other providers let people choose what claims of that name say.
    """
    if provider.claim and not _says(claims, *provider.claim):
        raise NotAdmitted(f"claim {provider.claim[0]} does not say what is required")
    is_entra = urlsplit(provider.issuer).hostname in ENTRA
    own_id = (claims.get("oid") if is_entra else None) or claims.get("sub")
    person = f"{CHANNEL}:{own_id}"
    if not isinstance(own_id, str) or person == LOCAL or not is_person(person):
        raise NotAdmitted("no id that roles can name")
    names = (one_line(claims[key], _LONGEST_NAME) for key in _NAMES if isinstance(claims.get(key), str))
    return Identity(person, next(filter(None, names), ""))


async def claims_of_code(client: Client, request: Any) -> Mapping[str, Any]:
    """What the ID token says that the provider gives for the code in a request; each code and state serves once.

    Raises NoProvider and NotAdmitted.
    """
    app = await client()
    with _told():
        with fail_after(ALL_PATIENCE):
            token = await app.authorize_access_token(request, claims_options=_claims_options(app), leeway=LEEWAY)
        if "id_token" not in token:
            raise NotAdmitted("no ID token")
        return dict(token["userinfo"])


def bearer_of(client: Client) -> Callable[[str], Awaitable[Mapping[str, Any] | None]]:
    """Gives what reads the claims in a header `Authorization`, with a token of the provider for us; None for others.

    A key that the provider does not have is not looked for again at once: whoever sends such tokens would keep it busy.
    """
    looked = -_UNKNOWN

    async def claims_of(header: str) -> Mapping[str, Any] | None:
        nonlocal looked
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.isascii() or len(token) > _LONGEST_TOKEN:
            return None
        try:
            app = await client()
            with _told(), fail_after(ALL_PATIENCE):
                if _key_id(token) not in [key.get("kid") for key in (await app.fetch_jwk_set())["keys"]]:
                    if monotonic() - looked < _UNKNOWN:
                        return None
                    looked = monotonic()
                options = _claims_options(app)
                return dict(
                    await app.parse_id_token(
                        {"id_token": token}, None, claims_options=options, claims_cls=CodeIDToken, leeway=LEEWAY
                    )
                )
        except NotAdmitted:
            return None

    return claims_of


async def _fetched(provider: Provider) -> Mapping[str, Any]:
    try:
        with fail_after(ALL_PATIENCE):
            async with httpx2.AsyncClient(timeout=PATIENCE, verify=_certificates()) as http:
                response = await http.get(document_address(provider))
        return checked(response.raise_for_status().json(), provider)
    except (httpx2.HTTPError, TimeoutError, ValueError) as error:
        raise NoProvider(f"{type(error).__name__}: {error}") from None


def _app(provider: Provider, document: Mapping[str, Any]) -> Any:
    return StarletteOAuth2App(
        StarletteIntegration("provider"),
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        authorize_url=document["authorization_endpoint"],
        access_token_url=document["token_endpoint"],
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": document["method"],
            "timeout": PATIENCE,
            "verify": _certificates(),
        },
        issuer=document["issuer"],
        jwks_uri=document["jwks_uri"],
        id_token_signing_alg_values_supported=document["algorithms"],
    )


@cache
def _certificates() -> SSLContext:
    """Read once: Authlib makes a client for each request, and each would read them again."""
    return httpx2.create_ssl_context()


def _claims_options(app: Any) -> dict[str, dict[str, object]]:
    """Of whom and for whom a token has to be."""
    issuer = {"essential": True, "value": app.server_metadata["issuer"]}
    return {"iss": issuer, "aud": {"essential": True, "value": app.client_id}, "exp": {"essential": True}}


@contextmanager
def _told() -> Iterator[None]:
    """Says what went wrong with a token, without the token: it is somebody's, or it cannot be told."""
    try:
        yield
    except (httpx2.HTTPError, json.JSONDecodeError, TimeoutError) as error:
        raise NoProvider(type(error).__name__) from None
    except AuthlibBaseError as error:
        raise NotAdmitted(one_line(str(error.error), 60)) from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise NotAdmitted(type(error).__name__) from None


def _key_id(token: str) -> object:
    part = token.partition(".")[0]
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))).get("kid")
    except ValueError:
        raise NotAdmitted("no token") from None


def _says(claims: Mapping[str, Any], name: str, wanted: str) -> bool:
    """「hd=pref.example.jp」, 「groups=kikaku」 of several, 「email_verified=true」."""
    said = claims.get(name)
    each = said if isinstance(said, list) else [said]
    return any((one if isinstance(one, str) else json.dumps(one)) == wanted for one in each if one is not None)

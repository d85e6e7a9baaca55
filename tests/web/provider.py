"""An OpenID Connect provider on loopback, with a thread of its own: its document, its keys, codes and tokens.

The page's real way of signing in runs against it. It takes the page's mistakes as a strict provider does (client,
secret, redirect, PKCE, a code once), and can be told to make mistakes of its own.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from functools import cache
from itertools import count
from urllib.parse import urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.settings import Provider as Settings
from tests.waiting import free_port, wait_for

CLIENT_ID, CLIENT_SECRET = "shirube", "client-secret-of-the-tests"
#: Who signs in if nothing else is said.
SUB, NAME = "user-0123", "佐藤 健"

Json = dict[str, object]
Sign = Callable[["Provider", Json], str]
_numbers = count(1)


class Provider:
    """Switches to set; `reset` puts them back. `start` and `stop` are for the fixture."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.issuer = self.url
        self.calls: list[str] = []  # paths that the page asked for
        self.reset()

    def reset(self) -> None:
        self.claims: Json = {}  # instead of those of a right ID token; None leaves one out
        self.sign: Sign = rightly
        self.document: Json = {}  # instead of what the provider says of itself
        self.token: Json = {}  # instead of what stands in a right answer for a code
        self.refusal = ""  # the error that the person comes back with, 「access_denied」
        self.state = ""  # instead of the page's
        self.status = 200  # of every answer to the page itself
        self.key, self.kid = 0, f"key-{next(_numbers)}"
        self.calls.clear()
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def settings(self) -> Settings:
        return Settings(self.issuer, CLIENT_ID, CLIENT_SECRET)

    def rotate(self) -> None:
        """Another key with another name from now on."""
        self.key, self.kid = 1 - self.key, f"key-{next(_numbers)}"

    def id_token(self, **changed: object) -> str:
        """An ID token as for a script, without a nonce."""
        now = int(time.time())
        claims: Json = {"iss": self.issuer, "aud": CLIENT_ID, "sub": SUB, "name": NAME, "iat": now, "exp": now + 300}
        claims |= {**self.claims, **changed}
        return self.sign(self, {name: value for name, value in claims.items() if value is not None})

    def start(self) -> None:
        routes = [
            Route("/.well-known/openid-configuration", self._about),
            Route("/authorize", self._authorize),
            Route("/token", self._exchange, methods=["POST"]),
            Route("/keys", self._keys),
            Route("/userinfo", lambda request: PlainTextResponse("nobody needs it", 500)),
        ]
        config = uvicorn.Config(Starlette(routes=routes), port=self._port, log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="provider", daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    async def _about(self, request: Request) -> Response:
        self.calls.append("document")
        about: Json = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            # More than the page may believe in.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return JSONResponse(about | self.document, self.status)

    async def _keys(self, request: Request) -> Response:
        self.calls.append("keys")
        key: Json = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key(self.key).public_key()))
        key.pop("key_ops", None)
        return JSONResponse({"keys": [key | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}, self.status)

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256"}
        is_right = {name: asked.get(name) for name in wanted} == wanted and "openid" in asked["scope"].split()
        if not (is_right and asked["state"] and asked["nonce"] and asked["code_challenge"]):
            return PlainTextResponse("invalid_request", 400)
        code = f"code-{next(_numbers)}"
        self._codes[code] = asked
        said = {"error": self.refusal} if self.refusal else {"code": code}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**said, 'state': self.state or asked['state']})}")

    async def _exchange(self, request: Request) -> Response:
        self.calls.append("token")
        form = {name: str(value) for name, value in (await request.form()).items()}
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = _encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or (challenge, form["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return JSONResponse({"error": "invalid_grant"}, 400)
        id_token = self.id_token(**{"nonce": asked["nonce"], **self.claims})
        answer: Json = {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}
        answer |= self.token
        return JSONResponse({name: value for name, value in answer.items() if value is not None}, self.status)


def rightly(provider: Provider, claims: Json) -> str:
    return jwt.encode(claims, _key(provider.key), "RS256", headers={"kid": provider.kid})


def with_a_foreign_key(provider: Provider, claims: Json) -> str:
    return jwt.encode(claims, _key(1 - provider.key), "RS256", headers={"kid": provider.kid})


def with_alg_none(provider: Provider, claims: Json) -> str:
    return f"{_part({'alg': 'none', 'kid': provider.kid})}.{_part(claims)}."


def with_hs256_by_the_public_key(provider: Provider, claims: Json) -> str:
    """Made by hand: PyJWT itself refuses to sign with such a key."""
    signed = f"{_part({'alg': 'HS256', 'kid': provider.kid})}.{_part(claims)}"
    secret = _key(provider.key).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{signed}.{_encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def with_changed_claims(provider: Provider, claims: Json) -> str:
    """A right signature, but of other claims."""
    head, _, signature = rightly(provider, claims).split(".")
    return f"{head}.{_part({**claims, 'sub': 'somebody-else'})}.{signature}"


def as_no_token(provider: Provider, claims: Json) -> str:
    return "abc.def"


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """Two keys of the provider; while it uses one, the other is as good as a foreign one."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _part(value: Json) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

"""An issuer of tokens as Microsoft's, on loopback: its metadata, its keys, the bot's own tokens and those of Teams.

The bot's real validation runs against it. Beside the right tokens it signs every wrong one that has to be refused.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.teams.elements import Json
from tests.teams.loopback import Loopback

CLIENT_ID = "11111111-2222-4333-8444-555555555555"
CLIENT_SECRET = "client-secret-of-the-tests"  # noqa: S105
TENANT, OTHER_TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "ffffffff-0000-4111-8222-333333333333"
#: Who has signed what Teams sends, and for whom the bot's own tokens are.
AUTHORITY = "https://api.botframework.com"
SCOPE = f"{AUTHORITY}/.default"
HOUR = 3600


class Issuer:
    """Switches to set, records to read; `start` and `stop` are for the fixture."""

    def __init__(self) -> None:
        self.keys_delay = 0.0  # seconds that the keys and the metadata take
        self.keys_status = 200
        self.key_requests: list[float] = []  # time.monotonic() of each
        self.token_status = 200  # other than 200: the bot gets no token
        self.token_delay = 0.0
        self.token_lifetime = HOUR
        self.token_requests: list[Json] = []
        self._given: set[str] = set()
        self._kid = f"key-{next(_numbers)}"
        self._server = Loopback("issuer")

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def metadata_url(self) -> str:
        """For TEAMS_OPENID_METADATA_URL."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def token_url(self) -> str:
        """For TEAMS_TOKEN_URL."""
        return f"{self.url}/{TENANT}/oauth2/v2.0/token"

    def sign(self, service_url: str, **changed: object) -> str:
        """The token of an activity as Teams sends it. A claim that is given as None is left out."""
        now = int(time.time())
        claims: Json = {
            "iss": AUTHORITY,
            "aud": CLIENT_ID,
            "serviceurl": service_url,
            "nbf": now - 10,
            "exp": now + HOUR,
            "iat": now - 10,
            **changed,
        }
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(present, _key(0), "RS256", headers={"kid": self._kid})

    def bearer(self, service_url: str, **changed: object) -> str:
        """The Authorization header with such a token."""
        return f"Bearer {self.sign(service_url, **changed)}"

    def rotate(self) -> None:
        """Other names for the keys from now on: the bot has to fetch them again."""
        self._kid = f"key-{next(_numbers)}"

    def knows(self, authorization: str | None) -> bool:
        """Whether a header carries a token that the bot got here and that still holds."""
        token = (authorization or "").removeprefix("Bearer ")
        if token not in self._given:
            return False
        try:
            jwt.decode(token, _key(0).public_key(), ["RS256"], audience=AUTHORITY)
        except jwt.InvalidTokenError:
            return False
        return True

    def start(self) -> None:
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        self._server.start(app)

    def stop(self) -> None:
        self._server.stop()

    async def _metadata(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.keys_delay)
        about = {
            "issuer": AUTHORITY,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return web.json_response(about)

    async def _keys(self, request: web.Request) -> web.Response:
        self.key_requests.append(time.monotonic())
        await asyncio.sleep(self.keys_delay)
        key: Json = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key(0).public_key()))
        key |= {"kid": self._kid, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]}
        key.pop("key_ops", None)
        return web.json_response({"keys": [key]}, status=self.keys_status)

    async def _token(self, request: web.Request) -> web.Response:
        form: dict[str, Any] = dict(await request.post())
        self.token_requests.append({**form, "tenant": request.match_info["tenant"]})
        await asyncio.sleep(self.token_delay)
        if self.token_status != 200:
            return web.json_response({"error": "temporarily_unavailable"}, status=self.token_status)
        expected = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"}
        if {name: form.get(name) for name in expected} != expected:
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("scope") != SCOPE:
            return web.json_response({"error": "invalid_scope"}, status=400)
        now = int(time.time())
        claims: Json = {"aud": AUTHORITY, "iss": self.url, "appid": CLIENT_ID, "tid": request.match_info["tenant"]}
        claims |= {"nbf": now, "exp": now + self.token_lifetime, "jti": str(next(_numbers))}
        token = jwt.encode(claims, _key(0), "RS256", headers={"kid": self._kid})
        self._given.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": self.token_lifetime, "access_token": token})


def _signed_by_another(issuer: Issuer, service_url: str) -> str:
    claims = jwt.decode(issuer.sign(service_url), options={"verify_signature": False})
    kid = jwt.get_unverified_header(issuer.sign(service_url))["kid"]
    return "Bearer " + jwt.encode(claims, _key(1), "RS256", headers={"kid": kid})


def _with_unknown_kid(issuer: Issuer, service_url: str) -> str:
    claims = jwt.decode(issuer.sign(service_url), options={"verify_signature": False})
    return "Bearer " + jwt.encode(claims, _key(0), "RS256", headers={"kid": "unknown"})


def _without_kid(issuer: Issuer, service_url: str) -> str:
    claims = jwt.decode(issuer.sign(service_url), options={"verify_signature": False})
    return "Bearer " + jwt.encode(claims, _key(0), "RS256")


def _with_alg_none(issuer: Issuer, service_url: str) -> str:
    _, claims, _ = issuer.sign(service_url).split(".")
    return f"Bearer {_part({**_header(issuer, service_url), 'alg': 'none'})}.{claims}."


def _with_hs256_by_the_public_key(issuer: Issuer, service_url: str) -> str:
    """Made by hand: PyJWT itself refuses to sign with such a key."""

    _, claims, _ = issuer.sign(service_url).split(".")
    signed = f"{_part({**_header(issuer, service_url), 'alg': 'HS256'})}.{claims}"
    secret = _key(0).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"Bearer {signed}.{_encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _with_changed_claims(issuer: Issuer, service_url: str) -> str:
    """A right signature, but of other claims."""
    head, claims, signature = issuer.sign(service_url).split(".")
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return f"Bearer {head}.{_part({**decoded, 'exp': decoded['exp'] + HOUR})}.{signature}"


def _claims(**changed: object) -> Callable[[Issuer, str], str]:
    return lambda issuer, service_url: issuer.bearer(service_url, **changed)


#: The Authorization headers that have to be answered with 401, by what is wrong; None is no header at all. For
#: parametrize: `@pytest.mark.parametrize("wrong", WRONG)` and `WRONG[wrong](issuer, connector.service_url)`.
WRONG: dict[str, Callable[[Issuer, str], str | None]] = {
    "unsigned": lambda issuer, service_url: None,
    "empty": lambda issuer, service_url: "",
    "empty bearer": lambda issuer, service_url: "Bearer ",
    "garbage": lambda issuer, service_url: "Bearer abc.def.ghi",
    "not three parts": lambda issuer, service_url: "Bearer 無",
    "basic": lambda issuer, service_url: "Basic " + base64.b64encode(b"user:password").decode(),
    "right token without bearer": lambda issuer, service_url: issuer.sign(service_url),
    "wrong audience": _claims(aud="99999999-2222-4333-8444-555555555555"),
    "no audience": _claims(aud=None),
    "wrong issuer": _claims(iss="https://sts.example.com"),
    "issuer of the directory": _claims(iss=f"https://sts.windows.net/{TENANT}/", tid=TENANT),
    "no issuer": _claims(iss=None),
    "expired": lambda issuer, service_url: issuer.bearer(service_url, exp=int(time.time()) - HOUR),
    "no expiry": _claims(exp=None),
    "not yet": lambda issuer, service_url: issuer.bearer(service_url, nbf=int(time.time()) + HOUR),
    "foreign key": _signed_by_another,
    "unknown key": _with_unknown_kid,
    "no key": _without_kid,
    "alg none": _with_alg_none,
    "HS256 with the public key": _with_hs256_by_the_public_key,
    "changed claims": _with_changed_claims,
    "another service": _claims(serviceurl="https://smba.example.com/jp/"),
    "no service": _claims(serviceurl=None),
}

_numbers = count(1)


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """The issuer's key, and that of somebody else."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _header(issuer: Issuer, service_url: str) -> Json:
    return jwt.get_unverified_header(issuer.sign(service_url))


def _part(value: Json) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

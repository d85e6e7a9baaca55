"""Settings of the web page, from environment variables and the address that the server is bound to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.config import is_loopback_host, public_url, safe_address
from data.settings import file_limit

_SECRET = 32
#: Bytes of a file that is sent to the page, at most; SHIRUBE_MAX_FILE_MB may say less.
UPLOAD = 20 * 1024 * 1024
#: Questions and pages a minute: of a person who signed in, and of the one person at this machine.
RATE, OWN_RATE = 240, 6_000
#: Where Entra ID is, in Microsoft's clouds.
ENTRA = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
# Anybody who has an account with Microsoft; none of them is where a token says it is from.
_MANY_TENANTS = ("", "common", "organizations", "consumers")


@dataclass(frozen=True, slots=True)
class Provider:
    """The OpenID Connect provider that people sign in with. `claim` is what an ID token must say to be let in
    (("hd", "pref.example.jp")), none where the provider knows nobody else than staff."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`public_url` is the address by which people reach the page, without a slash at its end, "" where there is none.

    `is_loopback` tells that the server listens to this machine alone. `session_secret` signs the cookies, "" for one of
    this process's own. `rate` is how much a person may ask a minute, None for the default; `upload` how many bytes a
    file that they send may have.
    """

    public_url: str = ""
    is_loopback: bool = True
    provider: Provider | None = None
    session_secret: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    rate: int | None = None
    upload: int = UPLOAD

    @property
    def is_secure(self) -> bool:
        """Is the page reached by https, so that cookies are for https alone?"""
        return self.public_url.startswith("https://")


def web_settings(environment: Mapping[str, str], host: str) -> WebSettings:
    """SHIRUBE_PUBLIC_URL, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REQUIRED_CLAIM
    (「hd=pref.example.jp」), SHIRUBE_SESSION_SECRET, SHIRUBE_METRICS_TOKEN, SHIRUBE_RATE,
    SHIRUBE_MAX_FILE_MB.

    Raises ValueError, never with a secret in it, for what cannot be right.
    """
    address = public_url(environment)
    provider = read_provider(environment)
    secret = environment.get("SHIRUBE_SESSION_SECRET", "")
    if secret and len(secret) < _SECRET:
        raise ValueError(
            f"SHIRUBE_SESSION_SECRET が短すぎます。{_SECRET}文字以上の、推測できない文字列にしてください。"
        )
    if provider and not address:
        raise ValueError("OIDC_CLIENT_ID を使うときは、SHIRUBE_PUBLIC_URL に公開アドレスを指定してください。")
    if provider and not secret:
        raise ValueError(
            f"OIDC_CLIENT_ID を使うときは、SHIRUBE_SESSION_SECRET に{_SECRET}文字以上の、"
            "推測できない文字列を指定してください。"
        )
    return WebSettings(
        address,
        is_loopback_host(host),
        provider,
        secret,
        environment.get("SHIRUBE_METRICS_TOKEN", "").strip(),
        _rate(environment),
        min(UPLOAD, file_limit(environment)),
    )


def read_provider(environment: Mapping[str, str]) -> Provider | None:
    """OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_REQUIRED_CLAIM; None where none of them is set.

    Raises ValueError, never with a secret in it, for what cannot be right.
    """
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    issuer, client_id, client_secret = given = [environment.get(name, "").strip() for name in names]
    claim = environment.get("OIDC_REQUIRED_CLAIM", "").strip()
    if not (any(given) or claim):
        return None
    if not all(given):
        missing = "、".join(name for name, value in zip(names, given, strict=True) if not value)
        raise ValueError(f"{missing} がありません。ログインには OIDC_ の3つの設定が要ります。")
    address = safe_address(issuer)
    if address is None or address.query or address.fragment:
        raise ValueError("OIDC_ISSUER には https:// で始まるアドレスを指定してください。")
    if address.hostname in ENTRA and address.path.strip("/").partition("/")[0] in _MANY_TENANTS:
        raise ValueError(
            "OIDC_ISSUER には、Entra IDのどのテナントの人を入れるかを指定してください。"
            f"例: https://{address.hostname}/テナントID/v2.0"
        )
    name, sign, value = (part.strip() for part in claim.partition("="))
    if claim and not (name and sign and value):
        raise ValueError("OIDC_REQUIRED_CLAIM は「名前=値」の形で指定してください。例: hd=pref.example.jp")
    return Provider(issuer.rstrip("/"), client_id, client_secret, (name, value) if claim else None)


def _rate(environment: Mapping[str, str]) -> int | None:
    text = environment.get("SHIRUBE_RATE", "").strip()
    if not text:
        return None
    if not (text.isdecimal() and 0 < int(text) <= 1_000_000):
        raise ValueError("SHIRUBE_RATE には1以上の整数（1分あたりの回数）を指定してください。")
    return int(text)

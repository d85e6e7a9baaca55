"""Settings of the web page, from environment variables and the address that the server is bound to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

_SECRET = 32
#: Questions and pages a minute: of a person who signed in, and of the one person at this machine.
RATE, OWN_RATE = 240, 6_000


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
    this process's own. `rate` is how much a person may ask a minute, None for the default.
    """

    public_url: str = ""
    is_loopback: bool = True
    provider: Provider | None = None
    session_secret: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    rate: int | None = None

    @property
    def is_secure(self) -> bool:
        """Is the page reached by https, so that cookies are for https alone?"""
        return self.public_url.startswith("https://")


def web_settings(environment: Mapping[str, str], host: str) -> WebSettings:
    """SHIRUBE_PUBLIC_URL, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REQUIRED_CLAIM
    (「hd=pref.example.jp」), SHIRUBE_SESSION_SECRET, SHIRUBE_METRICS_TOKEN, SHIRUBE_RATE.

    Raises ValueError, never with a secret in it, for what cannot be right.
    """
    public_url = read_public_url(environment)
    provider = _provider(environment)
    secret = environment.get("SHIRUBE_SESSION_SECRET", "")
    if secret and len(secret) < _SECRET:
        raise ValueError(
            f"SHIRUBE_SESSION_SECRET が短すぎます。{_SECRET}文字以上の、推測できない文字列にしてください。"
        )
    if provider and not public_url:
        raise ValueError("OIDC_CLIENT_ID を使うときは、SHIRUBE_PUBLIC_URL に公開アドレスを指定してください。")
    if provider and not secret:
        raise ValueError(
            f"OIDC_CLIENT_ID を使うときは、SHIRUBE_SESSION_SECRET に{_SECRET}文字以上の、"
            "推測できない文字列を指定してください。"
        )
    return WebSettings(
        public_url,
        is_loopback_host(host),
        provider,
        secret,
        environment.get("SHIRUBE_METRICS_TOKEN", "").strip(),
        _rate(environment),
    )


def read_public_url(environment: Mapping[str, str]) -> str:
    """SHIRUBE_PUBLIC_URL without a slash at its end, "" for none; raises ValueError for what is no such address."""
    text = environment.get("SHIRUBE_PUBLIC_URL", "").strip().rstrip("/")
    if not text:
        return ""
    address = urlsplit(text)
    is_whole = address.hostname and not (address.path or address.query or address.fragment or address.username)
    is_safe = address.scheme == "https" or (address.scheme == "http" and is_loopback_host(address.hostname or ""))
    if not (is_whole and is_safe):
        raise ValueError(
            "SHIRUBE_PUBLIC_URL には、https:// で始まるアドレスを、パスを付けずに指定してください。"
            "例: https://shirube.example.jp"
        )
    return text


def is_loopback_host(host: str) -> bool:
    """「127.0.0.1」, 「::1」 and 「localhost」 are this machine alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _provider(environment: Mapping[str, str]) -> Provider | None:
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    issuer, client_id, client_secret = (environment.get(name, "").strip() for name in names)
    if not client_id and not issuer:
        return None
    missing = [name for name in names if not environment.get(name, "").strip()]
    if missing:
        raise ValueError(f"{'、'.join(missing)} がありません。ログインには OIDC_ の3つの設定が要ります。")
    address = urlsplit(issuer)
    is_safe = address.scheme == "https" or (address.scheme == "http" and is_loopback_host(address.hostname or ""))
    if not (address.hostname and is_safe):
        raise ValueError("OIDC_ISSUER には https:// で始まるアドレスを指定してください。")
    claim = environment.get("OIDC_REQUIRED_CLAIM", "").strip()
    name, sign, value = claim.partition("=")
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

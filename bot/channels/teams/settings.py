"""Settings of the Teams channel, from environment variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

#: The SDK's switch that lets anybody in: while it stands in the environment nothing of Teams starts.
SWITCH = "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS"
_OWN = (
    "TEAMS_CLIENT_ID",
    "TEAMS_CLIENT_SECRET",
    "TEAMS_MANAGED_IDENTITY_CLIENT_ID",
    "TEAMS_TENANT_ID",
    "TEAMS_ALLOWED_TENANTS",
)
# Ids of apps and tenants stand in addresses: nothing that would lead elsewhere.
_ID = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """The secret is kept out of every repr. `tenants` maps the tenants that are answered to their organisations.

    `managed_identity` is used in the place of the secret. The two addresses are only for tests: on loopback.
    """

    client_id: str
    tenant_id: str
    client_secret: str = field(default="", repr=False)
    managed_identity: str = ""
    tenants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    openid_metadata_url: str = ""
    token_url: str = ""

    @property
    def allows_loopback(self) -> bool:
        """May a conversation be served from this machine, without TLS, as in tests?"""
        return bool(self.openid_metadata_url or self.token_url)


def is_configured(environment: Mapping[str, str]) -> bool:
    """Is Teams wanted: is any of its settings there?"""
    return any(environment.get(name, "").strip() for name in _OWN)


def teams_settings(environment: Mapping[str, str], organisation: str) -> TeamsSettings:
    """TEAMS_CLIENT_ID, TEAMS_TENANT_ID, TEAMS_CLIENT_SECRET or TEAMS_MANAGED_IDENTITY_CLIENT_ID, TEAMS_ALLOWED_TENANTS,
    and for tests TEAMS_OPENID_METADATA_URL and TEAMS_TOKEN_URL.

    Tenants are `tenant` (of this `organisation`) or `tenant=organisation`, with commas between; none given, it is the
    one of TEAMS_TENANT_ID. Raises ValueError, never with a secret in it, for what is missing or cannot be right.
    """
    if SWITCH in environment:
        raise ValueError(
            f"環境変数 {SWITCH} があるので、Teamsでは動きません。"
            "Teamsからの要求は必ず認証します。この変数を取り除いてください。"
        )
    tenant = _id(environment, "TEAMS_TENANT_ID", "Azureの「Microsoft Entra ID」の「概要」で分かります。")
    own = TeamsSettings(
        client_id=_id(environment, "TEAMS_CLIENT_ID", "Azureのボットの「構成」にある「Microsoft App ID」です。"),
        tenant_id=tenant,
        client_secret=environment.get("TEAMS_CLIENT_SECRET", "").strip(),
        managed_identity=environment.get("TEAMS_MANAGED_IDENTITY_CLIENT_ID", "").strip(),
        tenants=_tenants(environment, tenant, organisation),
        openid_metadata_url=_test_address(environment, "TEAMS_OPENID_METADATA_URL"),
        token_url=_test_address(environment, "TEAMS_TOKEN_URL"),
    )
    if bool(own.client_secret) == bool(own.managed_identity):
        raise ValueError("TEAMS_CLIENT_SECRET か TEAMS_MANAGED_IDENTITY_CLIENT_ID の、どちらか一つを指定してください。")
    return own


def is_loopback(address: str) -> bool:
    """Is an address one of this very machine: http://127.0.0.1:8080/keys?"""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def may_speak_to(settings: TeamsSettings, service_url: str) -> bool:
    """Is a conversation's service one that our token may be shown to: over TLS, in tests on this machine, too?"""
    if settings.allows_loopback and is_loopback(service_url):
        return True
    try:
        parts = urlsplit(service_url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _id(environment: Mapping[str, str], name: str, where: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ValueError(f"{name} がありません。{where}")
    if not _ID.fullmatch(value):
        raise ValueError(f"{name} がIDの形をしていません。{where}")
    return value.lower()


def _tenants(environment: Mapping[str, str], own: str, organisation: str) -> Mapping[str, str]:
    tenants: dict[str, str] = {}
    for entry in environment.get("TEAMS_ALLOWED_TENANTS", "").split(","):
        if not entry.strip():
            continue
        tenant, sign, owner = (part.strip() for part in entry.partition("="))
        if not _ID.fullmatch(tenant) or bool(sign) != bool(owner):
            raise ValueError(
                "TEAMS_ALLOWED_TENANTS には「テナントID」か「テナントID=組織名」を、コンマで区切って指定してください。"
            )
        if tenants.setdefault(tenant.lower(), owner or organisation) != (owner or organisation):
            raise ValueError("TEAMS_ALLOWED_TENANTS で、一つのテナントが二つの組織に割り当てられています。")
    return MappingProxyType(tenants or {own: organisation})


def _test_address(environment: Mapping[str, str], name: str) -> str:
    address = environment.get(name, "").strip()
    if address and not is_loopback(address):
        raise ValueError(
            f"{name} には、この機械自身（127.0.0.1など）のアドレスだけを指定できます。テスト用の設定です。"
        )
    return address

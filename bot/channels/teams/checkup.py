"""Is Teams set up: ids, secret, tenants, the ways to Microsoft? Tells what is missing and where to get it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.channels.teams.settings import TeamsSettings, is_configured, teams_settings
from bot.doctor import Finding
from data import settings

if TYPE_CHECKING:
    from httpx import Client

    from bot.channels.teams.tokens import Tokens

_LOGIN = "Microsoftのサーバー（login.microsoftonline.com）"
_KEYS = "Microsoftのサーバー（login.botframework.com）"


def examine_teams(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Gets a token and the keys, where everything is there to ask for them."""
    if not is_configured(environment):
        yield Finding("Teams", "Teamsは使いません（TEAMS_CLIENT_ID がありません）")
        return
    try:
        own = teams_settings(environment, settings.organisation(environment))
    except ValueError as error:
        yield Finding("Teams", str(error), True)
        return
    yield Finding("TEAMS_CLIENT_ID", own.client_id)
    for tenant, organisation in own.tenants.items():
        yield Finding("テナント", f"{tenant} には、組織「{organisation}」の計画で答えます")
    if own.tenant_id not in own.tenants:
        yield Finding("TEAMS_ALLOWED_TENANTS", "TEAMS_TENANT_ID のテナントが入っていないので、そこには答えません")
    for name, address in (("TEAMS_OPENID_METADATA_URL", own.openid_metadata_url), ("TEAMS_TOKEN_URL", own.token_url)):
        if address:
            yield Finding(name, f"{address}（テスト用の設定です。本番では取り除いてください）")
    yield from _ways(own)


def _ways(own: TeamsSettings) -> Iterator[Finding]:
    # Teams' libraries are only for who uses Teams.
    from bot.channels.teams.connector import open_connector

    connector = open_connector(own)
    with connector.client:
        yield _token(own, connector.tokens)
        yield _keys(own, connector.client)


def _token(own: TeamsSettings, tokens: "Tokens") -> Finding:
    from bot.channels.teams.tokens import NoToken

    name = "TEAMS_MANAGED_IDENTITY_CLIENT_ID" if own.managed_identity else "TEAMS_CLIENT_SECRET"
    try:
        tokens.current()
    except NoToken as error:
        if error.is_final:
            reason = f"Entra IDが受け付けません（{error}）。IDと、シークレットの値と期限を確かめてください。"
            return Finding(name, reason, True)
        return Finding(name, f"{_LOGIN}から応答がなく、確かめられません（{error}）。HTTPS_PROXY も見てください。", True)
    return Finding(name, "送信用のトークンを得られます")


def _keys(own: TeamsSettings, client: "Client") -> Finding:
    from bot.channels.teams.auth import keys_address

    try:
        found = client.get(keys_address(own)).raise_for_status().json()["keys"]
        count = len(found)
    except Exception as error:
        kind = type(error).__name__
        return Finding("認証の鍵", f"{_KEYS}から得られません（{kind}）。HTTPS_PROXY も見てください。", True)
    return Finding("認証の鍵", f"{count}個を得られます")

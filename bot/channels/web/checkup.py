"""Is the web page set up: its address, the provider that people sign in with, the secret? Never tells a secret."""

from collections.abc import Iterator, Mapping

from bot.channels.web.settings import Provider, WebSettings, web_settings
from bot.doctor import Finding

_OWN = "このコンピューターだけで開けます（SHIRUBE_PUBLIC_URL がありません）"
_CLOSED = "ログインの設定（OIDC_ISSUER など）がないので、誰にも開けません。SlackとTeamsだけなら、このままで動きます。"
# Unless the command line of the server says another one.
_HOST = "127.0.0.1"


def examine_web(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Asks the provider what it is, where there is one."""
    try:
        own = web_settings(environment, _HOST)
    except ValueError as error:
        yield Finding("Web", str(error), True)
        return
    if not own.public_url:
        yield Finding("Web", _OWN)
        return
    yield Finding("SHIRUBE_PUBLIC_URL", own.public_url)
    if own.provider is None:
        yield Finding("Web", _CLOSED)
        return
    yield from _provider(own, own.provider)
    yield Finding("SHIRUBE_SESSION_SECRET", "あります")


def _provider(own: WebSettings, provider: Provider) -> Iterator[Finding]:
    # The provider's libraries are only for who signs people in.
    import httpx2

    from bot.channels.web.access import CALLBACK
    from bot.channels.web.oidc import PATIENCE, checked, document_address

    try:
        found = httpx2.get(document_address(provider), timeout=PATIENCE).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as error:
        reason = (
            f"{provider.issuer} から設定の文書を得られません（{type(error).__name__}）。HTTPS_PROXY も見てください。"
        )
        yield Finding("OIDC_ISSUER", reason, True)
        return
    try:
        checked(found, provider)
    except ValueError as error:
        yield Finding("OIDC_ISSUER", str(error), True)
        return
    yield Finding("OIDC_ISSUER", f"{provider.issuer} につながります")
    address = f"{own.public_url}{CALLBACK}"
    yield Finding("OIDC_CLIENT_ID", f"{provider.client_id}（リダイレクト先として {address} を登録してください）")
    if provider.claim:
        yield Finding("OIDC_REQUIRED_CLAIM", "{}が{}の人だけが入れます".format(*provider.claim))

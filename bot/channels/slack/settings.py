"""Settings of the Slack channel, from environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Slack's own; tests and gateways set another.
API_URL = "https://slack.com/api/"
_YES = {"1", "true", "yes", "on"}


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Tokens are kept out of every repr. `channels` are the ids of the channels that are answered in, none for all."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = API_URL
    channels: frozenset[str] = frozenset()
    guests: bool = False
    externals: bool = False


def slack_settings(environment: Mapping[str, str]) -> SlackSettings:
    """SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN, SLACK_API_URL, SLACK_CHANNELS, SLACK_GUESTS,
    SLACK_EXTERNALS.

    Raises ValueError, never with a token in it, for what cannot be right.
    """
    api_url = environment.get("SLACK_API_URL", "").strip() or API_URL
    address = urlsplit(api_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError("SLACK_API_URL には http:// か https:// で始まるアドレスを指定してください。")
    return SlackSettings(
        bot_token=_token(environment, "SLACK_BOT_TOKEN", "xoxb-"),
        signing_secret=environment.get("SLACK_SIGNING_SECRET", "").strip(),
        app_token=_token(environment, "SLACK_APP_TOKEN", "xapp-"),
        api_url=api_url if api_url.endswith("/") else f"{api_url}/",
        channels=frozenset(environment.get("SLACK_CHANNELS", "").replace(",", " ").split()),
        guests=environment.get("SLACK_GUESTS", "").strip().lower() in _YES,
        externals=environment.get("SLACK_EXTERNALS", "").strip().lower() in _YES,
    )


def _token(environment: Mapping[str, str], name: str, start: str) -> str:
    token = environment.get(name, "").strip()
    if token and not token.startswith(start):
        raise ValueError(f"{name} が「{start}」で始まっていません。Slackのアプリの管理画面で確かめてください。")
    return token

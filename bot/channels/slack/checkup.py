"""Is Slack set up: tokens, scopes, secret? Tells which is missing and where to get it, and never what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.channels.slack import surface
from bot.channels.slack.posting import reason_of
from bot.channels.slack.running import slack_client
from bot.channels.slack.settings import API_URL, SlackSettings, slack_settings
from bot.doctor import Finding

_NONE = "Slackは使いません（SLACK_BOT_TOKEN がありません）"


def examine_slack(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Asks Slack about each token that is set."""
    try:
        own = slack_settings(environment)
    except ValueError as error:
        yield Finding("Slack", str(error), True)
        return
    if not own.bot_token:
        given = bool(own.app_token or own.signing_secret)
        yield Finding("Slack", _NONE if not given else f"{_NONE}が、ほかのSlackの設定があります。", given)
        return
    if own.api_url != API_URL:
        yield Finding("SLACK_API_URL", own.api_url)
    yield from _bot_token(own)
    yield _app_token(own)
    if not own.signing_secret:
        yield Finding(
            "SLACK_SIGNING_SECRET", "ありません。HTTPで受ける（bot serve）ときに必要です。", not own.app_token
        )
    else:
        yield Finding("SLACK_SIGNING_SECRET", "あります（正しいかどうかは、Slackから要求が届くまで分かりません）")
    if own.channels:
        yield Finding("SLACK_CHANNELS", f"{len(own.channels)}のチャンネルとダイレクトメッセージだけで答えます")


def _bot_token(own: SlackSettings) -> Iterator[Finding]:
    try:
        found = slack_client(own).auth_test()
    except SlackApiError as error:
        yield Finding(
            "SLACK_BOT_TOKEN", f"Slackが受け付けません（{reason_of(error)}）。インストールし直してください。", True
        )
        return
    except OSError:
        yield Finding(
            "SLACK_BOT_TOKEN", "Slackにつながらないので、確かめられません。HTTPS_PROXY も見てください。", True
        )
        return
    yield Finding("SLACK_BOT_TOKEN", f"ワークスペース「{found.get('team')}」の「{found.get('user')}」として使えます")
    granted = found.headers.get("x-oauth-scopes") or found.headers.get("X-OAuth-Scopes")
    if granted is None:
        return
    missing = [scope for scope in surface.SCOPES if scope not in str(granted).replace(",", " ").split()]
    if missing:
        names = "、".join(missing)
        yield Finding(
            "権限", f"足りません: {names}。マニフェストを入れ直し、アプリをもう一度インストールしてください。", True
        )
    else:
        yield Finding("権限", "すべてあります")


def _app_token(own: SlackSettings) -> Finding:
    if not own.app_token:
        missing = "ありません。ソケットモード（bot slack）で動かすときに必要です。"
        return Finding("SLACK_APP_TOKEN", missing, not own.signing_secret)
    try:
        slack_client(replace(own, bot_token=own.app_token)).apps_connections_open(app_token=own.app_token)
    except SlackApiError as error:
        reason = f"Slackが受け付けません（{reason_of(error)}）。connections:write の付いたものか確かめてください。"
        return Finding("SLACK_APP_TOKEN", reason, True)
    except OSError:
        return Finding("SLACK_APP_TOKEN", "Slackにつながらないので、確かめられません。", True)
    return Finding("SLACK_APP_TOKEN", "ソケットモードで使えます")

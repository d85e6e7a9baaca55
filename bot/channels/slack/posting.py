"""Puts messages before people: into a channel, in place of another, or where only one person sees them."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.channels.slack.messages import Message

#: Seconds that a call to Slack may take: less than the lease of an event.
TIMEOUT = 8
EVENT_TYPE = "shirube_answer"
# What Slack says of blocks that it does not know, or finds too large.
_REFUSED = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_block_type")
_PAGE = 200

Blocks = Sequence[dict[str, Any]]
T = TypeVar("T")


class NotTaken(Exception):
    """A response_url did not take a message: `status` is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"response_url: {status} {reason}")
        self.status = status

    @property
    def is_final(self) -> bool:
        """Will it not take the message later either: refused, used up, lapsed?"""
        return 400 <= self.status < 500 and self.status != 429


def reason_of(error: SlackApiError) -> str:
    """Slack's word for what was wrong, "" where it answered something else than JSON."""
    return str(error.response.get("error") or "")


def wait_of(error: SlackApiError) -> float:
    """The seconds to wait after a 429; in HTTP the names of headers are the same in small letters."""
    headers = {name.lower(): str(value) for name, value in error.response.headers.items()}
    seconds = headers.get("retry-after", "")
    return float(seconds) if seconds.isdecimal() else 1.0


def conversation_of(client: WebClient, recipient: str) -> str:
    """The id of a conversation: that of the direct messages where a person is meant (「U0123」)."""
    if not recipient.startswith(("U", "W")):
        return recipient
    return str(client.conversations_open(users=recipient)["channel"]["id"])


def post(client: WebClient, channel: str, message: Message, key: str, thread: str = "") -> str:
    """Posts a message that carries the key of its event, and gives its time stamp."""

    def send(blocks: Blocks) -> str:
        response = client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=blocks or None,
            thread_ts=thread or None,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"event": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(response["ts"])

    return _in_some_form(message, send)


def replace(client: WebClient, channel: str, stamp: str, message: Message) -> None:
    """Puts a message in the place of one of our own."""

    def send(blocks: Blocks) -> None:
        client.chat_update(channel=channel, ts=stamp, text=message.text, blocks=blocks)

    _in_some_form(message, send)


def whisper(client: WebClient, channel: str, user: str, message: Message, thread: str = "") -> None:
    """Shows a message to one person in a channel."""

    def send(blocks: Blocks) -> None:
        client.chat_postEphemeral(
            channel=channel, user=user, text=message.text, blocks=blocks or None, thread_ts=thread or None
        )

    _in_some_form(message, send)


def respond(url: str, message: Message, *, in_place: bool = False, to_all: bool = False) -> None:
    """Answers a command, a shortcut or a button through its response_url, which needs no membership in the channel."""
    client = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[])

    def send(blocks: Blocks) -> None:
        response = client.send(
            text=message.text,
            blocks=blocks or None,
            response_type="in_channel" if to_all else "ephemeral",
            replace_original=in_place,
            unfurl_links=False,
            unfurl_media=False,
        )
        if response.status_code != 200:
            raise NotTaken(response.status_code, response.body)
        if reason := _refusal(response.body):
            raise NotTaken(400, reason)

    _in_some_form(message, send)


def _refusal(body: str) -> str:
    """Why a response_url has not taken a message though HTTP says 200: `{"ok": false, "error": "invalid_blocks"}`."""
    try:
        answer = json.loads(body)
    except ValueError:  # 「ok」
        return ""
    return str(answer.get("error") or "refused") if isinstance(answer, dict) and answer.get("ok") is False else ""


def upload_picture(client: WebClient, channel: str, picture: bytes, title: str, alt: str, thread: str = "") -> None:
    """Shares a PNG in a conversation."""
    client.files_upload_v2(
        channel=channel,
        thread_ts=thread or None,
        content=picture,
        filename="graph.png",
        title=title,
        alt_txt=alt,
    )


def is_posted(client: WebClient, channel: str, key: str, thread: str, since: float) -> bool:
    """Is a message with the key of an event there already: in its thread, else in the channel since a moment (Unix)?"""
    return any(_carries(message, key) for message in _messages(client, channel, thread, since))


def _carries(message: dict[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    return metadata.get("event_type") == EVENT_TYPE and (metadata.get("event_payload") or {}).get("event") == key


def _messages(client: WebClient, channel: str, thread: str, since: float) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        if thread:
            page = client.conversations_replies(
                channel=channel, ts=thread, limit=_PAGE, cursor=cursor, include_all_metadata=True, oldest=str(since)
            )
        else:
            page = client.conversations_history(
                channel=channel, oldest=str(since), limit=_PAGE, cursor=cursor, include_all_metadata=True
            )
        yield from page.get("messages", [])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _in_some_form(message: Message, send: Callable[[Blocks], T]) -> T:
    """Sends the richest form that Slack takes; the text alone at last."""
    for blocks in message.forms:
        try:
            return send(blocks)
        except SlackApiError as error:
            if reason_of(error) not in _REFUSED:
                raise
        except NotTaken as error:
            if error.status != 400:
                raise
    return send(())

"""Slack's payloads as events to be kept: what is asked, where the answer goes, and what is none of our business."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from bot.channels.slack.buttons import FEEDBACK, FOLLOW, SHARE
from data.events import Arrival
from data.fiscal_year import TOKYO

CHANNEL = "slack"
QUESTION, PRESS, HOME, PROMPTS, POST = "question", "press", "home", "prompts", "post"

#: Buttons under everybody's messages that only the one who presses them hears of.
TOLD_TO_ONE = (FEEDBACK, FOLLOW)

Payload = Mapping[str, Any]
# Messages with other subtypes are edits, deletions, joins, posts of bots.
_OWN_WORDS = (None, "file_share", "thread_broadcast")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
# What Slack names things by; the time stamp of a message.
_NAME, _STAMP = re.compile(r"[!-~]+"), re.compile(r"[0-9]{1,10}\.[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with its place. `thread` is where the answer goes, `memory` what the thread is remembered by.

    `also` is a second memory that the answer is kept in: of a direct message's own thread. `response_url` is set where
    only the asker sees the answer. What is not `addressed` to the bot (a follow-up in a thread) may stay unanswered.
    """

    text: str
    asked_on: str
    channel: str
    user: str
    thread: str = ""
    memory: str = ""
    also: str = ""
    response_url: str = ""
    addressed: bool = True
    direct: bool = False

    @property
    def day(self) -> date:
        return date.fromisoformat(self.asked_on)


@dataclass(frozen=True, slots=True)
class Pressing:
    """A pressed button. `message` is the time stamp of the message that it stands under."""

    action: str
    value: str
    asked_on: str
    channel: str
    user: str
    message: str = ""
    thread: str = ""
    response_url: str = ""
    ephemeral: bool = False


def asking_of(body: Mapping[str, Any]) -> Asking:
    return Asking(**{field.name: body[field.name] for field in fields(Asking) if field.name in body})


def pressing_of(body: Mapping[str, Any]) -> Pressing:
    return Pressing(**{field.name: body[field.name] for field in fields(Pressing) if field.name in body})


def person(user: str) -> str:
    """「slack:U0123」."""
    return f"{CHANNEL}:{user}"


def read_event(payload: Payload, bot_user: str) -> Arrival | None:
    """A mention, a direct message, or a message in a thread; an opened home. None for what is none of our business:
    bots, edits, messages to others, and the second delivery of a mention as a message of its channel.

    Like the other readers it raises KeyError, TypeError, IndexError or AttributeError for what Slack would not send.
    """
    event = payload.get("event") or {}
    if not payload.get("event_id") or not event.get("user") or event["user"] == bot_user:
        return None
    key, user = _name(payload["event_id"]), _name(event["user"])
    if event.get("type") == "app_home_opened":
        kind = HOME if event.get("tab") == "home" else PROMPTS
        where = {"user": user, "channel": _name(event["channel"])}
        return Arrival(CHANNEL, key, f"{kind}:{user}", kind, where, person(user))
    if event.get("bot_id") or event.get("subtype") not in _OWN_WORDS:
        return None
    asking = _asking(event, user, bot_user)
    if asking is None:
        return None
    return Arrival(CHANNEL, key, asking.channel, QUESTION, asdict(asking), person(user))


def _asking(event: Payload, user: str, bot_user: str) -> Asking | None:
    text, channel, own = _words(event.get("text")), _name(event["channel"]), _stamp(event["ts"])
    mentioned, thread = _MENTION.findall(text), _stamp(event["thread_ts"]) if event.get("thread_ts") else ""
    day, words = _day(own), plain(text)
    if event.get("type") == "app_mention":
        where = thread or own
        return Asking(words, day, channel, user, where, f"{CHANNEL}:{channel}:{where}")
    if event.get("channel_type") == "im":
        if thread:
            return Asking(words, day, channel, user, thread, f"{CHANNEL}:{channel}:{thread}", direct=True)
        return Asking(words, day, channel, user, own, f"{CHANNEL}:{channel}", f"{CHANNEL}:{channel}:{own}", direct=True)
    if not thread or mentioned:  # a mention of us comes as app_mention, too; one of others is theirs
        return None
    return Asking(words, day, channel, user, thread, f"{CHANNEL}:{channel}:{thread}", addressed=False)


def read_command(payload: Payload, now: datetime) -> Arrival:
    """`/kpi 質問`: its answer is only for the asker."""
    text = _words(payload.get("text")).strip()
    return _private("command", text, payload["channel_id"], payload["user_id"], payload, now)


def read_shortcut(payload: Payload, now: datetime) -> Arrival:
    """「KPIを調べる」 on a message: its text is the question, the answer only for who asks."""
    text = plain(_words(payload["message"].get("text")))
    return _private("shortcut", text, payload["channel"]["id"], payload["user"]["id"], payload, now)


def _private(kind: str, text: str, channel: Any, user: Any, payload: Payload, now: datetime) -> Arrival:
    """A question whose answer only the asker sees: such questions in one channel go on from one another."""
    where, who = _name(channel), _name(user)
    memory, url = f"{CHANNEL}:{where}:{who}", _name(payload["response_url"])
    asking = Asking(text, _today(now), where, who, memory=memory, response_url=url)
    return _own(f"{kind}:{_name(payload['trigger_id'])}", QUESTION, asking)


def read_press(payload: Payload, now: datetime) -> Arrival | None:
    """A button under a message; None for one of a view, which has no conversation."""
    container, action = payload.get("container") or {}, payload["actions"][0]
    channel = (payload.get("channel") or {}).get("id") or container.get("channel_id")
    if not channel:
        return None
    message = payload.get("message") or {}
    stamp = container.get("message_ts") or message.get("ts")
    thread = container.get("thread_ts") or message.get("thread_ts")
    url = payload.get("response_url")
    pressing = Pressing(
        _name(action["action_id"]),
        _words(action.get("value")),
        _today(now),
        _name(channel),
        _name(payload["user"]["id"]),
        _stamp(stamp) if stamp else "",
        _stamp(thread) if thread else "",
        _name(url) if url else "",
        bool(container.get("is_ephemeral")),
    )
    return _own(f"press:{_name(payload['trigger_id'])}:{pressing.action}", PRESS, pressing)


def _own(key: str, kind: str, what: Asking | Pressing) -> Arrival:
    """What only the asker sees the answer of waits for nobody else in the channel."""
    if isinstance(what, Asking):
        private = bool(what.response_url)
    else:
        private = what.action in TOLD_TO_ONE or (what.ephemeral and what.action != SHARE)
    lane = f"{what.channel}:{what.user}" if private else what.channel
    return Arrival(CHANNEL, key, lane, kind, asdict(what), person(what.user))


def plain(text: str) -> str:
    """The words of a message: mentions taken out, links by their labels, Slack's escapes undone.

    「&lt;@U1&gt; R6の目標は?」 stays what somebody typed; 「<@U1> R6の目標は?」 becomes 「R6の目標は?」.
    """
    return unescape(_LINK.sub(_label, _MENTION.sub(" ", text))).strip()


def _label(link: re.Match[str]) -> str:
    target, label = link[1], link[2]
    if target.startswith("!"):
        return " "
    return label if label is not None else target


def _name(value: object) -> str:
    """An id, a key, an address: ASCII without spaces, never empty."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise TypeError("not a name of Slack's")
    return value


def _stamp(value: object) -> str:
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        raise TypeError("not a time stamp of Slack's")
    return value


def _words(value: object) -> str:
    """A text, "" for none, without what no store takes: NUL and halves of letters."""
    if not isinstance(value, str | None):
        raise TypeError("not a text of Slack's")
    return (value or "").replace("\0", "").encode(errors="ignore").decode()


def _day(stamp: str) -> str:
    """The day in Japan of a message's time stamp: 「1732060800.000100」."""
    return datetime.fromtimestamp(int(stamp.partition(".")[0]), UTC).astimezone(TOKYO).date().isoformat()


def _today(now: datetime) -> str:
    return now.astimezone(TOKYO).date().isoformat()

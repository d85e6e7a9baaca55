"""Teams' activities as events to be kept: what is asked, where we may speak, and what is none of our business.

What an activity does not say makes it none of our business; what it says in another form than Teams would raises
TypeError (or ValueError), by which bot/channels/teams/http.py calls it malformed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from hashlib import sha256
from html import unescape
from typing import Any

from data.events import Arrival
from data.fiscal_year import TOKYO
from data.references import Reference

CHANNEL = "teams"
QUESTION, INSTALLED, REMOVED = "question", "installed", "removed"
PERSONAL, GROUP, TEAM = "personal", "groupChat", "channel"

Activity = Mapping[str, Any]
_KINDS = (PERSONAL, GROUP, TEAM)
_GONE = ("teamDeleted", "teamHardDeleted", "channelDeleted")
_MENTION = re.compile(r"<at(?:\s[^<>]*)?>[^<>]*</at>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:at|p|div|span|br|b|i|u|em|strong)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# What Teams names things by: ASCII without spaces, short enough for the index of a database.
_NAME = re.compile(r"[!-~]{1,600}")
_THREAD = ";messageid="


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation and how it is reached. In a channel `conversation` names the thread, too (「…;messageid=17」).

    `bot` is what we are called there, `service_url` the one that the token has proven.
    """

    conversation: str
    kind: str
    tenant: str
    service_url: str
    bot: str = ""

    @property
    def whole(self) -> str:
        """The conversation without its thread."""
        return self.conversation.partition(_THREAD)[0]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question; `activity` is what it can be replied to by, `memory` what its thread is remembered by."""

    text: str
    asked_on: str
    place: Place
    user: str
    activity: str
    memory: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.asked_on)


@dataclass(frozen=True, slots=True)
class Invoking:
    """What is answered in the response itself: a pressed button, a search while composing, a vote.

    `name` is Teams' (「adaptiveCard/action」), `value` its JSON, `message` the activity that a card stands in.
    """

    name: str
    value: Mapping[str, Any]
    asked_on: str
    place: Place
    user: str
    message: str
    organisation: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.asked_on)

    @property
    def person(self) -> str:
        return person(self.user)

    @property
    def memory(self) -> str:
        return memory(self.place)


def asking_of(body: Mapping[str, Any]) -> Asking:
    own = {field.name: body[field.name] for field in fields(Asking) if field.name in body}
    return Asking(**own | {"place": place_of(body)})


def place_of(body: Mapping[str, Any]) -> Place:
    """The place in the body of any event of this channel."""
    return Place(**body["place"])


def person(user: str) -> str:
    """「teams:4f1c0a62-…」, by the object id in Entra."""
    return f"{CHANNEL}:{user}"


def memory(place: Place) -> str:
    return f"{CHANNEL}:{place.conversation}"


def reference_of(place: Place, person: str = "") -> Reference:
    """How a conversation is spoken to first: the channel, not one of its threads."""
    whom = person if place.kind == PERSONAL else ""
    return Reference(CHANNEL, place.whole, place.kind, place.tenant, place.service_url, whom, {"bot": place.bot})


def place_at(reference: Reference) -> Place:
    bot = str(reference.details.get("bot", ""))
    return Place(reference.conversation, reference.kind, reference.tenant, reference.service_url, bot)


def read_tenants(activity: Activity) -> frozenset[str]:
    """Every tenant that an activity names: of the conversation, of the channel's data, of who sends it."""
    data = _part(activity, "channelData")
    named = (
        _part(activity, "conversation").get("tenantId"),
        _part(data, "tenant").get("id"),
        _part(activity, "from").get("tenantId"),
    )
    return frozenset(_name(one).lower() for one in named if one)


def read_activity(activity: Activity, now: datetime) -> Arrival | None:
    """A question, or word of being installed or removed; None for all else that Teams tells.

    A question is a message in a personal chat, elsewhere one that mentions us, of somebody whom the tenant knows:
    guests of a meeting without an account get nothing, nor do other bots.
    """
    if activity.get("type") == "message":
        return _question(activity, now)
    change = _change(activity)
    place = change and _place(activity)
    if not change or not place:
        return None
    kind, conversation = change
    sender = _name(_part(activity, "from").get("aadObjectId"))
    body = {"place": asdict(place), "conversation": conversation or place.whole}
    return Arrival(CHANNEL, _key(activity, place), place.conversation, kind, body, person(sender) if sender else "")


def _question(activity: Activity, now: datetime) -> Arrival | None:
    place, sender = _place(activity), _part(activity, "from")
    user, activity_id = _name(sender.get("aadObjectId")), _name(activity.get("id"))
    if not place or not user or not activity_id or sender.get("role") == "bot" or _name(sender.get("id")) == place.bot:
        return None
    if place.kind not in _KINDS or (place.kind != PERSONAL and place.bot not in _mentioned(activity)):
        return None
    words, day = plain(_words(activity.get("text"))), _day(activity.get("timestamp"), now)
    asking = Asking(words, day, place, user, activity_id, memory(place))
    return Arrival(CHANNEL, _key(activity, place), place.conversation, QUESTION, asdict(asking), person(user))


def _change(activity: Activity) -> tuple[str, str] | None:
    """Were we installed or removed, and in which conversation where that is not the activity's own?"""
    kind, bot = activity.get("type"), _name(_part(activity, "recipient").get("id"))
    if kind == "installationUpdate":
        action = activity.get("action")
        if action in ("add", "add-upgrade"):
            return INSTALLED, ""
        return (REMOVED, "") if action == "remove" else None
    if kind != "conversationUpdate":
        return None
    data = _part(activity, "channelData")
    if data.get("eventType") in _GONE:
        return REMOVED, _name(_part(data, "channel").get("id"))
    if bot and bot in _ids(activity, "membersAdded"):
        return INSTALLED, ""
    if bot and bot in _ids(activity, "membersRemoved"):
        return REMOVED, ""
    return None


def read_invoke(activity: Activity, organisation: str, now: datetime) -> Invoking | None:
    """What is answered at once; None where it does not say what it is, nor from whom.

    Of what kind the value is each invoke says for itself: we know of none whose is no object.
    """
    place, user = _place(activity), _name(_part(activity, "from").get("aadObjectId"))
    name = _name(activity.get("name"))
    if not place or not user or not name:
        return None
    value = _cleaned(activity.get("value"))
    value = value if isinstance(value, Mapping) else {}
    return Invoking(name, value, _today(now), place, user, _name(activity.get("replyToId")), organisation)


def _place(activity: Activity) -> Place | None:
    conversation = _part(activity, "conversation")
    name, service_url = _name(conversation.get("id")), _name(activity.get("serviceUrl"))
    if not name or not service_url:
        return None
    tenant = conversation.get("tenantId") or _part(_part(activity, "channelData"), "tenant").get("id")
    bot = _name(_part(activity, "recipient").get("id"))
    return Place(name, _name(conversation.get("conversationType")), _name(tenant).lower(), service_url, bot)


def _key(activity: Activity, place: Place) -> str:
    """「<conversation>|<activity>」; for what has no id a digest, which is the same when it is delivered again."""
    name = _name(activity.get("id"))
    return f"{place.conversation}|{name or sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()}"


def _mentioned(activity: Activity) -> frozenset[str]:
    return frozenset(
        _name(_part(entity, "mentioned").get("id"))
        for entity in _parts(activity, "entities")
        if entity.get("type") == "mention"
    )


def _ids(activity: Activity, name: str) -> frozenset[str]:
    return frozenset(_name(one.get("id")) for one in _parts(activity, name))


def plain(text: str) -> str:
    """The words of a message: mentions and marks of form taken out, escapes of HTML undone once.

    「<at>しるべ</at>&nbsp;R6の目標は?」 becomes 「R6の目標は?」, 「&lt;at&gt;」 stays what somebody typed.
    """
    return unescape(_TAG.sub(" ", _MENTION.sub(" ", text))).replace("\0", "").replace("\xa0", " ").strip()


def _part(whole: Activity, name: str) -> Mapping[str, Any]:
    """An object in an object, an empty one where there is none."""
    value = whole.get(name)
    if not isinstance(value, Mapping | None):
        raise TypeError(f"{name} is no object")
    return value or {}


def _parts(whole: Activity, name: str) -> Iterator[Mapping[str, Any]]:
    values = whole.get(name)
    if not isinstance(values, list | None):
        raise TypeError(f"{name} is no list")
    for value in values or ():
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} holds what is no object")
        yield value


def _name(value: object) -> str:
    """An id, a key, an address; "" for none."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise TypeError("not a name of Teams'")
    return value


def _words(value: object) -> str:
    """A text, "" for none, without what no store takes: NUL and halves of letters."""
    if not isinstance(value, str | None):
        raise TypeError("not a text of Teams'")
    return (value or "").replace("\0", "").encode(errors="ignore").decode()


def _cleaned(value: Any) -> Any:
    """JSON whose texts hold nothing that no store takes."""
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, Mapping):
        return {_words(name): _cleaned(one) for name, one in value.items()}
    return value


def _day(stamp: object, now: datetime) -> str:
    """The day in Japan of an activity's time stamp (「2024-11-20T03:00:00.123Z」), else of now."""
    if not isinstance(stamp, str):
        return _today(now)
    try:
        moment = datetime.fromisoformat(stamp)
        return _today(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return _today(now)


def _today(now: datetime) -> str:
    return now.astimezone(TOKYO).date().isoformat()

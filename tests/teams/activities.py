"""The activities that Teams sends to a bot, as they look on the wire; and where and by whom."""

import html
import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Literal
from zoneinfo import ZoneInfo

from tests.teams.connector import personal_id
from tests.teams.elements import Json
from tests.teams.issuer import CLIENT_ID, OTHER_TENANT, TENANT

Scope = Literal["personal", "groupChat", "channel"]

BOT: Json = {"id": f"28:{CLIENT_ID}", "name": "しるべ"}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Teams: the id that the bot sees, and the one in the directory."""

    id: str
    name: str
    aad: str
    tenant: str = TENANT

    @property
    def account(self) -> Json:
        return {"id": self.id, "name": self.name, "aadObjectId": self.aad}


#: 田中, 鈴木 and 佐藤 are of the tenant, the stranger of another one.
PEOPLE = {
    "tanaka": Person("29:tanaka-of-the-tests", "田中 花子", "00000000-0000-4000-8000-000000000001"),
    "suzuki": Person("29:suzuki-of-the-tests", "鈴木 一郎", "00000000-0000-4000-8000-000000000002"),
    "sato": Person("29:sato-of-the-tests", "佐藤 健", "00000000-0000-4000-8000-000000000003"),
    "stranger": Person("29:stranger-of-the-tests", "他社 次郎", "00000000-0000-4000-8000-000000000009", OTHER_TENANT),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation. That of a channel is a thread: `root` is the message that it is under."""

    scope: Scope
    id: str
    tenant: str = TENANT
    channel: str = ""
    team: str = ""

    @property
    def conversation(self) -> Json:
        about: Json = {"conversationType": self.scope, "tenantId": self.tenant, "id": self.id}
        return about if self.scope == "personal" else {"isGroup": True, **about}

    @property
    def channel_data(self) -> Json:
        data: Json = {"tenant": {"id": self.tenant}}
        if self.scope == "channel":
            data |= {"teamsChannelId": self.channel, "teamsTeamId": self.team}
            data |= {"channel": {"id": self.channel}, "team": {"id": self.team}}
        return data


def personal(user: str = "tanaka") -> Place:
    """The chat of somebody with the bot: always the same one."""
    person = PEOPLE[user]
    return Place("personal", personal_id(person.id), person.tenant)


def group_chat(tenant: str = TENANT) -> Place:
    """A new group chat."""
    return Place("groupChat", f"19:{secrets.token_hex(16)}@thread.v2", tenant)


def channel(tenant: str = TENANT) -> Place:
    """A new channel of a new team, with a thread that begins now."""
    name = f"19:{secrets.token_hex(16)}@thread.tacv2"
    return thread(Place("channel", name, tenant, name, f"19:{secrets.token_hex(16)}@thread.tacv2"))


def thread(place: Place) -> Place:
    """Another thread in the same channel."""
    return Place("channel", f"{place.channel};messageid={new_id()}", place.tenant, place.channel, place.team)


def new_id() -> str:
    """An id as those of Teams: the time in milliseconds. No two are the same."""
    return f"{time.time_ns() // 1_000_000_000}{next(_NUMBERS) % 1000:03}"


def activity(kind: str, place: Place, user: str, service_url: str, **beside: object) -> Json:
    """What all activities have, with what one has beside."""
    now = datetime.now(UTC)
    person = PEOPLE[user]
    return {
        "type": kind,
        "id": new_id(),
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "localTimestamp": now.astimezone(ZoneInfo("Asia/Tokyo")).isoformat(timespec="milliseconds"),
        "localTimezone": "Asia/Tokyo",
        "locale": "ja-JP",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": person.account,
        "conversation": place.conversation,
        "recipient": BOT,
        "entities": [{"type": "clientInfo", "locale": "ja-JP", "country": "JP", "platform": "Windows"}],
        "channelData": place.channel_data,
        **beside,
    }


def message(place: Place, user: str, text: str, service_url: str, *, mention: bool, **beside: object) -> Json:
    """A message; Teams sends its HTML along. With a mention the bot's name stands before the text."""
    at = f"<at>{BOT['name']}</at>"
    written = f"{at} {text}" if mention else text
    made = activity("message", place, user, service_url, text=written, textFormat="plain")
    shown = html.escape(text)
    made["attachments"] = [{"contentType": "text/html", "content": f"<p>{at + '&nbsp;' if mention else ''}{shown}</p>"}]
    if mention:
        made["entities"].append({"type": "mention", "mentioned": BOT, "text": at})
    return {**made, **beside}


def invoke(name: str, value: object, place: Place, user: str, service_url: str, **beside: object) -> Json:
    return activity("invoke", place, user, service_url, name=name, value=value, **beside)


def execute(action: Json, inputs: Json | None = None, trigger: str = "manual") -> Json:
    """The value of adaptiveCard/action, for a button as it stands in a card: what is filled in joins its data."""
    sent: Json = {name: action[name] for name in ("type", "id", "title", "verb") if name in action}
    data = action.get("data")
    if data is not None or inputs:
        sent["data"] = {**(data or {}), **(inputs or {})} if isinstance(data, dict) or data is None else data
    return {"action": sent, "trigger": trigger}


def search(text: str | None, command: str, skip: int = 0, limit: int = 25) -> Json:
    """The value of composeExtension/query; without a text it is the one that Teams sends as the search is opened."""
    parameter = {"name": "initialRun", "value": "true"} if text is None else {"name": "query", "value": text}
    return {"commandId": command, "parameters": [parameter], "queryOptions": {"skip": skip, "count": limit}}


def feedback(reaction: Literal["like", "dislike"], text: str = "") -> Json:
    """The value of message/submitAction from the feedback buttons below a message."""
    written = json.dumps({"feedbackText": text}, ensure_ascii=False)
    return {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": written}}

"""Teams' inbound side as a test plays it: what people write, press and search reaches the bot in signed activities."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Literal

from tests.teams import activities
from tests.teams.activities import BOT, Place, personal
from tests.teams.connector import Connector
from tests.teams.elements import Json, actions
from tests.teams.issuer import Issuer
from tests.teams.limits import ADAPTIVE, action_faults, cards, extension_faults
from tests.waiting import wait_for

#: Teams waits so long for the answer to an activity, and so long for that of a message extension.
PATIENCE, EXTENSION_PATIENCE = 10.0, 5.0
#: Stands for the right Authorization header.
SIGNED = "signed"
SEARCH = "search"  # the command of the message extension in the manifest


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot has answered to a request; status 0 is no answer in time."""

    status: int
    body: Json
    seconds: float
    text: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.status in (200, 201, 202)


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery to the bot, and how many messages it had shown in the conversation before."""

    activity: Json
    place: Place
    reply: Reply
    before: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of a button: the card that stands in place of the old one, or a short text, or neither."""

    sent: Sent
    card: Json | None
    text: str


@dataclass(frozen=True, slots=True)
class Teams:
    """People act by their names in activities.PEOPLE, in their chats with the bot unless a place is given."""

    issuer: Issuer
    connector: Connector
    port: Callable[[], int]
    sent: list[Sent] = field(default_factory=list)

    def deliver(
        self, activity: Json, place: Place, authorization: str | None = SIGNED, seconds: float = PATIENCE
    ) -> Sent:
        """Any activity; signed, unless an Authorization header is given (None: without any)."""
        header = self.issuer.bearer(self.connector.service_url) if authorization == SIGNED else authorization
        before = len(self.connector.messages(place.id))
        sent = Sent(activity, place, self.post(json.dumps(activity, ensure_ascii=False), header, seconds), before)
        self.sent.append(sent)
        return sent

    def post(self, body: str | bytes, authorization: str | None, seconds: float = PATIENCE, **headers: str) -> Reply:
        """A request to /api/messages with any body; header names are given with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if authorization is not None:
            named["Authorization"] = authorization
        encoded = body.encode() if isinstance(body, str) else body
        return request(self.port(), encoded, {"Content-Type": "application/json; charset=utf-8", **named}, seconds)

    def activity(self, kind: str, place: Place | None = None, user: str = "tanaka", **beside: object) -> Sent:
        """An activity of any type: endOfConversation, trace, event, or one that nobody knows."""
        where = place or personal(user)
        return self.deliver(activities.activity(kind, where, user, self.connector.service_url, **beside), where)

    def invoke(
        self,
        name: str,
        value: object,
        place: Place | None = None,
        user: str = "tanaka",
        *,
        seconds: float = PATIENCE,
        **beside: object,
    ) -> Sent:
        """An invoke of any name: fileConsent/invoke, task/fetch, signin/verifyState …"""
        where = place or personal(user)
        made = activities.invoke(name, value, where, user, self.connector.service_url, **beside)
        return self.deliver(made, where, seconds=seconds)

    def redeliver(self, sent: Sent) -> Sent:
        """The same activity once more, as Teams does when it saw no acknowledgement."""
        return self.deliver(sent.activity, sent.place)

    def say(self, text: str, place: Place | None = None, user: str = "tanaka", **beside: object) -> Sent:
        """A message of a person; anywhere but in a personal chat it mentions the bot, else Teams would not send it."""
        where = place or personal(user)
        mention = where.scope != "personal"
        url = self.connector.service_url
        return self.deliver(activities.message(where, user, text, url, mention=mention, **beside), where)

    def ask(self, text: str, place: Place | None = None, user: str = "tanaka", seconds: float = PATIENCE) -> Json:
        """A message and the bot's first message after it, as it stands in the conversation."""
        sent = self.say(text, place, user)
        assert sent.reply.acknowledged, f"not acknowledged: {sent.reply}"
        return self.await_reply(sent, seconds)

    def replies(self, sent: Sent) -> list[Json]:
        """The bot's messages in the conversation since a delivery."""
        return self.connector.messages(sent.place.id)[sent.before :]

    def await_reply(self, sent: Sent, seconds: float = PATIENCE, number: int = 1) -> Json:
        """The first message since a delivery, or the one of another number."""
        return wait_for(lambda: self.replies(sent)[number - 1 :], seconds, f"after {sent.activity.get('text')}")[0]

    def install(self, place: Place | None = None, user: str = "tanaka") -> Sent:
        """The app is added, which Teams tells twice: as installationUpdate, whose delivery is given, and as members."""
        where = place or personal(user)
        self.activity("conversationUpdate", where, user, membersAdded=[BOT])
        return self.activity("installationUpdate", where, user, action="add")

    def uninstall(self, place: Place | None = None, user: str = "tanaka") -> Sent:
        where = place or personal(user)
        if where.scope != "personal":
            self.activity("conversationUpdate", where, user, membersRemoved=[BOT])
        return self.activity("installationUpdate", where, user, action="remove")

    def react(
        self,
        message: Json,
        place: Place | None = None,
        user: str = "tanaka",
        kind: str = "like",
        *,
        take_back: bool = False,
    ) -> Sent:
        field = "reactionsRemoved" if take_back else "reactionsAdded"
        return self.activity("messageReaction", place, user, replyToId=message["id"], **{field: [{"type": kind}]})

    def edit(self, sent: Sent, text: str, user: str = "tanaka") -> Sent:
        """A person changes what they have written."""
        changed = {"channelData": {**sent.place.channel_data, "eventType": "editMessage"}}
        return self.activity("messageUpdate", sent.place, user, id=sent.activity["id"], text=text, **changed)

    def press(
        self,
        message: Json,
        title: str,
        place: Place | None = None,
        user: str = "tanaka",
        inputs: Mapping[str, str] | None = None,
        trigger: Literal["manual", "automatic"] = "manual",
    ) -> Pressed:
        """Presses a button of a card, by the beginning of its title or its verb, and shows the answer in its place."""
        where = place or personal(user)
        buttons = [button for card in cards(message) for button in actions(card)]
        names = [str(button.get("title", button.get("verb"))) for button in buttons]
        found = [one for one, name in zip(buttons, names, strict=True) if title in (name, one.get("verb"))]
        found = found or [one for one, name in zip(buttons, names, strict=True) if name.startswith(title)]
        assert found, f"no button {title!r} among {names}"
        value = activities.execute(found[0], dict(inputs or {}), trigger)
        return self.execute(value, message, where, user)

    def execute(self, value: Json, message: Json, place: Place | None = None, user: str = "tanaka") -> Pressed:
        """The invoke of a button with any value; a card in the answer takes the place of the message's."""
        where = place or personal(user)
        sent = self.invoke("adaptiveCard/action", value, where, user, replyToId=message["id"])
        body = sent.reply.body
        assert sent.reply.status == 200, f"the press failed: {sent.reply}"
        faults = action_faults(body)
        assert not faults, f"Teams would not take the answer: {faults}"
        if body["type"] == ADAPTIVE:
            shown = {**message, "attachments": [{"contentType": ADAPTIVE, "content": body["value"]}]}
            self.connector.show(where.id, message["id"], shown)
            return Pressed(sent, body["value"], "")
        return Pressed(sent, None, str(body["value"]))

    def search(self, text: str | None, place: Place | None = None, user: str = "tanaka", skip: int = 0) -> list[Json]:
        """The results of the message extension for what is typed; without a text those that stand there at first."""
        value = activities.search(text, SEARCH, skip)
        sent = self.invoke("composeExtension/query", value, place, user, seconds=EXTENSION_PATIENCE)
        return _results(sent)

    def select(self, result: Json, place: Place | None = None, user: str = "tanaka") -> Json:
        """The card that a result becomes in the message; Teams asks for it where the preview has a tap of its own."""
        tap = result.get("preview", {}).get("content", {}).get("tap")
        if not tap:
            return result
        sent = self.invoke("composeExtension/selectItem", tap["value"], place, user, seconds=EXTENSION_PATIENCE)
        return _results(sent)[0]

    def rate(
        self,
        message: Json,
        reaction: Literal["like", "dislike"] = "like",
        text: str = "",
        place: Place | None = None,
        user: str = "tanaka",
    ) -> Sent:
        """The feedback buttons below a message."""
        value = activities.feedback(reaction, text)
        return self.invoke("message/submitAction", value, place, user, replyToId=message["id"])


def request(
    port: int, body: bytes, headers: Mapping[str, str], seconds: float = PATIENCE, method: str = "POST"
) -> Reply:
    """A request to /api/messages on this port."""
    start = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        raw = {name: value.encode() for name, value in headers.items()}
        connection.request(method, "/api/messages", body or None, raw)
        response = connection.getresponse()
        text, status = response.read().decode(errors="replace"), response.status
    except (OSError, HTTPException):
        return Reply(0, {}, time.monotonic() - start)
    finally:
        connection.close()
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = {}
    return Reply(status, found if isinstance(found, dict) else {}, time.monotonic() - start, text)


def _results(sent: Sent) -> list[Json]:
    reply = sent.reply
    assert reply.status == 200, f"no results: {reply}"
    assert reply.seconds < EXTENSION_PATIENCE, f"too late: {reply.seconds}"
    faults = extension_faults(reply.body)
    assert not faults, f"Teams would not show the results: {faults}"
    found: list[Json] = reply.body["composeExtension"].get("attachments") or []
    return found

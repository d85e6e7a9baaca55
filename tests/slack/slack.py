"""Slack's inbound side as a test plays it: what people write and press reaches the app over either transport.

What a person writes is first posted into the emulator with that person's token, so that it is there to be read.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.slack import events
from tests.slack.elements import Json
from tests.slack.events import Kind
from tests.slack.gateway import Gateway
from tests.slack.limits import view_faults
from tests.slack.transport import Reply, Transport
from tests.slack.workspace import BOT_ID, BOT_USER, TEAM, Workspace, user_token
from tests.waiting import wait_for

# Slack sends an event again at once, after a minute and after five.
REDELIVERIES = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery to the app."""

    kind: Kind
    payload: Json
    reply: Reply


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person: where it stands and what was delivered of it."""

    channel: str
    ts: str
    thread_ts: str  # of the thread that a reply belongs to
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Slack:
    """People act by their names in the workspace. All deliveries are in `sent`."""

    workspace: Workspace
    gateway: Gateway
    transport: Transport
    sent: list[Sent] = field(default_factory=list)

    def deliver(self, kind: Kind, payload: Json, retry: int = 0) -> Sent:
        sent = Sent(kind, payload, self.transport(kind, payload, retry))
        self.sent.append(sent)
        return sent

    def event(self, inner: Json, *, team: str = TEAM, shared: bool = False) -> Sent:
        """Any event, of a team and perhaps in a channel that is shared with another organisation."""
        return self.deliver("events_api", events.event(inner, team=team, shared=shared))

    def redeliver(self, sent: Sent, retry: int = 1) -> Sent:
        """The same event once more, as Slack does when it saw no acknowledgement."""
        return self.deliver(sent.kind, sent.payload, retry)

    def say(
        self,
        channel: str,
        text: str,
        user: str = "tanaka",
        thread_ts: str | None = None,
        *,
        mention: bool = False,
        shared: bool = False,
        **beside: object,
    ) -> Said:
        """A message of a person. One that mentions the app reaches it twice, as app_mention and as message.

        The text is given without the mention, which is put in front of it.
        """
        text = f"<@{BOT_USER}> {text}" if mention else text
        token = user_token(user)
        posted = self.workspace.api("chat.postMessage", token, channel=channel, text=text, thread_ts=thread_ts)
        ts, person = posted["ts"], self.workspace.people[user]
        inner = events.message(channel, person, text, ts, thread_ts=thread_ts, **beside)
        team = str(self.gateway.users.get(person, {}).get("team_id", TEAM))
        kind = self.channel_type(channel, user)
        sent: list[Sent] = []
        if mention and kind != "im":  # in a DM Slack sends no app_mention
            sent.append(self.event({**inner, "type": "app_mention"}, team=team, shared=shared))
        sent.append(self.event({**inner, "channel_type": kind}, team=team, shared=shared))
        return Said(channel, ts, thread_ts or ts, tuple(sent))

    def mention(self, channel: str, text: str, user: str = "tanaka", thread_ts: str | None = None) -> Said:
        return self.say(channel, text, user, thread_ts, mention=True)

    def edit(self, said: Said, text: str, user: str = "tanaka") -> Sent:
        """A person changes what they have said."""
        before = said.sent[-1].payload["event"]["text"]
        self.workspace.api("chat.update", user_token(user), channel=said.channel, ts=said.ts, text=text)
        kind = self.channel_type(said.channel, user)
        person = self.workspace.people[user]
        return self.event(events.changed(said.channel, person, text, said.ts, before, channel_type=kind))

    def echo(self, channel: str, message: Json, member: str = "tanaka") -> Sent:
        """The event that Slack sends to the app of the app's own message."""
        inner = {**message, "type": "message", "channel": channel, "bot_id": BOT_ID}
        return self.event({**inner, "channel_type": self.channel_type(channel, member), "event_ts": message["ts"]})

    def open_home(self, user: str = "tanaka", tab: str = "home") -> Sent:
        """Somebody opens the app: its home tab or its messages."""
        person = self.workspace.people[user]
        view = self.home(user)
        inner = {"type": "app_home_opened", "user": person, "channel": self.workspace.open_dm(user), "tab": tab}
        return self.event({**inner, **({"view": view} if view and tab == "home" else {})})

    def command(self, text: str, channel: str, user: str = "tanaka", name: str = "/kpi") -> tuple[Sent, str]:
        """A slash command; its delivery, whose reply may be shown at once, and its response_url."""
        url = self.gateway.new_response_url()
        payload = events.command(text, channel, self.person(user), url, self.trigger(user), name)
        return self.deliver("slash_commands", payload), url

    def message_shortcut(self, callback_id: str, channel: str, message: Json, user: str = "tanaka") -> tuple[Sent, str]:
        """A shortcut of the menu of a message; its delivery and its response_url."""
        url = self.gateway.new_response_url()
        beside = {"channel": {"id": channel, "name": "kpi"}, "message": message, "message_ts": message["ts"]}
        payload = self._interaction("message_action", user, callback_id=callback_id, response_url=url, **beside)
        return self.deliver("interactive", payload), url

    def global_shortcut(self, callback_id: str, user: str = "tanaka") -> Sent:
        return self.deliver("interactive", self._interaction("shortcut", user, callback_id=callback_id))

    def press(
        self, channel: str, message: Json, action_id: str, user: str = "tanaka", chosen: str | None = None
    ) -> tuple[Sent, str]:
        """Presses a button of a message, or chooses an option by its value; the delivery and its response_url.

        The action_id may be given by its beginning.
        """
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False}
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        url = self.gateway.new_response_url()
        return self._press(message["blocks"], container, action_id, user, chosen, url, channel, message), url

    def press_ephemeral(
        self, channel: str, blocks: Sequence[Json], action_id: str, user: str = "tanaka", chosen: str | None = None
    ) -> tuple[Sent, str]:
        """The same in a message that only one person sees: Slack sends nothing of its text along."""
        ts = f"{time.time():.6f}"
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": True}
        url = self.gateway.new_response_url()
        return self._press(blocks, container, action_id, user, chosen, url, channel, None), url

    def press_in_view(
        self,
        view: Json,
        action_id: str,
        user: str = "tanaka",
        chosen: str | None = None,
        filled: Mapping[str, object] | None = None,
    ) -> Sent:
        """Presses something in a modal or in the home tab, which is given as the Web API answered it."""
        element, block_id = events.find_element(view["blocks"], action_id)
        whole = {**view, "state": events.state(view, filled or {})}
        container = {"type": "view", "view_id": view["id"]}
        done = [events.action(element, block_id, chosen)]
        trigger = self.trigger(user, view["id"] if view["type"] == "modal" else None)
        person = self.person(user)
        payload = events.interaction("block_actions", person, trigger, container=container, actions=done, view=whole)
        return self.deliver("interactive", payload)

    def suggest(self, action_id: str, typed: str, user: str = "tanaka", view: Json | None = None) -> list[Json]:
        """The options that the app gives for what somebody types into a menu, of a modal or of a message."""
        element, block_id = events.find_element(view["blocks"], action_id) if view else ({"action_id": action_id}, "b1")
        container: Json = {"type": "view", "view_id": view["id"]} if view else {"type": "message"}
        about: Json = {"action_id": element["action_id"], "block_id": block_id, "value": typed, "container": container}
        if view:
            about["view"] = view
        payload = events.interaction("block_suggestion", self.person(user), **about)
        sent = self.deliver("interactive", payload)
        assert sent.reply.acknowledged, f"no options came: {sent.reply}"
        body = sent.reply.body
        options: list[Json] = body.get("options") or [o for g in body.get("option_groups") or [] for o in g["options"]]
        return options

    def submit(
        self, view: Json, filled: Mapping[str, object] | None = None, user: str = "tanaka", **beside: object
    ) -> Reply:
        """Submits a modal with what is filled in, by action_id; the reply may say response_action and errors."""
        whole = {**view, "state": events.state(view, filled or {})}
        reply = self.deliver("interactive", self._interaction("view_submission", user, view=whole, **beside)).reply
        if reply.body.get("view"):
            faults = view_faults(reply.body["view"])
            assert not faults, f"Slack would refuse the view in the answer: {faults}"
        unknown = set(reply.body.get("errors") or {}) - set(whole["state"]["values"])
        assert not unknown, f"Slack shows no errors of blocks that are no inputs: {unknown}"
        return reply

    def close_view(self, view: Json, user: str = "tanaka") -> Sent:
        person = self.person(user)
        return self.deliver("interactive", events.interaction("view_closed", person, view=view, is_cleared=False))

    def trigger(self, user: str = "tanaka", view_id: str | None = None) -> str:
        """A trigger_id; the emulator lets it lapse after 3 seconds."""
        made = self.workspace.api("views.generateTriggerId", user_id=self.workspace.people[user], view_id=view_id)
        trigger: str = made["trigger_id"]
        return trigger

    def person(self, name: str) -> Json:
        id = self.workspace.people[name]
        return {"id": id, "name": name, "team_id": self.gateway.users.get(id, {}).get("team_id", TEAM)}

    def channel_type(self, channel: str, member: str = "tanaka") -> str:
        about = self.workspace.api("conversations.info", user_token(member), channel=channel)["channel"]
        kinds = (("im", "is_im"), ("mpim", "is_mpim"), ("group", "is_private"))
        return next((kind for kind, is_kind in kinds if about[is_kind]), "channel")

    def replies(self, said: Said, number: int = 1, seconds: float = 10, reader: str = "suzuki") -> list[Json]:
        """The app's messages in the thread of a message, as soon as there are so many."""

        def found() -> list[Json]:
            thread = self.workspace.replies(said.channel, said.thread_ts, reader)
            mine = [message for message in thread if message["user"] == BOT_USER and message["ts"] > said.ts]
            return mine if len(mine) >= number else []

        return wait_for(found, seconds, f"in the thread of {said.ts}; calls: {self._latest_calls()}")

    def views(self, method: str = "views.open", number: int = 1, seconds: float = 5) -> Json:
        """The view that the app's last call of a method made, as soon as there are so many calls that went well."""
        done = wait_for(
            lambda: calls if len(calls := [c for c in self.gateway.calls_of(method) if c.ok]) >= number else [],
            seconds,
            f"of {method}; calls: {self._latest_calls()}",
        )
        view: Json = done[-1].answer["view"]
        return view

    def home(self, user: str = "tanaka") -> Json | None:
        """The home tab that the app has published for somebody last."""
        person = self.workspace.people[user]
        done = [c for c in self.gateway.calls_of("views.publish") if c.ok and c.params["user_id"] == person]
        return done[-1].answer["view"] if done else None

    def _press(
        self,
        blocks: Sequence[Json],
        container: Json,
        action_id: str,
        user: str,
        chosen: str | None,
        url: str,
        channel: str,
        message: Json | None,
    ) -> Sent:
        element, block_id = events.find_element(blocks, action_id)
        beside: Json = {"container": container, "actions": [events.action(element, block_id, chosen)]}
        beside |= {"channel": {"id": channel, "name": "kpi"}, "response_url": url, "state": {"values": {}}}
        if message is not None:
            beside["message"] = message
        return self.deliver("interactive", self._interaction("block_actions", user, **beside))

    def _interaction(self, kind: str, user: str, **beside: object) -> Json:
        return events.interaction(kind, self.person(user), self.trigger(user), **beside)

    def _latest_calls(self) -> list[tuple[str, str]]:
        return [(call.method, call.error) for call in self.gateway.calls[-5:]]

"""A dialogue of the corpus in Slack, in a direct message or in a thread of a channel."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from tests.channels.at_the_terminal import Told, candidate
from tests.channels.moments import PATIENCE, moment
from tests.channels.slack_side import Shown, SlackSide
from tests.slack import events
from tests.slack.elements import Json
from tests.slack.events import Kind
from tests.slack.slack import REDELIVERIES
from tests.slack.transport import Transport
from tests.slack.workspace import BOT_USER, TEAM
from tests.waiting import wait_for

_USER: Json = {"id": "U0000TANAKA", "name": "tanaka", "team_id": TEAM}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class SlackUser:
    """`ended` waits so many seconds for how the bot has ended an event, by its key: "" if it has not."""

    side: SlackSide
    transport: Transport
    ended: Callable[[str, float], str]

    def play(self, told: Sequence[Told], direct: bool) -> list[Shown | None]:
        """What is shown for each turn; None where the bot leaves a message in a thread to those who talk there.

        In a channel only the first message mentions the bot, the others follow in its thread.
        """
        number = next(_NUMBERS)
        channel, start = f"{'D' if direct else 'C'}DIALOGUE{number:05}", ""
        found: list[Shown | None] = []
        for at, one in enumerate(told):
            if picked := candidate(one.turn):
                assert found[-1], "nothing to pick from"
                found.append(self._press(channel, found[-1], f"pick:{int(picked) - 1}"))
                continue
            ts = f"{int(moment(one.turn.today, at).timestamp())}.{number:06}"
            start = start or ts
            found.append(self._say(channel, html.escape(one.turn.message, quote=False), ts, start))
        typed = sum(shown is not None and not candidate(one.turn) for one, shown in zip(told, found, strict=True))
        assert len(self.side.shown(channel)) == typed, "something is shown twice, or at the wrong place"
        return found

    def _say(self, channel: str, text: str, ts: str, start: str) -> Shown | None:
        if channel.startswith("D"):
            inner = events.message(channel, _USER["id"], text, ts, channel_type="im")
        elif ts == start:
            inner = events.message(channel, _USER["id"], f"<@{BOT_USER}> {text}", ts) | {"type": "app_mention"}
        else:
            inner = events.message(channel, _USER["id"], text, ts, thread_ts=start, channel_type="channel")
        before, event = len(self.side.shown(channel)), events.event(inner)
        self._deliver("events_api", event)
        ended = self.ended(event["event_id"], PATIENCE)
        assert ended, f"nothing came within {PATIENCE} s for {text}"
        shown = self.side.shown(channel)[before:]
        assert shown or ended == "silent", f"nothing is shown for {text}"
        assert all(one.thread_ts == (ts if channel.startswith("D") else start) for one in shown)
        return shown[0] if shown else None

    def _press(self, channel: str, shown: Shown, action_id: str) -> Shown:
        element, block_id = events.find_element(shown.blocks, action_id)
        container = {"type": "message", "message_ts": shown.ts, "channel_id": channel, "is_ephemeral": False}
        beside: Json = {
            "container": {**container, "thread_ts": shown.thread_ts},
            "actions": [events.action(element, block_id)],
            "channel": {"id": channel, "name": "kpi"},
            "message": shown.payload,
            "state": {"values": {}},
        }
        self._deliver("interactive", events.interaction("block_actions", _USER, f"trigger-{next(_NUMBERS)}", **beside))
        return wait_for(
            lambda: [one for one in self.side.shown(channel) if one.ts == shown.ts and one.is_changed],
            PATIENCE,
            f"in the place of {shown.text}",
        )[0]

    def _deliver(self, kind: Kind, payload: Json) -> None:
        """Slack sends an event again that was not acknowledged in three seconds; here all come at once."""
        replies = (
            self.transport(kind, payload, retry) for retry in range(REDELIVERIES + 1 if kind == "events_api" else 1)
        )
        assert any(reply.acknowledged for reply in replies), "not acknowledged"

"""Deliveries of questions to the workers, as Slack sends them: signed, at their time, some twice.

The load is open: an event goes out at its planned moment whether or not the ones before it were acknowledged.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from tests.bench.slack_questions import Planned
from tests.slack import events
from tests.slack.elements import Json
from tests.slack.transport import PATIENCE, signed
from tests.slack.workspace import BOT_USER

EVENTS_PER_SECOND = 20
_REDELIVERED = 10  # each so many events


@dataclass(frozen=True, slots=True)
class Lane:
    """A conversation with the one who asks in it."""

    channel: str
    user: str
    direct: bool


@dataclass(slots=True)
class Sent:
    """An event of a question: when it was planned (time.monotonic()), how long each delivery waited for its 200."""

    question: Planned
    key: str
    planned: float
    waited: list[float] = field(default_factory=list)
    failed: int = 0  # deliveries without a 200


@dataclass(slots=True)
class Load:
    """Sends the questions to the workers that live, alternating. `stamps` are the messages' own, by number."""

    lanes: Sequence[Lane]
    questions: Sequence[Planned]
    ports: list[int]
    stamps: Sequence[str] = ()
    rate: float = EVENTS_PER_SECOND
    sent: list[Sent] = field(default_factory=list)
    lag: float = 0.0  # the most that a delivery began after its planned moment

    async def run(self, half_way: Callable[[], None] = lambda: None) -> None:
        """All deliveries; `half_way` is called in the middle of them, in a thread of its own."""
        connector, patience = TCPConnector(limit=0), ClientTimeout(PATIENCE)
        stamps = self.stamps or [f"{time.time() + one.number / self.rate:.6f}" for one in self.questions]
        async with ClientSession(connector=connector, timeout=patience) as session:
            start = time.monotonic() + 0.5
            tasks: list[asyncio.Task[None]] = []
            for question in self.questions:
                planned = start + question.number / self.rate
                await asyncio.sleep(planned - time.monotonic())
                if question.number == len(self.questions) // 2:
                    tasks.append(asyncio.create_task(asyncio.to_thread(half_way)))
                self.lag = max(self.lag, time.monotonic() - planned)
                payload = self._payload(question, stamps)
                sent = Sent(question, payload["event_id"], planned)
                self.sent.append(sent)
                tasks.append(asyncio.create_task(self._deliver(session, sent, payload, question.number)))
                if question.number % _REDELIVERED == _REDELIVERED - 1:
                    later = planned + question.number // _REDELIVERED % 2  # at once, or when it is answered
                    tasks.append(asyncio.create_task(self._redeliver(session, sent, payload, later)))
            await asyncio.gather(*tasks)

    def keys_of(self, port: int) -> list[str]:
        """The keys of the events that went to a port first, until now."""
        ports = self.ports
        return [sent.key for sent in list(self.sent) if ports[sent.question.number % len(ports)] == port]

    def without(self, port: int) -> None:
        """From now on all goes to the others."""
        self.ports = [other for other in self.ports if other != port]

    def _payload(self, question: Planned, stamps: Sequence[str]) -> Json:
        lane, words = self.lanes[question.lane], escape(question.text, quote=False)
        own, start = stamps[question.number], stamps[question.start]
        if lane.direct:
            return events.event(events.message(lane.channel, lane.user, words, own, channel_type="im"))
        words = f"<@{BOT_USER}> {words}" if question.mentions else words
        inner = events.message(lane.channel, lane.user, words, own, thread_ts=start if question.follows else None)
        kind = {"type": "app_mention"} if question.mentions else {"channel_type": "channel"}
        return events.event({**inner, **kind})

    async def _redeliver(self, session: ClientSession, sent: Sent, payload: Json, at: float) -> None:
        await asyncio.sleep(at - time.monotonic())
        await self._deliver(session, sent, payload, sent.question.number + 1, at, retry=1)

    async def _deliver(
        self, session: ClientSession, sent: Sent, payload: Json, turn: int, at: float = 0.0, retry: int = 0
    ) -> None:
        """Delivers until it is acknowledged, like Slack at most three times more, here at once."""
        body = json.dumps(payload, ensure_ascii=False)
        for again in range(retry, retry + 4):
            headers = signed(body, "application/json")
            if again:
                headers |= {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_error"}
            ports = self.ports
            url = f"http://127.0.0.1:{ports[(turn + again - retry) % len(ports)]}/slack/events"
            try:
                async with session.post(url, data=body.encode(), headers=headers) as response:
                    await response.read()
                    if response.status == 200:
                        sent.waited.append(time.monotonic() - (at or sent.planned))
                        return
            except (ClientError, TimeoutError):
                pass
            sent.failed += 1

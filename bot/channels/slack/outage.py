"""What arrives while the store is away: the asker gets an apology, and the event is kept as soon as it can be."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread
from time import sleep

from slack_sdk.errors import SlackApiError

from bot.channels.slack import posting
from bot.channels.slack.arrivals import PRESS, QUESTION
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import note_message
from bot.logs import note
from data.engine import is_store_fault
from data.events import Arrival, keep_event

_log = logging.getLogger(__name__)

# So many events wait in memory at most; Slack delivers events again, too.
_MOST = 10_000
_LOOK_AGAIN = 1.0
_IS_AWAY = "データベースにつながらないため、すぐにはお答えできません。直りしだいお答えします。番号: {}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    at: datetime
    is_again: bool


@dataclass(slots=True)
class Backlog:
    """The way into the store. `wake` is called when an event has been kept."""

    desk: Desk
    wake: Callable[[], None]
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def keep(self, arrival: Arrival, *, is_again: bool = False) -> None:
        """Keeps an event; `is_again` where it was delivered before.

        Where the store is away it waits in memory; the fault is raised all the same for an event that Slack delivers
        again when it is not acknowledged: this process may end before the store is back.
        """
        now = datetime.now(UTC)
        try:
            keep_event(self.desk.store.engine, self.desk.organisation, arrival, now)
        except Exception as error:
            if not is_store_fault(error):
                raise
            self._wait_with(_Waiting(arrival, now, is_again))
            if not arrival.body.get("response_url"):
                raise
        self.wake()

    def _wait_with(self, one: _Waiting) -> None:
        with self._lock:
            if one.arrival.key not in self._waiting and len(self._waiting) < _MOST:
                self._waiting[one.arrival.key] = one
            if self._thread is None:
                self._thread = Thread(target=self._catch_up, name="slack-backlog", daemon=True)
                self._thread.start()

    def _catch_up(self) -> None:
        """Tells each asker once, and keeps the events in their order as soon as the store takes them.

        Of an event that was delivered before, another process may be telling the asker just now: looked at later.
        """
        told: set[str] = set()
        later: set[str] = set()
        while True:
            with self._lock:
                waiting = dict(self._waiting)
                if not waiting:
                    self._thread = None
                    return
            for key in waiting.keys() - told:
                if waiting[key].is_again and key not in later:
                    later.add(key)
                else:
                    told.add(key)
                    apologise(self.desk, waiting[key].arrival)
            for key, one in waiting.items():
                try:
                    keep_event(self.desk.store.engine, self.desk.organisation, one.arrival, one.at)
                except Exception as error:
                    if not is_store_fault(error):
                        _log.exception("event %s cannot be kept", key)
                    break
                note(_log, "kept after the store was away", event=key)
                with self._lock:
                    del self._waiting[key]
                self.wake()
            sleep(_LOOK_AGAIN)


def apologise(desk: Desk, arrival: Arrival) -> None:
    """Tells who asks that the answer comes later, unless another worker has; the number is the event's key."""
    if arrival.kind not in (QUESTION, PRESS) or not arrival.body.get("addressed", True):
        return
    body, message = arrival.body, note_message(_IS_AWAY.format(arrival.key))
    note(_log, "the store is away", event=arrival.key)
    with suppress(SlackApiError, OSError, posting.NotTaken):
        if body.get("response_url"):
            posting.respond(body["response_url"], message)
            return
        channel, thread, key = body["channel"], body.get("thread") or body.get("message") or "", _key(arrival.key)
        if not posting.is_posted(desk.client, channel, key, thread, 0.0):
            posting.post(desk.client, channel, message, key, thread)


def _key(key: str) -> str:
    return f"{key}:apology"

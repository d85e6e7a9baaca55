"""The way into the store for what arrives; where the store is away it waits, and the asker gets an apology."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread
from time import sleep

from bot.logs import note
from data.engine import is_store_fault
from data.events import Arrival, keep_event
from data.store import Store

_log = logging.getLogger(__name__)

# So many events wait in memory at most; most channels deliver events again, too.
_MOST = 10_000
_LOOK_AGAIN = 1.0
#: What an asker is told, with the key of the event as its number.
IS_AWAY = "データベースにつながらないため、すぐにはお答えできません。直りしだいお答えします。番号: {}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    organisation: str
    arrival: Arrival
    at: datetime
    is_again: bool


@dataclass(slots=True)
class Backlog:
    """`wake` is called when an event has been kept, `apologise` once for each that has to wait."""

    store: Store
    wake: Callable[[], None]
    apologise: Callable[[Arrival], None]
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def keep(self, organisation: str, arrival: Arrival, *, comes_again: bool, is_again: bool = False) -> None:
        """Keeps an event; `is_again` where it was delivered before.

        Where the store is away it waits in memory; for one that comes again when it is not acknowledged the fault is
        raised all the same: this process may end before the store is back.
        """
        now = datetime.now(UTC)
        try:
            keep_event(self.store.engine, organisation, arrival, now)
        except Exception as error:
            if not is_store_fault(error):
                raise
            self._wait_with(_Waiting(organisation, arrival, now, is_again))
            if comes_again:
                raise
        self.wake()

    def _wait_with(self, one: _Waiting) -> None:
        with self._lock:
            if one.arrival.key not in self._waiting and len(self._waiting) < _MOST:
                self._waiting[one.arrival.key] = one
            if self._thread is None:
                self._thread = Thread(target=self._catch_up, name="backlog", daemon=True)
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
                    self.apologise(waiting[key].arrival)
            for key, one in waiting.items():
                try:
                    keep_event(self.store.engine, one.organisation, one.arrival, one.at)
                except Exception as error:
                    if is_store_fault(error):
                        break
                    _log.exception("event %s cannot be kept", key)
                else:
                    note(_log, "kept after the store was away", event=key)
                with self._lock:
                    del self._waiting[key]
                self.wake()
            sleep(_LOOK_AGAIN)

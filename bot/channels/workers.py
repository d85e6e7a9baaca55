"""The workers of a channel: threads that claim what the store keeps, answer it, and note that it is done."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from threading import Event as Flag
from threading import Lock, Thread
from time import perf_counter

from bot import metrics
from bot.logs import note
from data.engine import is_store_fault
from data.events import Done, Event, Outcome, TakenOver, claim_event, finish_event, put_off
from data.store import Store

_log = logging.getLogger(__name__)

# So long workers that have nothing to do wait before they look again for what other processes have kept.
_LOOK_AGAIN = 0.1
# Most of the time they wait for the channel's own servers.
_THREADS = 12
_ENDING = 20.0
# Failures of the network are tried again after 1, 2, 4 … seconds, at most a minute, for a day.
_LONGEST_WAIT, _GIVEN_UP_AFTER = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """What the workers of a channel do, for which organisations.

    `answer` answers an event; `fail` decides what becomes of one that it could not answer, with a word for the log.
    `kinds` are those of the events that are theirs, none for all.
    """

    channel: str
    store: Store
    organisations: Collection[str]
    answer: Callable[[Event, datetime], Done]
    fail: Callable[[Event, Exception, datetime], str]
    logs_questions: bool = False
    kinds: Collection[str] = ()


@dataclass(slots=True)
class Workers:
    """The threads of one process. `wake` is for who has just kept an event: it need not be waited for then."""

    duty: Duty
    token: str = field(default_factory=lambda: token_hex(8))
    _flag: Flag = field(default_factory=Flag)
    _ending: Flag = field(default_factory=Flag)
    _claiming: Lock = field(default_factory=Lock)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(_THREADS):
            thread = Thread(target=self._run, name=f"{self.duty.channel}-worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        self._flag.set()

    def stop(self) -> None:
        """Lets what has been claimed come to its end."""
        self._ending.set()
        self._flag.set()
        for thread in self._threads:
            thread.join(_ENDING)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                event = self._next()
            except Exception as error:
                if not is_store_fault(error):
                    _log.exception("claiming failed")
                self._ending.wait(1.0)
                continue
            if event:
                handle(self.duty, event)

    def _next(self) -> Event | None:
        """The next event; None at the end. One thread at a time looks and waits for it, the others wait behind."""
        duty = self.duty
        with self._claiming:
            while not self._ending.is_set():
                self._flag.clear()  # before looking: what is kept from here on sets it again
                event = claim_event(
                    duty.store.engine, duty.channel, duty.organisations, self.token, datetime.now(UTC), duty.kinds
                )
                if event:
                    return event
                self._flag.wait(_LOOK_AGAIN)
        return None


def handle(duty: Duty, event: Event) -> None:
    """Answers an event and notes it, in the store and in the log."""
    started, began = perf_counter(), datetime.now(UTC)
    done = Done(Outcome.FAILED)
    try:
        done = duty.answer(event, began)
    except TakenOver:
        ended = "taken over"
    except Exception as error:
        ended = _failed(duty, event, error)
        metrics.failed(duty.channel)
    else:
        ended = _finished(duty, event, done)
        if ended == Outcome.ANSWERED:
            metrics.answered(duty.channel, done.answer_kind, (datetime.now(UTC) - event.received_at).total_seconds())
        elif ended == Outcome.FAILED:
            metrics.failed(duty.channel)
    words = {"question": done.question} if duty.logs_questions and done.question else {}
    note(
        _log,
        "event",
        channel=duty.channel,
        event=event.key,
        kind=event.kind,
        ended=ended,
        attempt=event.attempts,
        waited_ms=round((began - event.received_at).total_seconds() * 1000, 1),
        took_ms=round((perf_counter() - started) * 1000, 1),
        **words,
    )


def _finished(duty: Duty, event: Event, done: Done) -> str:
    """Where the store went away after the answer was posted the claim lapses, and a successor finds the answer."""
    try:
        is_ours = finish_event(duty.store.engine, event, done, datetime.now(UTC))
    except Exception as error:
        if not is_store_fault(error):
            _log.exception("event %s cannot be finished", event.key)
        return "not noted"
    return str(done.outcome) if is_ours else "taken over"


def _failed(duty: Duty, event: Event, error: Exception) -> str:
    try:
        return duty.fail(event, error, datetime.now(UTC))
    except Exception as further:  # the store may be away now, too: then the claim lapses and another try follows
        if not is_store_fault(further):
            _log.exception("event %s is left to lapse", event.key)
        return "left"


def try_again(store: Store, event: Event, now: datetime) -> str:
    """Puts an event off, longer each time; after a day it is given up."""
    if now - event.received_at > _GIVEN_UP_AFTER:
        finish_event(store.engine, event, Done(Outcome.FAILED), now)
        return "given up"
    put_off(store.engine, event, now + min(timedelta(seconds=2 ** min(event.attempts - 1, 6)), _LONGEST_WAIT))
    return "put off"

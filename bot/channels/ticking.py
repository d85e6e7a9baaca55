"""What comes round by itself: digests that are due, and texts whose time is over."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event as Flag
from threading import Thread

from bot.channels.workers import Duty, Workers
from data.engine import is_store_fault
from data.retention import forget
from data.store import Store

_log = logging.getLogger(__name__)

_EVERY = 20.0
_FORGET_EVERY = timedelta(hours=1)


@contextmanager
def at_work(duty: Duty, hand_out: Callable[[Callable[[], None]], None], question_days: int) -> Iterator[Workers]:
    """The workers of a channel, until the end of the block; `hand_out` keeps the digests that are due, and calls what
    it is given for the workers to look at once."""
    workers = Workers(duty)
    with ticking(duty.store, partial(hand_out, workers.wake), question_days):
        workers.start()
        try:
            yield workers
        finally:
            workers.stop()


@contextmanager
def ticking(store: Store, hand_out: Callable[[], None], question_days: int) -> Iterator[None]:
    """Hands out what is due and forgets what is past, until the end of the block."""
    ending = Flag()
    Thread(target=_run, args=(store, hand_out, question_days, ending), name="ticking", daemon=True).start()
    try:
        yield
    finally:
        ending.set()


def _run(store: Store, hand_out: Callable[[], None], question_days: int, ending: Flag) -> None:
    forgot = datetime.min.replace(tzinfo=UTC)
    while not ending.is_set():
        now = datetime.now(UTC)
        try:
            hand_out()
            if now - forgot > _FORGET_EVERY:
                forget(store.engine, now, question_days, store.kept_days)
                forgot = now
        except Exception as error:
            if not is_store_fault(error):
                _log.exception("what comes round by itself failed")
        ending.wait(_EVERY)

"""What comes round by itself: digests that are due, and texts whose time is over."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread

from data.engine import is_store_fault
from data.retention import forget
from data.store import Store

_log = logging.getLogger(__name__)

_EVERY = 20.0
_FORGET_EVERY = timedelta(hours=1)


def start_ticking(store: Store, hand_out: Callable[[], None], question_days: int) -> Flag:
    """Starts a thread that hands out what is due and forgets what is past; setting the flag ends it."""
    ending = Flag()
    Thread(target=_run, args=(store, hand_out, question_days, ending), name="ticking", daemon=True).start()
    return ending


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

"""What comes round by itself: digests that are due, and texts whose time is over."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread

from bot.answer import Answer
from bot.channels.asked import Asked
from bot.channels.slack.arrivals import CHANNEL
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import answer_message
from bot.channels.slack.posts import post_later
from bot.digests.delivery import hand_out
from data.engine import is_store_fault
from data.fiscal_year import TOKYO
from data.retention import forget
from data.subscriptions import Subscription

_log = logging.getLogger(__name__)

_EVERY = 20.0
_FORGET_EVERY = timedelta(hours=1)


def start_ticking(desk: Desk, wake: Callable[[], None], question_days: int) -> Flag:
    """Starts the thread; setting the flag ends it."""
    ending = Flag()
    Thread(target=_run, args=(desk, wake, question_days, ending), name="slack-ticking", daemon=True).start()
    return ending


def _run(desk: Desk, wake: Callable[[], None], question_days: int, ending: Flag) -> None:
    forgot = datetime.min.replace(tzinfo=UTC)
    while not ending.is_set():
        now = datetime.now(UTC)
        try:
            hand_out_digests(desk, wake)
            if now - forgot > _FORGET_EVERY:
                forget(desk.store.engine, now, question_days, desk.store.kept_days)
                forgot = now
        except Exception as error:
            if not is_store_fault(error):
                _log.exception("what comes round by itself failed")
        ending.wait(_EVERY)


def hand_out_digests(desk: Desk, wake: Callable[[], None]) -> None:
    """Keeps every digest that is due as a message to be posted; under its key it is kept once."""

    def deliver(subscription: Subscription, digest: Answer, key: str) -> None:
        now = datetime.now(UTC)
        message = answer_message(digest, Asked("", now.astimezone(TOKYO).date()))
        post_later(desk, f"digest:{key}", subscription.wish.recipient, message, now)
        wake()

    hand_out(desk.store, desk.organisation, CHANNEL, lambda: datetime.now(UTC), deliver)

"""Messages that are to be posted: kept as events, so that each goes out once whatever happens."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.answer import Answer
from bot.channels.asked import Asked
from bot.channels.slack.arrivals import CHANNEL, POST
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import Message, answer_message
from bot.digests.delivery import hand_out
from data.events import Arrival, keep_event
from data.fiscal_year import TOKYO
from data.subscriptions import Subscription


def post_later(desk: Desk, key: str, channel: str, message: Message, now: datetime, thread: str = "") -> bool:
    """Keeps a message for a channel, or for a person by their id; False where one of this key is kept already."""
    body = {"channel": channel, "thread": thread, "text": message.text, "forms": [list(form) for form in message.forms]}
    return keep_event(desk.store.engine, desk.organisation, Arrival(CHANNEL, key, channel, POST, body), now)


def hand_out_digests(desk: Desk, wake: Callable[[], None]) -> None:
    """Keeps every digest that is due as a message to be posted; under its key it is kept once."""

    def deliver(subscription: Subscription, digest: Answer, key: str) -> None:
        now = datetime.now(UTC)
        message = answer_message(digest, Asked("", now.astimezone(TOKYO).date()))
        post_later(desk, f"digest:{key}", subscription.wish.recipient, message, now)
        wake()

    hand_out(desk.store, desk.organisation, CHANNEL, lambda: datetime.now(UTC), deliver)

"""Messages that are to be posted: kept as events, so that each goes out once whatever happens."""

from datetime import datetime

from bot.channels.slack.arrivals import CHANNEL, POST
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import Message
from data.events import Arrival, keep_event


def post_later(desk: Desk, key: str, channel: str, message: Message, now: datetime, thread: str = "") -> bool:
    """Keeps a message for a channel, or for a person by their id; False where one of this key is kept already."""
    body = {"channel": channel, "thread": thread, "text": message.text, "forms": [list(form) for form in message.forms]}
    return keep_event(desk.store.engine, desk.organisation, Arrival(CHANNEL, key, channel, POST, body), now)

"""What an asker in Slack is told while the store is away."""

import logging
from contextlib import suppress

from slack_sdk.errors import SlackApiError

from bot.channels.backlog import IS_AWAY
from bot.channels.slack import posting
from bot.channels.slack.arrivals import PRESS, QUESTION
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import note_message
from bot.logs import note
from data.events import Arrival

_log = logging.getLogger(__name__)


def apologise(desk: Desk, arrival: Arrival) -> None:
    """Tells who asks that the answer comes later, unless another worker has; the number is the event's key."""
    if arrival.kind not in (QUESTION, PRESS) or not arrival.body.get("addressed", True):
        return
    body, message = arrival.body, note_message(IS_AWAY.format(arrival.key))
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

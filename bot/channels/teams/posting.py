"""Puts an answer before people once, whatever happens on the way.

First a line is posted that says only that we are at it; its id is kept with the event (data/events.py), and the
answer's first line takes its place. Its card comes below as a message of its own, whose id is kept, too: Teams refuses
text and card together in the place of a message, and shows them apart anyway. A worker that takes the event over, or
tries again, puts the same into the same places: no answer is there twice. What remains: where a process dies, or a
reply is lost, between a post and the note of its id, people see that line, or that card, a second time. It costs three
calls for each answer, and Teams marks the line as edited; but Teams tells no bot what it has posted
(bot/channels/teams/connector.py).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.channels.teams.arrivals import Place
from bot.channels.teams.connector import Connector, Gone, Json, NotTaken
from data.events import Event, add_to_body, hold_claim
from data.store import Store

BUSY = "調べています…"
_PLACE, _CARD = "placeholder", "card"
# What Teams says of a card that it cannot take.
_REFUSED = (400, 413)


def begin(connector: Connector, store: Store, event: Event, place: Place, reply_to: str = "", summary: str = "") -> str:
    """The message of an event that the answer will take the place of; posted where an earlier attempt did not.

    `summary` is what a notification shows: the first line of the answer itself. Raises TakenOver, and what the
    connector raises.
    """
    if known := event.body.get(_PLACE):
        return str(known)
    hold_claim(store.engine, event, datetime.now(UTC))
    message = connector.send(place, {"type": "message", "text": BUSY, "summary": summary}, reply_to)
    add_to_body(store.engine, event, {_PLACE: message}, datetime.now(UTC))
    return message


def complete(connector: Connector, place: Place, message: str, forms: Sequence[Json], reply_to: str = "") -> str:
    """Puts the answer in the place of the line, in the first of its forms (the richest first) that Teams takes; posts
    it where somebody has deleted the line. Gives the id of the message."""
    for form in forms[:-1]:
        try:
            return _put(connector, place, message, form, reply_to)
        except NotTaken as error:
            if error.status not in _REFUSED:
                raise
    return _put(connector, place, message, forms[-1], reply_to)


def attach(connector: Connector, store: Store, event: Event, place: Place, card: Json, reply_to: str = "") -> bool:
    """Puts the card of an answer below it, in the place where an earlier attempt has put it; False where Teams does
    not take it."""
    try:
        if known := event.body.get(_CARD):
            _put(connector, place, str(known), card, reply_to)
        else:
            hold_claim(store.engine, event, datetime.now(UTC))
            posted = connector.send(place, card, reply_to)
            add_to_body(store.engine, event, {_CARD: posted}, datetime.now(UTC))
    except NotTaken as error:
        if error.status not in _REFUSED:
            raise
        return False
    return True


def _put(connector: Connector, place: Place, message: str, form: Json, reply_to: str) -> str:
    try:
        connector.update(place, message, form)
    except Gone as error:
        if not error.is_message:
            raise
        return connector.send(place, form, reply_to)
    return message

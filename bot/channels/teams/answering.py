"""Answers a question that was asked in Teams, where it was asked; posts what comes by itself."""

import logging
from contextlib import suppress
from datetime import UTC, datetime

from bot.answer import Kind
from bot.channels.asked import asked_of, first_line
from bot.channels.links import linked
from bot.channels.phrases import HELP, IS_BROKEN
from bot.channels.teams.arrivals import (
    CHANNEL,
    PERSONAL,
    QUESTION,
    TEAM,
    Asking,
    Place,
    asking_of,
    person,
    place_at,
    place_of,
    reference_of,
)
from bot.channels.teams.cards import answer_reply, note_reply
from bot.channels.teams.connector import Gone, NotSent, NotTaken, Unsure
from bot.channels.teams.desk import Desk
from bot.channels.teams.messages import Forms, forms_of
from bot.channels.teams.posting import attach, begin, complete
from bot.question import Question
from bot.turn import turn_of
from data.engine import writing
from data.events import Done, Event, Outcome, hold_claim
from data.references import keep_reference, read_reference, reference_to, remove_reference

_log = logging.getLogger(__name__)


def answer_question(desk: Desk, event: Event, now: datetime) -> Done:
    """Answers in the thread of the question. The conversation is kept as one in which the bot may speak."""
    asking = asking_of(event.body)
    with writing(desk.store.engine) as connection:
        keep_reference(connection, event.organisation, reference_of(asking.place, event.person), now)
    question = question_of(desk, event, asking)
    answer = desk.ask(question)
    asked = linked(asked_of(desk.ask, question, answer), desk.store, desk.public_url, question, answer)
    reply = answer_reply(answer, asked)
    if asking.place.kind != TEAM and event.attempts == 1:
        with suppress(Gone, NotTaken, NotSent, Unsure):  # three dots are only a courtesy
            desk.connector.show_typing(asking.place)
    forms = forms_of(reply, asking.place, is_judged=answer.kind is Kind.ANSWER and not answer.is_courtesy)
    put(desk, event, asking.place, forms, asking.activity)
    turn = turn_of(question, answer, log=True)
    return Done(Outcome.ANSWERED, question.text, first_line(answer), turn, answer.counted_as)


def put(desk: Desk, event: Event, place: Place, forms: Forms, reply_to: str = "") -> None:
    """Puts a message of an event into a conversation, once: the text, and its card below it."""
    message = begin(desk.connector, desk.store, event, place, reply_to, forms.summary)
    hold_claim(desk.store.engine, event, datetime.now(UTC))
    try:
        complete(desk.connector, place, message, [forms.text, forms.plain], reply_to)
        if forms.card and not attach(desk.connector, desk.store, event, place, forms.card, reply_to):
            complete(desk.connector, place, message, [forms.plain], reply_to)
    except NotTaken:
        _take_back(desk, event, place, message)
        raise


def _take_back(desk: Desk, event: Event, place: Place, message: str) -> None:
    """Teams takes the answer in no form: the line that promised it goes, with a word to the asker if there is one."""
    apology = {"type": "message", "text": note_reply(IS_BROKEN.format(event.key)).text, "textFormat": "plain"}
    with suppress(Gone, NotTaken, NotSent, Unsure):
        if event.kind == QUESTION:
            desk.connector.update(place, message, apology)
        else:
            desk.connector.delete(place, message)


def question_of(desk: Desk, event: Event, asking: Asking) -> Question:
    return Question(asking.text or HELP, asking.day, event.organisation, asking.memory, event.person, plan=desk.plan)


def post(desk: Desk, event: Event, now: datetime) -> Done:
    """A message made elsewhere, for a conversation by its id or for a person by theirs in Entra. Where Teams says that
    the conversation is gone its reference goes, too."""
    recipient, organisation = str(event.body["recipient"]), event.organisation
    with desk.store.engine.connect() as connection:
        reference = read_reference(connection, organisation, CHANNEL, recipient) or reference_to(
            connection, organisation, person(recipient), PERSONAL
        )
    if reference is None:
        _log.error("event %s: Teams has told us of no conversation %s", event.key, recipient)
        return Done(Outcome.FAILED)
    try:
        put(desk, event, place_at(reference), Forms(**event.body["forms"]))
    except Gone as error:
        _log.error("event %s: the conversation is gone: %s", event.key, error)
        with writing(desk.store.engine) as connection:
            remove_reference(connection, organisation, CHANNEL, reference.conversation)
        return Done(Outcome.FAILED)
    return Done(Outcome.ANSWERED)


def note_installed(desk: Desk, event: Event, now: datetime) -> Done:
    """Keeps a conversation in which the bot was installed; nobody has asked anything yet."""
    with writing(desk.store.engine) as connection:
        keep_reference(connection, event.organisation, reference_of(place_of(event.body), event.person), now)
    return Done(Outcome.SILENT)


def note_removed(desk: Desk, event: Event, now: datetime) -> Done:
    """Forgets a conversation from which the bot was removed."""
    with writing(desk.store.engine) as connection:
        remove_reference(connection, event.organisation, CHANNEL, event.body["conversation"])
    return Done(Outcome.SILENT)

"""Starts the channel: the desk of a bot, its workers, its route."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.routing import Route

from bot.answer import Answer
from bot.ask import open_door
from bot.channels.backlog import IS_AWAY, Backlog
from bot.channels.phrases import HELP, IS_BROKEN
from bot.channels.teams.answering import answer_question, note_installed, note_removed, post
from bot.channels.teams.arrivals import CHANNEL, INSTALLED, QUESTION, REMOVED, asking_of
from bot.channels.teams.auth import authenticator
from bot.channels.teams.cards import digest_reply, note_reply
from bot.channels.teams.connector import Gone, NotSent, NotTaken, Unsure, open_connector
from bot.channels.teams.desk import Desk
from bot.channels.teams.http import teams_route
from bot.channels.teams.invoking import answer_invoke
from bot.channels.teams.messages import forms_of
from bot.channels.teams.settings import TeamsSettings
from bot.channels.ticking import at_work
from bot.channels.workers import Duty, try_again
from bot.config import chosen_plan, public_url, today
from bot.digests.delivery import hand_out
from bot.logs import note
from bot.question import Question
from data import settings
from data.changes import Author
from data.engine import is_store_fault, writing
from data.events import Arrival, Done, Event, Outcome, finish_event, keep_event, put_off
from data.fiscal_year import TOKYO
from data.store import Store
from data.subscriptions import Subscription
from data.workspaces import bind_workspace

_log = logging.getLogger(__name__)

POST = "post"
_KINDS = {QUESTION: answer_question, POST: post, INSTALLED: note_installed, REMOVED: note_removed}


def open_desk(store: Store, own: TeamsSettings, organisation: str, environment: Mapping[str, str]) -> Desk:
    """The desk of the bot. Raises ValueError where its plan is not there, or a tenant is another organisation's."""
    plan = chosen_plan(store, organisation, None)
    with writing(store.engine) as connection:
        for tenant, owner in own.tenants.items():
            bind_workspace(connection, CHANNEL, tenant, owner, Author("shirube", datetime.now(UTC)))
    record_at = environment.get("SHIRUBE_RECORD_URL", "").strip()
    return Desk(
        store,
        plan,
        open_door(store),
        open_connector(own),
        own,
        record_at,
        settings.logs_questions(environment),
        public_url(environment),
    )


@contextmanager
def working(desk: Desk, environment: Mapping[str, str]) -> Iterator[Route]:
    """The route with its workers, until the end of the block."""
    duty = duty_of(desk)
    for organisation in duty.organisations:  # the first question finds the index built
        desk.ask(Question(HELP, today(), organisation))
    with at_work(duty, partial(_hand_out_all, desk), settings.question_days(environment)) as workers:
        backlog = Backlog(desk.store, workers.wake, partial(_apologise, desk))

        def keep(organisation: str, arrival: Arrival) -> None:
            backlog.keep(organisation, arrival, comes_again=True)

        yield teams_route(desk.settings, authenticator(desk.settings), keep, partial(answer_invoke, desk))


@contextmanager
def delivering(desk: Desk, environment: Mapping[str, str]) -> Iterator[None]:
    """Hands out digests and posts them until the end of the block; questions are left to others."""
    duty = replace(duty_of(desk), kinds=(POST,))
    with at_work(duty, partial(_hand_out_all, desk), settings.question_days(environment)):
        yield


def _hand_out_all(desk: Desk, wake: Callable[[], None]) -> None:
    for organisation in duty_of(desk).organisations:
        _hand_out(desk, organisation)
    wake()


def duty_of(desk: Desk) -> Duty:
    """What the workers of this channel do."""
    return Duty(
        CHANNEL,
        desk.store,
        sorted(set(desk.settings.tenants.values())),
        lambda event, now: _KINDS[event.kind](desk, event, now),
        lambda event, error, now: _failed(desk, event, error, now),
        desk.logs_questions,
    )


def _failed(desk: Desk, event: Event, error: Exception, now: datetime) -> str:
    """What becomes of an event that could not be answered: it is tried again, or given up with a word to the asker."""
    if is_store_fault(error):
        put_off(desk.store.engine, event, now + timedelta(seconds=1))
        return "store away"
    if isinstance(error, NotSent) and error.wait:
        put_off(desk.store.engine, event, now + timedelta(seconds=error.wait))
        return "rate limited"
    if isinstance(error, NotSent | Unsure):
        return try_again(desk.store, event, now)
    if isinstance(error, Gone | NotTaken):
        _log.error("event %s: Teams refuses for good: %s", event.key, error)
        finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
        return "refused"
    _log.error("event %s failed", event.key, exc_info=error)
    _tell(desk, Arrival(CHANNEL, event.key, event.lane, event.kind, event.body), IS_BROKEN)
    finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
    return "failed"


def _apologise(desk: Desk, arrival: Arrival) -> None:
    note(_log, "the store is away", event=arrival.key)
    _tell(desk, arrival, IS_AWAY)


def _tell(desk: Desk, arrival: Arrival, words: str) -> None:
    """Tells the asker, with the key of the event as the number that the log has, too."""
    if arrival.kind != QUESTION:
        return
    asking = asking_of(arrival.body)
    text = note_reply(words.format(arrival.key)).text
    with suppress(Gone, NotTaken, NotSent, Unsure):
        desk.connector.send(asking.place, {"type": "message", "text": text, "textFormat": "plain"}, asking.activity)


def _hand_out(desk: Desk, organisation: str) -> None:
    """Keeps every digest that is due as a message to be posted; under its key it is kept once."""

    def deliver(subscription: Subscription, digest: Answer, key: str) -> None:
        now = datetime.now(UTC)
        reply = digest_reply(digest, now.astimezone(TOKYO).date(), desk.record_at)
        recipient = subscription.wish.recipient
        body = {"recipient": recipient, "forms": asdict(forms_of(reply, None))}
        arrival = Arrival(CHANNEL, f"digest:{key}", recipient, POST, body)
        keep_event(desk.store.engine, organisation, arrival, now)

    hand_out(desk.store, organisation, CHANNEL, lambda: datetime.now(UTC), deliver)

"""What the workers of this channel do with each kind of event, and what becomes of one that cannot be answered."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

from bot.channels.phrases import IS_BROKEN
from bot.channels.slack import posting
from bot.channels.slack.answering import answer_question, post_once
from bot.channels.slack.arrivals import CHANNEL, HOME, POST, PRESS, PROMPTS, QUESTION
from bot.channels.slack.desk import Desk
from bot.channels.slack.homes import publish_home, suggest_prompts
from bot.channels.slack.messages import Message, note_message
from bot.channels.slack.outage import apologise
from bot.channels.slack.presses import answer_press
from bot.channels.workers import Duty, try_again
from data.engine import is_store_fault
from data.events import Arrival, Done, Event, Outcome, finish_event, put_off

_log = logging.getLogger(__name__)

# What Slack will not take tomorrow either.
_FINAL = frozenset(
    "channel_not_found not_in_channel is_archived user_not_found no_permission restricted_action "
    "cannot_dm_bot messages_tab_disabled user_disabled message_not_found cant_update_message edit_window_closed "
    "invalid_arguments expired_url used_url thread_not_found missing_scope ekm_access_denied".split()
)


def _post(desk: Desk, event: Event, now: datetime) -> Done:
    """A message made elsewhere: a digest, word of something done."""
    body = event.body
    message = Message(body["text"], tuple(tuple(form) for form in body["forms"]))
    post_once(desk, event, posting.conversation_of(desk.client, body["channel"]), message, body["thread"])
    return Done(Outcome.ANSWERED)


_KINDS: Mapping[str, Callable[[Desk, Event, datetime], Done]] = {
    QUESTION: answer_question,
    PRESS: answer_press,
    HOME: publish_home,
    PROMPTS: suggest_prompts,
    POST: _post,
}


def duty_of(desk: Desk) -> Duty:
    """What the workers of a workspace do."""
    return Duty(
        CHANNEL,
        desk.store,
        [desk.organisation],
        lambda event, now: _KINDS[event.kind](desk, event, now),
        lambda event, error, now: _failed(desk, event, error, now),
        desk.logs_questions,
    )


def _failed(desk: Desk, event: Event, error: Exception, now: datetime) -> str:
    """What becomes of an event that could not be answered: it is tried again, or given up with a word to the asker."""
    if is_store_fault(error):
        apologise(desk, Arrival(CHANNEL, event.key, event.lane, event.kind, event.body))
        put_off(desk.store.engine, event, now + timedelta(seconds=1))
        return "store away"
    if isinstance(error, SlackApiError):
        return _refused(desk, event, error, now)
    if isinstance(error, posting.NotTaken) and error.is_final:
        return _give_up(desk, event, str(error), now)
    if not isinstance(error, OSError | HTTPException | posting.NotTaken):
        _log.error("event %s failed", event.key, exc_info=error)
        with suppress(SlackApiError, OSError, HTTPException, posting.NotTaken):
            _tell_broken(desk, event)
        finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
        return "failed"
    return try_again(desk.store, event, now)


def _refused(desk: Desk, event: Event, error: SlackApiError, now: datetime) -> str:
    reason = posting.reason_of(error)
    if reason == "ratelimited":
        put_off(desk.store.engine, event, now + timedelta(seconds=posting.wait_of(error)))
        return "rate limited"
    if reason in _FINAL:
        return _give_up(desk, event, reason, now)
    return try_again(desk.store, event, now)


def _give_up(desk: Desk, event: Event, reason: str, now: datetime) -> str:
    _log.error("event %s: Slack refuses for good: %s", event.key, reason)
    finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
    return "refused"


def _tell_broken(desk: Desk, event: Event) -> None:
    """Tells the asker, with the key of the event as the number that the log has, too."""
    if event.kind not in (QUESTION, PRESS):
        return
    body, message = event.body, note_message(IS_BROKEN.format(event.key))
    if body.get("response_url"):
        posting.respond(body["response_url"], message)
    else:
        post_once(desk, event, body["channel"], message, body.get("thread") or body.get("message") or "")

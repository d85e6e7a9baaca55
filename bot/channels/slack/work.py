"""The workers: threads that claim what the store keeps, answer it, and note that it is done."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from secrets import token_hex
from threading import Event as Flag
from threading import Lock, Thread
from time import perf_counter

from slack_sdk.errors import SlackApiError

from bot.channels.slack import posting
from bot.channels.slack.answering import answer_question, post_once
from bot.channels.slack.arrivals import CHANNEL, HOME, POST, PRESS, PROMPTS, QUESTION
from bot.channels.slack.desk import Desk
from bot.channels.slack.homes import publish_home, suggest_prompts
from bot.channels.slack.messages import Message, note_message
from bot.channels.slack.outage import apologise
from bot.channels.slack.presses import answer_press
from bot.logs import note
from data.engine import is_store_fault
from data.events import Arrival, Done, Event, Outcome, claim_event, finish_event, put_off

_log = logging.getLogger(__name__)

# So long a worker that has nothing to do waits before it looks again for what other processes have kept.
_LOOK_AGAIN = 0.1
# They mostly wait for Slack, which takes 100 to 300 ms a call: so many let one process answer 20 questions a second.
_THREADS = 12
# Failures of the network are tried again after 1, 2, 4 … seconds, at most a minute, for a day.
_LONGEST_WAIT, _GIVEN_UP_AFTER = timedelta(minutes=1), timedelta(days=1)
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
    post_once(desk, event, body["channel"], message, body["thread"])
    return Done(Outcome.ANSWERED)


_KINDS: Mapping[str, Callable[[Desk, Event, datetime], Done]] = {
    QUESTION: answer_question,
    PRESS: answer_press,
    HOME: publish_home,
    PROMPTS: suggest_prompts,
    POST: _post,
}


@dataclass(slots=True)
class Workers:
    """The threads of one process. `wake` is for who has just kept an event: it need not be waited for then."""

    desk: Desk
    token: str = field(default_factory=lambda: token_hex(8))
    _flag: Flag = field(default_factory=Flag)
    _ending: Flag = field(default_factory=Flag)
    _claiming: Lock = field(default_factory=Lock)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(_THREADS):
            thread = Thread(target=self._run, name=f"slack-worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        self._flag.set()

    def stop(self) -> None:
        """Lets what has been claimed come to its end."""
        self._ending.set()
        self._flag.set()
        for thread in self._threads:
            thread.join(posting.TIMEOUT * 2)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                event = self._next()
            except Exception as error:
                if not is_store_fault(error):
                    _log.exception("claiming failed")
                self._ending.wait(1.0)
                continue
            if event:
                handle(self.desk, event)

    def _next(self) -> Event | None:
        """The next event; None at the end. One thread at a time looks and waits for it, the others wait behind."""
        with self._claiming:
            while not self._ending.is_set():
                self._flag.clear()  # before looking: what is kept from here on sets it again
                event = claim_event(self.desk.store.engine, CHANNEL, self.token, datetime.now(UTC))
                if event:
                    return event
                self._flag.wait(_LOOK_AGAIN)
        return None


def handle(desk: Desk, event: Event) -> None:
    """Answers an event and notes it; what fails is tried again, given up with a word to the asker, or left to lapse
    where the store itself is away."""
    started, now = perf_counter(), datetime.now(UTC)
    done = Done(Outcome.FAILED)
    try:
        done = _KINDS[event.kind](desk, event, now)
        finish_event(desk.store.engine, event, done, datetime.now(UTC))
        ended = str(done.outcome)
    except Exception as error:
        ended = _failed(desk, event, error, datetime.now(UTC))
    _note(desk, event, ended, done, now, perf_counter() - started)


def _failed(desk: Desk, event: Event, error: Exception, now: datetime) -> str:
    """What becomes of an event that could not be answered; gives the word for the log."""
    with suppress(Exception):  # the store may be away now, too: then the claim lapses and another try follows
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
        return _try_again(desk, event, now)
    return "left"


def _refused(desk: Desk, event: Event, error: SlackApiError, now: datetime) -> str:
    reason = posting.reason_of(error)
    if reason == "ratelimited":
        put_off(desk.store.engine, event, now + timedelta(seconds=posting.wait_of(error)))
        return "rate limited"
    if reason in _FINAL:
        return _give_up(desk, event, reason, now)
    return _try_again(desk, event, now)


def _give_up(desk: Desk, event: Event, reason: str, now: datetime) -> str:
    _log.error("event %s: Slack refuses for good: %s", event.key, reason)
    finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
    return "refused"


def _try_again(desk: Desk, event: Event, now: datetime) -> str:
    if now - event.received_at > _GIVEN_UP_AFTER:
        finish_event(desk.store.engine, event, Done(Outcome.FAILED), now)
        return "given up"
    put_off(desk.store.engine, event, now + min(timedelta(seconds=2 ** min(event.attempts - 1, 6)), _LONGEST_WAIT))
    return "put off"


_IS_BROKEN = "内部の問題でお答えできませんでした。管理者に番号 {} を伝えてください。"


def _tell_broken(desk: Desk, event: Event) -> None:
    """Tells the asker, with the key of the event as the number that the log has, too."""
    if event.kind not in (QUESTION, PRESS):
        return
    body, message = event.body, note_message(_IS_BROKEN.format(event.key))
    if body.get("response_url"):
        posting.respond(body["response_url"], message)
    else:
        post_once(desk, event, body["channel"], message, body.get("thread") or body.get("message") or "")


def _note(desk: Desk, event: Event, ended: str, done: Done, began: datetime, seconds: float) -> None:
    """One line for each event, without words of the question unless they are asked for."""
    words = {"question": done.question} if desk.logs_questions and done.question else {}
    note(
        _log,
        "event",
        event=event.key,
        kind=event.kind,
        ended=ended,
        attempt=event.attempts,
        waited_ms=round((began - event.received_at).total_seconds() * 1000, 1),
        took_ms=round(seconds * 1000, 1),
        **words,
    )

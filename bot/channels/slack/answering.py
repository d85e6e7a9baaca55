"""Answers a question that was asked in Slack, where it was asked."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError

from bot.answer import Answer, Kind
from bot.channels.asked import asked_of, first_line
from bot.channels.links import linked
from bot.channels.phrases import HELP
from bot.channels.slack import posting
from bot.channels.slack.admission import is_open
from bot.channels.slack.arrivals import Asking, asking_of
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import Message, answer_message
from bot.question import Question
from bot.turn import turn_of
from data.events import Done, Event, Outcome, hold_claim
from data.turns import Turn

_QUESTION = re.compile(r"[?？]|(?:か|かな|っけ)[。.]?$")
SILENT = Done(Outcome.SILENT)


def answer_question(desk: Desk, event: Event, now: datetime) -> Done:
    """Answers into the thread, or where only the asker sees it; silent for whom the bot is not open to, and for talk
    among people in a thread that asks it nothing."""
    asking = asking_of(event.body)
    if not is_open(asking.channel, desk.settings) or not desk.admits(asking.user):
        return SILENT
    if not asking.addressed and desk.store.recall(desk.organisation, asking.memory, asking.day) is None:
        return SILENT
    if asking.direct:
        _show_busy(desk, asking)
    question = Question(asking.text or HELP, asking.day, desk.organisation, asking.memory, event.person, plan=desk.plan)
    answer = desk.ask(question)
    if not asking.addressed and _is_talk(asking, answer):
        return SILENT
    asked = linked(asked_of(desk.ask, question, answer), desk.store, desk.public_url, question, answer)
    message = answer_message(answer, asked, private=bool(asking.response_url))
    _deliver(desk, event, asking, answer, message)
    turn = _turn(desk, question, answer, asking)
    return Done(Outcome.ANSWERED, question.text, first_line(answer), turn, answer.counted_as)


def _is_talk(asking: Asking, answer: Answer) -> bool:
    """Is a message in a thread, which nobody addressed to the bot, none for it: thanks, words that ask nothing?

    「違う」 is for it: it takes the answer back that the thread had last.
    """
    if answer.rejected:
        return False
    if answer.is_courtesy:
        return True
    return answer.kind is Kind.NOT_UNDERSTOOD and not _QUESTION.search(asking.text)


def _deliver(desk: Desk, event: Event, asking: Asking, answer: Answer, message: Message) -> None:
    if asking.response_url:
        hold_claim(desk.store.engine, event, datetime.now(UTC))
        posting.respond(asking.response_url, message)
    elif not asking.addressed and answer.kind is Kind.NOT_UNDERSTOOD:
        posting.whisper(desk.client, asking.channel, asking.user, message, asking.thread)
    else:
        post_once(desk, event, asking.channel, message, asking.thread)


def post_once(desk: Desk, event: Event, channel: str, message: Message, thread: str) -> None:
    """Posts the answer to an event, unless a worker before this one did and died before it could take note of it."""
    if event.attempts > 1:
        since = event.received_at.timestamp()
        if posting.is_posted(desk.client, channel, event.key, thread, since - _CLOCKS_APART):
            return
    hold_claim(desk.store.engine, event, datetime.now(UTC))
    posting.post(desk.client, channel, message, event.key, thread)


# Slack's clock and ours may differ by so many seconds.
_CLOCKS_APART = 300.0


def _turn(desk: Desk, question: Question, answer: Answer, asking: Asking) -> Turn:
    """The turn to be kept, of a direct message in its own thread, too; of what was not addressed to us no words.

    An answer that leaves nothing to remember is kept as well, by nothing: its thread needs no mention any more.
    """
    turn = turn_of(question, answer, log=asking.addressed)
    memories = turn.memories
    if not memories and desk.store.recall(desk.organisation, asking.memory, asking.day) is None:
        memories = ((asking.memory, {}),)
    if asking.also:
        memories = (*memories, *((asking.also, state) for _, state in memories))
    return replace(turn, memories=memories)


def _show_busy(desk: Desk, asking: Asking) -> None:
    """「調べています」 beside the name, until the answer is posted; only a courtesy, so a refusal changes nothing."""
    with suppress(SlackApiError):
        desk.client.assistant_threads_setStatus(
            channel_id=asking.channel, thread_ts=asking.thread, status="調べています…"
        )

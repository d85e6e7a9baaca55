"""What the buttons under an answer do."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from time import sleep

from slack_sdk.errors import SlackApiError

from bot.answer import Answer
from bot.channels.asked import Asked, Press, asked_of, first_line, take_back
from bot.channels.links import linked
from bot.channels.phrases import NO_CHART, NOT_THAT
from bot.channels.slack import buttons, posting
from bot.channels.slack.admission import is_open
from bot.channels.slack.answering import SILENT, post_once
from bot.channels.slack.arrivals import CHANNEL, Pressing, person, pressing_of
from bot.channels.slack.buttons import read_value
from bot.channels.slack.charts import chart_message
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import Message, answer_message, note_message, rest_message
from bot.channels.slack.modals.decisions import decide_proposal
from bot.chart import alt_text
from bot.pictures import png
from bot.question import Question
from bot.turn import turn_of
from data.engine import writing
from data.events import PACE, Done, Event, Outcome, hold_claim
from data.follows import follow
from data.turns import Turn
from data.votes import vote

_NOT_THERE = ("not_in_channel", "channel_not_found")


def answer_press(desk: Desk, event: Event, now: datetime) -> Done:
    """Does what a button says; silent for whom the bot is not open to, and for what is none of its buttons."""
    pressing = pressing_of(event.body)
    if not is_open(pressing.channel, desk.settings) or not desk.admits(pressing.user):
        return SILENT
    if pressing.action.startswith("proposal:"):
        return _decide(desk, pressing, now)
    if pressing.action == buttons.FEEDBACK:
        return _vote(desk, pressing)
    act, press = _ACTS.get(re.sub(r":\d+$", "", pressing.action)), read_value(pressing.value)
    return act(desk, event, pressing, press) if act and press else SILENT


def _pick(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """The answer for the candidate, in the place of the message that asked back."""
    question = _question(desk, pressing, press.text, press.asked_on, press.picked)
    answer = desk.ask(question)
    asked = _linked(desk, question, answer, Asked(press.text, press.asked_on, press.picked))
    message = answer_message(answer, asked, private=pressing.ephemeral)
    _put_in_place(desk, pressing, message)
    return _answered(desk, question, answer, pressing)


def _ask(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """An example question, asked as if it had been typed."""
    question = _question(desk, pressing, press.text, date.fromisoformat(pressing.asked_on), "")
    answer = desk.ask(question)
    asked = _linked(desk, question, answer, asked_of(desk.ask, question, answer))
    _put_below(desk, event, pressing, answer_message(answer, asked, private=pressing.ephemeral))
    return _answered(desk, question, answer, pressing)


def _years(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """All years of the indicator that the answer is about."""
    question = _question(desk, pressing, "", press.asked_on, press.picked)
    answer = desk.ask(question)
    name = answer.indicators[0].name if answer.indicators else press.text
    asked = _linked(desk, question, answer, Asked(name, press.asked_on, press.picked))
    _put_below(desk, event, pressing, answer_message(answer, asked, private=pressing.ephemeral))
    return _answered(desk, question, answer, pressing)


def _chart(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """The chart of the answer: drawn by Slack, else as a picture where one can be shared, else as a table."""
    answer = _again(desk, press)
    if answer.chart is None:
        _put_below(desk, event, pressing, note_message(NO_CHART))
        return Done(Outcome.ANSWERED)
    drawn = chart_message(answer.chart)
    _put_below(desk, event, pressing, drawn.message)
    if drawn.needs_picture and not pressing.ephemeral:
        picture, title = png(answer.chart), answer.chart.title
        sleep(PACE.total_seconds())  # one message a second and channel
        hold_claim(desk.store.engine, event, datetime.now(UTC))
        posting.upload_picture(desk.client, pressing.channel, picture, title, alt_text(answer.chart), _thread(pressing))
    return Done(Outcome.ANSWERED)


def _wrong(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """Asks what was meant, and logs the question that was answered wrongly."""
    question = _question(desk, pressing, NOT_THAT, press.asked_on, "")
    answer, turn = take_back(desk.ask, question, press.text)
    asked = Asked(press.text, press.asked_on)
    _put_below(desk, event, pressing, answer_message(answer, asked, private=pressing.ephemeral))
    return Done(Outcome.ANSWERED, turn=_kept(desk, turn, pressing), answer_kind=answer.counted_as)


def _rest(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """The rows of a list that the message had no room for."""
    answer = _again(desk, press)
    rest = rest_message(answer, Asked(press.text, press.asked_on))
    _put_below(desk, event, pressing, rest or note_message("続きはありません。"))
    return Done(Outcome.ANSWERED)


def _share(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """Shows an answer that only the asker saw to the whole channel, with the question."""
    question = _repeated(desk, press)
    answer = desk.ask(question)
    asked = _linked(desk, question, answer, Asked(press.text, press.asked_on))
    message = answer_message(answer, asked, title=f"質問: {press.text}")
    try:
        post_once(desk, event, pressing.channel, message, pressing.thread)
    except SlackApiError as error:
        if posting.reason_of(error) not in _NOT_THERE:
            raise
        posting.respond(pressing.response_url, message, to_all=True)
    return Done(Outcome.ANSWERED)


def _follow(desk: Desk, event: Event, pressing: Pressing, press: Press) -> Done:
    """Puts the indicator on the person's home."""
    number = int(press.picked.rpartition(":")[2])
    with writing(desk.store.engine) as connection:
        follow(connection, desk.organisation, person(pressing.user), number)
    _tell(desk, pressing, "フォローしました。アプリの「ホーム」で、いつでも見られます。")
    return Done(Outcome.ANSWERED)


def _vote(desk: Desk, pressing: Pressing) -> Done:
    key = f"{pressing.channel}:{pressing.message}"
    day, is_good = date.fromisoformat(pressing.asked_on), pressing.value == buttons.GOOD
    with writing(desk.store.engine) as connection:
        vote(connection, desk.organisation, key, person(pressing.user), is_good, day)
    _tell(desk, pressing, "ありがとうございます。記録しました。")
    return Done(Outcome.ANSWERED)


def _decide(desk: Desk, pressing: Pressing, now: datetime) -> Done:
    if not pressing.value.isdecimal():
        return SILENT
    text = decide_proposal(desk, pressing.user, int(pressing.value), pressing.action == "proposal:accept", now)
    _put_in_place(desk, pressing, note_message(text))
    return Done(Outcome.ANSWERED)


_ACTS: dict[str, Callable[[Desk, Event, Pressing, Press], Done]] = {
    buttons.PICK: _pick,
    buttons.ASK: _ask,
    buttons.YEARS: _years,
    buttons.CHART: _chart,
    buttons.WRONG: _wrong,
    buttons.REST: _rest,
    buttons.SHARE: _share,
    buttons.FOLLOW: _follow,
}


def _question(desk: Desk, pressing: Pressing, text: str, asked_on: date, picked: str) -> Question:
    return Question(
        text,
        asked_on,
        desk.organisation,
        _memory(pressing),
        person(pressing.user),
        picked=picked,
        plan=desk.plan,
    )


def _again(desk: Desk, press: Press) -> Answer:
    """The answer that the button stands under, made again; nothing of it is kept."""
    return desk.ask(_repeated(desk, press))


def _repeated(desk: Desk, press: Press) -> Question:
    return Question(press.text, press.asked_on, desk.organisation, picked=press.picked, plan=desk.plan)


def _linked(desk: Desk, question: Question, answer: Answer, asked: Asked) -> Asked:
    return linked(asked, desk.store, desk.public_url, question, answer)


def _answered(desk: Desk, question: Question, answer: Answer, pressing: Pressing) -> Done:
    turn = _kept(desk, turn_of(question, answer, log=False), pressing)
    return Done(Outcome.ANSWERED, question.text, first_line(answer), turn, answer.counted_as)


def _kept(desk: Desk, turn: Turn, pressing: Pressing) -> Turn:
    """The turn, kept in the whole of a direct message as well as in the thread there that has its button, unless the
    conversation has gone on elsewhere since."""
    if pressing.ephemeral or not pressing.channel.startswith("D"):
        return turn
    whole = f"{CHANNEL}:{pressing.channel}"
    last, here = (desk.store.recall(desk.organisation, one, turn.asked_on) for one in (whole, _memory(pressing)))
    if last != here:
        return turn
    return replace(turn, memories=(*turn.memories, *((whole, state) for _, state in turn.memories)))


def _memory(pressing: Pressing) -> str:
    """What the thread of the message is remembered by, as in bot/channels/slack/arrivals.py."""
    if pressing.ephemeral and not pressing.thread:
        return f"{CHANNEL}:{pressing.channel}:{pressing.user}"
    return f"{CHANNEL}:{pressing.channel}:{_thread(pressing)}"


def _thread(pressing: Pressing) -> str:
    return pressing.thread or pressing.message


def _put_in_place(desk: Desk, pressing: Pressing, message: Message) -> None:
    if pressing.ephemeral:
        posting.respond(pressing.response_url, message, in_place=True)
    else:
        posting.replace(desk.client, pressing.channel, pressing.message, message)


def _put_below(desk: Desk, event: Event, pressing: Pressing, message: Message) -> None:
    if pressing.ephemeral:
        posting.respond(pressing.response_url, message)
    else:
        post_once(desk, event, pressing.channel, message, _thread(pressing))


def _tell(desk: Desk, pressing: Pressing, text: str) -> None:
    """Tells the one person who pressed."""
    if pressing.response_url:
        posting.respond(pressing.response_url, note_message(text))
    else:
        posting.whisper(desk.client, pressing.channel, pressing.user, note_message(text), _thread(pressing))

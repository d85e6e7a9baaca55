"""Answers what is answered in the response itself: pressed buttons, searches while composing, votes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from time import perf_counter
from typing import Any

from bot import metrics
from bot.answer import Answer, Kind
from bot.channels.asked import Asked, asked_of, sole_indicator, take_back
from bot.channels.directory import directory_of
from bot.channels.links import linked
from bot.channels.phrases import NO_CHART, NOT_THAT
from bot.channels.search import matching
from bot.channels.teams.arrivals import CHANNEL, Invoking
from bot.channels.teams.buttons import ASK, BACK, CHART, PAGE, PICK, WRONG, YEARS, Action, read_action, way_back
from bot.channels.teams.cards import Reply, answer_reply, chart_reply, insert_card, note_reply, preview
from bot.channels.teams.desk import Desk
from bot.channels.teams.invokes import CARD_ACTION, FEEDBACK, NOTHING, SEARCH, Response, invoke_note
from bot.channels.teams.messages import ADAPTIVE
from bot.knowledge import key_of
from bot.question import Question
from bot.turn import turn_of
from data.engine import writing
from data.events import latest_asked
from data.turns import Turn, keep_turn
from data.votes import vote

_THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
# As many indicators are listed while somebody types, and so many of what they asked last.
_LISTED, _RECENT = 10, 5
_NOT_OURS = "このボタンは、もう使えません。もう一度聞いてください。"
_NOTHING_FOUND = "当てはまる指標が見つかりません。名前の一部を入れてください。"


def answer_invoke(desk: Desk, invoking: Invoking) -> Response:
    """What an invoke is answered; nothing where it is none of our business."""
    answer = _INVOKES.get(invoking.name)
    return answer(desk, invoking) if answer else NOTHING


def _press(desk: Desk, invoking: Invoking) -> Response:
    """The card that takes the place of the one that was pressed; a refresh, which nobody pressed, is answered with the
    card as it would be now, and nothing of it is kept."""
    pressed = invoking.value.get("action")
    pressed = pressed if isinstance(pressed, Mapping) else {}
    action = read_action(pressed.get("verb"), pressed.get("data"))
    if action is None:
        return invoke_note(CARD_ACTION, _NOT_OURS)
    is_pressed = invoking.value.get("trigger") != "automatic"
    card = (_ACTS[action.act] if is_pressed else _again)(desk, invoking, action).card
    return 200, {"statusCode": 200, "type": ADAPTIVE, "value": card}


def _pick(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    """The answer for the candidate, in the place of the card that asked back."""
    press = action.press
    question = _question(desk, invoking, press.text, press.asked_on, press.picked)
    answer = _ask_and_keep(desk, question)
    asked = _linked(desk, question, answer, Asked(press.text, press.asked_on, press.picked))
    return answer_reply(answer, asked, back=way_back(action))


def _years(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    """All years of the indicator that the answer is about."""
    press = action.press
    question = _question(desk, invoking, "", press.asked_on, press.picked)
    answer = _ask_and_keep(desk, question)
    indicator = sole_indicator(answer)
    asked = Asked(indicator.name if indicator else press.text, press.asked_on, press.picked)
    asked = _linked(desk, question, answer, asked)
    return answer_reply(answer, asked, back=way_back(action))


def _example(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    """An example question, asked as if it had been typed today."""
    question = _question(desk, invoking, action.press.text, invoking.day)
    answer = _ask_and_keep(desk, question)
    return answer_reply(answer, _linked(desk, question, answer, asked_of(desk.ask, question, answer)))


def _again(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    """The same answer at a page."""
    press, question = action.press, _repeated(desk, invoking, action)
    answer = desk.ask(question)
    asked = _linked(desk, question, answer, Asked(press.text, press.asked_on, press.picked))
    return answer_reply(answer, asked, action.page)


def _chart(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    drawn = chart_reply(desk.ask(_repeated(desk, invoking, action)), way_back(action))
    return drawn or note_reply(NO_CHART)


def _wrong(desk: Desk, invoking: Invoking, action: Action) -> Reply:
    """Asks what was meant, and logs the question that was answered wrongly."""
    press = action.press
    question, began = _question(desk, invoking, NOT_THAT, press.asked_on), perf_counter()
    answer, turn = take_back(desk.ask, question, press.text)
    _keep(desk, question, answer, turn, began)
    return answer_reply(answer, Asked(press.text, press.asked_on))


_ACTS: Mapping[str, Callable[[Desk, Invoking, Action], Reply]] = {
    PICK: _pick,
    YEARS: _years,
    ASK: _example,
    PAGE: _again,
    BACK: _again,
    CHART: _chart,
    WRONG: _wrong,
}


def _question(desk: Desk, invoking: Invoking, text: str, asked_on: date, picked: str = "") -> Question:
    return Question(
        text, asked_on, invoking.organisation, invoking.memory, invoking.person, picked=picked, plan=desk.plan
    )


def _ask_and_keep(desk: Desk, question: Question) -> Answer:
    """Asks, and lets the conversation go on from there."""
    began = perf_counter()
    answer = desk.ask(question)
    _keep(desk, question, answer, turn_of(question, answer, log=False), began)
    return answer


def _keep(desk: Desk, question: Question, answer: Answer, turn: Turn, began: float) -> None:
    keep_turn(desk.store.engine, question.organisation, turn, desk.store.kept_days)
    metrics.answered(CHANNEL, answer.counted_as, perf_counter() - began)


def _repeated(desk: Desk, invoking: Invoking, action: Action) -> Question:
    """The question that a button asks again, outside of its conversation."""
    press = action.press
    return Question(press.text, press.asked_on, invoking.organisation, picked=press.picked, plan=desk.plan)


def _linked(desk: Desk, question: Question, answer: Answer, asked: Asked) -> Asked:
    return linked(asked, desk.store, desk.public_url, question, answer)


def _search(desk: Desk, invoking: Invoking) -> Response:
    """What can be inserted: the answer itself where a whole question is typed, then the indicators that may be meant;
    before anything is typed those that the person asked about last."""
    typed = _parameter(invoking, "query")
    answers = _typed(desk, invoking, typed) if typed and not _parameter(invoking, "initialRun") else ()
    if not typed:
        answers = _recent(desk, invoking)
    attachments = [_result(answer, invoking) for answer in answers]
    if not attachments:
        return invoke_note(SEARCH, _NOTHING_FOUND)
    result = {"type": "result", "attachmentLayout": "list", "attachments": attachments[:_LISTED]}
    return 200, {"composeExtension": result}


def _typed(desk: Desk, invoking: Invoking, typed: str) -> Iterator[Answer]:
    question = Question(typed, invoking.day, invoking.organisation, plan=desk.plan)
    whole = desk.ask(question)
    seen: set[int] = set()
    if whole.kind is Kind.ANSWER and whole.facts:
        yield whole
        indicator = sole_indicator(whole)
        seen |= {indicator.id} if indicator else set()
    directory = directory_of(desk.store, invoking.organisation)
    for one in matching(desk.ask, directory, question, _LISTED):
        if one.id not in seen:
            yield desk.ask(Question("", invoking.day, invoking.organisation, picked=key_of(one), plan=desk.plan))


def _recent(desk: Desk, invoking: Invoking) -> Iterator[Answer]:
    """What the person asked last, else the first indicators of the plan."""
    with desk.store.engine.connect() as connection:
        asked = latest_asked(connection, invoking.organisation, invoking.person, _RECENT)
    found = [desk.ask(Question(one.question, invoking.day, invoking.organisation, plan=desk.plan)) for one in asked]
    known = {indicator.id: answer for answer in found if (indicator := sole_indicator(answer)) and answer.facts}
    yield from known.values()
    if not known:
        for one in directory_of(desk.store, invoking.organisation).catalogue.indicators[:_RECENT]:
            yield desk.ask(Question("", invoking.day, invoking.organisation, picked=key_of(one), plan=desk.plan))


def _result(answer: Answer, invoking: Invoking) -> Mapping[str, Any]:
    title, text = preview(answer)
    return {
        "contentType": ADAPTIVE,
        "content": insert_card(answer, invoking.day),
        "preview": {"contentType": _THUMBNAIL, "content": {"title": title, "text": text}},
    }


def _parameter(invoking: Invoking, name: str) -> str:
    parameters = invoking.value.get("parameters")
    for one in parameters if isinstance(parameters, list) else ():
        if isinstance(one, Mapping) and one.get("name") == name:
            return str(one.get("value") or "").strip()
    return ""


def _vote(desk: Desk, invoking: Invoking) -> Response:
    """Counts whether an answer was useful; what somebody writes beside it is not kept."""
    value = invoking.value.get("actionValue")
    reaction = value.get("reaction") if isinstance(value, Mapping) else None
    if invoking.value.get("actionName") == "feedback" and reaction in ("like", "dislike") and invoking.message:
        key = f"{invoking.place.conversation}|{invoking.message}"
        with writing(desk.store.engine) as connection:
            vote(connection, invoking.organisation, key, invoking.person, reaction == "like", invoking.day)
    return NOTHING


_INVOKES: Mapping[str, Callable[[Desk, Invoking], Response]] = {
    CARD_ACTION: _press,
    SEARCH: _search,
    FEEDBACK: _vote,
}

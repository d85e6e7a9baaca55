"""The chat: questions typed or pressed, answered into the page; without its script as a page of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from urllib.parse import urlencode

from starlette.responses import Response

from bot import metrics
from bot.answer import Answer, Kind
from bot.channels.asked import (
    Asked,
    Press,
    about,
    again,
    asked_of,
    candidates,
    shows_all_years,
    sole_indicator,
    take_back,
)
from bot.channels.phrases import HELP, NOT_THAT
from bot.channels.web.desk import CHANNEL, Desk, Visit, seen_by
from bot.channels.web.pages import Page, render, render_notice
from bot.channels.web.pictures import picture_of
from bot.channels.web.sessions import start_thread
from bot.permanent import Shown, give_number, shown
from bot.question import Question
from bot.turn import turn_of
from data.engine import writing
from data.turns import Turn, keep_turn
from data.votes import vote

ASK, PICK, YEARS, WRONG = "ask", "pick", "years", "wrong"
_MOST_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class Button:
    """A button under an answer and the fields that its form sends to /ask."""

    label: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the page shows it under the words that asked for it. `number` is its permanent one, None for none;
    `chart_url` draws its chart, `indicator_id` leads to the page of its one indicator."""

    asked: str
    shown: Shown
    buttons: tuple[Button, ...]
    number: int | None
    chart_url: str
    indicator_id: int | None


def show(desk: Desk, visit: Visit) -> Response:
    """The page with nothing asked yet: what can be asked, by examples of the store."""
    return _page(desk, visit, None)


def ask(desk: Desk, visit: Visit) -> Response:
    """The answer to what was typed or pressed, as a piece for the page's script or as a page."""
    began = perf_counter()
    seen = seen_by(desk, visit)
    words, answer, asked, turn = _ACTS.get(visit.form.get("action", ASK), _ask)(seen, visit)
    keep_turn(desk.store.engine, desk.organisation, turn, desk.store.kept_days)
    number = give_number(seen.store, _question(desk, visit, words), answer, visit.at)
    indicator = sole_indicator(answer)
    reply = Reply(
        words,
        shown(answer, visit.today),
        tuple(_buttons(answer, asked)),
        number,
        _chart_url(answer, asked, number),
        indicator.id if indicator else None,
    )
    response = (
        render(desk, visit, "chat/reply.html", reply=reply) if visit.wants_fragment else _page(desk, visit, reply)
    )
    metrics.answered(CHANNEL, answer.counted_as, perf_counter() - began)
    return response


def start_anew(desk: Desk, visit: Visit) -> Response:
    """An empty page, whose next question goes on about nothing."""
    start_thread(visit.request)
    return Response(status_code=303, headers={"location": "/"})


def judge(desk: Desk, visit: Visit) -> Response:
    """Counts whether an answer was useful, without who said so."""
    number = visit.form.get("number", "")
    if number.isdecimal() and len(number) < 10:
        with writing(desk.store.engine) as connection:
            person, is_good = visit.visitor.person, visit.form.get("good") == "1"
            vote(connection, desk.organisation, f"answer:{int(number)}", person, is_good, visit.today)
    return render_notice(desk, visit, "ありがとうございます", ("記録しました。",))


def chart(desk: Desk, visit: Visit) -> Response:
    """The picture of an answer that has no number: `picked` tells the indicator, else `text` the question."""
    picked, on = visit.query.get("picked", ""), _day(visit.query.get("on", ""), visit)
    text = "" if picked else visit.query.get("text", "")
    question = Question(text, on, desk.organisation, picked=picked, plan=desk.plan)
    return picture_of(seen_by(desk, visit).ask(question).chart)


def _page(desk: Desk, visit: Visit, reply: Reply | None) -> Response:
    seen = seen_by(desk, visit)
    start = seen.ask(Question(HELP, visit.today, desk.organisation, plan=desk.plan))
    return render(desk, visit, "chat/chat.html", reply=reply, examples=start.examples[:_MOST_EXAMPLES])


_Answered = tuple[str, Answer, Asked, Turn]


def _ask(desk: Desk, visit: Visit) -> _Answered:
    text = visit.form.get("text", "").strip() or HELP
    question = _question(desk, visit, text)
    answer = desk.ask(question)
    return text, answer, asked_of(desk.ask, question, answer), turn_of(question, answer, log=True)


def _pick(desk: Desk, visit: Visit) -> _Answered:
    """The answer to a question that was asked back about, for the candidate that was picked."""
    press = _press(visit)
    question = _question(desk, visit, press.text, press)
    answer = desk.ask(question)
    words = visit.form.get("label", "") or press.text
    return words, answer, Asked(press.text, press.asked_on, press.picked), turn_of(question, answer, log=False)


def _years(desk: Desk, visit: Visit) -> _Answered:
    """All years of the indicator that an answer is about."""
    press = _press(visit)
    question = _question(desk, visit, "", press)
    answer = desk.ask(question)
    indicator = sole_indicator(answer)
    name = indicator.name if indicator else press.text
    asked = Asked(name, press.asked_on, press.picked)
    return f"{name}の他の年度", answer, asked, turn_of(question, answer, log=False)


def _wrong(desk: Desk, visit: Visit) -> _Answered:
    """Asks what was meant, and logs the question that was answered wrongly."""
    press = _press(visit)
    answer, turn = take_back(desk.ask, _question(desk, visit, NOT_THAT), press.text)
    return NOT_THAT, answer, Asked(press.text, press.asked_on), turn


_ACTS: dict[str, Callable[[Desk, Visit], _Answered]] = {ASK: _ask, PICK: _pick, YEARS: _years, WRONG: _wrong}


def _question(desk: Desk, visit: Visit, text: str, press: Press | None = None) -> Question:
    return Question(
        text,
        press.asked_on if press else visit.today,
        desk.organisation,
        f"{CHANNEL}:{visit.visitor.thread}",
        visit.visitor.person,
        picked=press.picked if press else "",
        plan=desk.plan,
    )


def _press(visit: Visit) -> Press:
    form = visit.form
    return Press(form.get("text", ""), _day(form.get("on", ""), visit), form.get("picked", ""))


def _day(text: str, visit: Visit) -> date:
    """The day of a question that is asked again; today where it cannot be one."""
    try:
        return min(date.fromisoformat(text), visit.today)
    except ValueError:
        return visit.today


def _buttons(answer: Answer, asked: Asked) -> Iterator[Button]:
    """As under an answer in Slack: candidates where it asks back, questions where it helps, else what goes on."""
    if answer.kind is Kind.CHOOSE:
        for label, press in candidates(asked, answer):
            yield _button(label, PICK, press, ("label", label))
    elif answer.kind in (Kind.HELP, Kind.NOT_UNDERSTOOD):
        for example in answer.examples[:_MOST_EXAMPLES]:
            yield Button(example, (("text", example),))
    elif asked.text.strip():
        press = about(asked, answer)
        if sole_indicator(answer) and not shows_all_years(answer):
            yield _button("他の年度", YEARS, press)
        yield _button("違う", WRONG, press)


def _button(label: str, action: str, press: Press, *more: tuple[str, str]) -> Button:
    fields = (("action", action), ("text", press.text), ("on", press.asked_on.isoformat()), ("picked", press.picked))
    return Button(label, (*fields, *more))


def _chart_url(answer: Answer, asked: Asked, number: int | None) -> str:
    """Where the answer's chart is drawn, "" for one without; a question's words stand in no address but where its
    answer has no number."""
    if answer.chart is None:
        return ""
    if number is not None:
        return f"/a/{number}/chart.svg"
    press = about(asked, answer) if sole_indicator(answer) else again(asked)
    if press is None:
        return ""
    named = {"picked": press.picked} if press.picked else {"text": press.text}
    return f"/chart.svg?{urlencode({'on': press.asked_on.isoformat(), **named})}"


PAGES = (
    Page("/", show),
    Page("/ask", ask, method="POST"),
    Page("/new", start_anew, method="POST"),
    Page("/judge", judge, method="POST"),
    Page("/chart.svg", chart),
)

"""The question behind an answer, as buttons carry it: enough to make the answer again, nothing else is remembered."""

from dataclasses import dataclass, replace
from datetime import date

from bot.answer import Answer, Kind, name_of
from bot.ask import Ask
from bot.chart import Course
from bot.knowledge import key_of
from bot.question import Question
from bot.turn import REJECTED, turn_of
from data.facts import Indicator, Measure
from data.turns import Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that an answer is shown for, "" for none (a digest): then there are no buttons. `picked` is the key
    of the candidate where the question was asked back and one was picked. A follow-up that means something else without
    its thread cannot be `repeatable`: no button asks it again. `link` is the address of the answer's permanent page, ""
    for none."""

    text: str
    asked_on: date
    picked: str = ""
    repeatable: bool = True
    link: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """What a button carries: the question, its day, the key (bot/knowledge.py) of what is picked or answered about."""

    text: str
    asked_on: date
    picked: str = ""


def asked_of(ask: Ask, question: Question, answer: Answer) -> Asked:
    """The question as the buttons under its answer ask it again: without the thread, if that gives the same answer.

    Where the answer before was called wrong it is that question which the candidates now offered are for. What was
    named instead (「違う、健民アプリ」) is no answer to it.
    """
    if answer.rejected:
        return Asked(answer.rejected, question.asked_on, repeatable=answer.kind is not Kind.ANSWER)
    indicator = sole_indicator(answer)
    for picked in dict.fromkeys((question.picked, key_of(indicator) if indicator else question.picked)):
        again = ask(replace(question, thread="", picked=picked))
        if again.text.body() == answer.text.body():
            return Asked(question.text, question.asked_on, picked)
    return Asked(question.text, question.asked_on, repeatable=False)


def take_back(ask: Ask, question: Question, rejected: str) -> tuple[Answer, Turn]:
    """What a button 「違う」 under an answer is answered, and the turn to be kept: the question is logged as rejected.

    `question` says 「違う」 in its thread; where that has gone on since, its memory is left alone.
    """
    answer = ask(question)
    if answer.rejected == rejected:
        return answer, turn_of(question, answer, log=True)
    return ask(replace(question, thread="")), Turn(question.asked_on, unanswered=((REJECTED, rejected),))


def first_line(answer: Answer) -> str:
    """What is kept of an answer beside its question."""
    return answer.text.body().partition("\n")[0]


def about(asked: Asked, answer: Answer) -> Press:
    """What a button carries that goes on about the indicator of an answer."""
    indicator = sole_indicator(answer)
    return Press(asked.text, asked.asked_on, key_of(indicator) if indicator else asked.picked)


def again(asked: Asked) -> Press | None:
    """What a button carries that asks the question again, None where that would be another question."""
    return Press(asked.text, asked.asked_on, asked.picked) if asked.repeatable and asked.text.strip() else None


def candidates(asked: Asked, answer: Answer) -> list[tuple[str, Press]]:
    """Label and press of each candidate: the line of the reply up to its place, 「1. 開発: 農業先端技術の…」."""
    names = [name_of(choice) for choice in answer.choices]
    found = []
    for number, choice in enumerate(answer.choices, 1):
        label = f"{number}. {names[number - 1]}"
        line = next((line for line in answer.text.details if line.startswith(f"{number}. ")), label)
        # Candidates of one name are told apart by their place, which ends the line.
        label = line if names.count(names[number - 1]) > 1 else line.partition(" — ")[0]
        found.append((label, Press(asked.text, asked.asked_on, key_of(choice))))
    return found


def sole_indicator(answer: Answer) -> Indicator | None:
    """The indicator of an answer that is about exactly one."""
    indicators = {indicator.id: indicator for indicator in answer.indicators}
    return next(iter(indicators.values())) if len(indicators) == 1 else None


def shows_all_years(answer: Answer) -> bool:
    """Does an answer give the targets of all years of its course already?"""
    if not isinstance(answer.chart, Course):
        return False
    told = {fact.fiscal_year for fact in answer.facts if fact.measure is Measure.TARGET}
    return told >= {point.year for point in answer.chart.series.get(Measure.TARGET, ())}

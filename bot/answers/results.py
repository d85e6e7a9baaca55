"""The figure that a part of a question means, and the answer that a calculated value makes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answer import Answer, Computed, Kind, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.receipts import runners_up
from bot.figures import Row
from data.facts import Fact
from nlp.asked import Asked
from nlp.operands import Figure


def figure_asked(asked: Asked, row: Row) -> Fact | None:
    """The one figure of an indicator that a part of the question means, by its first year and measure."""
    measure = asked.measures[0].measure if asked.measures else None
    period = asked.periods[0].period if asked.periods else None
    return row.number(*row.place(Figure(measure, period)))


def _remarks(context: Context, text: Text, facts: Sequence[Fact]) -> Iterator[str]:
    lines = (*wording.approximate(facts), *wording.interim(facts, context.question.asked_on))
    return (line for line in lines if line not in text.lines)


def result_answer(
    context: Context,
    asked: Asked,
    row: Row,
    receipt: Receipt,
    text: Text,
    computed: Sequence[Computed],
    facts: Sequence[Fact],
) -> Answer:
    """An answer with these computed values, the facts that went into them, and where those stand."""
    return Answer(
        Kind.ANSWER,
        replace(
            text,
            lines=(*text.lines, *_remarks(context, text, facts)),
            receipt=wording.receipt_line(receipt),
            sources=wording.sources_of(context, facts),
        ),
        facts=tuple(facts),
        computed=tuple(computed),
        indicators=(row.indicator,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )

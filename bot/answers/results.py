"""The answer that a calculated value makes."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Answer, Computed, Kind, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.receipts import runners_up
from bot.figures import Row
from data.facts import Fact
from nlp.asked import Asked


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
    places = list(dict.fromkeys(listing.initiative for fact in facts for listing in fact.sources))
    return Answer(
        Kind.ANSWER,
        replace(
            text,
            lines=(*text.lines, *wording.approximate(facts)),
            receipt=wording.receipt_line(receipt),
            sources=wording.sources(places, context.several_plans),
        ),
        facts=tuple(facts),
        computed=tuple(computed),
        indicators=(row.indicator,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )

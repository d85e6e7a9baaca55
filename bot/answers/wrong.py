"""「違う」: takes the answer back and offers what else could have been meant."""

from dataclasses import replace

from bot.answer import Answer, Kind, Text
from bot.answers import choose, wording
from bot.answers.context import Context


def answer(context: Context) -> Answer:
    """Offers the runners-up of the answer before it, which the thread has put into the query; states no figure."""
    asked = context.query.asked[0]
    if asked.fitting:
        offer = choose.answer(context, asked)
        statement = "失礼しました。次の中にお探しの指標はありますか。"
        return replace(offer, text=replace(offer.text, statement=statement), is_courtesy=True)
    statement = "失礼しました。指標の名前と年度を、もう一度入れてください。"
    return Answer(
        Kind.NOT_UNDERSTOOD,
        Text(statement, lines=wording.example_lines(context)),
        is_courtesy=True,
        examples=wording.examples(context),
    )

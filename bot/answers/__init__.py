"""Answers, one module a kind, and the table of which intent goes to which."""

from collections.abc import Callable, Mapping

from bot.answer import Answer
from bot.answers import (
    about,
    calculation,
    claim,
    comparison,
    counting,
    help_text,
    history,
    judging,
    listing,
    lookup,
    not_understood,
    ranking,
    reverse,
    summary,
    thanks,
    wrong,
)
from bot.answers.context import Context
from nlp.intents import Intent

ANSWERS: Mapping[Intent, Callable[[Context], Answer]] = {
    Intent.LOOKUP: lookup.answer,
    Intent.LIST: listing.answer,
    Intent.COUNT: counting.answer,
    Intent.RANKING: ranking.answer,
    Intent.REVERSE: reverse.answer,
    Intent.CALCULATION: calculation.answer,
    Intent.COMPARISON: comparison.answer,
    Intent.CLAIM: claim.answer,
    Intent.ABOUT: about.answer,
    Intent.STATUS: judging.answer,
    Intent.SUMMARY: summary.answer,
    Intent.HISTORY: history.answer,
    Intent.HELP: help_text.answer,
    Intent.THANKS: thanks.answer,
    Intent.WRONG: wrong.answer,
    Intent.OTHER: not_understood.answer,
}

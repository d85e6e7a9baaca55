"""Answers, one module a kind, and the table of which intent goes to which."""

from collections.abc import Callable, Mapping

from bot.answer import Answer
from bot.answers import help_text, lookup, not_understood, thanks, wrong
from bot.answers.context import Context
from nlp.intents import Intent

ANSWERS: Mapping[Intent, Callable[[Context], Answer]] = {
    Intent.LOOKUP: lookup.answer,
    Intent.HELP: help_text.answer,
    Intent.THANKS: thanks.answer,
    Intent.WRONG: wrong.answer,
    Intent.OTHER: not_understood.answer,
}

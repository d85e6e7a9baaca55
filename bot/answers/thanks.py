"""Thanks are answered in kind, and nothing else."""

from bot.answer import Answer, Kind, Text
from bot.answers.context import Context


def answer(context: Context) -> Answer:
    return Answer(Kind.NOT_UNDERSTOOD, Text("どういたしまして。"), is_courtesy=True)

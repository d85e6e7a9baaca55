"""Asking back: several indicators fit equally well."""

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import not_understood, wording
from bot.answers.context import Context
from bot.answers.twins import distinguishing
from bot.knowledge import Target
from data.facts import Indicator
from nlp.asked import Asked

_ASKING = {1: "この指標のことですか。", 2: "どちらの指標ですか。"}
#: More candidates than these make no choice: the question has to say more.
MOST = 6


def unsettled(context: Context) -> Answer | None:
    """The reply where a part of the question fits no indicator, or several; None where each fits one."""
    parts = context.query.asked
    if any(not asked.fitting for asked in parts):
        return not_understood.answer(context)
    several = next((asked for asked in parts if len(asked.fitting) > 1 or asked.is_doubtful), None)
    return answer(context, several) if several else None


def answer(context: Context, asked: Asked) -> Answer:
    """Offers at most six candidates, each with the place that tells it from the others."""
    fitting = [context.target(candidate) for candidate in asked.fitting]
    shown = tuple(fitting[:MOST])
    asking = _ASKING.get(len(shown), "どの指標ですか。")
    lines = [
        f"{number}. {f'{words}: ' if words else ''}{_option(shown[number - 1], context.several_plans)}"
        for number, words in enumerate(distinguishing(context, asked.fitting[:MOST]) if len(shown) > 1 else [""], 1)
    ]
    if len(fitting) > MOST:
        lines.append(f"ほかに{len(fitting) - MOST}件あります。指標の名前をもう少し詳しく入れてください。")
    years = tuple((reading.text, reading.text) for reading in asked.periods)
    return Answer(
        Kind.CHOOSE,
        Text(
            asking if asked.is_doubtful else f"{asking}当てはまるものが{len(fitting)}件あります。", lines=tuple(lines)
        ),
        choices=shown,
        receipt=Receipt(years=years),
    )


def _option(target: Target, with_plan: bool) -> str:
    initiative = target.listings[0].initiative if isinstance(target, Indicator) else target
    place = wording.place(initiative)
    if with_plan:
        place = f"{initiative.plan.title} {place}".strip()
    name = target.name if isinstance(target, Indicator) else f"取組項目「{target.title}」"
    return f"{name} — {place}" if place else name

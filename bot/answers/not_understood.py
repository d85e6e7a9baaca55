"""Nothing in the store answers this: says so, offers what is near as names only, and how to ask."""

from bot.answer import Answer, Kind, Text
from bot.answers import wording
from bot.answers.context import Context

# As many names are offered, and only those that share something with the question.
_NEAREST, _LEAST_SCORE = 3, 0.2


def answer(context: Context) -> Answer:
    """States no figure, whatever the question was."""
    near = [
        context.target(candidate)
        for asked in context.query.asked
        for candidate in asked.candidates
        if candidate.score >= _LEAST_SCORE
    ][:_NEAREST]
    if context.query.asks_many:
        statement = "お尋ねの条件に、読み取れないところがありました。"
        plans = context.knowledge.catalogue.plans
        examples = tuple(f"{plan.last_year.label}の目標が80%以上の指標" for plan in plans[-1:])
        lines: tuple[str, ...] = ("条件を一つずつにするか、言い方を変えてお試しください。",)
    elif near:
        statement = "お尋ねに当たる指標が見つかりませんでした。"
        names = "、".join(f"「{wording.name(target)}」" for target in near)
        lines = (f"名前の近いもの: {names}",)
    else:
        statement, lines = "KPIの計画に載っていることだけお答えできます。", ()
    if not context.query.asks_many:
        examples = wording.examples(context)
    return Answer(
        Kind.NOT_UNDERSTOOD, Text(statement, lines=(*lines, *wording.example_line(examples))), examples=examples
    )

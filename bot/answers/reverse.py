"""From a figure to its indicator: 「640人って何の目標?」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.comparing import of_same_kind
from bot.figures import Row
from bot.quantities import label, plain
from data.facts import Fact, Indicator, Measure
from data.values import Bound
from nlp.amounts import Amount
from nlp.asked import Asked

# As many places as a reader takes in.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Hit:
    row: Row
    facts: tuple[Fact, ...]


def answer(context: Context) -> Answer:
    """Every indicator that has the figure, in the years and of the measure that the question names."""
    asked = context.query.asked[0]
    amount = context.query.amounts[0]
    indicators = [target for target in context.knowledge.targets if isinstance(target, Indicator)]
    rows = context.rows(indicators)
    hits = [Hit(row, facts) for row in rows if (facts := _having(row, amount, asked, context.query.text))]
    written = amount.text
    if not hits:
        elsewhere = [Hit(row, facts) for row in rows if (facts := _anywhere(row, amount))]
        return _not_there(context, amount, elsewhere) if elsewhere else not_found(context, amount)
    listed = [f"・{wording.name(hit.row.indicator)}  {_told(hit.facts)}" for hit in hits]
    if len(hits) == 1:
        name = wording.name(hits[0].row.indicator)
        statement, lead, listed = f"{_told(hits[0].facts)}です。", name, []
    else:
        statement, lead = f"{written}の指標は{len(hits)}件あります。", ""
    facts = tuple(fact for hit in hits for fact in hit.facts)
    return Answer(
        Kind.ANSWER,
        Text(
            statement,
            lead,
            rows=tuple(listed),
            sources=wording.sources_of(context, facts),
        ),
        facts=facts,
        indicators=tuple(hit.row.indicator for hit in hits),
        receipt=Receipt(words=written),
    )


def _anywhere(row: Row, amount: Amount) -> tuple[Fact, ...]:
    return tuple(fact for fact in row.facts.values() if _is(fact, amount))


def _not_there(context: Context, amount: Amount, elsewhere: Sequence[Hit]) -> Answer:
    """The amount does not stand in the years or measures named, but elsewhere in the plan."""
    lines = [f"・{wording.name(hit.row.indicator)}  {_told(hit.facts)}" for hit in elsewhere[:_SHOWN]]
    return Answer(
        Kind.NO_DATA,
        Text(
            f"お尋ねの年度や値の種類に、{amount.text}はありません。ほかのところでは次のとおりです。",
            lines=tuple(lines),
            sources=wording.documents(context, [hit.row for hit in elsewhere[:_SHOWN]]),
        ),
        context_facts=tuple(fact for hit in elsewhere[:_SHOWN] for fact in hit.facts),
        indicators=tuple(hit.row.indicator for hit in elsewhere[:_SHOWN]),
    )


def stands_somewhere(context: Context, amount: Amount) -> bool:
    """Is there a figure in the store that is this amount?"""
    indicators = [target for target in context.knowledge.targets if isinstance(target, Indicator)]
    return any(_is(fact, amount) for row in context.rows(indicators) for fact in row.facts.values())


def not_found(context: Context, amount: Amount) -> Answer:
    """No figure of the store is this amount."""
    statement = f"{plain(amount.value)}{amount.unit}という値は、計画の表に見つかりませんでした。"
    return Answer(
        Kind.NOT_UNDERSTOOD,
        Text(statement, lines=wording.example_lines(context)),
        examples=wording.examples(context),
    )


# What is aimed at is a target.
_ABOUT = re.compile("(?:ほぼ|約|およそ)$")
_AIMED = re.compile("目指|めざ|掲げ|狙")


def _having(row: Row, amount: Amount, asked: Asked, text: str) -> tuple[Fact, ...]:
    """The figures of a row that are this amount."""
    measures = {Measure(reading.measure.value) for reading in asked.measures}
    if not measures:
        measures = {Measure.TARGET} if asked.periods or _AIMED.search(text) else set(Measure)
    years = {year for period in asked.periods for year in row.years(period.period)}
    found = [fact for fact in row.facts.values() if fact.measure in measures and _is(fact, amount)]
    if _ABOUT.search(text[: amount.start]):
        found = [fact for fact in found if fact.cell.bound is Bound.ABOUT]
    if years and not any(fact.measure is Measure.BASELINE for fact in found):
        found = [fact for fact in found if fact.fiscal_year in years]
    return tuple(found)


def _is(fact: Fact, amount: Amount) -> bool:
    cell = fact.cell
    values = [cell.value, *(part.value for part in cell.parts)]
    if amount.value not in [value for value in values if value is not None]:
        return False
    parts = {part.unit for part in cell.parts if part.value == amount.value}
    if cell.value is None:
        return amount.unit in ("", "件", *parts)
    return of_same_kind(amount.unit, fact)


def _told(facts: Sequence[Fact]) -> str:
    """「R4・R5の目標値 930」."""
    by_measure: dict[Measure, list[Fact]] = {}
    for fact in facts:
        by_measure.setdefault(fact.measure, []).append(fact)
    parts = []
    for measure, own in by_measure.items():
        years = "・".join(label(fact).removesuffix("の実績") for fact in own if fact.fiscal_year)
        parts.append(f"{f'{years}の' if years else ''}{wording.MEASURES[measure]} {wording.figure(own[0])}")
    return "、".join(parts)

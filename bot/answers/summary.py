"""The state of many indicators in a year: how many stand where, and the notable ones first."""

from collections.abc import Iterable
from dataclasses import replace

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import cards, regrading, wording
from bot.answers.context import Context
from bot.chart import Counts
from bot.figures import Row, judged_by
from bot.scorecard import Scorecard, scorecard
from bot.selection import scope_name, scope_of, select
from data.scales import SCALES
from nlp.selection import Selection


def answer(context: Context) -> Answer:
    """Counts by status, how many are recorded, and the indicators to look at first with their figures."""
    selection = context.selection
    rows, scope = _scope(context, selection)
    figures = selection.figures
    year = rows[0].years(figures[0].period)[-1] if figures and figures[0].period and rows else None
    card = scorecard(rows, context.question.asked_on, year, SCALES.get(selection.scale or context.query.scale))
    each = tuple(cards.lines(card.judged, card.year)) if selection.each else ()
    details = () if each else tuple(cards.areas(card) if selection.by_area else cards.notable(card))
    text = summed_up(card, scope, context.several_plans, details)
    if each:
        text = replace(text, above=text.lines, rows=each, lines=())
    if not card.judged:
        return Answer(Kind.NO_DATA, text)
    named = [] if selection.by_area else [*card.weak[: cards.WEAK], *card.best[: cards.BEST]]
    shown = list(card.judged) if selection.each else named
    return Answer(
        Kind.ANSWER,
        text,
        facts=tuple(fact for one in shown for fact in judged_by(one.row, card.year)),
        indicators=tuple(one.row.indicator for one in shown),
        statuses=tuple(StatusOf(one.row.indicator, card.year, one.judgement.status) for one in shown),
        status_counts=card.counts,
        chart=Counts(f"{scope}、{card.year.name}の判定", tuple(card.counts.items())),
    )


def _scope(context: Context, selection: Selection) -> tuple[list[Row], str]:
    """The indicators to sum up, and what they are called; with conditions those that fulfil them."""
    if selection.conditions:
        selected = select(context, selection)
        return selected.rows, selected.sentence
    indicators = scope_of(context, selection)
    return context.rows(indicators), scope_name(context, selection) or "計画全体"


def summed_up(card: Scorecard, scope: str, with_plan: bool, details: Iterable[str]) -> Text:
    """The summary of a scope (「計画全体」); `with_plan` names the plans of the sources."""
    if not card.judged:
        return Text(f"{scope}の{wording.year(card.year)}には、目標も実績もありません。")
    places = [listing.initiative for one in card.judged for listing in one.row.indicator.listings]
    return Text(
        f"{scope}の{wording.year(card.year)}の状況です（{card.scale.name}）。",
        cards.counts(card),
        (*state_lines(card), *details),
        sources=wording.document_lines(places, with_plan),
    )


def state_lines(card: Scorecard) -> Iterable[str]:
    """How many results are recorded, and what another scale than the plan's makes of the statuses."""
    yield from cards.recorded(card)
    yield from regrading.lines(card)

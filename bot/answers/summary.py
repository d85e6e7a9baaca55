"""The state of many indicators in a year: how many stand where, and the notable ones first."""

from collections.abc import Iterable

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import cards, regrading, wording
from bot.answers.context import Context
from bot.chart import Counts
from bot.figures import judged_by, rows_of
from bot.scorecard import Scorecard, scorecard
from bot.selection import scope_name, scope_of
from data.scales import SCALES
from nlp.selection import Selection


def answer(context: Context) -> Answer:
    """Counts by status, how many are recorded, and the indicators to look at first with their figures."""
    selection = context.selection
    indicators = scope_of(context, selection)
    rows = rows_of(indicators, context.facts(indicators))
    figures = selection.figures
    year = rows[0].years(figures[0].period)[-1] if figures and figures[0].period and rows else None
    card = scorecard(rows, context.question.asked_on, year, SCALES.get(selection.scale or context.query.scale))
    scope = scope_name(context, selection) or "計画全体"
    if not card.judged:
        return Answer(Kind.NO_DATA, Text(f"{scope}の{wording.year(card.year)}には、目標も実績もありません。"))
    named = [] if selection.by_area else [*card.weak[: cards.WEAK], *card.best[: cards.BEST]]
    shown = list(card.judged) if selection.each else named
    lines = [*cards.recorded(card), *regrading.lines(card), *_details(card, selection)]
    return Answer(
        Kind.ANSWER,
        Text(
            f"{scope}の{wording.year(card.year)}の状況です（{card.scale.name}）。",
            cards.counts(card),
            tuple(lines),
            sources=wording.documents(context, [one.row for one in card.judged]),
        ),
        facts=tuple(fact for one in shown for fact in judged_by(one.row, card.year)),
        indicators=tuple(one.row.indicator for one in shown),
        statuses=tuple(StatusOf(one.row.indicator, card.year, one.judgement.status) for one in shown),
        status_counts=card.counts,
        chart=Counts(f"{scope}、{card.year.name}の判定", tuple(card.counts.items())),
    )


def _details(card: Scorecard, selection: Selection) -> Iterable[str]:
    if selection.each:
        return cards.lines(card.judged, card.year)
    return cards.areas(card) if selection.by_area else cards.notable(card)

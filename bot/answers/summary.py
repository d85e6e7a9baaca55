"""The state of many indicators in a year: how many stand where, and the notable ones first."""

from collections.abc import Iterable
from decimal import Decimal

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import regrading, wording
from bot.answers.context import Context
from bot.chart import Counts
from bot.figures import judged_by, rows_of
from bot.quantities import label_of, plain, rounded
from bot.scorecard import Judged, Scorecard, scorecard
from bot.selection import scope_name, scope_of
from data.fiscal_year import FiscalYear
from data.scales import SCALES
from nlp.selection import Selection

# As many of the weak ones are named, and of the best.
_WEAK, _BEST = 6, 3


def answer(context: Context) -> Answer:
    """Counts by status, how many are recorded, and the indicators to look at first with their figures."""
    selection = context.selection
    indicators = scope_of(context, selection)
    rows = rows_of(indicators, context.facts(indicators))
    figures = selection.figures
    year = rows[0].years(figures[0].period)[-1] if figures and figures[0].period and rows else None
    card = scorecard(rows, context.question.asked_on, year, SCALES.get(selection.scale or context.query.scale))
    scope = scope_name(context, selection) or "計画全体"
    text = summed_up(card, scope, context.several_plans, _details(card, selection))
    if not card.judged:
        return Answer(Kind.NO_DATA, text)
    named = [] if selection.by_area else [*card.weak[:_WEAK], *card.best[:_BEST]]
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


def summed_up(card: Scorecard, scope: str, with_plan: bool, details: Iterable[str]) -> Text:
    """The summary of a scope (「計画全体」); `with_plan` names the plans of the sources."""
    if not card.judged:
        return Text(f"{scope}の{wording.year(card.year)}には、目標も実績もありません。")
    places = [listing.initiative for one in card.judged for listing in one.row.indicator.listings]
    return Text(
        f"{scope}の{wording.year(card.year)}の状況です（{card.scale.name}）。",
        " ／ ".join(f"{status} {count}件" for status, count in card.counts.items()),
        (*state_lines(card), *details),
        sources=wording.documents_behind(places, with_plan),
    )


def _details(card: Scorecard, selection: Selection) -> Iterable[str]:
    if selection.each:
        return _lines(card.judged, card.year)
    return _areas(card) if selection.by_area else notable(card)


def _areas(card: Scorecard) -> Iterable[str]:
    """The counts of each area: 「・4 産業振興（14指標）: 達成 3件 ／ 遅れ 4件」."""
    for area, own in card.areas().items():
        counts = " ／ ".join(f"{status} {count}件" for status, count in own.counts.items())
        yield f"・{' '.join(area.split())}（{len(own.judged)}指標）: {counts}"


def state_lines(card: Scorecard) -> Iterable[str]:
    """How many results are recorded, and what another scale than the plan's makes of the statuses."""
    yield from _recorded(card)
    yield from regrading.lines(card)


def _recorded(card: Scorecard) -> Iterable[str]:
    if not card.recorded:
        yield f"{card.year.name}の実績は、まだ登録されていません（判定の対象は{len(card.judged)}指標）。"
        return
    unfinished = f"（うち{card.unfinished}指標は途中経過）" if card.unfinished else ""
    yield f"判定のある{len(card.judged)}指標のうち、実績が登録されているのは{card.recorded}指標です{unfinished}。"
    if not card.scale.met:
        return
    best = len(card.best)
    share = plain(rounded(Decimal(best) / card.recorded * 100, 1))
    yield f"「{card.scale.best}」は{card.recorded}指標のうち{best}指標（{share}%）です。"


def notable(card: Scorecard) -> Iterable[str]:
    """Those that fell back and those behind first, then the best."""
    weak, best = card.weak, card.best
    if weak:
        more = f"（{len(weak)}指標のうち）" if len(weak) > _WEAK else ""
        yield f"まず見るべきもの{more}:"
        yield from _lines(weak[:_WEAK], card.year)
    if best:
        more = f"（{len(best)}指標のうち）" if len(best) > _BEST else ""
        yield f"「{card.scale.best}」のもの{more}:"
        yield from _lines(best[:_BEST], card.year)


def _lines(judged: Iterable[Judged], year: FiscalYear) -> Iterable[str]:
    for one in judged:
        facts = judged_by(one.row, year)
        figures = "、".join(f"{label_of(fact)} {wording.figure(fact)}" for fact in facts) + wording.unit_note(facts)
        mark = "（途中経過）" if one.is_under_way else ""
        yield f"・{one.judgement.status}{mark} {wording.name(one.row.indicator)}: {figures}"

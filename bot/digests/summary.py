"""The digest of a scope: what changed since the last one, then how the indicators stand."""

from collections.abc import Iterator

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import cards, wording
from bot.digests import news
from bot.digests.scope import scope_name
from bot.digests.situation import Situation
from bot.figures import judged_by
from bot.scorecard import Scorecard, scorecard


def summary(situation: Situation) -> Answer | None:
    """The digest; None where nothing changed since the last one. A first digest is always given."""
    changes = news.compare(situation.before, situation.rows) if situation.before is not None else None
    if changes is not None and not changes:
        return None
    card = scorecard(situation.rows, situation.today)
    notable = [*card.weak[: cards.WEAK], *card.best[: cards.BEST]]
    initiatives = [listing.initiative for one in card.judged for listing in one.row.indicator.listings]
    return Answer(
        Kind.ANSWER,
        Text(
            f"{scope_name(situation.scope)}の状況のお知らせです（{situation.moment}）。",
            lines=(*_news(situation, changes), *_state(card)),
            sources=wording.document_lines(initiatives, situation.with_plan),
        ),
        facts=tuple(fact for one in notable for fact in judged_by(one.row, card.year)),
        context_facts=tuple(news.changed(changes)) if changes else (),
        indicators=tuple(one.row.indicator for one in notable),
        statuses=tuple(StatusOf(one.row.indicator, card.year, one.judgement.status) for one in notable),
        status_counts=card.counts,
    )


def _news(situation: Situation, changes: news.News | None) -> Iterator[str]:
    if changes is None:
        yield "はじめてのお知らせです。次からは、変わったところを先にお伝えします。"
        return
    yield f"{situation.since}: {news.counts(changes)}"
    yield from news.lines(changes, situation.today)


def _state(card: Scorecard) -> Iterator[str]:
    if not card.judged:
        yield f"{wording.year(card.year)}には、目標も実績もありません。"
        return
    yield f"{wording.year(card.year)}の状況（{card.scale.name}）: {cards.counts(card)}"
    yield from cards.recorded(card)
    yield from cards.notable(card)

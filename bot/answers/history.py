"""How an indicator's figures were changed in the store: 「目標はいつ変わった?」, with who did it from which file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.answer import Answer, Kind, Text
from bot.answers import lookup, no_data, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.answers.wanted import asked_years
from bot.naming import place_name
from data.facts import CHANGES, MEASURES, Change, Indicator, Initiative, Measure, Place, Revision
from data.fiscal_year import TOKYO
from nlp.asked import Asked


def answer(context: Context) -> Answer:
    """The changes of the figures asked for, oldest first; asks back where several indicators fit."""
    return lookup.of_each(context, _of_target)


def _of_target(context: Context, asked: Asked) -> Answer:
    target = context.target(asked.fitting[0])
    receipt = replace(read_as(context, asked, target), measures=())
    if isinstance(target, Initiative):
        return no_data.without_indicator(context, target, receipt)
    measures = [Measure(reading.measure.value) for reading in asked.measures] or list(MEASURES)
    years = {year for _, own in asked_years(asked, target) for year in own}
    series = {
        place: revisions
        for place, revisions in _by_place(context, target).items()
        if place[0] in measures and (not years or place[1] in years or place[1] is None)
    }
    changed = [(place, own) for place, own in series.items() if len(own) > 1]
    current = context.rows([target])[0].facts
    what = "・".join(MEASURES[measure] for measure in measures)
    return Answer(
        Kind.ANSWER,
        Text(
            _statement(target, what, series.values(), sum(len(own) - 1 for _, own in changed)),
            lines=tuple(line for place, own in changed for line in _lines(place, own)),
            receipt=wording.receipt_line(receipt),
            sources=wording.sources([listing.initiative for listing in target.listings], context.several_plans),
        ),
        facts=tuple(current[place] for place, _ in changed if place in current and not current[place].cell.absence),
        indicators=(target,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )


def _by_place(context: Context, indicator: Indicator) -> dict[Place, list[Revision]]:
    """The revisions of each place that say something new; several listings of it repeat one another."""
    found: dict[Place, list[Revision]] = {}
    for revision in context.revisions(indicator):
        own = found.setdefault((revision.measure, revision.fiscal_year), [])
        if all(_said(revision) != _said(one) for one in own[-1:]) and not _repeats(revision, own):
            own.append(revision)
    return found


def _repeats(revision: Revision, before: Iterable[Revision]) -> bool:
    """Is it what another listing says of the same change?"""
    return any(one.change == revision.change for one in before)


def _said(revision: Revision) -> str:
    return revision.cell.raw or str(revision.cell.absence or "")


def _statement(indicator: Indicator, what: str, series: Iterable[list[Revision]], changes: int) -> str:
    name = wording.name(indicator)
    first = min((one.change.at for own in series for one in own), default=None)
    if first is None:
        return f"{name}の{what}は、まだ登録されていません。"
    if changes:
        return f"{name}の{what}は、登録されてから{changes}回変わりました。"
    return f"{name}の{what}は、{_day(first)}に登録されてから変わっていません。"


def _lines(place: Place, revisions: list[Revision]) -> Iterable[str]:
    for before, after in pairwise(revisions):
        yield f"・{place_name(place)}: {_said(before)} → {_said(after)}（{_told(after.change)}）"


def _told(change: Change) -> str:
    """「2024年10月3日、鈴木、実績の登録 results.csv」."""
    kind = " ".join(filter(None, (CHANGES.get(change.kind, change.kind), change.file)))
    return f"{_day(change.at)}、{change.by}、{kind}"


def _day(at: datetime) -> str:
    day = at.astimezone(TOKYO)
    return f"{day.year}年{day.month}月{day.day}日"

"""How many: 「KPIは全部でいくつ?」, 「産業振興の指標は何件?」, 「R5の実績が入っているのは何件?」."""

from dataclasses import replace

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import listing, wording
from bot.answers.context import Context
from bot.selection import Selected, count_by_area, initiatives_of, select
from nlp.cues import Thing
from nlp.selection import Selection


def answer(context: Context) -> Answer:
    """The number of indicators, each counted once; of rows or initiatives where the question says so."""
    selection = context.selection
    thing = selection.cues.thing
    if thing is Thing.AREA:
        return listing.answer(context)
    if thing is Thing.INITIATIVE and not selection.conditions:
        return listing.answer(context)
    selected = select(context, selection)
    if missing := listing.without_results(selected):
        return missing
    rows = _listings(selection, selected)
    if selection.cues.with_bare:
        rows += len(initiatives_of(context, replace(selection, cues=replace(selection.cues, without_indicator=True))))
    count = rows if thing is Thing.ROW else len(selected.chosen)
    unit = "行" if thing is Thing.ROW else "件"
    lines = [*_apart(selection, selected, rows), *_by_area(selection, selected), *listing.remarks(selected)]
    return Answer(
        Kind.ANSWER,
        Text(
            f"{selected.sentence}の数です。",
            f"{count}{unit}",
            tuple(lines),
            sources=wording.documents(context, selected.rows),
        ),
        facts=tuple(fact for one in selected.chosen for fact in listing.decisive(selection, one))
        if selection.conditions
        else (),
        indicators=tuple(one.row.indicator for one in selected.chosen),
        count=count,
        receipt=Receipt(words=selection.topic, indicator=selected.sentence),
    )


def _listings(selection: Selection, selected: Selected) -> int:
    """The rows of the table: an indicator that is listed twice has two."""
    areas = set(selection.areas)
    return sum(
        not areas
        or ((place.initiative.area in areas or place.initiative.chapter in areas) is not selection.without_areas)
        for row in selected.rows
        for place in row.indicator.listings
    )


def _apart(selection: Selection, selected: Selected, rows: int) -> list[str]:
    if rows == len(selected.chosen):
        return []
    if selection.cues.thing is Thing.ROW:
        return [f"再掲を1件と数えると{len(selected.chosen)}指標です。"]
    return [f"再掲は1件と数えています（表では{rows}行）。"]


def _by_area(selection: Selection, selected: Selected) -> list[str]:
    """The counts by area, where the scope is more than one."""
    if len(selection.areas) == 1 or len(selected.chosen) < 2:
        return [f"・{wording.name(one.row.indicator)}" for one in selected.chosen] if len(selected.chosen) <= 10 else []
    counts = count_by_area(selected.rows, each_listing=selection.cues.thing is Thing.ROW)
    return ["分野別: " + "、".join(f"{' '.join(area.split())} {count}" for area, count in counts.items())]

"""About an indicator, or the plan: area, unit, source, when it was measured, which way is better, what marks mean."""

from collections.abc import Callable, Mapping, Sequence

from bot.answer import Answer, Kind, Text
from bot.answers import choose, not_understood, wording
from bot.answers.about_plan import meaning, notes, of_plan, plan_years
from bot.answers.context import Context
from bot.figures import Row
from bot.quantities import full_label, label
from data.facts import Direction, Fact, Indicator, Initiative, Measure
from nlp.asked import Asked
from nlp.facets import Facet, FacetReading
from nlp.mentions import Match


def answer(context: Context) -> Answer:
    """What the question wants to know; asks back where several indicators fit."""
    asked, facets = context.query.asked[0], context.query.facets
    is_of_marks = facets[0].facet in (Facet.MEANING, Facet.NOTE)
    if not asked.fitting or (is_of_marks and asked.fitting[0].match is Match.SIMILAR):
        told = of_plan(context, facets)
        return told or not_understood.answer(context)
    if len(asked.fitting) > 1:
        return choose.answer(context, asked)
    target = context.target(asked.fitting[0])
    if isinstance(target, Initiative):
        return _of_initiative(context, target)
    row = context.rows([target])[0]
    told_lines: list[str] = []
    facts: list[Fact] = []
    for reading in facets:
        lines, own = _FACETS[reading.facet](row, reading, asked)
        told_lines += lines
        facts += own
    count = len(target.listings) if any(reading.facet is Facet.LISTINGS for reading in facets) else None
    statement, *rest = told_lines
    is_definition = facets[0].facet is Facet.DEFINITION
    return Answer(
        Kind.NOT_UNDERSTOOD if is_definition else Kind.ANSWER,
        Text(
            statement,
            lines=tuple(rest),
            sources=wording.sources([listing.initiative for listing in target.listings], context.several_plans),
        ),
        facts=tuple(facts),
        indicators=(target,),
        items=_items(target, facets),
        count=count,
    )


def _items(indicator: Indicator, facets: Sequence[FacetReading]) -> tuple[Initiative, ...]:
    """The initiatives, where the question is which ones an indicator stands under."""
    if all(reading.facet is not Facet.PLACE for reading in facets):
        return ()
    return tuple(listing.initiative for listing in indicator.listings)


Told = tuple[list[str], list[Fact]]


def _unit(row: Row, reading: FacetReading, asked: Asked) -> Told:
    name = wording.name(row.indicator)
    units = list(dict.fromkeys(fact.cell.unit for fact in row.facts.values() if fact.cell.unit))
    unit = row.indicator.unit or (units[0] if units else "")
    if len(units) > 1:
        return [f"{name}の単位は、表の値では{'と'.join(f'「{one}」' for one in units)}です。"], []
    if unit:
        return [f"{name}の単位は「{unit}」です。"], []
    return [f"{name}の単位は、計画の表に書かれていません（値は数だけです）。"], []


def _place(row: Row, reading: FacetReading, asked: Asked) -> Told:
    name = wording.name(row.indicator)
    places = [listing.initiative for listing in row.indicator.listings]
    if len(places) > 1:
        return [
            f"{name}は、次の取組項目の指標です。",
            *(f"・{one.chapter}、{wording.place(one)}" for one in places),
        ], []
    place = places[0]
    title = " ".join(filter(None, (place.number, place.title)))
    area = f"分野は「{' '.join(place.area.split())}」、" if place.area else ""
    lines = [f"{name}は、取組項目「{title}」の指標です。", f"{area}章は「{place.chapter}」です。"]
    return lines, []


def _source(row: Row, reading: FacetReading, asked: Asked) -> Told:
    plan = row.indicator.plan
    document = f"{plan.document}「{plan.title}」" if plan.document else f"「{plan.title}」"
    lines = [f"{wording.name(row.indicator)}は、{document}に載っています。"]
    for one in row.indicator.listings:
        place = "、".join(filter(None, (one.initiative.chapter, wording.place(one.initiative))))
        lines.append(f"・{place}（元の文書の{one.line}行目）")
    return lines, []


def _measured(row: Row, reading: FacetReading, asked: Asked) -> Told:
    name = wording.name(row.indicator)
    years = {year for period in asked.periods for year in row.years(period.period)}
    measures = {Measure(one.measure.value) for one in asked.measures}
    if not measures:
        measures = (
            {Measure.ACTUAL}
            if years and any(f.measure is Measure.ACTUAL for f in row.facts.values())
            else {Measure.BASELINE}
        )
    facts = [
        fact
        for fact in row.facts.values()
        if fact.measure in measures
        and fact.cell.absence is None
        and (not years or fact.fiscal_year in years or fact.fiscal_year is None)
    ]
    if not facts:
        return [f"{name}には、お尋ねの値の記載がありません。"], []
    dated = [fact for fact in facts if fact.cell.as_of]
    if dated:
        return [
            f"{name}の{full_label(fact)} {wording.figure(fact)} は、{fact.cell.as_of}の値です。" for fact in dated
        ], dated
    what = "・".join(dict.fromkeys(full_label(fact) for fact in facts))
    note = "、".join(dict.fromkeys(fact.cell.note for fact in facts if fact.cell.note))
    lines = [f"{name}の{what}がいつ時点のものかは、記載がありません。"]
    return lines + ([f"備考: {note}"] if note else []), []


def _direction(row: Row, reading: FacetReading, asked: Asked) -> Told:
    name = wording.name(row.indicator)
    is_rate = any(fact.cell.unit == "%" for fact in row.facts.values())
    lower = row.improves is Direction.LOWER
    better = ("低い" if is_rate else "少ない") if lower else ("高い" if is_rate else "多い")
    targets = row.numbers(Measure.TARGET)
    facts = [fact for fact in (row.baseline, targets[-1] if targets else None) if fact]
    declared = row.indicator.direction is not None
    if declared:
        why = "計画の「方向」の欄によります。"
    elif len(facts) == 2 and facts[0].cell.value != facts[1].cell.value:
        one, other = (f"{label(fact)} {wording.figure(fact)}" for fact in facts)
        why = f"{one} から {other} へ向かう計画だからです。"
    else:
        why = "計画の値からは読み取れないため、一般の指標と同じに扱っています。"
    lines = [f"{name}は、{better}ほど良い指標です。", why]
    if any((fact.cell.value or 0) < 0 for fact in facts):
        lines.append("負の値なので、0に近づくほど良いことになります。")
    return lines, []


def _owner(row: Row, reading: FacetReading, asked: Asked) -> Told:
    owners = list(dict.fromkeys(listing.owner for listing in row.indicator.listings if listing.owner))
    name = wording.name(row.indicator)
    if owners:
        return [f"{name}の担当課は{'、'.join(owners)}です。"], []
    return [f"{name}の担当課は、計画の表に書かれていません。"], []


def _listings(row: Row, reading: FacetReading, asked: Asked) -> Told:
    places = [listing.initiative for listing in row.indicator.listings]
    lines = [f"{wording.name(row.indicator)}は、計画の表に{len(places)}か所（{len(places)}行）載っています。"]
    return lines + ([f"・{one.chapter}、{wording.place(one)}" for one in places] if len(places) > 1 else []), []


def _name(row: Row, reading: FacetReading, asked: Asked) -> Told:
    return [f"正式な名称は「{row.indicator.name}」です。"], []


def _years(row: Row, reading: FacetReading, asked: Asked) -> Told:
    return [plan_years(row.indicator.plan)], []


def _meaning(row: Row, reading: FacetReading, asked: Asked) -> Told:
    lines = [meaning(reading.word)]
    having = [
        fact
        for fact in row.facts.values()
        if reading.word in (fact.cell.raw.strip(), *(part.label for part in fact.cell.parts))
        or (len(reading.word) > 1 and reading.word in fact.cell.raw)
    ]
    if having:
        lines.append("この指標では: " + "、".join(f"{label(fact)} {wording.figure(fact)}" for fact in having))
    return lines, having if all(fact.cell.absence is None for fact in having) else []


def _note(row: Row, reading: FacetReading, asked: Asked) -> Told:
    return notes(row.indicator.plan.notes), []


def _remark(row: Row, reading: FacetReading, asked: Asked) -> Told:
    """What stands beside the figures: 「暫定」, 「R6.9月末時点」, 「164名込み」."""
    years = {year for period in asked.periods for year in row.years(period.period)}
    measures = {Measure(one.measure.value) for one in asked.measures}
    facts = [
        fact
        for fact in row.facts.values()
        if (fact.cell.note or fact.cell.as_of)
        and (not measures or fact.measure in measures)
        and (not years or fact.fiscal_year in years)
    ]
    name = wording.name(row.indicator)
    remarks = list(dict.fromkeys(listing.remark for listing in row.indicator.listings if listing.remark))
    lines = []
    for fact in facts:
        told = "、".join(filter(None, (fact.cell.note, fact.cell.as_of)))
        lines.append(f"{name}の{full_label(fact)} {wording.figure(fact)} の備考: {told}")
    lines += [f"{name}の備考: {remark}" for remark in remarks]
    return lines or [f"{name}のお尋ねの値に、備考はありません。"], facts


def _definition(row: Row, reading: FacetReading, asked: Asked) -> Told:
    lines, _ = _place(row, reading, asked)
    return ["言葉の説明は計画に載っていません。", *lines], []


_FACETS: Mapping[Facet, Callable[[Row, FacetReading, Asked], Told]] = {
    Facet.UNIT: _unit,
    Facet.PLACE: _place,
    Facet.SOURCE: _source,
    Facet.MEASURED: _measured,
    Facet.DIRECTION: _direction,
    Facet.OWNER: _owner,
    Facet.LISTINGS: _listings,
    Facet.NAME: _name,
    Facet.MEANING: _meaning,
    Facet.YEARS: _years,
    Facet.NOTE: _note,
    Facet.REMARK: _remark,
    Facet.DEFINITION: _definition,
}


def _of_initiative(context: Context, initiative: Initiative) -> Answer:
    """An initiative without KPI has a place and nothing else."""
    return Answer(
        Kind.ANSWER,
        Text(
            f"「{initiative.title}」は、{initiative.chapter}、{wording.place(initiative)}にあります。KPIの記載はありません。",
            sources=wording.sources([initiative], context.several_plans),
        ),
        items=(initiative,),
    )

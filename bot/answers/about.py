"""About an indicator, or the plan: area, unit, source, when it was measured, which way is better, what marks mean."""

from collections.abc import Callable, Mapping, Sequence

from bot.answer import Answer, Kind, Text
from bot.answers import choose, not_understood, wording
from bot.answers.context import Context
from bot.figures import Row, rows_of
from bot.quantities import label
from data.facts import Direction, Fact, Indicator, Initiative, Measure, Plan
from nlp.asked import Asked
from nlp.facets import Facet, FacetReading, is_of_plan
from nlp.indicators import Match


def answer(context: Context) -> Answer:
    """What the question wants to know; asks back where several indicators fit."""
    asked, facets = context.query.asked[0], context.query.facets
    is_of_marks = facets[0].facet in (Facet.MEANING, Facet.NOTE)
    if not asked.fitting or (is_of_marks and asked.fitting[0].match is Match.SIMILAR):
        told = _of_plan(context, facets)
        return told or not_understood.answer(context)
    if len(asked.fitting) > 1:
        return choose.answer(context, asked)
    target = context.target(asked.fitting[0])
    if isinstance(target, Initiative):
        return _of_initiative(context, target)
    row = rows_of([target], context.facts([target]))[0]
    told_lines: list[str] = []
    facts: list[Fact] = []
    for reading in facets:
        lines, own = _FACETS[reading.facet](row, reading, asked)
        told_lines += lines
        facts += own
    count = len(target.listings) if any(reading.facet is Facet.LISTINGS for reading in facets) else None
    statement, *rest = told_lines
    return Answer(
        Kind.ANSWER,
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
            f"{name}の{_what(fact)} {wording.figure(fact)} は、{fact.cell.as_of}の値です。" for fact in dated
        ], dated
    what = "・".join(dict.fromkeys(_what(fact) for fact in facts))
    note = "、".join(dict.fromkeys(fact.cell.note for fact in facts if fact.cell.note))
    lines = [f"{name}の{what}がいつ時点のものかは、記載がありません。"]
    return lines + ([f"備考: {note}"] if note else []), []


def _what(fact: Fact) -> str:
    return label(fact) if fact.measure is not Measure.TARGET else f"{label(fact)}の目標"


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
    return [_plan_years(row.indicator.plan)], []


def _meaning(row: Row, reading: FacetReading, asked: Asked) -> Told:
    lines = [MEANINGS[_KEYS.get(reading.word, reading.word)]]
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
    return _notes(row.indicator.plan.notes), []


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
    lines = [
        f"{name}の{_what(fact)} {wording.figure(fact)} の備考: {'、'.join(filter(None, (fact.cell.note, fact.cell.as_of)))}"
        for fact in facts
    ]
    lines += [f"{name}の備考: {remark}" for remark in remarks]
    return lines or [f"{name}のお尋ねの値に、備考はありません。"], facts


def _definition(row: Row, reading: FacetReading, asked: Asked) -> Told:
    lines, facts = _place(row, reading, asked)
    return [*lines, "言葉の説明は計画に載っていません。"], facts


def _notes(notes: Sequence[str]) -> list[str]:
    if not notes:
        return ["計画に注記はありません。"]
    return ["計画には、次の注記があります。", *(f"・{note}" for note in notes)]


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

_KEYS = {
    "スラッシュ": "/",
    "ハイフン": "-",
    "横棒": "-",
    "米印": "※",
    "注": "※",
    "注記": "※",
    "込": "込み",
    "①②": "①",
    "②": "①",
}
#: What marks and words of a plan's table mean (data/values.py reads them so).
MEANINGS = {
    "累計": "「累計」は、始めの年度からその年度までを足し上げた値です。年度どうしを足すと重複します。",
    "/": "「/」は、その年度に目標の設定がないことを表します（設定なし）。空欄や0とは別に扱います。",
    "-": "「-」は、値の設定や記載がないことを表します（設定なし）。空欄や0とは別に扱います。",
    "※": "「※」は計画の注記です。",
    "ほぼ": "「ほぼ」は、その数に近い値を目指すという書き方です。ちょうどの値としては扱いません。",
    "以上": "「以上」は、その値かそれより大きい値を目指すという書き方です。",
    "再掲": "「再掲」は、同じ指標が複数の取組項目に載っていることです。1件と数えます。",
    "①": "「①」「②」は、一つの行に書かれた二つの指標です。それぞれ別の値として読みます。",
    "込み": "「込み」は、その値に別の数も含まれているという書き方です。計画に内訳は書かれていません。",
}


def _of_plan(context: Context, facets: Sequence[FacetReading]) -> Answer | None:
    """What can be said without an indicator: marks, notes, years, the document of the plans themselves."""
    query = context.query
    if any(word.can_be_asked for word in query.asked[0].words) and not is_of_plan(query.text, facets[0].facet):
        return None
    plans = context.knowledge.catalogue.plans
    lines: list[str] = []
    for reading in facets:
        if reading.facet is Facet.MEANING:
            lines.append(MEANINGS[_KEYS.get(reading.word, reading.word)])
            if _KEYS.get(reading.word, reading.word) == "※":
                lines += [line for plan in plans for line in _notes(plan.notes)]
        elif reading.facet in (Facet.NOTE, Facet.REMARK):
            lines += [line for plan in plans for line in _notes(plan.notes)]
        elif reading.facet is Facet.YEARS:
            lines += [_plan_years(plan) for plan in plans]
        elif reading.facet is Facet.NAME and "計画" in context.query.text:
            lines += [f"計画の正式な名称は「{plan.title}」です。" for plan in plans]
        elif reading.facet is Facet.SOURCE:
            lines += [f"数字はすべて、{plan.document}「{plan.title}」の表によります。" for plan in plans]
    if not lines:
        return None
    return Answer(
        Kind.ANSWER,
        Text(
            lines[0],
            lines=tuple(dict.fromkeys(lines[1:])),
            sources=wording.documents_of(context, context.knowledge.catalogue.initiatives[:1]),
        ),
    )


def _plan_years(plan: Plan) -> str:
    return f"「{plan.title}」の目標は、{wording.years([plan.first_year, plan.last_year]).replace('・', '〜')}です。"


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

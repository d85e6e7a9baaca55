"""Lists: 「産業振興のKPI一覧」, 「R7の目標が80%以上の指標」, 「KPIがない取組項目」."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answer import Answer, Kind, Receipt, StatusOf, Text
from bot.answers import reverse, wording
from bot.answers.context import Context
from bot.figures import Row, is_interim
from bot.quantities import MEASURED, full_label, label, share_of
from bot.quantities import told as amount_told
from bot.selection import Chosen, Selected, initiatives_of, scope_name, select
from data.facts import Fact, Initiative
from data.scales import Status
from nlp.amounts import Amount
from nlp.criteria import Compared, Comparison, Judged
from nlp.cues import Thing
from nlp.selection import Selection

#: Longer lists are shown up to here, and the reply says how many more there are.
MOST = 100
# From so many on a list is grouped by area.
_GROUPED = 6


def answer(context: Context) -> Answer:
    """All indicators (or initiatives) that a question means, each with the figures that decided."""
    selection = context.selection
    if selection.cues.thing is Thing.AREA:
        return _areas(context, selection)
    if selection.cues.thing is Thing.INITIATIVE and not selection.conditions:
        return _initiatives(context, selection)
    selected = select(context, selection)
    if not selected.chosen and (amount := _sought_amount(selection)) and not reverse.stands_somewhere(context, amount):
        return reverse.not_found(context, amount)
    if missing := without_results(selected):
        return missing
    bare = _bare(context, selection)
    facts = tuple(fact for one in selected.chosen for fact in decisive(selection, one))
    return Answer(
        Kind.ANSWER,
        Text(
            f"{selected.sentence}は{len(selected.chosen)}件です。"
            if selected.chosen
            else f"{selected.sentence}はありません。",
            rows=tuple(_rows(context, selection, selected.chosen)),
            lines=(
                *_more(selected.chosen),
                *(f"・「{wording.place(one)}」には、KPIの記載がありません。" for one in bare),
                *_near(context, selection),
                *_worse(context, selected),
                *remarks(selected),
            ),
            sources=wording.documents(context, selected.rows),
        ),
        facts=facts,
        indicators=tuple(one.row.indicator for one in selected.chosen),
        items=tuple(bare),
        statuses=statuses_of(selected.chosen),
        receipt=Receipt(words=selection.topic, indicator=selected.sentence),
    )


def without_results(selected: Selected) -> Answer | None:
    """Where not one of the results that were asked for is recorded there is nothing to choose from."""
    missing = [one for one in selected.unrecorded if one.count == one.of]
    if not missing:
        return None
    return Answer(
        Kind.NO_DATA,
        Text(missing[0].sentence, lines=("登録されると、お答えできます。",)),
        receipt=Receipt(indicator=selected.sentence),
    )


def _bare(context: Context, selection: Selection) -> list[Initiative]:
    """The initiatives without KPI among what was named by number or title."""
    targets = [context.knowledge.targets[entry] for entry in selection.entries]
    return [] if selection.conditions else [target for target in targets if isinstance(target, Initiative)]


def _near(context: Context, selection: Selection) -> list[str]:
    """「「5 健康・医療・福祉」全体の指標は8件です」, where the topic stands in an area's title too."""
    lines = []
    for area in selection.near:
        whole = select(context, Selection(selection.cues, areas=(area,)))
        all_of_it = f"分野「{' '.join(area.split())}」全体の指標は{len(whole.chosen)}件です"
        lines.append(f"{all_of_it}（「{selection.topic}分野の指標」で一覧にします）。")
    return lines


def _worse(context: Context, selected: Selected) -> list[str]:
    """「ほかに「後退」が5件あります」: who asks for what is behind must hear of what fell back."""
    tests = [test for one in selected.selection.conditions for test in one.tests if isinstance(test, Judged)]
    if [test.statuses for test in tests] != [(Status.BEHIND,)]:
        return []
    conditions = tuple(
        replace(one, tests=tuple(replace(t, statuses=(Status.WORSE,)) if t in tests else t for t in one.tests))
        for one in selected.selection.conditions
    )
    worse = select(context, replace(selected.selection, conditions=conditions)).chosen
    return [f"ほかに、基準値より悪くなった「{Status.WORSE}」が{len(worse)}件あります。"] if worse else []


def statuses_of(chosen: Sequence[Chosen]) -> tuple[StatusOf, ...]:
    """The statuses that decided a condition."""
    return tuple(outcome.status for one in chosen for outcome in one.outcomes if outcome.status)


def _sought_amount(selection: Selection) -> Amount | None:
    """The amount where a selection only asks whose figure it is: 「目標が640の指標」."""
    if selection.is_scoped or len(selection.conditions) != 1:
        return None
    test = selection.conditions[0].tests[0]
    if not isinstance(test, Compared) or test.comparison is not Comparison.EQUAL:
        return None
    return test.other if isinstance(test.other, Amount) else None


def decisive(selection: Selection, one: Chosen) -> tuple[Fact, ...]:
    """The facts that decided a condition, else those of the years asked for."""
    facts = [fact for outcome in one.outcomes for fact in outcome.facts]
    if not facts:
        for figure in selection.figures:
            if figure.period:
                measure, _ = one.row.place(figure)
                facts += [f for year in one.row.years(figure.period) if (f := one.row.facts.get((measure, year)))]
            elif figure.measure:
                facts += [f for f in [one.row.facts.get(one.row.place(figure))] if f]
    return tuple(dict.fromkeys(fact for fact in facts if fact.cell.absence is None))


def _rows(context: Context, selection: Selection, chosen: Sequence[Chosen]) -> list[str]:
    """A line each; long lists by area with the counts first."""
    shown, today = chosen[:MOST], context.question.asked_on
    if len(shown) < _GROUPED:
        return [f"・{_line(selection, one, today)}" for one in shown]
    groups: dict[str, list[Chosen]] = {}
    for one in shown:
        groups.setdefault(_area(one.row, selection), []).append(one)
    rows: list[str] = []
    for area, own in groups.items():
        rows.append(f"{area}（{len(own)}件）")
        rows += [f"・{_line(selection, one, today)}" for one in own]
    return rows


def _more(chosen: Sequence[Chosen]) -> list[str]:
    """A word about it where a list is cut."""
    more = len(chosen) - MOST
    return [f"ほかに{more}件あります。分野や条件で絞ってください。"] if more > 0 else []


def _area(row: Row, selection: Selection) -> str:
    places = [listing.initiative for listing in row.indicator.listings]
    place = next((p for p in places if p.area in selection.areas or p.chapter in selection.areas), places[0])
    return " ".join((place.area or place.chapter).split())


def _line(selection: Selection, one: Chosen, today: date) -> str:
    """「チャットボット満足度 R7 64%（3(6)イ AIの活用 …）」."""
    facts = decisive(selection, one)
    called = label if len({fact.measure for fact in facts}) < 2 else full_label
    figures = "、".join(f"{called(fact)} {wording.figure(fact)}" for fact in facts)
    values = "、".join(f"{o.computed.formula}" for o in one.outcomes if o.computed)
    name = wording.name(one.row.indicator)
    told = values or figures
    mark = "（途中経過）" if any(is_interim(fact, today) for fact in facts) else ""
    states = "".join(f"【{status.status}】" for status in statuses_of([one])) + mark
    return f"{states}{name}{f'  {told}' if told else ''}{_progress(one)}{_where(selection, one)}"


def _progress(one: Chosen) -> str:
    """「（進捗率 75%）」 beside a status that it decides."""
    years = [status.year for status in statuses_of([one])]
    shares = [computed for year in years if (computed := share_of(one.row, year))]
    return "".join(f"（{MEASURED[share.operation]} {amount_told(share)}）" for share in shares)


def _where(selection: Selection, one: Chosen) -> str:
    """「（デジタル県庁等、2(3) オープンデータの充実）」 where places of the plan were named."""
    if not selection.by_place:
        return ""
    places = dict.fromkeys(
        (place.initiative.chapter, wording.place(place.initiative)) for place in one.row.indicator.listings
    )
    return "（" + "／".join("、".join(filter(None, place)) for place in places) + "）"


def remarks(selected: Selected) -> list[str]:
    """What was passed over, and what could not be told."""
    lines = [f"{kind}は単位が違うので対象外です。" for kind in selected.leaves_out]
    lines += [one.sentence for one in selected.unrecorded]
    reasons = {why for _, why in selected.aside}
    if len(selected.aside) > 5 and len(reasons) == 1:
        return [*lines, f"{len(selected.aside)}件は、{reasons.pop()}ため含めていません。"]
    lines += [f"「{wording.name(row.indicator)}」は、{why}ため含めていません。" for row, why in selected.aside[:5]]
    if len(selected.aside) > 5:
        lines.append(f"ほかに{len(selected.aside) - 5}件が、値からは決められないため、含まれていません。")
    return lines


def _initiatives(context: Context, selection: Selection) -> Answer:
    found = initiatives_of(context, selection)
    scope = scope_name(context, selection)
    without = "KPIの記載がない" if selection.cues.without_indicator else ""
    sentence = f"{scope}の{without}取組項目" if scope else f"{without or 'すべての'}取組項目"
    return Answer(
        Kind.ANSWER,
        Text(
            f"{sentence}は{len(found)}件です。" if found else f"{sentence}はありません。",
            rows=tuple(f"・{wording.place(one)}" for one in found[:MOST]),
            lines=((f"ほかに{len(found) - MOST}件あります。",) if len(found) > MOST else ())
            + (notes(found) if without else ()),
            sources=wording.documents_of(context, found),
        ),
        items=tuple(found),
        count=len(found) if selection.cues.counts else None,
    )


def notes(initiatives: Sequence[Initiative]) -> tuple[str, ...]:
    """The plan's own notes on KPIs."""
    found = dict.fromkeys(note for one in initiatives for note in one.plan.notes if "KPI" in note.replace(" ", ""))
    return tuple(f"計画の注記: {note}" for note in found)


def areas_of(context: Context, selection: Selection) -> list[tuple[str, int, int]]:
    """The areas of a selection's scope with how many initiatives and indicators each has, in the plan's order."""
    initiatives: dict[str, int] = {}
    for one in initiatives_of(context, selection):
        initiatives[one.area] = initiatives.get(one.area, 0) + 1
    indicators: dict[str, int] = {}
    for indicator in context.knowledge.catalogue.indicators:
        for area in {listing.initiative.area for listing in indicator.listings}:
            indicators[area] = indicators.get(area, 0) + 1
    return [(area, count, indicators.get(area, 0)) for area, count in initiatives.items() if area]


def _areas(context: Context, selection: Selection) -> Answer:
    areas = areas_of(context, selection)
    scope = scope_name(context, selection)
    return Answer(
        Kind.ANSWER,
        Text(
            f"{f'{scope}の' if scope else ''}分野は{len(areas)}あります。",
            rows=tuple(f"・{' '.join(area.split())}（取組項目{items}、指標{count}）" for area, items, count in areas),
            sources=wording.documents_of(context, context.knowledge.catalogue.initiatives),
        ),
        count=len(areas) if selection.cues.counts else None,
    )

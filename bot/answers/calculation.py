"""Arithmetic over an indicator's figures: 「R4からR6で何%減る?」, 「年平均では?」, 「4年間の合計」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Answer, Computed, Kind, Receipt, Text
from bot.answers import choose, lookup, not_understood, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.figures import Row, rows_of
from bot.quantities import POINTS, Undefined, between, compute, ends, label, plain, shown, total
from data.facts import Aggregation, Fact, Indicator, Measure
from nlp.asked import Asked
from nlp.measures import Measure as NamedMeasure
from nlp.operands import Change, Figure, Operation
from nlp.periods import Period


def answer(context: Context) -> Answer:
    """The result with its formula; asks back where several indicators fit."""
    parts = context.query.asked
    if any(not asked.fitting for asked in parts):
        return not_understood.answer(context)
    if several := next((asked for asked in parts if len(asked.fitting) > 1), None):
        return choose.answer(context, several)
    targets = [context.target(asked.fitting[0]) for asked in parts]
    indicators = [target for target in targets if isinstance(target, Indicator)]
    if len(indicators) < len(targets):
        return lookup.answer(context)
    rows = rows_of(indicators, context.facts(indicators))
    if len(rows) > 1:
        return _of_two(context, rows)
    return _of_one(context, parts[0], rows[0])


def _of_one(context: Context, asked: Asked, row: Row) -> Answer:
    calculation = context.query.calculation
    assert calculation is not None
    receipt = read_as(context, asked, row.indicator)
    if calculation.operation in (Operation.SUM, Operation.AVERAGE):
        return _over_years(context, asked, row, receipt)
    change = _change(context, asked, row)
    result = compute(change, row)
    if isinstance(result, Undefined):
        return _undefined(context, row, change, result, receipt)
    beside = _beside(calculation.operation, result)
    start, end = result.facts
    lead, statement = _said(result, row)
    return _answer(
        context,
        asked,
        row,
        receipt,
        Text(statement, lead, (result.formula, *(f"{_TOLD[one.operation]}は {one.formula}" for one in beside))),
        (result, *beside),
        (start, end),
    )


_TOLD = {"difference": "差", "growth_rate": "率", "ratio": "倍率", "per_year": "1年当たり"}


def _change(context: Context, asked: Asked, row: Row) -> Change:
    """The change asked for; one year alone goes from the baseline, or from the year before where the words say so."""
    calculation = context.query.calculation
    assert calculation is not None
    start, end = calculation.start, calculation.end
    if end is None and asked.periods:
        # Years that came from the thread.
        years = [Period(year, year) for reading in asked.periods for year in row.years(reading.period)]
        measure = next((m.measure for m in asked.measures if m.measure is not NamedMeasure.BASELINE), None)
        start = Figure(measure, years[0]) if start is None and len(years) > 1 else start
        end = Figure(measure, years[-1])
    if start is None and end is not None and end.measure is None and asked.measures:
        end = replace(end, measure=asked.measures[-1].measure)
    if end is not None and end.measure is NamedMeasure.BASELINE:
        end = None
    if calculation.before and start is None:
        year = row.place(end or Figure())[1]
        if year is not None:
            before = year.plus(-1)
            if before >= row.indicator.plan.first_year:
                start = Figure(end.measure if end else None, Period(before, before))
    if start is None and row.baseline is None:
        figures = row.numbers(row.place(end or Figure())[0])
        if figures and figures[0].fiscal_year:
            start = Figure(end.measure if end else None, Period(figures[0].fiscal_year, figures[0].fiscal_year))
    return Change(calculation.operation, start, end)


def _beside(operation: Operation, result: Computed) -> list[Computed]:
    """What a reader wants beside the result: the rate beside a difference, points beside a rate of percents."""
    start, end = result.facts
    wanted = {Operation.DIFFERENCE: Operation.GROWTH_RATE, Operation.GROWTH_RATE: Operation.DIFFERENCE}.get(operation)
    if wanted is None:
        return []
    other = between(wanted, start, end)
    return [other] if isinstance(other, Computed) else []


def _said(result: Computed, row: Row) -> tuple[str, str]:
    """The lead and the sentence: 「31.8ポイント」, 「…は、基準値からR7にかけて上がる計画です」."""
    start, end = result.facts
    name = wording.name(row.indicator)
    span = f"{label(start)}から{label(end)}"
    is_plan = end.measure is not Measure.ACTUAL
    if result.operation == Operation.RATIO.value:
        return f"{plain(result.value)}倍", f"{name}、{label(end)}は{label(start)}の{plain(result.value)}倍です。"
    amount = f"{shown(abs(result.value), result.facts)}{result.unit}"
    verb = "増える" if result.value > 0 else "減る" if result.value < 0 else ""
    if result.unit in (POINTS,):
        verb = "上がる" if result.value > 0 else "下がる" if result.value < 0 else ""
    if not verb:
        return f"{amount}", f"{name}は、{span}まで変わりません。"
    done = (
        "計画です"
        if is_plan
        else {"増える": "増えました", "減る": "減りました", "上がる": "上がりました", "下がる": "下がりました"}[verb]
    )
    if is_plan:
        done = f"{verb}計画です"
    a_year = "1年当たりで、" if result.operation == Operation.PER_YEAR.value else ""
    return amount, f"{name}は、{span}にかけて{a_year}{done}。"


def _undefined(context: Context, row: Row, change: Change, result: Undefined, receipt: Receipt) -> Answer:
    """Why there is no such value, and what can be said instead: the difference where only the rate is undefined."""
    found = ends(change, row)
    if isinstance(found, Undefined):
        missing = lookup.answer(context)
        if missing.kind is Kind.NO_DATA:
            return missing
        return Answer(
            Kind.NO_DATA,
            Text(
                f"{wording.name(row.indicator)}: {result.why}",
                receipt=wording.receipt_line(receipt),
                sources=wording.documents(context, [row]),
            ),
            context_facts=tuple(fact for fact in row.facts.values() if fact.cell.absence is None),
            indicators=(row.indicator,),
            receipt=receipt,
        )
    difference = between(Operation.DIFFERENCE, *found)
    computed = (difference,) if isinstance(difference, Computed) else ()
    return Answer(
        Kind.ANSWER,
        Text(
            f"{wording.name(row.indicator)}: {result.why}",
            lines=tuple(f"差は {one.formula} です。" for one in computed),
            receipt=wording.receipt_line(receipt),
            sources=wording.documents(context, [row]),
        ),
        facts=found,
        computed=computed,
        indicators=(row.indicator,),
        receipt=receipt,
    )


# What happens or is counted anew every year, by the words of a name; what stands, grows or is a rate is not.
_YEARLY = re.compile(
    r"/年|／年|年間|年次|回数|(?:来館|来場|来訪|閲覧|参加|体験|受講|実施|入込客?)者?数|閲覧件数|アクセス数|ページビュー|pv数|購入量|成立件数|発表件数|利用件数|事業数|使用量|排出量|発生件数|新規",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"累計|累積|総フォロワー|登録者?数|登録件数|登録者|市町村数|施設数|団体数|経営体数|設置数|導入(?:施設|校)?数|種類|接続数|就労者数|満足度|差額|平均|割合|率"
)


def why_not_summed(row: Row) -> str:
    """Why the years of an indicator do not add up, "" where they do (集計, else its unit and name)."""
    name, aggregation = row.indicator.name, row.indicator.aggregation
    cells = [fact.cell for fact in row.facts.values()]
    if aggregation is Aggregation.YEARLY or any(part.label == "累計" for cell in cells for part in cell.parts):
        return ""
    if aggregation is Aggregation.CUMULATIVE or re.search("累計|累積|総フォロワー", name):
        return "累計の値なので、年度どうしを足すと重複します。最後の年度の値が全体です。"
    if any(cell.unit == "%" for cell in cells):
        return "割合なので、年度どうしを足しても意味のある値になりません。"
    if aggregation is Aggregation.POINT or _STANDING.search(name):
        return "その時点の値なので、年度どうしを足すと重複します。"
    if _YEARLY.search(name):
        return ""
    return "年度ごとの値か累計かが計画に書かれていないので、合計していません。"


def _over_years(context: Context, asked: Asked, row: Row, receipt: Receipt) -> Answer:
    """Sum or average over the years asked for, all of the plan where none is."""
    calculation = context.query.calculation
    assert calculation is not None
    measure = next(
        (Measure(m.measure.value) for m in asked.measures if m.measure is not NamedMeasure.BASELINE), Measure.TARGET
    )
    years = {year for reading in asked.periods for year in row.years(reading.period)}
    facts = [fact for fact in row.numbers(measure) if not years or fact.fiscal_year in years]
    if calculation.operation is Operation.SUM and (why := why_not_summed(row)):
        return Answer(
            Kind.ANSWER,
            Text(
                f"{wording.name(row.indicator)}は、{why}",
                lines=("各年度の値: " + " → ".join(f"{label(fact)} {wording.figure(fact)}" for fact in facts),),
                receipt=wording.receipt_line(receipt),
                sources=wording.documents(context, [row]),
            ),
            facts=tuple(facts),
            indicators=(row.indicator,),
            receipt=receipt,
        )
    if len(facts) < 2:
        return lookup.answer(context)
    result = total(facts, calculation.operation)
    what = "合計" if calculation.operation is Operation.SUM else "平均"
    missing = sorted(years - {fact.fiscal_year for fact in facts if fact.fiscal_year})
    lines = [result.formula]
    if missing:
        lines.append(f"{wording.years(missing)}は値がないので、含めていません。")
    statement = f"{wording.name(row.indicator)}、{label(facts[0])}から{label(facts[-1])}までの{wording.MEASURES[measure]}の{what}です。"
    lead = f"{shown(result.value, facts)}{result.unit}"
    return _answer(context, asked, row, receipt, Text(statement, lead, tuple(lines)), (result,), tuple(facts))


def _answer(
    context: Context,
    asked: Asked,
    row: Row,
    receipt: Receipt,
    text: Text,
    computed: Sequence[Computed],
    facts: Sequence[Fact],
) -> Answer:
    places = list(dict.fromkeys(listing.initiative for fact in facts for listing in fact.sources))
    return Answer(
        Kind.ANSWER,
        replace(text, receipt=wording.receipt_line(receipt), sources=wording.sources(places, context.several_plans)),
        facts=tuple(facts),
        computed=tuple(computed),
        indicators=(row.indicator,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )


def _of_two(context: Context, rows: Sequence[Row]) -> Answer:
    """Two indicators of one year: 「AとBのR7の差」."""
    calculation = context.query.calculation
    assert calculation is not None
    figures = []
    for asked, row in zip(context.query.asked, rows, strict=True):
        measure = asked.measures[0].measure if asked.measures else None
        period = asked.periods[0].period if asked.periods else None
        if (fact := row.number(*row.place(Figure(measure, period)))) is not None:
            figures.append(fact)
    if len(figures) != len(rows) or calculation.operation in (Operation.PER_YEAR, Operation.ACHIEVEMENT_RATE):
        return lookup.answer(context)
    lines = [f"・{wording.name(fact.indicator)}  {label(fact)} {wording.figure(fact)}" for fact in figures]
    places = list(dict.fromkeys(listing.initiative for fact in figures for listing in fact.sources))
    sources = wording.sources(places, context.several_plans)
    if calculation.operation in (Operation.SUM, Operation.AVERAGE):
        result: Computed | Undefined = total(figures, calculation.operation)
    else:
        small, large = sorted(figures[:2], key=lambda fact: fact.cell.value or 0)
        result = between(calculation.operation, small, large)
    indicators = tuple(row.indicator for row in rows)
    if isinstance(result, Undefined):
        return Answer(
            Kind.ANSWER, Text(result.why, lines=tuple(lines), sources=sources), tuple(figures), indicators=indicators
        )
    what = {"difference": "差", "growth_rate": "差の割合", "ratio": "倍率", "sum": "合計", "average": "平均"}[
        result.operation
    ]
    statement = f"{'と'.join(wording.name(one) for one in indicators)}の{what}です。"
    return Answer(
        Kind.ANSWER,
        Text(statement, f"{shown(result.value, figures)}{result.unit}", (*lines, result.formula), sources=sources),
        tuple(figures),
        computed=(result,),
        indicators=indicators,
    )

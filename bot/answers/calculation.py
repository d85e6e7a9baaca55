"""Arithmetic over an indicator's figures: 「R4からR6で何%減る?」, 「年平均では?」, 「4年間の合計」."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.answer import Answer, Computed, Kind, Receipt, Text
from bot.answers import choose, lookup, not_understood, pace, rates, totals, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as
from bot.answers.results import figure_asked, result_answer
from bot.figures import Row, is_interim
from bot.kinds import quantity_of
from bot.quantities import POINTS, Undefined, between, compute, ends, full_label, label, plain, told, total
from data.facts import Indicator, Measure
from data.fiscal_year import FiscalYear
from nlp.asked import Asked
from nlp.calculations import CalculationReading
from nlp.measures import Measure as NamedMeasure
from nlp.mentions import Match
from nlp.operands import OF_RESULTS, Change, Figure, Operation
from nlp.periods import Period


def answer(context: Context) -> Answer:
    """The result with its formula; asks back where several indicators fit."""
    parts, calculation = context.query.asked, context.query.calculation
    if asks_back := choose.unsettled(context):
        return asks_back
    if calculation is None:
        return not_understood.answer(context)
    targets = [context.target(asked.fitting[0]) for asked in parts]
    indicators = [target for target in targets if isinstance(target, Indicator)]
    if len(indicators) < len(targets):
        return lookup.answer(context)
    rows = context.rows(indicators)
    if len(rows) > 1 and calculation.operation in OF_RESULTS:
        rated = zip(parts, rows, strict=True)
        return lookup.together([_of_one(context, calculation, asked, row) for asked, row in rated])
    if len(rows) > 1:
        return _of_two(context, calculation, rows)
    return _of_one(context, calculation, parts[0], rows[0])


def _of_one(context: Context, calculation: CalculationReading, asked: Asked, row: Row) -> Answer:
    # Which years and measures went in stands in the sentence.
    receipt = replace(read_as(context, asked, row.indicator), years=(), measures=())
    operation = calculation.operation
    if calculation.a_year and asked.fitting[0].match is not Match.THREAD:
        operation = Operation.AVERAGE  # 「来館者の年平均は?」 asks for no change
    if operation in (Operation.SUM, Operation.AVERAGE):
        return totals.over_years(context, asked, row, operation, receipt)
    change = _change(calculation, asked, row, context.question.asked_on)
    if operation in OF_RESULTS and (of_result := rates.answer(context, asked, row, change, receipt)):
        return of_result
    if calculation.remaining:
        # Of a target and a result the target is first.
        period = calculation.start.period if calculation.start else None
        own = () if asked.fitting[0].match is Match.THREAD else asked.periods
        named = period or next((reading.period for reading in own), None)
        year = row.years(named)[-1] if named else None
        if of_target := pace.answer(context, asked, row, year, receipt):
            return of_target
    result = compute(change, row)
    if isinstance(result, Undefined):
        return _undefined(context, row, change, result, receipt)
    is_gap = {fact.measure for fact in result.facts} == {Measure.TARGET, Measure.ACTUAL}
    beside = [] if is_gap else _beside(calculation.operation, result)
    start, end = result.facts
    lead, statement = _said(result, row, context.question.asked_on)
    return result_answer(
        context,
        asked,
        row,
        receipt,
        Text(statement, lead, (result.formula, *(f"{_TOLD[one.operation]}は {one.formula}" for one in beside))),
        (result, *beside),
        (start, end),
    )


_TOLD = {"difference": "差", "growth_rate": "伸び率", "ratio": "倍率", "per_year": "1年当たり"}


def _latest_two(row: Row) -> tuple[Figure, Figure] | None:
    """The latest result and the one of the year before, where both are recorded."""
    latest = row.latest.fiscal_year if row.latest else None
    return _with_year_before(latest, row) if latest else None


def _of_past_year(end: Figure | None, row: Row, today: date) -> tuple[Figure, Figure] | None:
    """The results of a year that is over and of the one before, where both are recorded."""
    if end is None or end.measure is not None or end.period is None:
        return None
    year = row.years(end.period)[-1]
    return _with_year_before(year, row) if year < FiscalYear.of_date(today) else None


def _with_year_before(year: FiscalYear, row: Row) -> tuple[Figure, Figure] | None:
    before = year.plus(-1)
    if not row.number(Measure.ACTUAL, before) or not row.number(Measure.ACTUAL, year):
        return None
    return Figure(NamedMeasure.ACTUAL, Period(before, before)), Figure(NamedMeasure.ACTUAL, Period(year, year))


def _change(calculation: CalculationReading, asked: Asked, row: Row, today: date) -> Change:
    """The change asked for; one year alone goes from the baseline, or from the year before where the words say so."""
    start, end = calculation.start, calculation.end
    by_now = any(one.if_recorded for one in asked.measures)
    if (calculation.is_past or by_now) and (end is None or end.measure is None) and row.latest:
        # What came of it: the results, not the plan.
        end = Figure(NamedMeasure.ACTUAL, end.period if end else None)
        start = Figure(NamedMeasure.ACTUAL, start.period) if start and start.period and not start.measure else start
    elif calculation.before and end is None and (dated := _latest_two(row)):
        start, end = dated  # 「対前年比」
    elif calculation.start is None and (dated := _of_past_year(end, row, today)):
        start, end = dated  # 「昨年度の伸び率」
    if end is None and asked.periods:
        # Years that came from the thread.
        years = [Period(year, year) for reading in asked.periods for year in row.years(reading.period)]
        measure = next((m.measure for m in asked.measures if m.measure is not NamedMeasure.BASELINE), None)
        named = {one.measure for one in asked.measures}
        if start is None and {NamedMeasure.TARGET, NamedMeasure.ACTUAL} <= named:
            start, end = Figure(NamedMeasure.TARGET, years[-1]), Figure(NamedMeasure.ACTUAL, years[-1])
        else:
            start = Figure(measure, years[0]) if start is None and len(years) > 1 else start
            end = Figure(measure, years[-1])
    if start == Figure(NamedMeasure.TARGET) and end == Figure(NamedMeasure.ACTUAL) and row.latest:
        year = row.years(asked.periods[0].period)[-1] if asked.periods else row.place(end)[1]
        period = Period(year, year) if year else None
        start, end = replace(start, period=period), replace(end, period=period)
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


_DONE = {"増える": "増えました", "減る": "減りました", "上がる": "上がりました", "下がる": "下がりました"}


def _said(result: Computed, row: Row, today: date) -> tuple[str, str]:
    """The lead and the sentence: 「31.8ポイント」, 「…は、基準値からR7にかけて上がる計画です」."""
    start, end = result.facts
    name = wording.name(row.indicator)
    span = f"{label(start)}から{label(end)}"
    is_plan = end.measure is not Measure.ACTUAL
    if result.operation == Operation.RATIO.value:
        return f"{plain(result.value)}倍", f"{name}、{label(end)}は{label(start)}の{plain(result.value)}倍です。"
    amount = told(result).removeprefix("-")
    if start.measure is Measure.TARGET and end.measure is Measure.ACTUAL:
        return (
            amount,
            f"{name}、{label(end)}は{full_label(start)}{_against(result.value, amount, is_interim(end, today))}。",
        )
    up, down = ("上がる", "下がる") if result.unit == POINTS else ("増える", "減る")
    if not result.value:
        return amount, f"{name}は、{span}まで変わりません。"
    verb = up if result.value > 0 else down
    done = f"{verb}計画です" if is_plan else _DONE[verb]
    a_year = f"1年当たり{amount}ずつ" if result.operation == Operation.PER_YEAR.value else ""
    return amount, f"{name}は、{span}にかけて{a_year}{done}。"


def _against(difference: Decimal, amount: str, is_interim: bool) -> str:
    """「を16,590下回りました」; of a year that is not over 「下回っています」."""
    if not difference:
        return "と同じです"
    return f"を{amount}{'上' if difference > 0 else '下'}{'回っています' if is_interim else '回りました'}"


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
                f"{wording.name(row.indicator)}: {result.sentence}",
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
            f"{wording.name(row.indicator)}: {result.sentence}",
            lines=tuple(f"差は {one.formula} です。" for one in computed),
            receipt=wording.receipt_line(receipt),
            sources=wording.documents(context, [row]),
        ),
        facts=found,
        computed=computed,
        indicators=(row.indicator,),
        receipt=receipt,
    )


def _of_two(context: Context, calculation: CalculationReading, rows: Sequence[Row]) -> Answer:
    """Two indicators of one year: 「AとBのR7の差」."""
    figures = []
    for asked, row in zip(context.query.asked, rows, strict=True):
        if (fact := figure_asked(asked, row)) is not None:
            figures.append(fact)
    if len(figures) != len(rows) or calculation.operation in (Operation.PER_YEAR, *OF_RESULTS):
        return lookup.answer(context)
    lines = [f"・{wording.name(fact.indicator)}  {label(fact)} {wording.figure(fact)}" for fact in figures]
    sources = wording.sources_of(context, figures)
    if len({quantity_of(row) for row in rows}) > 1:
        result: Computed | Undefined = Undefined("単位が違う")
    elif calculation.operation in (Operation.SUM, Operation.AVERAGE):
        result = total(figures, calculation.operation)
    else:
        small, large = sorted(figures[:2], key=lambda fact: fact.cell.value or 0)
        result = between(calculation.operation, small, large)
    indicators = tuple(row.indicator for row in rows)
    if isinstance(result, Undefined):
        return Answer(
            Kind.ANSWER,
            Text(result.sentence, lines=tuple(lines), sources=sources),
            tuple(figures),
            indicators=indicators,
        )
    what = {"difference": "差", "growth_rate": "差の割合", "ratio": "倍率", "sum": "合計", "average": "平均"}[
        result.operation
    ]
    statement = f"{'と'.join(wording.name(one) for one in indicators)}の{what}です。"
    return Answer(
        Kind.ANSWER,
        Text(statement, told(result), (*lines, result.formula), sources=sources),
        tuple(figures),
        computed=(result,),
        indicators=indicators,
    )

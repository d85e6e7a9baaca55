"""The status of an indicator in a year, with the result, the target and the formula that tell it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import choose, lookup, no_data, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.answers.wanted import asked_years
from bot.figures import Row, judged_by, judgement_of, rows_of
from bot.quantities import plain, rounded
from data.facts import Direction, Fact, Initiative, Measure
from data.fiscal_year import FiscalYear
from data.status import Judgement, Status
from nlp.asked import Asked

_SCALE = "80%以上で「概ね順調」、標準の判定基準"


def answer(context: Context) -> Answer:
    """The status of each indicator and year that is asked for; asks back where several indicators fit."""
    if asks_back := choose.unsettled(context):
        return asks_back
    answers = [_of_target(context, asked) for asked in context.query.asked]
    return answers[0] if len(answers) == 1 else lookup.together(answers)


def _of_target(context: Context, asked: Asked) -> Answer:
    target = context.target(asked.fitting[0])
    receipt = replace(read_as(context, asked, target), measures=(("", "判定"),))
    if isinstance(target, Initiative):
        return no_data.without_indicator(context, target, receipt)
    row = rows_of([target], context.facts([target]))[0]
    years = _years(context, asked, row)
    judged = [(year, judgement) for year in years if (judgement := judgement_of(row, year))]
    facts = [fact for year, _ in judged for fact in judged_by(row, year)]
    return Answer(
        Kind.ANSWER if judged else Kind.NO_DATA,
        _told(
            row,
            years,
            judged,
            context.question.asked_on,
            wording.receipt_line(receipt),
            wording.sources_of(context, facts),
        ),
        facts=tuple(facts),
        indicators=(target,),
        alternatives=runners_up(context, asked),
        statuses=tuple(StatusOf(target, year, judgement.status) for year, judgement in judged),
        receipt=receipt,
    )


def _years(context: Context, asked: Asked, row: Row) -> list[FiscalYear]:
    """The years asked for; else that of the latest result, or where there is none the last year that is over."""
    named = sorted({year for _, years in asked_years(asked, row.indicator) for year in years})
    if named:
        return named
    recorded = [fact.fiscal_year for fact in row.numbers(Measure.ACTUAL) if fact.fiscal_year]
    plan, finished = row.indicator.plan, FiscalYear.of_date(context.question.asked_on).plus(-1)
    return recorded[-1:] or [min(max(finished, plan.first_year), plan.last_year)]


def _told(
    row: Row,
    years: Sequence[FiscalYear],
    judged: Sequence[tuple[FiscalYear, Judgement]],
    asked_on: date,
    receipt: str,
    sources: str,
) -> Text:
    name = wording.name(row.indicator)
    if not judged:
        statement = f"{name}の{wording.years(years)}は、目標も実績もないので判定がありません。"
        return Text(statement, receipt=receipt, sources=sources)
    under_way = _under_way(row, [year for year, _ in judged], asked_on)
    if len(judged) == 1:
        year, judgement = judged[0]
        statement = f"{name}、{wording.year(year)}の判定です。"
        return Text(statement, judgement.status, (*_why(row, year, judgement), *under_way), receipt, sources)
    lines = [f"{year.label} {one.status}: {'、'.join(_why(row, year, one))}" for year, one in judged]
    return Text(f"{name}の判定です。", lines=(*lines, *under_way), receipt=receipt, sources=sources)


def _under_way(row: Row, years: Sequence[FiscalYear], asked_on: date) -> tuple[str, ...]:
    """Which results are of a year that is not over, or dated inside theirs: 途中経過."""
    actuals = [(year, row.number(Measure.ACTUAL, year)) for year in years]
    early = [y for y, fact in actuals if fact and (fact.cell.as_of or y >= FiscalYear.of_date(asked_on))]
    return (f"{wording.years(early)}の実績は途中経過です。",) if early else ()


def _why(row: Row, year: FiscalYear, judgement: Judgement) -> tuple[str, ...]:
    """The result and the target, and how the status follows from them."""
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    shown = [
        f"{label} {wording.figure(fact)}"
        for label, fact in (("実績", actual), ("目標", target), ("基準値", row.baseline))
        if fact and fact.cell.absence is None
    ]
    figures = "、".join(shown) + wording.unit_note([fact for fact in (actual, target) if fact])
    match judgement:
        case Judgement(status=Status.NOT_RECORDED):
            return (figures, "実績がまだ登録されていません。")
        case Judgement(status=Status.UNDECIDED):
            has_target = target is not None and target.cell.absence is None
            why = "実績か目標が一つの数値ではない" if has_target else "目標値がない"
            return (figures, f"{why}ため、判定できません。")
        case Judgement(status=Status.ACHIEVED):
            return (figures, "実績が目標を満たしています。")
        case Judgement(progress=Decimal() as progress):
            a, t, b = map(_value, (actual, target, row.baseline))
            formula = f"（{plain(a)} − {_subtracted(b)}）÷（{plain(t)} − {_subtracted(b)}）"
            return (figures, f"進捗率 ＝ {formula}＝ {_percent(progress)}（{_SCALE}）")
        case Judgement(ratio=Decimal() as ratio):
            names = "目標 ÷ 実績" if row.improves is Direction.LOWER else "実績 ÷ 目標"
            return (figures, f"基準値からの幅がないので、{names} ＝ {_percent(ratio)}（{_SCALE}）")
    return (figures, "実績が目標に届いていません（目標が0以下のため、割合は出せません）。")


def _value(fact: Fact | None) -> Decimal:
    return fact.cell.value if fact and fact.cell.value is not None else Decimal(0)


def _subtracted(value: Decimal) -> str:
    return plain(value) if value >= 0 else f"({plain(value)})"


def _percent(share: Decimal) -> str:
    return f"{plain(rounded(share * 100, 1))}%"

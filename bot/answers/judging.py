"""The status of an indicator in a year, with the result, the target and the formula that tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.answer import Answer, Computed, Kind, StatusOf, Text
from bot.answers import lookup, no_data, pace, summary, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.answers.wanted import asked_years
from bot.figures import Row, judged_by, judgement_of, parts_of
from bot.quantities import Undefined, progress_rate, rate
from data.facts import Fact, Initiative, Measure
from data.fiscal_year import FiscalYear
from data.scales import SCALES, Scale, Status
from data.status import Judgement
from nlp.asked import Asked


@dataclass(frozen=True, slots=True)
class _Told:
    """A status of one year by a scale, with the lines that say why."""

    year: FiscalYear
    status: str
    why: tuple[str, ...]


def answer(context: Context) -> Answer:
    """The status of each indicator and year that is asked for; asks back where several fit."""
    if not any(asked.fitting for asked in context.query.asked):
        return summary.answer(context)  # 「進捗はどう?」 names nothing: of the whole
    return lookup.of_each(context, _of_target)


def _of_target(context: Context, asked: Asked) -> Answer:
    target = context.target(asked.fitting[0])
    receipt = replace(read_as(context, asked, target), measures=(("", "判定"),))
    if isinstance(target, Initiative):
        return no_data.without_indicator(context, target, receipt)
    row = context.rows([target])[0]
    years = _years(context, asked, row)
    scale = SCALES.get(context.query.scale, target.plan.scale)
    of_target = any(reading.measure.value == Measure.TARGET for reading in asked.measures)
    is_to_come = of_target and len(years) == 1 and _is_to_come(row, years[0])
    if is_to_come and (paced := pace.answer(context, asked, row, years[0], receipt)):
        return replace(paced, statuses=(StatusOf(target, years[0], Status.NOT_RECORDED),))
    told = [one for year in years if (one := told_status(row, year, scale))]
    facts = [fact for one in told for fact in judged_by(row, one.year)]
    receipt_line, sources = wording.receipt_line(receipt), wording.sources_of(context, facts)
    lines = wording.interim(facts, context.question.asked_on)
    return Answer(
        Kind.ANSWER if told else Kind.NO_DATA,
        replace(_said(row, years, told, lines), receipt=receipt_line, sources=sources),
        facts=tuple(facts),
        indicators=(target,),
        alternatives=runners_up(context, asked),
        statuses=tuple(StatusOf(target, one.year, one.status) for one in told),
        receipt=receipt,
    )


def _is_to_come(row: Row, year: FiscalYear) -> bool:
    """Is a year with a target later than the latest result: 「R7目標に対する進捗は?」?"""
    latest = row.latest.fiscal_year if row.latest else None
    return latest is not None and latest < year and row.number(Measure.TARGET, year) is not None


def _years(context: Context, asked: Asked, row: Row) -> list[FiscalYear]:
    """The years asked for; else that of the latest result, or where there is none the last year that is over."""
    named = sorted({year for _, years in asked_years(asked, row.indicator) for year in years})
    if named:
        return named
    if row.latest and row.latest.fiscal_year:
        return [row.latest.fiscal_year]
    plan, finished = row.indicator.plan, FiscalYear.of_date(context.question.asked_on).plus(-1)
    return [min(max(finished, plan.first_year), plan.last_year)]


def _said(row: Row, years: Sequence[FiscalYear], told: Sequence[_Told], lines: tuple[str, ...]) -> Text:
    name = wording.name(row.indicator)
    if not told:
        return Text(f"{name}の{wording.years(years)}は、目標も実績もないので判定がありません。")
    if len(told) == 1:
        (one,) = told
        return Text(f"{name}、{wording.year(one.year)}の判定です。", one.status, (*one.why, *lines))
    each = (f"{one.year.label} {one.status}: {'、'.join(one.why)}" for one in told)
    return Text(f"{name}の判定です。", lines=(*each, *lines))


def told_status(row: Row, year: FiscalYear, scale: Scale) -> _Told | None:
    """The status of a year with why: its figures and the formula, the parts of a cell, what the plan's owner published.

    None where the indicator has no status in the year.
    """
    judgement = judgement_of(row, year, scale)
    if judgement is None:
        return None
    why = [*_why(row, year, judgement, scale)]
    for label, part in parts_of(row, year):
        if of_part := judgement_of(part, year, scale):
            why.append(f"{label} {of_part.status}: {'、'.join(_why(part, year, of_part, scale))}")
    if scale != row.indicator.plan.scale and (usual := judgement_of(row, year)):
        why.append(f"{row.indicator.plan.scale.name}では「{usual.status}」です。")
    if published := row.published.get(year):
        why.append(f"公表されている判定: 「{published.cell.raw}」（上の判定は計算による参考判定です）")
    return _Told(year, judgement.status, tuple(why))


def _why(row: Row, year: FiscalYear, judgement: Judgement, scale: Scale) -> Iterator[str]:
    """The result and the target, and how the status follows from them."""
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    shown = [
        f"{label} {wording.figure(fact)}"
        for label, fact in (("実績", actual), ("目標", target), ("基準値", row.baseline))
        if fact and fact.cell.absence is None
    ]
    yield "、".join(shown) + wording.unit_note([fact for fact in (actual, target) if fact])
    formula, rule = formula_of(row, year, judgement, scale)
    yield f"{formula}（{rule}、{scale.name}）" if rule else formula


def formula_of(row: Row, year: FiscalYear, judgement: Judgement, scale: Scale) -> tuple[str, str]:
    """How a status follows from its figures, and the rule that grades the share: 「進捗率 ＝ … ＝ 92.7%」,
    「80%以上で「概ね順調」」; a sentence and "" where no share tells the status."""
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    match judgement:
        case Judgement(status=Status.NOT_RECORDED):
            return "実績がまだ登録されていません。", ""
        case Judgement(status=Status.UNDECIDED):
            return f"{_undecided(actual, target)}ため、判定できません。", ""
        case Judgement(status=scale.met):
            return "実績が目標を満たしています。", ""
        case Judgement(progress=Decimal()) if scale.by_progress and actual and target:
            return f"進捗率 ＝ {_formula(progress_rate(row, actual, target))}", scale.by_progress.sentence
        case Judgement(rate=Decimal()) if actual and target:
            why = "" if scale.by_progress is None else "基準値からの幅がないので、"
            return f"{why}達成率 ＝ {_formula(rate(row, actual, target))}", scale.by_rate.sentence
        case _:
            return "実績が目標に届いていません（目標が0以下のため、達成率は出せません）。", ""


def _undecided(actual: Fact | None, target: Fact | None) -> str:
    if target is None or target.cell.absence is not None:
        return "目標値がない"
    if actual and actual.cell.value is not None and target.cell.value is not None:
        return "分母が0以下で達成率を出せない"
    is_split = any(fact and fact.cell.parts for fact in (actual, target))
    return "一つの欄に複数の数値がある" if is_split else "実績か目標が数値ではない"


def _formula(result: Computed | Undefined) -> str:
    return result.formula if isinstance(result, Computed) else result.why

"""Yes or no: 「R7で8割いく計画?」, 「減らすんだっけ?」, with the facts that decide it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answer import Answer, Computed, Kind, StatusOf, Text
from bot.answers import choose, judging, lookup, no_data, pace, wording
from bot.answers.claimed import completed
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.conditions import condition_of
from bot.criteria import Outcome
from bot.figures import Row, is_met, judged_by, under_way
from bot.quantities import full_label
from bot.scorecard import latest_year
from data.facts import Indicator, Measure
from data.fiscal_year import FiscalYear
from data.scales import Status
from nlp.asked import Asked
from nlp.criteria import ConditionReading, Judged, Met


def answer(context: Context) -> Answer:
    """Yes or no for one indicator, or for one against another; asks back where several fit."""
    parts = context.query.asked
    if asks_back := choose.unsettled(context):
        return asks_back
    asked = parts[0]
    target = context.target(asked.fitting[0])
    if len(parts) > 1 or not isinstance(target, Indicator):
        return lookup.answer(context)
    row = context.rows([target])[0]
    claims = [completed(claim, asked, row) for claim in context.query.claims]
    if (test := _of_status(claims)) and (answered := _verdict(context, asked, row, test)):
        return answered
    conditions = [condition_of(claim, row) for claim in claims]
    outcomes = [condition(row) for condition in conditions]
    facts = tuple(dict.fromkeys(fact for outcome in outcomes for fact in outcome.facts))
    if not facts:
        return _without_figures(context, asked, target, row)
    receipt = read_as(context, asked, target)
    holds = _all(outcomes)
    computed: tuple[Computed, ...] = tuple(outcome.computed for outcome in outcomes if outcome.computed)
    said = "、".join(condition.sentence.removesuffix("の") for condition in conditions)
    lead = {True: "はい", False: "いいえ", None: "決められません"}[holds]
    shown = " → ".join(f"{full_label(fact)} {wording.figure(fact)}" for fact in facts)
    lines = [f"{shown}{wording.unit_note(facts)}"]
    lines += [one.formula for one in computed]
    lines += [f"{outcome.why}からです。" for outcome in outcomes if outcome.why]
    lines += wording.interim(facts, _today(context))
    return Answer(
        Kind.ANSWER,
        Text(
            f"{wording.name(target)}は、「{said}」{_ending(holds)}",
            lead,
            tuple(lines),
            wording.receipt_line(replace(receipt, measures=())),
            wording.sources_of(context, facts),
        ),
        facts=facts,
        computed=computed,
        yes=holds,
        indicators=(target,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )


def _of_status(claims: Sequence[ConditionReading]) -> Met | Judged | None:
    """The one test of a claim about a status: 「R5の目標は達成できましたか」, 「昨年度は遅れていますか」."""
    tests = [test for claim in claims for test in claim.tests]
    return tests[0] if len(tests) == 1 and isinstance(tests[0], Met | Judged) else None


def _verdict(context: Context, asked: Asked, row: Row, test: Met | Judged) -> Answer | None:
    """「いいえ、概ね順調です」, with the formula; None where the year has neither a result nor a target."""
    period = test.period or next((reading.period for reading in asked.periods), None)
    latest = row.latest.fiscal_year if row.latest else None
    year = row.years(period)[-1] if period else latest or latest_year([row], _today(context))
    receipt = read_as(context, asked, row.indicator)
    is_to_come = year >= FiscalYear.of_date(_today(context))
    if isinstance(test, Met) and is_to_come and latest and year > latest:
        paced = pace.answer(context, asked, row, year, receipt)  # 「R7の目標はもう達成した?」
        holds = _meets(row, year, latest)
        return replace(paced, yes=holds is test.is_met) if paced and holds is not None else paced
    told = judging.told_status(row, year, row.indicator.plan.scale)
    if told is None:
        return None
    facts = tuple(judged_by(row, year))
    is_recorded = told.status != Status.NOT_RECORDED
    unfinished = ("この実績は途中経過です。",) if under_way(row, year, _today(context)) else ()
    if isinstance(test, Met):
        holds = _meets(row, year)
        is_so = None if holds is None else holds is test.is_met
    else:
        is_so = told.status in test.statuses
    yes = is_so if is_recorded or isinstance(test, Judged) else None
    answer = "" if yes is None else "はい、" if yes else "いいえ、"
    return Answer(
        Kind.ANSWER if is_recorded or yes is not None else Kind.NO_DATA,
        Text(
            f"{wording.name(row.indicator)}、{wording.year(year)}の判定です。",
            f"{answer}{told.status}です",
            (*told.why, *unfinished),
            wording.receipt_line(replace(receipt, measures=())),
            wording.sources_of(context, facts),
        ),
        facts=facts if is_recorded or yes is not None else (),
        context_facts=() if is_recorded or yes is not None else facts,
        yes=yes,
        indicators=(row.indicator,),
        alternatives=runners_up(context, asked),
        statuses=(StatusOf(row.indicator, year, told.status),),
        receipt=receipt,
    )


def _meets(row: Row, year: FiscalYear, result: FiscalYear | None = None) -> bool | None:
    """Does the result of a year (or of another one) meet its target? None where one of them is missing."""
    actual, target = row.number(Measure.ACTUAL, result or year), row.number(Measure.TARGET, year)
    return None if actual is None or target is None else is_met(row, actual, target)


def _today(context: Context) -> date:
    return context.question.asked_on


def _ending(holds: bool | None) -> str:
    return {
        True: "に当てはまります。",
        False: "には当てはまりません。",
        None: "かどうかは、表の値からは決められません。",
    }[holds]


def _all(outcomes: Sequence[Outcome]) -> bool | None:
    if any(outcome.holds is False for outcome in outcomes):
        return False
    return None if any(outcome.holds is None for outcome in outcomes) else True


def _without_figures(context: Context, asked: Asked, target: Indicator, row: Row) -> Answer:
    """There is no figure to decide by: which of the kinds of 「ない」."""
    answer = lookup.answer(context)
    if answer.kind is Kind.NO_DATA:
        return answer
    receipt = read_as(context, asked, target)
    return Answer(
        Kind.NO_DATA,
        Text(
            f"{wording.name(target)}の値とは比べられません（単位が違うか、その年度の値がありません）。",
            lines=tuple(line for line in [no_data.shown(row.facts.values())] if line),
            receipt=wording.receipt_line(receipt),
            sources=wording.documents(context, [row]),
        ),
        context_facts=tuple(fact for fact in row.facts.values() if fact.cell.absence is None),
        indicators=(target,),
        receipt=receipt,
    )

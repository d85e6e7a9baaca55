"""達成率 and 進捗率 of one indicator, each with its formula and the status that goes with it."""

from bot.answer import Answer, Computed, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.judging import told_status
from bot.answers.results import result_answer
from bot.figures import Row, judged_by
from bot.quantities import MEASURED, Undefined, compute, progress_rate, rate, told
from data.facts import Measure
from data.fiscal_year import FiscalYear
from nlp.asked import Asked
from nlp.operands import OF_RESULTS, Change, Operation


def answer(context: Context, asked: Asked, row: Row, change: Change, receipt: Receipt) -> Answer | None:
    """The rate asked for, the other one beside it, and the status; the other one alone where the first is undefined.

    None where neither can be told: a result or a target is missing.
    """
    operation = change.operation
    other = next(one for one in OF_RESULTS if one is not operation)
    wanted, beside = compute(change, row), compute(Change(other, change.start, change.end), row)
    if not isinstance(wanted, Computed) and not wanted.facts:
        wanted, beside = (_towards_later(one, change, row, why) for one, why in ((operation, wanted), (other, beside)))
    found = next((one for one in (wanted, beside) if isinstance(one, Computed)), None)
    facts = found.facts if found else wanted.facts if isinstance(wanted, Undefined) else ()
    actual = next((fact for fact in facts if fact.measure is Measure.ACTUAL), None)
    target = next((fact for fact in facts if fact.measure is Measure.TARGET), None)
    if actual is None or target is None or actual.fiscal_year is None:
        return None
    lines = [] if isinstance(wanted, Computed) else [_undefined(operation, wanted)]
    lines += [_line(one) for one in (wanted, beside) if isinstance(one, Computed)]
    if found is None:
        lines.append(f"実績 {wording.figure(actual)}、目標 {wording.figure(target)}")
    if actual.fiscal_year == target.fiscal_year:
        lines += _status(context, row, actual.fiscal_year)
        what = f"{actual.fiscal_year.name}の"
    else:
        what = (
            f"{target.fiscal_year.name if target.fiscal_year else ''}の目標に対する、{actual.fiscal_year.name}の実績の"
        )
        lines += wording.interim(facts, context.question.asked_on)
    name = MEASURED[found.operation if found else operation.value]
    statement = (
        f"{wording.name(row.indicator)}、{what}{name}です。"
        if found
        else f"{wording.name(row.indicator)}、{what}実績です。"
    )
    text = Text(statement, told(found) if found else "", tuple(lines))
    return result_answer(context, asked, row, receipt, text, _results(wanted, beside), facts)


def _towards_later(operation: Operation, change: Change, row: Row, why: Computed | Undefined) -> Computed | Undefined:
    """The latest result against the target of a later year: 「RPAはR7目標に対して今何%?」."""
    year = row.place(change.end)[1] if change.end and change.end.period else None
    target = row.number(Measure.TARGET, year) if year else None
    latest = row.latest
    if target is None or latest is None or latest.fiscal_year is None or year is None or latest.fiscal_year >= year:
        return why
    return (progress_rate if operation is Operation.PROGRESS_RATE else rate)(row, latest, target)


def _results(wanted: Computed | Undefined, beside: Computed | Undefined) -> list[Computed]:
    """What was asked for; the other rate only where it stands in for it."""
    return [wanted] if isinstance(wanted, Computed) else [one for one in (beside,) if isinstance(one, Computed)]


def _undefined(operation: Operation, why: Undefined) -> str:
    return f"{MEASURED[operation.value]}は、{why.why}ため出せません。"


def _line(one: Computed) -> str:
    return f"{MEASURED[one.operation]} ＝ {one.formula}"


def _status(context: Context, row: Row, year: FiscalYear) -> list[str]:
    scale = row.indicator.plan.scale
    status = told_status(row, year, scale)
    lines = [f"判定は「{status.status}」です（{scale.name}）。"] if status else []
    return [*lines, *wording.interim(judged_by(row, year), context.question.asked_on)]

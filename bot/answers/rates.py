"""達成率 and 進捗率 of one indicator, each with its formula and the status that goes with it."""

from bot.answer import Answer, Computed, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.judging import told_status
from bot.answers.results import result_answer
from bot.figures import Row, under_way
from bot.quantities import MEASURED, Undefined, compute, told
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
    found = wanted if isinstance(wanted, Computed) else beside
    if not isinstance(found, Computed):
        return None
    year = found.facts[0].fiscal_year
    lines = [] if isinstance(wanted, Computed) else [_undefined(operation, wanted)]
    lines += [_line(one) for one in (wanted, beside) if isinstance(one, Computed)]
    lines += _status(context, row, year) if year else []
    name = MEASURED[found.operation]
    statement = f"{wording.name(row.indicator)}、{year.name if year else ''}の{name}です。"
    return result_answer(
        context, asked, row, receipt, Text(statement, told(found), tuple(lines)), _results(wanted, beside), found.facts
    )


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
    if under_way(row, year, context.question.asked_on):
        lines.append(f"{year.name}の実績は途中経過です。")
    return lines

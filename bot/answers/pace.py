"""The pace that a target still asks for, beside the pace so far: 「R7目標まであと何ポイント、年あたりいくつ必要?」.

Arithmetic on what is recorded, no forecast.
"""

from dataclasses import replace

from bot.answer import Answer, Computed, Kind, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.receipts import runners_up
from bot.figures import Row, is_met, under_way
from bot.quantities import between, progress_rate, told
from data.facts import Direction, Fact, Measure
from data.fiscal_year import FiscalYear
from data.values import Bound
from nlp.asked import Asked
from nlp.operands import Operation


def answer(context: Context, asked: Asked, row: Row, year: FiscalYear | None, receipt: Receipt) -> Answer | None:
    """How far the latest result is from the target of a year (else of the last one with a target), and a year's share.

    No data where no result is recorded; None where the target is missing, or its own year has its result already.
    """
    targets = row.numbers(Measure.TARGET)
    target = row.number(Measure.TARGET, year) if year else targets[-1] if targets else None
    results = row.numbers(Measure.ACTUAL)
    if target is None or target.fiscal_year is None:
        return None
    if not results:
        return _without_results(row, target, receipt)
    latest = next((one for one in reversed(results) if one.fiscal_year and one.fiscal_year <= target.fiscal_year), None)
    if latest is None or latest.fiscal_year is None or latest.fiscal_year == target.fiscal_year:
        return None
    # 「4以上」 is reached at 4.
    is_limit = target.cell.bound is not Bound.ABOUT
    aimed = replace(target, cell=replace(target.cell, bound=Bound.EXACT)) if is_limit else target
    gap, pace = between(Operation.DIFFERENCE, latest, aimed), between(Operation.PER_YEAR, latest, aimed)
    if not isinstance(gap, Computed) or not isinstance(pace, Computed):
        return None
    today = context.question.asked_on
    unfinished = "（途中経過）" if under_way(row, latest.fiscal_year, today) else ""
    now = f"最新の実績は{latest.fiscal_year.label}の {wording.figure(latest)}{unfinished}、"
    aim = f"目標は{target.fiscal_year.label}の {wording.figure(target)} です"
    name = wording.name(row.indicator)
    reached = is_met(row, latest, target)
    lines = [f"{now}{aim}（{gap.formula}）。"]
    if reached:
        lead, statement = "達成済み", f"{name}は、{target.fiscal_year.name}の目標にもう届いています。"
    else:
        lead = f"あと{told(gap).lstrip('-')}"
        verb = "減らす" if row.improves is Direction.LOWER else "増やす"
        statement = f"{name}、{target.fiscal_year.name}の目標までに{verb}必要がある分です。"
        lines.append(f"必要なペース: 年あたり{_signed(pace)}（{pace.formula}）")
    way = progress_rate(row, latest, aimed)
    if isinstance(way, Computed):
        lines.append(f"{target.fiscal_year.label}の目標に対する進捗率: {way.formula}")
    lines += [*_so_far(row, results), "実績どうしの計算で、見込みではありません。"]
    return Answer(
        Kind.ANSWER,
        Text(
            statement,
            lead,
            (*lines, *wording.approximate((latest, aimed))),
            wording.receipt_line(receipt),
            wording.sources_of(context, (latest, target)),
        ),
        facts=(latest, target),
        computed=(gap,) if reached else (gap, pace),
        indicators=(row.indicator,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )


def _without_results(row: Row, target: Fact, receipt: Receipt) -> Answer:
    year = f"{target.fiscal_year.name}の" if target.fiscal_year else ""
    return Answer(
        Kind.NO_DATA,
        Text(
            f"{wording.name(row.indicator)}の実績は、まだ登録されていません。",
            lines=(f"{year}目標は {wording.figure(target)} です{wording.unit_note([target])}。",),
            receipt=wording.receipt_line(receipt),
        ),
        context_facts=(target,),
        indicators=(row.indicator,),
        receipt=receipt,
    )


def _so_far(row: Row, results: list[Fact]) -> list[str]:
    """The pace between the first result and the latest one."""
    first, latest = results[0], results[-1]
    pace = between(Operation.PER_YEAR, first, latest) if first is not latest else None
    if not isinstance(pace, Computed) or first.fiscal_year is None or latest.fiscal_year is None:
        return ["これまでのペースは、実績が1年分なので出せません。"]
    span = f"{first.fiscal_year.label}〜{latest.fiscal_year.label}の実績"
    return [f"これまでのペース: 年あたり{_signed(pace)}（{span}、{pace.formula}）"]


def _signed(pace: Computed) -> str:
    amount = told(pace)
    return amount if amount.startswith("-") or not pace.value else f"+{amount}"

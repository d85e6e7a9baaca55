"""The state of many indicators in a year: how many stand where, and the notable ones first."""

from collections import Counter

from bot.answer import Answer, Kind, StatusOf, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.chart import Counts
from bot.figures import Row, judged_by, judgement_of, rows_of
from bot.quantities import label_of
from bot.selection import scope_name, scope_of
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.status import Judgement, Status

# As many indicators are named, those that fell back first, then those behind.
_NOTABLE = 6
_FIRST = (Status.WORSE, Status.BEHIND)


def answer(context: Context) -> Answer:
    """Counts by status, how many are recorded, and the indicators to look at first with their figures."""
    selection = context.selection
    indicators = scope_of(context, selection)
    rows = rows_of(indicators, context.facts(indicators))
    year = _year(context, rows)
    judged = [(row, judgement) for row in rows if (judgement := judgement_of(row, year))]
    scope = scope_name(context, selection) or "計画全体"
    if not judged:
        return Answer(Kind.NO_DATA, Text(f"{scope}の{wording.year(year)}には、目標も実績もありません。"))
    found = Counter(judgement.status for _, judgement in judged)
    counts = {status.value: found[status] for status in Status if found[status]}
    recorded = len(judged) - found[Status.NOT_RECORDED]
    each = selection.cues.strong
    notable = judged if each else sorted((one for one in judged if one[1].status in _FIRST), key=_place)[:_NOTABLE]
    lines = [
        f"判定のある{len(judged)}指標のうち、実績が登録されているのは{recorded}指標です。",
        *(["まず見るべきもの:"] if notable and not each else []),
        *(f"・{judgement.status} {wording.name(row.indicator)}: {_figures(row, year)}" for row, judgement in notable),
        *([] if recorded else [f"{year.name}の実績は、まだ登録されていません。"]),
    ]
    return Answer(
        Kind.ANSWER,
        Text(
            f"{scope}の{wording.year(year)}の状況です（標準の判定基準）。",
            " ／ ".join(f"{status} {count}件" for status, count in counts.items()),
            tuple(lines),
            sources=wording.documents(context, [row for row, _ in judged]),
        ),
        facts=tuple(fact for row, _ in notable for fact in judged_by(row, year)),
        indicators=tuple(row.indicator for row, _ in notable),
        statuses=tuple(StatusOf(row.indicator, year, judgement.status) for row, judgement in notable),
        status_counts=counts,
        chart=Counts(f"{scope}、{year.name}の判定", tuple(counts.items())),
    )


def _year(context: Context, rows: list[Row]) -> FiscalYear:
    """The year that is named, else the latest one that is over and has results, else the last one that is over."""
    figures = context.selection.figures
    if figures and figures[0].period and rows:
        return rows[0].years(figures[0].period)[-1]
    this_year = FiscalYear.of_date(context.question.asked_on)
    results = (fact for row in rows for fact in row.numbers(Measure.ACTUAL))
    over = [fact.fiscal_year for fact in results if fact.fiscal_year and fact.fiscal_year < this_year]
    return max(over, default=this_year.plus(-1))


def _place(one: tuple[Row, Judgement]) -> tuple[int, float]:
    """Those that fell back before those behind, of each the least progress first."""
    _, judgement = one
    return _FIRST.index(judgement.status), float(judgement.progress or 0)


def _figures(row: Row, year: FiscalYear) -> str:
    facts = judged_by(row, year)
    return "、".join(f"{label_of(fact)} {wording.figure(fact)}" for fact in facts) + wording.unit_note(facts)

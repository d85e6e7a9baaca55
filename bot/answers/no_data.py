"""The indicator is clear, the figure is not there: which of the six kinds of 「ない」, and what there is instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.wanted import Missing
from data.facts import Fact, Indicator, Initiative, Measure
from data.fiscal_year import FiscalYear
from data.values import Absence


def of_indicator(
    context: Context, indicator: Indicator, missing: Sequence[Missing], stored: Sequence[Fact], receipt: Receipt
) -> Answer:
    """Says why, then shows the years that do have a figure."""
    beside = tuple(fact for fact in stored if fact.cell.absence is None)
    statement, *lines = sentences(indicator, missing)
    if shown := _instead(missing, beside):
        lines.append(shown)
    return Answer(
        Kind.NO_DATA,
        Text(
            statement,
            lines=tuple(lines),
            receipt=wording.receipt_line(receipt),
            sources=wording.sources([listing.initiative for listing in indicator.listings], context.several_plans),
        ),
        context_facts=beside,
        indicators=(indicator,),
        receipt=receipt,
    )


def without_indicator(context: Context, initiative: Initiative, receipt: Receipt) -> Answer:
    """An initiative for which the plan gives no KPI."""
    notes = [note for note in initiative.plan.notes if "KPI" in note.replace(" ", "")]
    return Answer(
        Kind.NO_DATA,
        Text(
            f"「{initiative.title}」には、KPIの記載がありません。",
            lines=tuple(f"計画の注記: {note}" for note in notes),
            receipt=wording.receipt_line(receipt),
            sources=wording.sources([initiative], context.several_plans),
        ),
        items=(initiative,),
        receipt=receipt,
    )


def sentences(indicator: Indicator, missing: Sequence[Missing]) -> list[str]:
    """One sentence for each kind of 「ない」 and measure, with all its years."""
    groups: dict[tuple[Absence, Measure, str], list[FiscalYear]] = {}
    for one in missing:
        measure, year = one.place
        years = groups.setdefault((one.absence, measure, one.raw), [])
        if year is not None:
            years.append(year)
    return [
        _SENTENCES[absence](indicator, measure, raw, sorted(years)) for (absence, measure, raw), years in groups.items()
    ]


def _what(indicator: Indicator, measure: Measure, years: Sequence[FiscalYear]) -> str:
    """「チャットボット満足度の令和5年度」, 「チャットボット満足度の基準値」."""
    return f"{wording.name(indicator)}の{wording.years(years) if years else wording.MEASURES[measure]}"


def _not_set(indicator: Indicator, measure: Measure, raw: str, years: Sequence[FiscalYear]) -> str:
    shown = f"（表では「{raw}」）" if raw else ""
    if measure is Measure.BASELINE:
        return f"{wording.name(indicator)}には、基準値の記載がありません{shown}。"
    return f"{_what(indicator, measure, years)}は、計画に目標の設定がありません{shown}。"


def _blank(indicator: Indicator, measure: Measure, raw: str, years: Sequence[FiscalYear]) -> str:
    if measure is Measure.BASELINE:
        return f"{wording.name(indicator)}には、基準値の記載がありません（元の表で空欄です）。"
    return f"{_what(indicator, measure, years)}は、元の表で空欄です。"


def _unreadable(indicator: Indicator, measure: Measure, raw: str, years: Sequence[FiscalYear]) -> str:
    return f"{_what(indicator, measure, years)}は、元の表が欠けていて読み取れません。"


def _outside_plan(indicator: Indicator, measure: Measure, raw: str, years: Sequence[FiscalYear]) -> str:
    plan = indicator.plan
    inside = [FiscalYear(year) for year in range(plan.first_year.year, plan.last_year.year + 1)]
    if measure is Measure.ACTUAL:
        return f"この計画の期間は{wording.years(inside)}です。{wording.years(years)}の実績はありません。"
    asked = f"{wording.years(years)}の目標はありません。" if years else ""
    return f"この計画の目標は{wording.years(inside)}です。{asked}"


def _not_recorded(indicator: Indicator, measure: Measure, raw: str, years: Sequence[FiscalYear]) -> str:
    when = f"の{wording.years(years)}" if years else ""
    return f"{wording.name(indicator)}{when}の実績は、まだ登録されていません。"


_SENTENCES: Mapping[Absence, Callable[[Indicator, Measure, str, Sequence[FiscalYear]], str]] = {
    Absence.NOT_SET: _not_set,
    Absence.BLANK: _blank,
    Absence.UNREADABLE: _unreadable,
    Absence.OUTSIDE_PLAN: _outside_plan,
    Absence.NOT_RECORDED: _not_recorded,
}


def _instead(missing: Sequence[Missing], beside: Sequence[Fact]) -> str:
    """What there is: of the very year for a result that is not recorded, else the whole series."""
    if not beside:
        return ""
    years = {one.place[1] for one in missing}
    same_year = [fact for fact in beside if fact.fiscal_year in years and fact.measure is Measure.TARGET]
    if same_year and all(one.absence is Absence.NOT_RECORDED for one in missing):
        return "目標は、" + "、".join(_dated(fact) for fact in same_year) + f"です{wording.unit_note(same_year)}。"
    return shown(beside)


def shown(facts: Iterable[Fact]) -> str:
    """「書かれている値: 基準値 10 ／ R4 20」, "" where there is none."""
    given = [fact for fact in facts if fact.cell.absence is None]
    return "書かれている値: " + " ／ ".join(map(_dated, given)) + wording.unit_note(given) if given else ""


def _dated(fact: Fact) -> str:
    when = fact.fiscal_year.label if fact.fiscal_year else wording.MEASURES[fact.measure]
    of_actual = "の実績" if fact.measure is Measure.ACTUAL else ""
    return f"{when}{of_actual} {wording.figure(fact)}"

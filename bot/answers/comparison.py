"""Which of several is more: 「RPAと議事録どっちが多い?」, 「RPAは議事録より多い?」."""

from collections.abc import Sequence
from decimal import Decimal

from bot.answer import Answer, Kind, Text
from bot.answers import choose, lookup, wording
from bot.answers.context import Context
from bot.answers.results import figure_asked
from bot.comparing import compare_cells
from bot.kinds import quantity_of
from bot.quantities import label, shown, unit_of
from data.facts import Fact, Indicator, Measure
from data.values import Bound
from nlp.criteria import Comparison
from nlp.query import Held


def answer(context: Context) -> Answer:
    """The figures side by side, the greater one first; of different units only with a word about it."""
    parts = context.query.asked
    if len(parts) < 2:
        return lookup.answer(context)
    if asks_back := choose.unsettled(context):
        return asks_back
    indicators = [target for asked in parts if isinstance(target := context.target(asked.fitting[0]), Indicator)]
    rows = context.rows(indicators)
    figures: list[Fact] = []
    for asked, row in zip(parts, rows, strict=False):
        if (fact := figure_asked(asked, row)) is not None:
            figures.append(fact)
    if len(figures) != len(parts) or len(rows) != len(parts):
        return lookup.answer(context)
    ordered = sorted(figures, key=lambda fact: -(fact.cell.value or 0))
    lines = [
        f"・{wording.name(fact.indicator)}  {_dated(fact)} {wording.figure(fact)}{wording.unit_note([fact])}"
        for fact in ordered
    ]
    is_alike = len({quantity_of(row) for row in rows}) == 1
    lead, statement = _verdict(ordered) if is_alike else ("", "単位が違うので、大小は比べられません。")
    yes = _holds(context.query.held, figures) if is_alike else None
    if yes is not None:
        lead, statement = ("はい" if yes else "いいえ"), f"{lead or '二つの値'}: {statement}"
    return Answer(
        Kind.ANSWER,
        Text(statement, lead, tuple(lines), sources=wording.sources_of(context, ordered)),
        facts=tuple(ordered),
        indicators=tuple(fact.indicator for fact in ordered),
        yes=yes,
    )


def _holds(held: Held | None, figures: Sequence[Fact]) -> bool | None:
    """Is the one more (or less) than the other? None where that is not asked, or cannot be told."""
    if held is None or len(figures) != 2:
        return None
    one, other = (figures[1 - held.against].cell, figures[held.against].cell)
    if Bound.EXACT not in (one.bound, other.bound):
        return None
    return compare_cells(one, Comparison.MORE if held.more else Comparison.LESS, other)


def _verdict(ordered: list[Fact]) -> tuple[str, str]:
    first, second = ordered[:2]
    if first.cell.value == second.cell.value:
        return (
            "",
            "同じ値です。" if first.cell.bound is second.cell.bound is Bound.EXACT else "書かれている数は同じです。",
        )
    gap = (first.cell.value or Decimal(0)) - (second.cell.value or Decimal(0))
    unit = unit_of([first, second])
    unit = "ポイント" if unit == "%" else unit
    beside = f"（差は{shown(gap, [first, second])}{unit}）" if len(ordered) == 2 else ""
    return wording.name(
        first.indicator
    ), f"こちらの{_what(first)}が{'いちばん' if len(ordered) > 2 else ''}大きいです{beside}。"


def _what(fact: Fact) -> str:
    return f"{_dated(fact)}の{wording.MEASURES[fact.measure]}" if fact.fiscal_year else wording.MEASURES[fact.measure]


def _dated(fact: Fact) -> str:
    return label(fact).removesuffix("の実績") if fact.measure is Measure.ACTUAL else label(fact)

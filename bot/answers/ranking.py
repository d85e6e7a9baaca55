"""Rankings: 「産業振興で伸び率が高い順に3つ」, 「R7の目標が一番大きい指標」, 「達成率ワースト3」."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.answer import Answer, Computed, Kind, Receipt, StatusOf, Text
from bot.answers import listing, wording
from bot.answers.context import Context
from bot.conditions import status_of
from bot.figures import Row, is_interim
from bot.kinds import Quantity, quantity_of
from bot.naming import change_name, figure_name
from bot.quantities import compute, label
from bot.selection import Selected, count_by_area, select
from data.facts import Fact
from nlp.cues import Thing
from nlp.operands import OF_RESULTS, Change, Figure, Operand, Operation, ends_of
from nlp.orders import RANKS_AREAS, OrderReading
from nlp.selection import Selection

# More that stand at the same place than these are counted, not named.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row with the value by which it is ranked."""

    row: Row
    value: Decimal
    facts: tuple[Fact, ...]
    computed: Computed | None = None


def answer(context: Context) -> Answer:
    """The indicators in order; figures of another unit are left out, with a word about it."""
    selection = context.selection
    order = selection.order
    if order is None:
        return listing.answer(context)
    if selection.cues.thing is Thing.AREA or RANKS_AREAS.search(context.query.text):
        return _areas(context, selection, order)
    selected = select(context, selection)
    if missing := listing.without_results(selected):
        return missing
    selection = selected.selection
    operand = operand_of(order, selection)
    ranked, undefined = _ranked(operand, selected)
    ranked, left_out = _comparable(operand, ranked, selection)
    ranked.sort(key=lambda one: one.value, reverse=order.descending)
    shown = _first(ranked, order.limit)
    like = selected.rows[0] if selected.rows else None
    name = (change_name(operand, like) if isinstance(operand, Change) else figure_name(operand, like)) if like else ""
    if not shown:
        return Answer(
            Kind.NO_DATA,
            Text(
                f"{selected.sentence}のうち、{name or '並べる値'}があるものはありません。",
                lines=tuple(_reasons(undefined)),
            ),
            receipt=Receipt(words=selection.topic, indicator=selected.sentence),
        )
    end = "大きい" if order.descending else "小さい"
    lines = [
        *([f"ほかに{len(shown) - listing.MOST}件あります。"] if len(shown) > listing.MOST else []),
        *_inexact(operand, shown),
        *_remarks(order, ranked, shown, undefined, left_out, operand),
    ]
    return Answer(
        Kind.ANSWER,
        Text(
            f"{selected.sentence}を、{name}が{end}順に並べました。",
            rows=tuple(_rows(shown, context.question.asked_on)),
            # what has no result stands among what is left out, with the reason
            lines=(*lines, *listing.remarks(replace(selected, unrecorded=()))),
            sources=wording.documents(context, [one.row for one in shown]),
        ),
        facts=tuple(dict.fromkeys(fact for one in shown for fact in one.facts)),
        indicators=tuple(one.row.indicator for one in shown),
        computed=tuple(one.computed for one in shown if one.computed),
        statuses=_statuses(shown),
        receipt=Receipt(words=selection.topic, indicator=f"{selected.sentence}、{name}が{end}順"),
        ranks=tuple(_rank(one, shown) for one in shown),
    )


def _areas(context: Context, selection: Selection, order: OrderReading) -> Answer:
    """「指標が一番多い分野は?」: the areas by how many indicators they have."""
    selected = select(context, selection)
    ranked = sorted(count_by_area(selected.rows).items(), key=lambda item: item[1], reverse=order.descending)
    last = ranked[order.limit - 1][1] if order.limit and len(ranked) >= order.limit else None
    shown = [
        (area, count) for at, (area, count) in enumerate(ranked) if last is None or at < order.limit or count == last
    ]
    rows = tuple(f"・{' '.join(area.split())}  {count}件" for area, count in shown)
    statement = f"{selected.sentence}が{'多い' if order.descending else '少ない'}順の分野です。"
    count = shown[0][1] if order.limit == 1 and shown else None
    return Answer(
        Kind.ANSWER, Text(statement, rows=rows, sources=wording.documents(context, selected.rows)), count=count
    )


def operand_of(order: OrderReading, selection: Selection) -> Operand:
    """What is ranked: a change between figures, or the one figure that the question names."""
    figures = list(selection.figures)
    if order.operation in OF_RESULTS:
        year = next((figure for figure in figures if figure.period), None)
        return Change(order.operation, None, Figure(None, year.period) if year else Figure())
    if order.operation is not None:
        return Change(order.operation, *ends_of(figures))
    return figures[-1] if figures else Figure()


def _ranked(operand: Operand, selected: Selected) -> tuple[list[Ranked], list[tuple[Row, str]]]:
    """Rows with a value, and those without one with the reason."""
    ranked: list[Ranked] = []
    undefined: list[tuple[Row, str]] = []
    for row in selected.rows:
        if isinstance(operand, Change):
            computed = compute(operand, row)
            if isinstance(computed, Computed):
                ranked.append(Ranked(row, computed.value, computed.facts, computed))
            else:
                undefined.append((row, computed.why))
        elif (fact := row.number(*row.place(operand))) is not None and fact.cell.value is not None:
            ranked.append(Ranked(row, fact.cell.value, (fact,)))
        else:
            undefined.append((row, "値がない"))
    return ranked, undefined


def _comparable(
    operand: Operand, ranked: Sequence[Ranked], selection: Selection
) -> tuple[list[Ranked], dict[Quantity, list[Ranked]]]:
    """Figures (and differences) of one kind of quantity: the largest group, the others are left out. Rates are all of
    one kind; indicators that were called by name are compared whatever they are."""
    if (
        selection.named
        or selection.cues.any_unit
        or (isinstance(operand, Change) and operand.operation is not Operation.DIFFERENCE)
    ):
        return list(ranked), {}
    groups: dict[Quantity, list[Ranked]] = {}
    for one in ranked:
        groups.setdefault(quantity_of(one.row), []).append(one)
    if len(groups) < 2:
        return list(ranked), {}
    by_points = selection.order is not None and selection.order.in_points
    kept = (
        Quantity.PERCENT
        if by_points and Quantity.PERCENT in groups
        else max(groups, key=lambda kind: (kind is Quantity.COUNT, len(groups[kind])))
    )
    return groups.pop(kept), groups


def _inexact(operand: Operand, shown: Sequence[Ranked]) -> tuple[str, ...]:
    """What is reckoned with 「ほぼ100%」 is about right; a figure that is only quoted is what it is."""
    return wording.approximate(f for one in shown for f in one.facts) if isinstance(operand, Change) else ()


def _first(ranked: Sequence[Ranked], limit: int) -> list[Ranked]:
    """The first ones, with all that share the last place."""
    if not limit or len(ranked) <= limit:
        return list(ranked)
    last = ranked[limit - 1].value
    return [one for at, one in enumerate(ranked) if at < limit or one.value == last]


def _rank(one: Ranked, shown: Sequence[Ranked]) -> int:
    """Its place, which equal values share."""
    return 1 + next(at for at, other in enumerate(shown) if other.value == one.value)


def _rows(shown: Sequence[Ranked], today: date) -> list[str]:
    rows = []
    for one in shown[: listing.MOST]:
        told = one.computed.formula if one.computed else "、".join(f"{label(f)} {wording.figure(f)}" for f in one.facts)
        mark = "（途中経過）" if any(is_interim(fact, today) for fact in one.facts) else ""
        state = "".join(f"【{status.status}】" for status in _statuses([one])) + mark
        rows.append(f"{_rank(one, shown)}. {state}{wording.name(one.row.indicator)}  {told}")
    return rows


def _statuses(shown: Sequence[Ranked]) -> tuple[StatusOf, ...]:
    """The status of each that is ranked by a share of its target."""
    by_result = {operation.value for operation in OF_RESULTS}
    years = (
        (one.row, one.facts[0].fiscal_year) for one in shown if one.computed and one.computed.operation in by_result
    )
    return tuple(status for row, year in years if (status := status_of(row, year)))


def _remarks(
    order: OrderReading,
    ranked: Sequence[Ranked],
    shown: Sequence[Ranked],
    undefined: Sequence[tuple[Row, str]],
    left_out: dict[Quantity, list[Ranked]],
    operand: Operand,
) -> list[str]:
    lines = []
    if order.limit and len(shown) > order.limit:
        lines.append(f"{order.limit}位が同じ値なので、{len(shown)}件を挙げました。")
    for kind, group in left_out.items():
        best = sorted(group, key=lambda one: one.value, reverse=order.descending)[0]
        told = best.computed.formula if best.computed else wording.figure(best.facts[-1])
        most = "最大" if order.descending else "最小"
        top = f"その中では「{wording.name(best.row.indicator)}」の{told}が{most}"
        lines.append(f"{kind.value}の{len(group)}件は単位が違うので比べていません（{top}）。")
    if isinstance(operand, Change) and operand.operation is Operation.GROWTH_RATE and len(ranked) > 1:
        lines.append("単位が違う指標も、率どうしで比べています。")
    return [*lines, *_reasons(undefined)]


def _reasons(undefined: Sequence[tuple[Row, str]]) -> list[str]:
    """Which indicators have no value to be ranked by, and why."""
    if not undefined:
        return []
    named = "、".join(f"「{wording.name(row.indicator)}」（{why}）" for row, why in undefined[:_NAMED])
    more = f"ほか{len(undefined) - _NAMED}件" if len(undefined) > _NAMED else ""
    return [f"対象外: {named}{more}"]

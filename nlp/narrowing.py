"""How a message changes the question about many before it: 「そのうち産業振興は?」, 「上位3つだけ」, 「R6だと?」."""

from collections.abc import Sequence
from dataclasses import replace

from nlp.criteria import Compared, ConditionReading, Given, Judged, Met, Moves, OnlyIn, Test, Written
from nlp.cues import Cues
from nlp.intents import Intent
from nlp.operands import Change, Figure, Operand, Operation
from nlp.orders import OrderReading
from nlp.periods import Period
from nlp.selection import Selection

Asking = tuple[Intent, Selection]


def within(before: Asking, new: Selection) -> Asking:
    """A whole question of its own that names no scope, asked in the scope of the one before it."""
    intent, base = before
    scope = Selection(
        Cues(),
        plan=base.plan,
        areas=base.areas,
        without_areas=base.without_areas,
        topic=base.topic,
        entries=base.entries,
    )
    return narrow((intent, replace(scope, named=base.named)), new)


def narrow(before: Asking, new: Selection, *, stays_within: bool = False) -> Asking:
    """The question before, as a message changes it.

    A new area takes the place of the old scope (but looks within a topic where the message `stays_within` it:
    「そのうち」), a new condition is added (or takes the place of one on the same figure), a year alone moves every
    year, an order or a count asks the same of another form.
    """
    intent, base = before
    if new.scale:
        return Intent.SUMMARY, _graded_by(new.scale, base)
    if intent is Intent.SUMMARY and new.conditions and base.figures and base.figures[0].period:
        year = base.figures[0].period  # 「まだ実績がないのは?」 after the state of a year
        new = replace(
            new,
            conditions=tuple(one if all(map(_has_year, one.tests)) else dated(one, year) for one in new.conditions),
        )
    conditions = _with_conditions(base.conditions, new.conditions)
    figures = base.figures
    moved = [figure.period for figure in new.figures if figure.period]
    if moved and not new.conditions:
        conditions = tuple(dated(one, moved[-1]) for one in conditions)
        figures = _dated_figures(base.figures, moved)
    elif new.figures and not new.conditions:
        conditions = tuple(_measured(one, new.figures[-1]) for one in conditions)
        figures = new.figures
    elif new.figures:
        figures = new.figures
    order = _order(base.order, new.order)
    of_statuses = intent is Intent.SUMMARY or any(isinstance(t, Met | Judged) for one in conditions for t in one.tests)
    if order and order.operation is None and of_statuses and not new.figures:
        order = replace(order, operation=Operation.PROGRESS_RATE)  # 「一番悪いのは?」 of statuses
    if new.order and not order_is_same(base.order, new.order) and new.figures:
        figures = new.figures
    merged = replace(
        base,
        conditions=conditions,
        figures=figures,
        order=order,
        cues=_cues(base, new),
    )
    if new.plan:
        merged = replace(merged, plan=new.plan)
    if new.areas:
        merged = replace(
            merged, areas=new.areas, without_areas=new.without_areas, topic=new.topic, entries=(), named=()
        )
        if stays_within and base.entries:
            merged = replace(merged, entries=base.entries, topic=f"{base.topic}」の「{new.topic}")
    elif new.entries:
        both = tuple(entry for entry in base.entries if entry in new.entries)
        merged = replace(merged, entries=both or new.entries, topic=new.topic, named=())
    return _form(intent, new), merged


def _graded_by(scale: str, base: Selection) -> Selection:
    """「独法方式だと?」: the state of the same scope and year by another scale."""
    years = [test.period for one in base.conditions for test in one.tests if isinstance(test, Met | Judged)]
    figures = base.figures or tuple(Figure(None, year) for year in years if year)
    return replace(base, scale=scale, order=None, figures=figures)


def _has_year(test: Test) -> bool:
    """Does a test name a year of its own, or need none?"""
    match test:
        case Given() | Written():
            return test.figure.period is not None
        case Met() | Judged():
            return test.period is not None
        case Compared(operand=Figure() as figure):
            return figure.period is not None
    return True


def _form(intent: Intent, new: Selection) -> Intent:
    if intent is Intent.SUMMARY and new.conditions:
        intent = Intent.LIST
    if new.order:
        return Intent.RANKING
    if new.cues.counts:
        return Intent.COUNT
    return Intent.LIST if new.cues.strong and intent is Intent.COUNT else intent


def order_is_same(one: OrderReading | None, other: OrderReading) -> bool:
    return one is not None and (other.operation is None or one.operation is other.operation)


def _order(base: OrderReading | None, new: OrderReading | None) -> OrderReading | None:
    """The new order, by what the old one ranked where the new one does not say: 「上位3つだけ」, 「逆に低い順は?」."""
    if new is None or base is None:
        return new or base
    descending = base.descending if new.is_cut else new.descending
    return replace(new, operation=new.operation or base.operation, descending=descending, limit=new.limit or base.limit)


def _cues(base: Selection, new: Selection) -> Cues:
    cues = replace(base.cues, form=new.cues.form, counts=new.cues.counts, strong=new.cues.strong)
    for field in ("unit", "without_unit", "number", "owner", "containing"):
        if value := getattr(new.cues, field):
            cues = replace(cues, **{field: value})
    for field in ("listed_twice", "without_indicator"):
        cues = replace(cues, **{field: getattr(cues, field) or getattr(new.cues, field)})
    if new.cues.has_noun and new.cues.thing is not base.cues.thing:
        cues = replace(cues, thing=new.cues.thing)
    return cues


def _with_conditions(base: Sequence[ConditionReading], new: Sequence[ConditionReading]) -> tuple[ConditionReading, ...]:
    kept = list(base)
    for one in new:
        same = next((old for old in kept if _about_same(old, one)), None)
        if same is not None:
            kept[kept.index(same)] = _with_operand(one, same)
        else:
            kept.append(one)
    return tuple(kept)


def _about_same(old: ConditionReading, new: ConditionReading) -> bool:
    """Is a new limit set to what an old condition measured: 「80%以上だと?」 after 「R7が90%以上」?"""
    if len(old.tests) != 1 or len(new.tests) != 1 or old.negated != new.negated:
        return False
    one, other = old.tests[0], new.tests[0]
    if isinstance(one, Compared) and isinstance(other, Compared):
        return other.operand in (Figure(), one.operand)
    if isinstance(one, OnlyIn) and isinstance(other, OnlyIn):
        return True
    if isinstance(one, Judged | Met) and isinstance(other, Judged | Met):
        return other.period in (None, one.period)  # 「後退は?」 after 「遅れている指標」
    if isinstance(one, Given) and isinstance(other, Given):
        return other.figure in (Figure(), one.figure)
    return isinstance(one, Moves) and isinstance(other, Moves)


def _with_operand(new: ConditionReading, old: ConditionReading) -> ConditionReading:
    one, other = old.tests[0], new.tests[0]
    if isinstance(one, Compared) and isinstance(other, Compared) and other.operand == Figure():
        return replace(new, tests=(replace(other, operand=one.operand),))
    if isinstance(one, Given) and isinstance(other, Given) and other.figure == Figure():
        return replace(new, tests=(replace(other, figure=one.figure),))
    if isinstance(one, Judged | Met) and isinstance(other, Judged | Met):
        return replace(new, tests=(replace(other, period=other.period or one.period),))
    return new


def _measured(one: ConditionReading, figure: Figure) -> ConditionReading:
    """「基準値は?」: the same asked of another measure."""
    return replace(one, tests=tuple(_measured_test(test, figure) for test in one.tests))


def _measured_test(test: Test, figure: Figure) -> Test:
    if isinstance(test, Compared) and isinstance(test.operand, Figure):
        return replace(test, operand=figure)
    return replace(test, figure=figure) if isinstance(test, Given | Written) else test


def _dated_figures(figures: Sequence[Figure], periods: Sequence[Period]) -> tuple[Figure, ...]:
    measure = next((figure.measure for figure in figures if figure.measure), None)
    return tuple(Figure(measure, period) for period in periods)


def dated(one: ConditionReading, period: Period) -> ConditionReading:
    """A condition with every year of it moved: 「R5だと?」."""
    return replace(one, tests=tuple(_dated_test(test, period) for test in one.tests))


def _dated_test(test: Test, period: Period) -> Test:
    match test:
        case Compared():
            other = _dated_figure(test.other, period) if isinstance(test.other, Figure) else test.other
            return replace(test, operand=_dated_operand(test.operand, period), other=other)
        case Given() | Written():
            return replace(test, figure=_dated_figure(test.figure, period))
        case OnlyIn():
            return replace(test, periods=(period,))
        case Met() | Judged():
            return replace(test, period=period)
        case Moves():
            return replace(test, end=Figure(test.end.measure if test.end else None, period))


def _dated_operand(operand: Operand, period: Period) -> Operand:
    if isinstance(operand, Change):
        return replace(operand, end=Figure(operand.end.measure if operand.end else None, period))
    return _dated_figure(operand, period)


def _dated_figure(figure: Figure, period: Period) -> Figure:
    is_baseline = figure.measure is not None and figure.measure.value == "baseline"
    return figure if is_baseline else replace(figure, period=period)

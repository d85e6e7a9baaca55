"""Conditions on indicators: each one object with its test and its Japanese sentence.

A test may leave an indicator undecided: 「ほぼ100%」 is neither at least 100 % nor below it. Such an indicator is set
aside with the reason, never listed and never silently dropped.
"""

from collections.abc import Sequence

from bot.answer import Computed, StatusOf
from bot.comparing import by_direction, compare, compare_cells, of_same_kind, reaches
from bot.criteria import Condition, Outcome
from bot.figures import Row, is_met, judged_by, judgement_of
from bot.naming import change_name, figure_name, place_name
from bot.quantities import PERCENT, compute, plain
from bot.trends import trend_condition
from data.facts import MEASURES, Measure, Place
from data.fiscal_year import FiscalYear
from data.scales import SCALES, Scale
from data.values import Absence, Cell
from nlp.amounts import Amount
from nlp.criteria import BLANK, Compared, Comparison, ConditionReading, Given, Judged, Met, Moves, OnlyIn, Test, Written
from nlp.measures import Measure as NamedMeasure
from nlp.operands import Change, Figure, Operation
from nlp.periods import Period


def condition_of(reading: ConditionReading, like: Row) -> Condition:
    """The condition that a question's words make; `like` is a row of the plan that its years are read in."""
    parts = [_condition(test, like) for test in reading.tests]
    one = parts[0] if len(parts) == 1 else _either(parts)
    return _negated(one) if reading.negated else one


def _either(parts: Sequence[Condition]) -> Condition:
    def test(row: Row) -> Outcome:
        outcomes = [part(row) for part in parts]
        return next((o for o in outcomes if o.holds), next((o for o in outcomes if o.holds is None), outcomes[0]))

    return Condition(
        "か、".join([*(part.sentence.removesuffix("の") for part in parts[:-1]), parts[-1].sentence]), test
    )


def _negated(one: Condition) -> Condition:
    def test(row: Row) -> Outcome:
        outcome = one(row)
        return Outcome(None if outcome.holds is None else not outcome.holds, (), None, outcome.why)

    return Condition(f"{one.sentence}もの以外の".replace("のもの以外", "もの以外"), test)


def _condition(test: Test, like: Row) -> Condition:
    match test:
        case Compared(operand=Change() as change, other=Amount() as amount):
            return _change_against(change, test.comparison, amount, like)
        case Compared(operand=Figure() as figure, other=Amount() as amount):
            return _figure_against(figure, test, amount, like)
        case Compared(operand=Figure() as figure, other=Figure() as other):
            return _figures_against(figure, other, test.comparison, like)
        case Given():
            return _given(test, like)
        case OnlyIn():
            return _only_in(test.periods, like)
        case Moves():
            return trend_condition(test, like)
        case Written():
            return _written(test, like)
        case Met():
            return _met(test, like)
        case Judged():
            return _judged(test, like)
    raise AssertionError(test)


def _figure_against(figure: Figure, test: Compared, amount: Amount, like: Row) -> Condition:
    comparison = test.comparison

    in_any_year = comparison is Comparison.EQUAL and figure.period is None and not _is_baseline(figure)

    def decide(row: Row) -> Outcome:
        place = row.place(figure)
        facts = row.numbers(place[0]) if in_any_year else list(filter(None, [row.number(*place)]))
        alike = [fact for fact in facts if of_same_kind(amount.unit, fact)]
        if in_any_year:
            equal = tuple(f for f in alike if compare(f.cell, comparison, amount.value, exactly=test.exactly))
            return Outcome(bool(equal), equal)
        if not alike:
            return Outcome(False)
        cell = alike[0].cell
        if comparison is Comparison.REACHES:
            holds = reaches(row, cell, amount.value)
        else:
            holds = compare(cell, comparison, amount.value, exactly=test.exactly)
        return Outcome(
            holds, (alike[0],), None, "" if holds is not None else f"{place_name(place)}が「{cell.raw}」と書かれている"
        )

    written = f"{plain(amount.value)}{amount.unit}"
    words = {
        Comparison.AT_LEAST: f"{written}以上の",
        Comparison.MORE: f"{written}を超える",
        Comparison.AT_MOST: f"{written}以下の",
        Comparison.LESS: f"{written}未満の",
        Comparison.EQUAL: f"ちょうど{written}の" if test.exactly else f"{written}の",
        Comparison.UNEQUAL: f"{written}でない",
        Comparison.REACHES: f"{written}に届く",
    }[comparison]
    left_out = "" if amount.unit == PERCENT or amount.value == 0 else "「%」の指標"
    name = f"どれかの年度の{MEASURES[like.place(figure)[0]]}" if in_any_year else figure_name(figure, like)
    return Condition(f"{name}が{words}", decide, left_out)


def _change_against(change: Change, comparison: Comparison, amount: Amount, like: Row) -> Condition:
    def decide(row: Row) -> Outcome:
        computed = compute(change, row)
        if not isinstance(computed, Computed):
            return Outcome(False)
        if change.operation is Operation.DIFFERENCE and (computed.unit == "ポイント") != (
            amount.unit in ("ポイント", PERCENT)
        ):
            return Outcome(False)
        holds = compare(Cell("", computed.value), comparison, amount.value)
        return Outcome(holds, computed.facts, computed)

    limit = plain(abs(amount.value))
    name = change_name(change, like)
    if change.operation is Operation.RATIO:
        start = figure_name(change.start, like) if change.start else "基準値"
        words = f"{figure_name(change.end or Figure(), like)}が{start}の{limit}倍{_ending(comparison)}"
        return Condition(words, decide)
    sign = "マイナス" if amount.value < 0 else ""
    return Condition(f"{name}が{sign}{limit}{amount.unit}{_ending(comparison)}", decide)


def _is_baseline(figure: Figure) -> bool:
    return figure.measure is not None and figure.measure.value == "baseline"


def _ending(comparison: Comparison) -> str:
    return {
        Comparison.AT_LEAST: "以上の",
        Comparison.MORE: "を超える",
        Comparison.AT_MOST: "以下の",
        Comparison.LESS: "未満の",
        Comparison.EQUAL: "の",
        Comparison.UNEQUAL: "でない",
        Comparison.REACHES: "に届く",
    }[comparison]


def _figures_against(figure: Figure, other: Figure, comparison: Comparison, like: Row) -> Condition:
    # 「R7がR5の目標より」: a measure named once is meant for both.
    measures = [one.measure for one in (figure, other) if one.measure and one.period]
    one, two = (f if f.measure or not measures else Figure(measures[0], f.period) for f in (figure, other))

    def decide(row: Row) -> Outcome:
        first, second = row.number(*row.place(one)), row.number(*row.place(two))
        if first is None or second is None:
            return Outcome(False)
        holds = compare_cells(first.cell, by_direction(comparison, row), second.cell)
        return Outcome(holds, (first, second))

    a, b = figure_name(one, like), figure_name(two, like)
    words = {
        Comparison.EQUAL: f"{a}が{b}と同じ",
        Comparison.UNEQUAL: f"{a}が{b}と違う",
        Comparison.MORE: f"{a}が{b}より大きい",
        Comparison.LESS: f"{a}が{b}より小さい",
        Comparison.AT_LEAST: f"{a}が{b}以上の",
        Comparison.AT_MOST: f"{a}が{b}以下の",
        Comparison.REACHES: f"{a}が{b}に届く",
        Comparison.BETTER: f"{a}が{b}より良い",
        Comparison.WORSE: f"{a}が{b}より悪い",
    }[comparison]
    return Condition(words, decide)


def _given(test: Given, like: Row) -> Condition:
    measure, _ = like.place(test.figure)
    any_actual = measure is Measure.ACTUAL and test.figure.period is None

    def places(row: Row) -> list[Place]:
        if any_actual:
            return [place for place in row.facts if place[0] is Measure.ACTUAL] or [(measure, None)]
        if measure is Measure.BASELINE or not test.figure.period:
            return [row.place(test.figure)]
        return [(measure, year) for year in row.years(test.figure.period)]

    def decide(row: Row) -> Outcome:
        facts = [row.facts.get(place) for place in places(row)]
        if any(fact and fact.cell.absence is Absence.UNREADABLE for fact in facts):
            return Outcome(None, why="元の表が欠けていて読み取れない")
        given = [fact for fact in facts if fact and fact.cell.absence is None]
        if test.is_there:
            is_there = bool(given) if any_actual else len(given) == len(facts)
            return Outcome(is_there, tuple(given))
        if test.mark:
            marked = all(fact and _shows(fact.cell, test.mark) for fact in facts)
            return Outcome(marked)
        return Outcome(not given)

    years = like.years(test.figure.period) if test.figure.period else ()
    if any_actual:
        name = "実績値"
    elif len(years) > 1:
        name = f"{years[0].label}〜{years[-1].label}の{MEASURES[measure]}"
    else:
        name = figure_name(test.figure, like)
    all_of = "すべて" if len(years) > 1 and test.is_there else ""
    if test.mark:
        shown = BLANK if test.mark == BLANK else f"「{test.mark}」"
        return Condition(f"{name}が{shown}の", decide)
    verb = "登録されている" if measure is Measure.ACTUAL else "ある"
    absent = "まだ登録されていない" if measure is Measure.ACTUAL else "ない"
    return Condition(f"{name}が{all_of}{verb if test.is_there else absent}", decide)


def _shows(cell: Cell, mark: str) -> bool:
    if mark == BLANK:
        return cell.absence is Absence.BLANK
    return cell.absence is Absence.NOT_SET and (cell.raw.strip() in ("/", "／")) == (mark == "/")


def _only_in(periods: Sequence[Period], like: Row) -> Condition:
    def decide(row: Row) -> Outcome:
        years = {year for period in periods for year in row.years(period)}
        targets = {year: fact for (measure, year), fact in row.facts.items() if measure is Measure.TARGET}
        if any(fact.cell.absence is Absence.UNREADABLE for fact in targets.values()):
            return Outcome(None, why="元の表が欠けていて読み取れない")
        given = {year: fact for year, fact in targets.items() if fact.cell.absence is None}
        return Outcome(bool(given) and set(given) == years, tuple(given.values()))

    labels = "・".join(year.label for period in periods for year in like.years(period))
    return Condition(f"目標値が{labels}だけにある", decide)


def _written(test: Written, like: Row) -> Condition:
    def decide(row: Row) -> Outcome:
        if test.figure.period or test.figure.measure:
            fact = row.facts.get(row.place(test.figure))
            facts = [fact] if fact else []
            if not test.figure.period and test.figure.measure and test.figure.measure.value == "target":
                facts = [f for (measure, _), f in row.facts.items() if measure is Measure.TARGET]
        else:
            facts = [f for (measure, _), f in row.facts.items() if measure is not Measure.ACTUAL]
        having = tuple(fact for fact in facts if test.word in fact.cell.raw)
        return Outcome(bool(having), having)

    where = figure_name(test.figure, like) if test.figure.period else "表の値"
    return Condition(f"{where}に「{test.word}」と書かれた", decide)


def _met(test: Met, like: Row) -> Condition:
    """達成: the result meets that year's target or is better (data/status.py)."""

    def decide(row: Row) -> Outcome:
        actual = row.number(*row.place(Figure(NamedMeasure.ACTUAL, None if test.by_latest else test.period)))
        year = row.years(test.period)[-1] if test.by_latest and test.period else actual.fiscal_year if actual else None
        target = row.number(Measure.TARGET, year)
        if actual is None or target is None:
            return Outcome(False)
        return Outcome(is_met(row, actual, target) is test.is_met, (actual, target), status=status_of(row, year))

    label = like.years(test.period)[-1].label if test.period else "最新の年度"
    if test.by_latest:
        return Condition(f"最新の実績値が{label}の目標値{'に届いている' if test.is_met else 'に届いていない'}", decide)
    return Condition(f"{label}の実績値が目標値{'を達成した' if test.is_met else 'に届かなかった'}", decide)


def _judged(test: Judged, like: Row) -> Condition:
    """A status of a year, by the scale of the plan or, where that has no such word, the one that has it."""
    usual = like.indicator.plan.scale
    scale = next((one for one in (usual, *SCALES.values()) if set(test.statuses) & set(one.words)), usual)

    def decide(row: Row) -> Outcome:
        year = row.years(test.period)[-1] if test.period else None
        judged = status_of(row, year, scale) if year else None
        if year is None or judged is None:
            return Outcome(False)
        return Outcome(judged.status in test.statuses, tuple(judged_by(row, year)), status=judged)

    label = like.years(test.period)[-1].label if test.period else "最新の年度"
    words = "か".join(f"「{status}」" for status in test.statuses)
    by = f"（{scale.name}）" if scale is not usual else ""
    return Condition(f"{label}の判定{by}が{words}の", decide)


def status_of(row: Row, year: FiscalYear | None, scale: Scale | None = None) -> StatusOf | None:
    """The status of an indicator in a year, None where it has none."""
    judgement = judgement_of(row, year, scale) if year else None
    return StatusOf(row.indicator, year, judgement.status) if year and judgement else None

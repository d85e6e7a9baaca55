"""Exact arithmetic over the figures of an indicator, each result with the formula that makes it.

Everything is Decimal. Rates and percentages of change are rounded half up to one decimal, multiples to two, differences
stay exact (ANSWER.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.answer import Computed
from bot.figures import Row
from data.facts import MEASURES, Direction, Fact, Measure
from data.fiscal_year import FiscalYear
from data.status import achievement, progress_of
from data.values import Absence, Bound
from nlp.measures import Measure as NamedMeasure
from nlp.operands import OF_RESULTS, Change, Figure, Operation

PERCENT, POINTS = "%", "ポイント"
_MYRIAD = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Undefined:
    """Why there is no result (「基準値がない」), and the facts that say so."""

    why: str
    facts: tuple[Fact, ...] = ()

    @property
    def sentence(self) -> str:
        return f"{self.why}ため、計算できません。"


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shown(value: Decimal, like: Sequence[Fact] = ()) -> str:
    """A number as a person reads it, in 万 where the cells it is made from are: 「1,234.5」, 「20万」."""
    if like and value and all("万" in fact.cell.raw for fact in like) and value % 10 == 0:
        return f"{plain(value / _MYRIAD)}万"
    return plain(value)


def told(result: Computed) -> str:
    """A result with its unit: 「31.8ポイント」, 「28万枚」. A rate of figures in 万 is none in 万 itself."""
    is_amount = result.operation not in (Operation.GROWTH_RATE.value, Operation.RATIO.value)
    return f"{shown(result.value, result.facts if is_amount else ())}{result.unit}"


def plain(value: Decimal) -> str:
    """「1,234.5」, without zeros that say nothing."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def label(fact: Fact) -> str:
    """「基準値」, 「R7」, 「R5の実績」."""
    if fact.fiscal_year is None:
        return "基準値"
    return f"{fact.fiscal_year.label}の実績" if fact.measure is Measure.ACTUAL else fact.fiscal_year.label


def full_label(fact: Fact) -> str:
    """「基準値」, 「R7の目標」, 「R5の実績」."""
    return f"{label(fact)}の目標" if fact.measure is Measure.TARGET else label(fact)


def unit_of(facts: Sequence[Fact]) -> str:
    """The unit that the figures share, "" where none is known."""
    units = {fact.cell.unit for fact in facts if fact.cell.unit}
    return units.pop() if len(units) == 1 else ""


def compute(change: Change, row: Row) -> Computed | Undefined:
    """What an operation makes of a row's figures, or why it makes nothing."""
    if change.operation in OF_RESULTS:
        named = change.end if change.end and change.end.period else None
        return _of_result(change.operation, row, row.place(named or Figure(NamedMeasure.ACTUAL)))
    found = ends(change, row)
    if isinstance(found, Undefined):
        return found
    return between(change.operation, *found)


def ends(change: Change, row: Row) -> tuple[Fact, Fact] | Undefined:
    """The two figures that a change goes between: from the baseline, and to the last target, unless words say so."""
    end = row.place(change.end or Figure())
    start = row.place(change.start or Figure(NamedMeasure.BASELINE))
    if end[1] and start[1] and end[0] is start[0] and end[1] < start[1]:
        start, end = end, start
    facts = []
    for measure, year in (start, end):
        fact = row.number(measure, year)
        if fact is None:
            stored = row.facts.get((measure, year))
            what = f"{year.name}の" if year else ""
            name = MEASURES[measure]
            why = _why_missing(stored)
            return Undefined(f"{what}{name}{why}")
        facts.append(fact)
    return facts[0], facts[1]


def _why_missing(stored: Fact | None) -> str:
    if stored is None or stored.cell.absence not in (None, Absence.UNREADABLE):
        return "がない"
    return "が元の表で欠けていて読み取れない" if stored.cell.absence else "が一つの数値ではない"


def between(operation: Operation, start: Fact, end: Fact) -> Computed | Undefined:
    """Difference, growth rate, multiple or average a year from one figure to another."""
    one, other = _values(start, end)
    facts = (start, end)
    if start.cell.unit and end.cell.unit and start.cell.unit != end.cell.unit:
        return Undefined("単位が違う", facts)
    if vague := next((fact for fact in facts if fact.cell.bound not in (Bound.EXACT, Bound.ABOUT)), None):
        return Undefined(f"{label(vague)}が「{vague.cell.raw}」と幅のある書き方である", facts)
    if operation is Operation.DIFFERENCE:
        return _difference(start, end)
    if operation is Operation.PER_YEAR:
        return _per_year(start, end)
    if one <= 0:
        is_zero = "0である" if one == 0 else "負の数である"
        return Undefined(f"もとになる{label(start)}が{is_zero}", facts)
    a, b = _raw(start), _raw(end)
    if operation is Operation.RATIO:
        value = rounded(other / one, 2)
        return Computed(operation.value, value, "倍", f"{b} ÷ {a} ＝ {plain(value)}倍", facts)
    value = rounded((other - one) / one * 100, 1)
    return Computed(operation.value, value, PERCENT, f"（{b} − {a}）÷ {a} ＝ {plain(value)}%", facts)


def _difference(start: Fact, end: Fact) -> Computed:
    one, other = _values(start, end)
    unit = unit_of((start, end))
    unit = POINTS if unit == PERCENT else unit
    value = other - one
    formula = f"{_raw(end)} − {_signed(start)} ＝ {shown(value, (start, end))}{unit}"
    return Computed(Operation.DIFFERENCE.value, value, unit, formula, (start, end))


def _per_year(start: Fact, end: Fact) -> Computed | Undefined:
    one, other = _values(start, end)
    last = end.fiscal_year or end.indicator.plan.first_year.plus(-1)
    first = start.fiscal_year or start.indicator.plan.first_year.plus(-1)
    years = last.year - first.year
    if years <= 0:
        return Undefined("年度が一つしかない", (start, end))
    unit = unit_of((start, end))
    unit = POINTS if unit == PERCENT else unit
    value = _short((other - one) / years)
    formula = f"（{_raw(end)} − {_signed(start)}）÷ {years}年 ＝ {shown(value, (start, end))}{unit}"
    return Computed(Operation.PER_YEAR.value, value, unit, formula, (start, end))


def _short(value: Decimal) -> Decimal:
    """Exact where two decimals tell it, else rounded half up to two."""
    return value if value == rounded(value, 2) else rounded(value, 2)


def total(facts: Sequence[Fact], operation: Operation) -> Computed:
    """Sum or average of several years."""
    values = [fact.cell.value or Decimal(0) for fact in facts]
    unit = unit_of(facts)
    terms = " ＋ ".join(_signed(fact) for fact in facts)
    value = sum(values, Decimal(0))
    if operation is Operation.SUM:
        return Computed(operation.value, value, unit, f"{terms} ＝ {shown(value, facts)}{unit}", tuple(facts))
    value = _short(value / len(values))
    formula = f"（{terms}）÷ {len(facts)} ＝ {shown(value, facts)}{unit}"
    return Computed(operation.value, value, unit, formula, tuple(facts))


def _of_result(operation: Operation, row: Row, place: tuple[Measure, FiscalYear | None]) -> Computed | Undefined:
    """達成率 or 進捗率 (data/status.py) of the year meant, else of the latest result."""
    year = place[1]
    if place[0] is not Measure.ACTUAL and row.number(Measure.ACTUAL, year) is None and year is None:
        return Undefined("実績が登録されていない")
    actual, target = row.number(Measure.ACTUAL, year), row.number(Measure.TARGET, year)
    when = f"{year.name}の" if year else ""
    if actual is None:
        return Undefined(f"{when}実績が登録されていない")
    if target is None:
        return Undefined(f"{when}目標値がない", (actual,))
    return progress_rate(row, actual, target) if operation is Operation.PROGRESS_RATE else rate(row, actual, target)


def rate(row: Row, actual: Fact, target: Fact) -> Computed | Undefined:
    """達成率: 実績 ÷ 目標, where less is better 目標 ÷ 実績; undefined where the denominator is 0 or less."""
    reached, aimed = _values(actual, target)
    share = achievement(reached, aimed, row.improves)
    if share is None:
        return Undefined("分母が0以下になる", (actual, target))
    value = rounded(share * 100, 1)
    top, bottom = (target, actual) if row.improves is Direction.LOWER else (actual, target)
    formula = f"{label_of(top)} {_raw(top)} ÷ {label_of(bottom)} {_raw(bottom)} ＝ {plain(value)}%"
    return Computed(Operation.ACHIEVEMENT_RATE.value, value, PERCENT, formula, (actual, target))


def progress_rate(row: Row, actual: Fact, target: Fact) -> Computed | Undefined:
    """進捗率: (実績 − 基準値) ÷ (目標 − 基準値); undefined without a baseline that differs from the target."""
    baseline = row.baseline
    if baseline is None:
        return Undefined("基準値がない", (actual, target))
    reached, aimed, start = _values(actual, target, baseline)
    share = progress_of(reached, aimed, start)
    if share is None:
        return Undefined("基準値と目標値が同じである", (actual, target, baseline))
    value = rounded(share * 100, 1)
    a, t, b = (shown(one, (fact,)) for one, fact in ((reached, actual), (aimed, target), (start, baseline)))
    b = f"({b})" if start < 0 else b
    formula = f"（{a} − {b}）÷（{t} − {b}）＝ {plain(value)}%"
    return Computed(Operation.PROGRESS_RATE.value, value, PERCENT, formula, (actual, target, baseline))


#: What the share of a result is called.
MEASURED = {Operation.ACHIEVEMENT_RATE.value: "達成率", Operation.PROGRESS_RATE.value: "進捗率"}


def share_of(row: Row, year: FiscalYear) -> Computed | None:
    """How far a year's result has come: 進捗率, or 達成率 where there is no such way; None without either."""
    actual, target = row.number(Measure.ACTUAL, year), row.number(Measure.TARGET, year)
    if actual is None or target is None:
        return None
    for share in (progress_rate, rate):
        if isinstance(result := share(row, actual, target), Computed):
            return result
    return None


def label_of(fact: Fact) -> str:
    return "実績" if fact.measure is Measure.ACTUAL else "目標"


def _values(*facts: Fact) -> list[Decimal]:
    return [fact.cell.value if fact.cell.value is not None else Decimal(0) for fact in facts]


def _raw(fact: Fact) -> str:
    """The cell for a formula: its number as written, without remarks (「-198 (R3.4～ R3.12)」 → 「-198」)."""
    cell = fact.cell
    return f"{shown(cell.value or Decimal(0), (fact,))}{cell.unit if cell.unit in cell.raw else ''}"


def _signed(fact: Fact) -> str:
    raw = _raw(fact)
    return f"（{raw}）" if raw.startswith("-") else raw

"""An indicator on a page of its own: what it is, where it stands, how each year's status follows; free of HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answers import wording
from bot.answers.judging import told_status
from bot.board import figure, years_of
from bot.chart import Course, course_of
from bot.figures import Row, under_way
from bot.marks import NO_STATUS, level_of, mark_of
from data.facts import Aggregation, Direction, Fact, Measure, Revision
from data.fiscal_year import FiscalYear
from data.history import Step, steps
from data.samples import SAMPLE, is_sample

_BETTER = {Direction.HIGHER: "多い（高い）ほど良い", Direction.LOWER: "少ない（低い）ほど良い"}
_ADDED_UP = {Aggregation.YEARLY: "年度ごと", Aggregation.CUMULATIVE: "累計", Aggregation.POINT: "時点"}


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year of an indicator: figures as written with their remarks, and why the status is what it is."""

    year: FiscalYear
    target: str
    result: str
    remarks: str
    status: str
    mark: str
    level: str
    why: tuple[str, ...]
    is_under_way: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """All that the page of an indicator shows. `definition` are labels with what the plan says; `course` is None where
    nothing can be drawn; `history` has the newest revision first."""

    row: Row
    name: str
    definition: tuple[tuple[str, str], ...]
    baseline: str
    years: tuple[YearLine, ...]
    course: Course | None
    history: tuple[Step, ...]

    @property
    def is_sampled(self) -> bool:
        return any(line.is_sample for line in self.years)

    def around_latest(self, count: int) -> Sequence[YearLine]:
        """So many years, up to the one after the latest result."""
        latest = self.row.latest
        last = next((at for at, line in enumerate(self.years) if latest and line.year == latest.fiscal_year), 0)
        start = min(max(last + 2 - count, 0), max(len(self.years) - count, 0))
        return self.years[start : start + count]


def indicator_view(row: Row, revisions: Sequence[Revision], today: date) -> IndicatorView:
    """The page of an indicator as of a day."""
    history = sorted(steps(revisions), key=lambda step: step.change.at, reverse=True)
    return IndicatorView(
        row,
        wording.name(row.indicator),
        tuple(_definition(row)),
        _with_remarks(row.facts.get((Measure.BASELINE, None))),
        tuple(_year_line(row, year, today) for year in years_of(row.indicator.plan, [row])),
        drawn_course(row, today),
        tuple(history),
    )


def drawn_course(row: Row, today: date) -> Course | None:
    """The course of an indicator under its name, which says so where invented results are in it."""
    is_sampled = any(is_sample(fact) for fact in row.numbers(Measure.ACTUAL))
    title = f"{wording.name(row.indicator)}（{SAMPLE}）" if is_sampled else wording.name(row.indicator)
    return course_of(title, row, today)


def _definition(row: Row) -> Iterator[tuple[str, str]]:
    indicator = row.indicator
    yield "別名", "、".join(indicator.aliases)
    units = dict.fromkeys(fact.cell.unit for fact in row.facts.values() if fact.cell.unit)
    yield "単位", indicator.unit or "、".join(units) or "計画の表に記載なし"
    yield "良い方向", _BETTER[row.improves] + _why_better(row)
    yield "集計", _ADDED_UP[indicator.aggregation] if indicator.aggregation else "計画の表に記載なし"
    yield "担当課", _each_once(listing.owner for listing in indicator.listings) or "計画の表に記載なし"
    yield "備考", _each_once(listing.remark for listing in indicator.listings)


def _why_better(row: Row) -> str:
    if row.indicator.direction:
        return "（計画の「方向」の欄による）"
    baseline, targets = row.baseline, row.numbers(Measure.TARGET)
    if baseline and targets and baseline.cell.value != targets[-1].cell.value:
        return "（基準値から最後の目標値への向きによる）"
    return "（計画の値からは読み取れないため）"


def _year_line(row: Row, year: FiscalYear, today: date) -> YearLine:
    actual, target = row.facts.get((Measure.ACTUAL, year)), row.facts.get((Measure.TARGET, year))
    scale = row.indicator.plan.scale
    told = told_status(row, year, scale)
    status = told.status if told else NO_STATUS
    return YearLine(
        year,
        figure(target),
        figure(actual),
        _each_once((_remarks(target), _remarks(actual))),
        status,
        mark_of(status, scale),
        level_of(status, scale),
        told.why[1:] if told else (),  # the first line repeats the figures
        under_way(row, year, today),
        actual is not None and is_sample(actual),
    )


def _with_remarks(fact: Fact | None) -> str:
    remarks = _remarks(fact)
    return f"{figure(fact)}（{remarks}）" if remarks else figure(fact)


def _remarks(fact: Fact | None) -> str:
    """What stands beside a figure, and not in it already: 「R6.9月末時点」."""
    if fact is None or is_sample(fact):
        return ""
    return "、".join(one for one in (fact.cell.note, fact.cell.as_of) if one and one not in fact.cell.raw)


def _each_once(texts: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(filter(None, texts)))

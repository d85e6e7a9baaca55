"""The figures behind a picture: the course of one indicator, or how many indicators stand where.

Plain data, made in the core; bot/pictures.py and the channels draw it where it is shown.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.figures import Row, is_interim
from data.facts import MEASURES, Direction, Fact, Measure
from data.fiscal_year import FiscalYear

_BETTER = {Direction.HIGHER: "多いほど良い指標です", Direction.LOWER: "少ないほど良い指標です"}


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: `raw` as the plan writes it (「ほぼ100%」), `interim` for a result of a year that is not over."""

    year: FiscalYear | None
    value: Decimal
    raw: str
    interim: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """An indicator over the years of its plan. Each measure that has a number is there; a year without one is a gap."""

    title: str
    unit: str
    direction: Direction
    years: tuple[FiscalYear, ...]
    series: Mapping[Measure, tuple[Point, ...]]

    @property
    def better(self) -> str:
        """「少ないほど良い指標です」."""
        return _BETTER[self.direction]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many indicators have which status, in the order of the scale: (「達成」, 22)."""

    title: str
    bars: tuple[tuple[str, int], ...]


Chart = Course | Counts


def course_of(title: str, row: Row, asked_on: date) -> Course | None:
    """The course of an indicator; None where it has fewer than two single numbers, or their units differ.

    Left out are words, and cells of several measures (`①500 ②50`), which have no place on an axis.
    """
    facts = [fact for measure in MEASURES for fact in row.numbers(measure)]
    units = {fact.cell.unit for fact in facts if fact.cell.unit}
    if len(facts) < 2 or len(units) > 1:
        return None
    plan = row.indicator.plan
    with_figures = [fact.fiscal_year.year for fact in facts if fact.fiscal_year]
    first, last = min(plan.first_year.year, *with_figures), max(plan.last_year.year, *with_figures)
    return Course(
        title,
        units.pop() if units else row.indicator.unit,
        row.improves,
        tuple(FiscalYear(year) for year in range(first, last + 1)),
        {
            measure: points
            for measure in MEASURES
            if (points := tuple(_point(fact, asked_on) for fact in facts if fact.measure is measure))
        },
    )


def _point(fact: Fact, asked_on: date) -> Point:
    value = fact.cell.value
    return Point(
        fact.fiscal_year, value if value is not None else Decimal(0), fact.cell.raw, is_interim(fact, asked_on)
    )


def alt_text(chart: Chart) -> str:
    """The picture in words, for screen readers and where no picture can be shown.

    「オンライン利用率の推移（単位は%）。基準値 48.2%、目標値 R4 61.0%、R5 67.4%。多いほど良い指標です。」
    """
    if isinstance(chart, Counts):
        return f"{chart.title}。{'、'.join(f'{status} {count}件' for status, count in chart.bars)}。"
    unit = f"（単位は{chart.unit}）" if chart.unit else ""
    series = "、".join(
        f"{MEASURES[measure]} {'、'.join(map(told, points))}" for measure, points in chart.series.items()
    )
    return f"{chart.title}の推移{unit}。{series}。{chart.better}。"


def told(point: Point) -> str:
    """「R6 66.8%（途中経過）」."""
    year = f"{point.year.label} " if point.year else ""
    return f"{year}{point.raw}{'（途中経過）' if point.interim else ''}"


def clean(text: str) -> str:
    """Without what is no letter to be drawn: control and direction marks, halves of letters, which no SVG may hold."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))

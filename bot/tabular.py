"""A list as a table: the same rows as the reply's lines, built from the answer's facts and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.answer import Answer, Kind
from bot.answers import wording
from bot.figures import is_interim
from data.facts import MEASURES, Fact, Indicator, Initiative, Place
from data.samples import SAMPLE, is_sample
from data.values import Cell, read_cell


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, "" for one that does not apply; every row is as long as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


#: A column: its heading, and what it says of an indicator.
_Column = tuple[str, Callable[[Indicator], str]]


def table_of(answer: Answer, today: date) -> Table | None:
    """The table of an answer that lists indicators or initiatives, in its own order; None for any other.

    指標 | R5 目標値 | R5 実績値 | 計算 | 判定: a column only where there is something to say. `today` marks 途中経過.
    """
    if answer.kind is not Kind.ANSWER or not answer.text.rows:
        return None
    title = answer.text.statement
    if answer.indicators:
        indicators = list({one.id: one for one in answer.indicators}.values())
        columns = list(_columns(answer, indicators, today))
        return Table(
            title,
            tuple(heading for heading, _ in columns),
            tuple(tuple(cell(indicator) for _, cell in columns) for indicator in indicators),
        )
    if answer.items:
        return Table(title, ("取組項目", "分野"), tuple((_numbered(item), _words(item.area)) for item in answer.items))
    return None


def _columns(answer: Answer, indicators: Sequence[Indicator], today: date) -> Iterable[_Column]:
    if len(answer.ranks) == len(indicators):
        ranks = dict(zip((one.id for one in indicators), answer.ranks, strict=True))
        yield "順位", lambda one: str(ranks[one.id])
    yield "指標", wording.name
    yield from _figures(answer.facts, today)
    formulas: dict[int, list[str]] = {}
    for computed in answer.computed:
        for indicator in dict.fromkeys(fact.indicator.id for fact in computed.facts):
            formulas.setdefault(indicator, []).append(computed.formula)
    if formulas:
        yield "計算", lambda one: "、".join(formulas.get(one.id, []))
    yield from _statuses(answer)
    areas = {one.id: _areas(one) for one in indicators}
    if len(set(areas.values())) > 1:
        yield "分野", lambda one: areas[one.id]


def _figures(facts: Sequence[Fact], today: date) -> Iterable[_Column]:
    """A column for each measure and year; for each measure alone where no indicator has two years of it."""
    by_place: dict[Place, dict[int, Fact]] = {}
    for fact in facts:
        by_place.setdefault((fact.measure, fact.fiscal_year), {})[fact.indicator.id] = fact
    for measure in MEASURES:
        places = sorted((place for place in by_place if place[0] is measure), key=_in_time)
        dated = {indicator: fact for place in places for indicator, fact in by_place[place].items()}
        if len(places) > 1 and len(dated) == sum(len(by_place[place]) for place in places):
            yield MEASURES[measure], partial(_told, dated, today, True)
            continue
        for place in places:
            yield _heading(place), partial(_told, by_place[place], today, False)


def _in_time(place: Place) -> int:
    return place[1].year if place[1] else 0


def _heading(place: Place) -> str:
    measure, year = place
    return f"{year.label} {MEASURES[measure]}" if year else MEASURES[measure]


def _told(figures: Mapping[int, Fact], today: date, with_year: bool, indicator: Indicator) -> str:
    """The figure as written, with its unit where that leaves it out: 「ほぼ100%」, 「R5 30 ha（途中経過）」."""
    fact = figures.get(indicator.id)
    if fact is None:
        return ""
    cell = fact.cell
    year = f"{fact.fiscal_year.label} " if with_year and fact.fiscal_year else ""
    interim = "（途中経過）" if is_interim(fact, today) else ""
    sample = f"（{SAMPLE}）" if is_sample(fact) else ""
    return f"{year}{figure_with_unit(cell)}{interim}{sample}"


def figure_with_unit(cell: Cell) -> str:
    """A figure as written, with its unit where that leaves it out: 「ほぼ100%」, 「30 ha」."""
    is_bare = cell.unit and cell.unit not in cell.raw and not cell.parts and not read_cell(cell.raw).unit
    return f"{cell.raw} {cell.unit}" if is_bare else cell.raw


def _statuses(answer: Answer) -> Iterable[_Column]:
    """The statuses, with their year in the heading where all are of one."""
    years = {one.year for one in answer.statuses}
    states: dict[int, list[str]] = {}
    for one in answer.statuses:
        states.setdefault(one.indicator.id, []).append(
            f"{one.year.label} {one.status}" if len(years) > 1 else one.status
        )
    if states:
        heading = f"{next(iter(years)).label} 判定" if len(years) == 1 else "判定"
        yield heading, lambda one: "、".join(states.get(one.id, []))


def _areas(indicator: Indicator) -> str:
    """The areas in which it is listed, or the chapters of a plan without areas."""
    places = (listing.initiative for listing in indicator.listings)
    return "、".join(dict.fromkeys(_words(place.area or place.chapter) for place in places))


def _numbered(initiative: Initiative) -> str:
    return " ".join(filter(None, (initiative.number, initiative.title)))


def _words(text: str) -> str:
    return " ".join(text.split())

"""The board: how the indicators of one plan stand in a year, and which of them a filter leaves; free of HTML."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from bot.answer import Computed
from bot.answers import wording
from bot.board_filter import Filter, Order
from bot.figures import Row, judgement_of, under_way
from bot.marks import NO_STATUS, grades_of, level_of, mark_of
from bot.quantities import plain, rate, rounded
from bot.scorecard import Judged, Scorecard, latest_year
from bot.tabular import figure_with_unit
from data.facts import Fact, Measure, Plan, name_key
from data.fiscal_year import FiscalYear, read_fiscal_year
from data.samples import is_sample
from data.values import Absence

NO_AREA = "（分野の記載なし）"
#: As many lines of a list make a page: so many fit on a sheet of A4.
PAGE = 20
#: As many are named on the overview.
WEAK = 10

# What stands in an address is cut to what anybody would type.
_LONGEST = 1000
# A plan with more years has most of them empty.
_MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as a list shows it: figures as written, `share` like 「進捗率 92.7%」, "" for what is not there."""

    row: Row
    name: str
    status: str
    mark: str
    level: str
    target: str
    result: str
    share: str
    is_under_way: bool
    is_sample: bool
    areas: str
    owners: str


@dataclass(frozen=True)
class Board:
    """One plan in one year: the rows of all its indicators in the order of the plan, and the scorecard of those that
    have a status."""

    plan: Plan
    today: date
    rows: tuple[Row, ...]
    card: Scorecard

    @property
    def year(self) -> FiscalYear:
        return self.card.year

    @cached_property
    def years(self) -> tuple[FiscalYear, ...]:
        """The years to choose from (years_of)."""
        return years_of(self.plan, self.rows)

    @cached_property
    def areas(self) -> Mapping[str, Scorecard]:
        return {area_label(area): card for area, card in self.card.areas().items()}

    @cached_property
    def all_areas(self) -> tuple[str, ...]:
        """Every area of the plan, those too in which nothing is judged."""
        return tuple(self.written_areas)

    @cached_property
    def written_areas(self) -> Mapping[str, str]:
        """The areas as the plan writes them, by what they are called here."""
        listings = (listing for row in self.rows for listing in row.indicator.listings)
        areas = (listing.initiative.area for listing in sorted(listings, key=lambda listing: listing.line))
        return {area_label(area): area for area in areas}

    @cached_property
    def owners(self) -> tuple[str, ...]:
        owners = (listing.owner for row in self.rows for listing in row.indicator.listings)
        return tuple(dict.fromkeys(filter(None, map(_squeezed, owners))))

    @property
    def statuses(self) -> tuple[str, ...]:
        """What a list can be filtered by."""
        return (*dict.fromkeys((*self.card.scale.words, *self.card.counts)), NO_STATUS)

    @cached_property
    def judged(self) -> Mapping[int, Judged]:
        return {one.row.indicator.id: one for one in self.card.judged}

    @property
    def without_status(self) -> int:
        return len(self.rows) - len(self.card.judged)

    @cached_property
    def is_sampled(self) -> bool:
        return any(is_sample(fact) for row in self.rows for fact in row.numbers(Measure.ACTUAL))

    def line(self, row: Row) -> Line:
        """How a list shows an indicator of this board."""
        indicator, judged = row.indicator, self.judged.get(row.indicator.id)
        actual = row.facts.get((Measure.ACTUAL, self.year))
        status = judged.judgement.status if judged else NO_STATUS
        scale = indicator.plan.scale
        return Line(
            row,
            wording.name(indicator),
            status,
            mark_of(status, scale),
            level_of(status, scale),
            figure(row.facts.get((Measure.TARGET, self.year))),
            figure(actual),
            share_told(judged, self.year) if judged else "",
            under_way(row, self.year, self.today),
            actual is not None and is_sample(actual),
            "、".join(dict.fromkeys(area_label(one.initiative.area) for one in indicator.listings)),
            "、".join(dict.fromkeys(filter(None, (_squeezed(one.owner) for one in indicator.listings)))),
        )

    def chosen(self, wanted: Filter, holding: Collection[int] | None) -> list[Row]:
        """The rows that a filter leaves, in its order. `holding` are the ids of those whose names have `wanted.q`."""
        found = [
            row
            for row in self.rows
            if self._fits(row, wanted) and (holding is None or not wanted.q or row.indicator.id in holding)
        ]
        match wanted.order:
            case Order.WEAK:
                return sorted(found, key=self._weakness)
            case Order.NAME:
                return sorted(found, key=lambda row: name_key(row.indicator.name))
            case _:
                return found

    def _fits(self, row: Row, wanted: Filter) -> bool:
        listings = row.indicator.listings
        judged = self.judged.get(row.indicator.id)
        return (
            (not wanted.area or any(area_label(one.initiative.area) == wanted.area for one in listings))
            and (not wanted.owner or any(_squeezed(one.owner) == wanted.owner for one in listings))
            and (not wanted.status or (judged.judgement.status if judged else NO_STATUS) == wanted.status)
        )

    def _weakness(self, row: Row) -> tuple[int, Decimal]:
        """The worst grade first, of each the least share; then what is not graded."""
        judged = self.judged.get(row.indicator.id)
        grades = grades_of(self.card.scale)
        if judged is None:
            return len(self.statuses), Decimal(0)
        status = judged.judgement.status
        if status in grades:
            return len(grades) - 1 - grades.index(status), judged.share
        return self.statuses.index(status), Decimal(0)

    def part(self, rows: Sequence[Row]) -> Scorecard:
        """The scorecard of some of the rows, those that have a status."""
        own = (self.judged.get(row.indicator.id) for row in rows)
        return replace(self.card, judged=tuple(one for one in own if one))


def board_of(plan: Plan, rows: Sequence[Row], today: date, year: FiscalYear | None) -> Board:
    """The board of a plan: of the year that is asked for, else the one that a scorecard chooses."""
    meant = year or latest_year(rows, today)
    judged = tuple(
        Judged(row, judgement, under_way(row, meant, today)) for row in rows if (judgement := judgement_of(row, meant))
    )
    return Board(plan, today, tuple(rows), Scorecard(meant, plan.scale, judged))


def years_of(plan: Plan, rows: Iterable[Row]) -> tuple[FiscalYear, ...]:
    """The years of a plan and others with a target or result; of a plan of very many years those alone."""
    planned = [FiscalYear(year) for year in range(plan.first_year.year, plan.last_year.year + 1)]
    told = {year for row in rows for year in (*(year for _, year in row.facts), *row.published) if year}
    return tuple(sorted(told.union(planned) if len(planned) <= _MOST_YEARS or not told else told))


def share_told(judged: Judged, year: FiscalYear) -> str:
    """「進捗率 92.7%」, 「達成率 104.2%」: what the status goes by; "" where it goes by none."""
    judgement, row = judged.judgement, judged.row
    if judgement.progress is not None:
        return f"進捗率 {plain(rounded(judgement.progress * 100, 1))}%"
    actual, target = row.number(Measure.ACTUAL, year), row.number(Measure.TARGET, year)
    share = rate(row, actual, target) if actual and target else None
    return f"達成率 {plain(share.value)}%" if isinstance(share, Computed) else ""


def figure(fact: Fact | None) -> str:
    """A cell as written, with its unit where it leaves that out; of one without a figure its kind of 「ない」."""
    if fact is None:
        return ""
    return fact.cell.absence.value if isinstance(fact.cell.absence, Absence) else figure_with_unit(fact.cell)


def area_label(area: str) -> str:
    return _squeezed(area) or NO_AREA


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def chosen_plan(query: Mapping[str, str], plans: Sequence[Plan], usual: str) -> tuple[Plan, list[str]]:
    """The plan that an address means: the usual one, or the first, where it names none; with what it names wrongly."""
    title = _typed(query, "plan")
    asked = next((one for one in plans if _squeezed(one.title) == title), None)
    plan = asked or next((one for one in plans if one.title == usual), plans[0])
    return plan, [f"「{title}」という計画はありません。"] if title and not asked else []


def chosen_year(query: Mapping[str, str]) -> tuple[FiscalYear | None, list[str]]:
    """The year that an address names (「R5」, 「2023」)."""
    text = _typed(query, "year")
    year = read_fiscal_year(text) if text else None
    return year, [f"「{text}」は年度として読めません。例: R5"] if text and year is None else []


def read_filter(query: Mapping[str, str], board: Board, asked: FiscalYear | None) -> tuple[Filter, list[str]]:
    """What an address asks of a board, and a sentence for each value that the board does not know (and leaves out).

    The plan and the year stand in the filter only where they were asked for.
    """
    problems: list[str] = []
    known: dict[str, str] = {}
    for name, noun, choices in (
        ("area", "分野", board.all_areas),
        ("status", "判定", board.statuses),
        ("owner", "担当課", board.owners),
    ):
        text = _typed(query, name)
        found = next((one for one in choices if name_key(one) == name_key(text)), "") if text else ""
        if text and not found:
            problems.append(f"「{text}」という{noun}は、この計画にありません。")
        known[name] = found
    order = _typed(query, "order") or Order.PLAN.value
    if order not in tuple(Order):
        problems.append(f"「{order}」という並べ方はありません。")
    page = _typed(query, "page") or "1"
    is_number = page.isdecimal() and len(page) < 8 and int(page) > 0
    if not is_number:
        problems.append(f"「{page}」というページはありません。")
    wanted = Filter(
        board.plan.title if _typed(query, "plan") == _squeezed(board.plan.title) else "",
        asked,
        **known,
        q=_typed(query, "q"),
        order=Order(order) if order in tuple(Order) else Order.PLAN,
        page=int(page) if is_number else 1,
    )
    return wanted, problems


def _typed(query: Mapping[str, str], name: str) -> str:
    return _squeezed(query.get(name, "")[:_LONGEST])


def pages(count: int) -> int:
    return max(1, -(-count // PAGE))


def on_page(rows: Sequence[Row], page: int) -> Sequence[Row]:
    return rows[(page - 1) * PAGE : page * PAGE]


def targets_by_area(board: Board) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """How many indicators of each area have a target in each year of the board."""
    counts = {area: dict.fromkeys(board.years, 0) for area in board.all_areas}
    for row in board.rows:
        years = {year for (measure, year), fact in row.facts.items() if measure is Measure.TARGET and _is_set(fact)}
        for area in {area_label(listing.initiative.area) for listing in row.indicator.listings}:
            for year in board.years:
                counts[area][year] += year in years
    return tuple((area, tuple(own.values())) for area, own in counts.items())


def _is_set(fact: Fact) -> bool:
    return fact.cell.absence in (None, Absence.UNREADABLE)


def examples(board: Board) -> Iterator[Row]:
    """The first indicator of each area with a target in the year, where nothing is recorded yet; WEAK at most."""
    named: set[str] = set()
    for card in board.areas.values():
        row = next((one.row for one in card.judged if one.row.indicator.name not in named), None)
        if row and len(named) < WEAK:
            named.add(row.indicator.name)
            yield row

"""Answers under permanent numbers: what is kept of one, and which of its figures read otherwise since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.answer import Answer, Kind, Text
from bot.ask import Ask
from bot.chart import Chart, Counts, Course, Point
from bot.figures import part_raw
from bot.question import Question
from bot.tabular import Table, table_of
from data.answers import GivenAnswer, keep_answer
from data.facts import Direction, Fact, Indicator, Measure, Place
from data.fiscal_year import FiscalYear
from data.store import Store
from data.values import Absence

#: How the document is written; another form gets another number.
FORM = 1
#: What a figure is now that is not there any more.
GONE = "なし"

_KEPT = (Kind.ANSWER, Kind.NO_DATA)
# As many rows of a list anybody reads, and so many figures are looked at again: a list may have 44,000.
_MOST_ROWS, _MOST_FIGURES = 300, 3_000


@dataclass(frozen=True, slots=True)
class FigureAt:
    """A figure as it was shown: `raw` as written, or "" with the kind of 「ない」 where there was none."""

    indicator_id: int
    indicator: str
    measure: Measure
    year: FiscalYear | None
    raw: str
    absence: str = ""

    @property
    def place(self) -> Place:
        return self.measure, self.year


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of an answer, given now or kept; `figures` are those that it rests on, `left_out` counts the
    rows of its table for which a page has no room."""

    kind: Kind
    text: Text
    table: Table | None
    chart: Chart | None
    figures: tuple[FigureAt, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that was shown, with what it reads now: as written, or 「なし」."""

    figure: FigureAt
    now: str


def shown(answer: Answer, today: date) -> Shown:
    """What a page shows of an answer. `today` marks 途中経過 in its table."""
    facts = (
        *answer.facts,
        *answer.context_facts,
        *(fact for computed in answer.computed for fact in computed.facts),
    )
    figures = [*map(_figure_at, facts), *(_not_there(answer) if answer.kind is Kind.NO_DATA else ())]
    kept, table = tuple(dict.fromkeys(figures))[:_MOST_FIGURES], table_of(answer, today)
    if table is None or len(table.rows) <= _MOST_ROWS:
        return Shown(answer.kind, answer.text, table, answer.chart, kept)
    short = replace(table, rows=table.rows[:_MOST_ROWS])
    return Shown(answer.kind, answer.text, short, answer.chart, kept, len(table.rows) - _MOST_ROWS)


def give_number(store: Store, question: Question, answer: Answer, now: datetime) -> int | None:
    """Keeps an answer under its permanent number.

    None for what is no answer from the store (a reply to thanks, a question in return), and for one from invented
    samples, which go away again.
    """
    if answer.kind not in _KEPT or answer.is_courtesy or store.samples is not None:
        return None
    return keep_answer(
        store.engine,
        question.organisation,
        question.text,
        answer.text.receipt,
        question.asked_on,
        answer.revision,
        answer.kind.value,
        document_of(shown(answer, question.asked_on)) | _asked(question, answer),
        now,
    )


def _asked(question: Question, answer: Answer) -> dict[str, Any]:
    """What the words leave open, for them to be asked again."""
    return {"asked": {"plan": question.plan, "goes_on": answer.goes_on}}


def asked_again(ask: Ask, organisation: str, given: GivenAnswer) -> Shown | None:
    """What the same question gets now, as if asked on the same day: a list or a count rests on figures that it does not
    show.

    None where its words are forgotten, or did not lead to the answer alone (「じゃあR7は?」 in a thread).
    """
    asked = given.document["asked"]
    if not given.question or asked["goes_on"]:
        return None
    answer = ask(Question(given.question, given.asked_on, organisation, plan=asked["plan"]))
    return shown(answer, given.asked_on)


def changed_since(store: Store, organisation: str, shown: Shown) -> tuple[Changed, ...]:
    """The figures of an answer that read otherwise now, or whose indicator is in no plan any more, in their order."""
    wanted = {figure.indicator_id for figure in shown.figures}
    if not wanted:
        return ()
    indicators = [one for one in store.catalogue(organisation).indicators if one.id in wanted]
    facts = {(fact.indicator.id, (fact.measure, fact.fiscal_year)): fact for fact in store.facts(indicators)}
    found = []
    for figure in shown.figures:
        readings = _readings(facts.get((figure.indicator_id, figure.place)))
        if figure.raw not in readings:
            found.append(Changed(figure, readings[0] or GONE))
    return tuple(found)


def _readings(fact: Fact | None) -> tuple[str, ...]:
    """How a figure may be shown: as written, or one of the measures (①②) of its cell alone; "" where there is none."""
    if fact is None or fact.cell.absence is not None:
        return ("",)
    return (fact.cell.raw, *map(part_raw, fact.cell.parts))


def _figure_at(fact: Fact) -> FigureAt:
    absence = fact.cell.absence
    raw = "" if absence else fact.cell.raw
    return FigureAt(fact.indicator.id, fact.indicator.name, fact.measure, fact.fiscal_year, raw, absence or "")


def _not_there(answer: Answer) -> Iterable[FigureAt]:
    """The places without a figure: an answer that there is none shows all that the indicator has."""
    given = {(fact.indicator.id, (fact.measure, fact.fiscal_year)) for fact in answer.context_facts}
    for indicator in answer.indicators:
        for measure, year in _places(indicator):
            if (indicator.id, (measure, year)) not in given:
                absence = Absence.NOT_RECORDED if measure is Measure.ACTUAL else Absence.NOT_SET
                yield FigureAt(indicator.id, indicator.name, measure, year, "", absence)


def _places(indicator: Indicator) -> Iterable[Place]:
    years = [FiscalYear(year) for year in range(indicator.plan.first_year.year, indicator.plan.last_year.year + 1)]
    yield Measure.BASELINE, None
    yield from ((measure, year) for measure in (Measure.TARGET, Measure.ACTUAL) for year in years)


def document_of(shown: Shown) -> dict[str, Any]:
    """All that is shown but the receipt, for json.dumps: numbers as text, exactly as they are."""
    text, table = shown.text, shown.table
    return {
        "form": FORM,
        "kind": shown.kind.value,
        "text": {
            "statement": text.statement,
            "lead": text.lead,
            "lines": list(text.lines),
            "sources": text.sources,
            "above": list(text.above),
            "rows": list(text.rows),
        },
        "table": table
        and {"title": table.title, "header": list(table.header), "rows": [list(row) for row in table.rows]},
        "chart": _written_chart(shown.chart),
        "figures": [_written_figure(figure) for figure in shown.figures],
        "left_out": shown.left_out,
    }


def shown_of(document: Mapping[str, Any], receipt: str = "") -> Shown:
    """What is shown, from its document; with the receipt, which is kept beside it for a time."""
    text, table = document["text"], document["table"]
    return Shown(
        Kind(document["kind"]),
        Text(
            text["statement"],
            text["lead"],
            tuple(text["lines"]),
            receipt,
            text["sources"],
            tuple(text["above"]),
            tuple(text["rows"]),
        ),
        table and Table(table["title"], tuple(table["header"]), tuple(map(tuple, table["rows"]))),
        _read_chart(document["chart"]),
        tuple(_read_figure(figure) for figure in document["figures"]),
        document["left_out"],
    )


def _written_figure(figure: FigureAt) -> dict[str, Any]:
    return {
        "indicator_id": figure.indicator_id,
        "indicator": figure.indicator,
        "measure": figure.measure.value,
        "year": _written_year(figure.year),
        "raw": figure.raw,
        "absence": figure.absence,
    }


def _read_figure(written: Mapping[str, Any]) -> FigureAt:
    place = Measure(written["measure"]), _read_year(written["year"])
    return FigureAt(written["indicator_id"], written["indicator"], *place, written["raw"], written["absence"])


def _written_chart(chart: Chart | None) -> dict[str, Any] | None:
    if chart is None:
        return None
    if isinstance(chart, Counts):
        return {"kind": "counts", "title": chart.title, "bars": [list(bar) for bar in chart.bars]}
    return {
        "kind": "course",
        "title": chart.title,
        "unit": chart.unit,
        "direction": chart.direction.value,
        "years": [year.year for year in chart.years],
        "series": [
            {"measure": measure.value, "points": list(map(_written_point, points))}
            for measure, points in chart.series.items()
        ],
    }


def _read_chart(written: Mapping[str, Any] | None) -> Chart | None:
    if written is None:
        return None
    if written["kind"] == "counts":
        return Counts(written["title"], tuple((status, count) for status, count in written["bars"]))
    return Course(
        written["title"],
        written["unit"],
        Direction(written["direction"]),
        tuple(map(FiscalYear, written["years"])),
        {Measure(one["measure"]): tuple(map(_read_point, one["points"])) for one in written["series"]},
    )


def _written_point(point: Point) -> dict[str, Any]:
    return {
        "year": _written_year(point.year),
        "value": str(point.value),
        "raw": point.raw,
        "interim": point.interim,
    }


def _read_point(written: Mapping[str, Any]) -> Point:
    return Point(_read_year(written["year"]), Decimal(written["value"]), written["raw"], written["interim"])


def _written_year(year: FiscalYear | None) -> int | None:
    return year.year if year else None


def _read_year(year: int | None) -> FiscalYear | None:
    return None if year is None else FiscalYear(year)

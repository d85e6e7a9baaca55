"""The answer as ANSWER.md's JSON object."""

from decimal import Decimal
from typing import Any

from bot.answer import Answer, Computed, Receipt, names
from bot.chart import Chart, Counts, Point
from data.facts import Fact, Indicator, Initiative, Listing


def to_json(answer: Answer, request_id: str | int | float | None = None) -> dict[str, Any]:
    """A dictionary that json.dumps takes; keys that do not apply are left out."""
    document: dict[str, Any] = {
        "id": request_id,
        "kind": answer.kind.value,
        "text": answer.text.plain(),
        "facts": [_fact(fact) for fact in answer.facts],
        "context_facts": [_fact(fact) for fact in answer.context_facts],
        "indicators": names(answer.indicators),
        "items": names(answer.items),
        "choices": names(answer.choices),
        "options": [_option(choice) for choice in answer.choices],
        "alternatives": names(answer.alternatives),
        "computed": [_computed(one) for one in answer.computed],
        "count": answer.count,
        "yes": answer.yes,
        "statuses": [
            {"indicator": one.indicator.name, "period": one.year.label, "status": one.status} for one in answer.statuses
        ],
        "chart": _chart(answer.chart),
        "receipt": _receipt(answer.receipt),
        "elapsed_ms": round(answer.elapsed_ms, 3),
        "status_counts": dict(answer.status_counts),
    }
    return {key: value for key, value in document.items() if value not in (None, [], {}) or key == "facts"}


def _fact(fact: Fact) -> dict[str, Any]:
    cell = fact.cell
    return {
        "indicator": fact.indicator.name,
        "measure": fact.measure.value,
        "period": fact.fiscal_year.label if fact.fiscal_year else "",
        "fiscal_year": fact.fiscal_year.year if fact.fiscal_year else None,
        "raw": cell.raw,
        "value": _number(cell.value),
        "unit": cell.unit,
        "bound": cell.bound.value,
        "note": cell.note,
        "as_of": cell.as_of,
        "parts": [{"label": p.label, "value": _number(p.value), "unit": p.unit} for p in cell.parts],
        "sources": [_source(listing) for listing in fact.sources],
    }


def _computed(computed: Computed) -> dict[str, Any]:
    return {
        "operation": computed.operation,
        "value": _number(computed.value),
        "unit": computed.unit,
        "formula": computed.formula,
    }


def _chart(chart: Chart | None) -> dict[str, Any] | None:
    """The data of a picture: for each measure its points, a baseline's without a period; or a count for each status."""
    if chart is None:
        return None
    if isinstance(chart, Counts):
        bars = [{"status": status, "count": count} for status, count in chart.bars]
        return {"kind": "counts", "title": chart.title, "bars": bars}
    return {
        "kind": "course",
        "title": chart.title,
        "unit": chart.unit,
        "direction": chart.direction.value,
        "periods": [year.label for year in chart.years],
        "series": {measure.value: list(map(_point, points)) for measure, points in chart.series.items()},
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "period": point.year.label if point.year else "",
        "value": _number(point.value),
        "raw": point.raw,
        "interim": point.interim,
    }


def _number(value: Decimal | None) -> int | float | None:
    """JSON has no decimals; the shortest float that reads as the same digits stands for one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _source(listing: Listing) -> dict[str, Any]:
    initiative = listing.initiative
    return {
        "plan": initiative.plan.title,
        "document": initiative.plan.document,
        "chapter": initiative.chapter,
        "area": initiative.area,
        "initiative": initiative.title,
        "number": initiative.number,
        "line": listing.line,
    }


def _option(choice: Indicator | Initiative) -> dict[str, Any]:
    initiative = choice.listings[0].initiative if isinstance(choice, Indicator) else choice
    return {
        "indicator": choice.name if isinstance(choice, Indicator) else None,
        "plan": initiative.plan.title,
        "area": initiative.area,
        "initiative": initiative.title,
        "number": initiative.number,
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "words": receipt.words,
        "indicator": receipt.indicator,
        "match": receipt.match,
        "years": [{"words": words, "read": read} for words, read in receipt.years],
        "measures": [{"words": words, "read": read} for words, read in receipt.measures],
        "passed_over": list(receipt.passed_over),
    }

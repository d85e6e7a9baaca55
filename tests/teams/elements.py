"""The elements and actions of an Adaptive Card 1.5 as Teams draws them: what each may and must say."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A card, an element or an activity as decoded from JSON; nothing is known of its values before they are checked.
Json = dict[str, Any]

TITLE = 40  # characters of a button: longer ones are cut on phones
ACTIONS = 6  # of a card or an ActionSet: the rest hides behind a menu

#: The charts whose data are series: what names a series and what holds its values.
SERIES_CHARTS = {
    "Chart.Line": ("legend", "values"),
    "Chart.VerticalBar.Grouped": ("legend", "values"),
    "Chart.HorizontalBar.Stacked": ("title", "data"),
}
_BY_LEGEND = frozenset({"Chart.Donut", "Chart.Pie", "Chart.HorizontalBar.Stacked"})  # legend and value, not x and y
#: What breaks a whole card, or is drawn by some clients only.
REFUSED = frozenset(
    "Badge ProgressBar ProgressRing Carousel CarouselPage Media CodeBlock Icon CompoundButton Rating Input.Rating "
    "Component".split()
)

_ALWAYS = frozenset("type id isVisible requires fallback lang".split())
_ELEMENT = _ALWAYS | frozenset("separator spacing height horizontalAlignment targetWidth grid.area".split())
_ACTION = _ALWAYS | frozenset("title iconUrl style mode tooltip isEnabled".split())
_CHART = _ELEMENT | frozenset("title showTitle colorSet color maxWidth showLegend".split())
_AXES = frozenset("xAxisTitle yAxisTitle yMin yMax showBarValues".split())
_BOX = frozenset("style items selectAction bleed minHeight verticalContentAlignment showBorder roundedCorners".split())
_CELLS = frozenset("horizontalCellContentAlignment verticalCellContentAlignment".split())
_INPUT = _ELEMENT | frozenset("label isRequired errorMessage value placeholder".split())

_KNOWN: Mapping[str, frozenset[str]] = {
    "TextBlock": _ELEMENT | set("text size weight color isSubtle fontType wrap maxLines style".split()),
    "RichTextBlock": _ELEMENT | {"inlines"},
    "TextRun": frozenset(
        "type text size weight color isSubtle fontType italic strikethrough highlight underline selectAction".split()
    ),
    "Image": _ELEMENT | set("url altText size width style backgroundColor selectAction msteams".split()),
    "FactSet": _ELEMENT | {"facts"},
    "Container": _ELEMENT | _BOX,
    "ColumnSet": _ELEMENT | _BOX - {"items"} | {"columns", "minWidth"},
    "Column": _ELEMENT | _BOX | {"width"},
    "ActionSet": _ELEMENT | {"actions"},
    "Table": _ELEMENT
    | _CELLS
    | set("columns rows firstRowAsHeaders showGridLines gridStyle style roundedCorners".split()),
    "TableRow": _ELEMENT | _CELLS | {"cells", "style"},
    "TableCell": _ELEMENT | _BOX,
    "Input.Text": _INPUT | set("isMultiline maxLength style regex inlineAction".split()),
    "Input.ChoiceSet": _INPUT | set("choices style isMultiSelect wrap choices.data".split()),
    "Input.Number": _INPUT | {"min", "max"},
    "Input.Date": _INPUT | {"min", "max"},
    "Input.Toggle": _INPUT | set("title valueOn valueOff wrap".split()),
    "Chart.Line": _CHART | _AXES | {"data"},
    "Chart.VerticalBar": _CHART | _AXES | {"data"},
    "Chart.VerticalBar.Grouped": _CHART | _AXES | {"data", "stacked"},
    "Chart.HorizontalBar": _CHART | _AXES | {"data", "displayMode"},
    "Chart.HorizontalBar.Stacked": _CHART | _AXES | {"data"},
    "Chart.Donut": _CHART | set("data value valueColor thickness showOutlines".split()),
    "Chart.Pie": _CHART | {"data", "showOutlines"},
    "Chart.Gauge": _CHART
    | set("min max value valueFormat segments subLabel showMinMax showNeedle showOutlines".split()),
    "Action.Execute": _ACTION | set("verb data associatedInputs conditionallyEnabled".split()),
    "Action.Submit": _ACTION | set("data associatedInputs conditionallyEnabled msteams".split()),
    "Action.OpenUrl": _ACTION | {"url"},
    "Action.ShowCard": _ACTION | {"card"},
    "Action.ToggleVisibility": _ACTION | {"targetElements"},
}
ELEMENTS = (
    frozenset(_KNOWN) - {"Column", "TableRow", "TableCell", "TextRun"} - {k for k in _KNOWN if k.startswith("Action.")}
)

_CHOICES: Mapping[tuple[str, str], frozenset[str]] = {
    **{(block, "size"): frozenset({"Small", "Default", "Medium", "Large", "ExtraLarge"})
       for block in ("TextBlock", "TextRun")},
    **{(block, "weight"): frozenset({"Lighter", "Default", "Bolder"}) for block in ("TextBlock", "TextRun")},
    **{(block, "color"): frozenset({"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"})
       for block in ("TextBlock", "TextRun")},
    ("TextBlock", "style"): frozenset({"default", "columnHeader", "heading"}),
    ("Input.ChoiceSet", "style"): frozenset({"compact", "expanded", "filtered"}),
    **{(box, "style"): frozenset("default emphasis accent good attention warning".split())
       for box in ("Container", "Column", "ColumnSet", "TableCell", "TableRow", "Table")},
    **{(action, "style"): frozenset({"default", "positive", "destructive"})
       for action in _KNOWN if action.startswith("Action.")},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a card with a type, and where it stands: `/body/2/columns/0`."""

    at: str
    value: Json

    @property
    def kind(self) -> str:
        return str(self.value.get("type", ""))


def parts(card: Json) -> Iterator[Part]:
    """Everything in a card that has a type, fallbacks and shown cards included."""
    yield from _inside(card, "")


def texts(card: Json) -> list[str]:
    """All that a card shows in letters when charts are drawn; what stands in fallbacks is left out."""
    return [
        str(part.value[name])
        for part in parts(card)
        if "/fallback" not in part.at
        for name in ("text", "title", "label", "placeholder", "altText")
        if isinstance(part.value.get(name), str)
    ] + [
        str(fact.get(name, ""))
        for part in parts(card)
        if part.kind == "FactSet" and "/fallback" not in part.at
        for fact in part.value.get("facts") or []
        for name in ("title", "value")
    ]


def actions(card: Json) -> list[Json]:
    """The buttons of a card in their order, those of ActionSets first as they stand above."""
    found = [part for part in parts(card) if part.kind.startswith("Action.") and "/fallback" not in part.at]
    return [part.value for part in sorted(found, key=lambda part: part.at.startswith("/actions"))]


def element_faults(part: Part) -> Iterator[str]:
    """The faults of an element or action, without those of what is inside."""
    at, kind, value = part.at, part.kind, part.value
    if kind in REFUSED:
        yield f"{at}: {kind} breaks cards in Teams"
        return
    if kind not in _KNOWN:
        yield f"{at}: no such type: {kind!r}"
        return
    for name in value:
        if name not in _KNOWN[kind]:
            yield f"{at}: {kind} has no {name!r}"
        if value[name] is None:
            yield f"{at}: {name} is null"
        allowed = _CHOICES.get((kind, name))
        if allowed and value[name] not in allowed:
            yield f"{at}: {name} is {value[name]!r}"
    if kind.startswith("Action."):
        yield from _action(value, at, kind)
    elif kind.startswith("Chart."):
        yield from _chart(value, at, kind)
    elif kind in _CHECKS:
        yield from _CHECKS[kind](value, at)


def _inside(value: object, at: str) -> Iterator[Part]:
    if isinstance(value, dict):
        if at and isinstance(value.get("type"), str):
            yield Part(at, value)
        for name, inner in value.items():
            if name not in ("data", "msteams", "entities", "segments"):  # free, or data of a chart
                yield from _inside(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _inside(inner, f"{at}/{index}")


def _text(value: Json, name: str, at: str) -> Iterator[str]:
    if not isinstance(value.get(name), str) or not value[name].strip():
        yield f"{at}: no {name}"


def _many(value: Json, name: str, at: str, most: int | None = None) -> Iterator[str]:
    """Faults of what must be a list of objects with at least one in it."""
    inner = value.get(name)
    if not isinstance(inner, list) or not inner:
        yield f"{at}: no {name}"
    elif not all(isinstance(one, dict) for one in inner):
        yield f"{at}: {name} holds what is no object"
    elif most is not None and len(inner) > most:
        yield f"{at}: {len(inner)} {name}, no more than {most} are shown"


def _typed(value: Json, name: str, at: str, allowed: frozenset[str]) -> Iterator[str]:
    """Faults of a list whose objects must be of certain types."""
    for index, inner in enumerate(value.get(name) or []):
        if not isinstance(inner, dict) or inner.get("type") not in allowed:
            kind = inner.get("type") if isinstance(inner, dict) else type(inner).__name__
            if kind not in REFUSED:
                yield f"{at}/{name}/{index}: {kind!r} has no place here"


def _text_block(value: Json, at: str) -> Iterator[str]:
    yield from _text(value, "text", at)
    if value.get("wrap") is not True:
        yield f"{at}: without wrap the text is cut at the end of the line"


def _rich_text(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "inlines", at)
    yield from _typed(value, "inlines", at, frozenset({"TextRun"}))


def _text_run(value: Json, at: str) -> Iterator[str]:
    yield from _text(value, "text", at)


def _image(value: Json, at: str) -> Iterator[str]:
    yield from _text(value, "url", at)
    yield from _text(value, "altText", at)
    if not str(value.get("url")).startswith(("https://", "data:image/")):
        yield f"{at}: Teams loads images by https only"


def _fact_set(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "facts", at)
    for index, fact in enumerate(value.get("facts") or []):
        for name in ("title", "value"):
            yield from _text(fact, name, f"{at}/facts/{index}")


def _container(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "items", at)
    yield from _typed(value, "items", at, ELEMENTS)


def _column_set(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "columns", at)
    yield from _typed(value, "columns", at, frozenset({"Column"}))


def _action_set(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "actions", at, ACTIONS)


def _table(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "columns", at)
    yield from _many(value, "rows", at)
    yield from _typed(value, "rows", at, frozenset({"TableRow"}))
    columns = value.get("columns")
    for index, column in enumerate(columns if isinstance(columns, list) else []):
        width = column.get("width") if isinstance(column, dict) else None
        is_pixels = isinstance(width, str) and width.endswith("px") and width[:-2].isdecimal()
        if not (isinstance(width, int | float) and width > 0) and not is_pixels:
            yield f"{at}/columns/{index}: width is {width!r}"
    for index, row in enumerate(value.get("rows") or []):
        cells = row.get("cells") if isinstance(row, dict) else None
        if isinstance(columns, list) and len(cells if isinstance(cells, list) else []) != len(columns):
            yield f"{at}/rows/{index}: not as many cells as columns"


def _table_row(value: Json, at: str) -> Iterator[str]:
    yield from _many(value, "cells", at)
    yield from _typed(value, "cells", at, frozenset({"TableCell"}))


def _table_cell(value: Json, at: str) -> Iterator[str]:
    if not isinstance(value.get("items"), list):  # an empty cell has an empty list
        yield f"{at}: no items"
    yield from _typed(value, "items", at, ELEMENTS - {"Table"})


def _input(value: Json, at: str) -> Iterator[str]:
    yield from _text(value, "id", at)
    yield from _text(value, "label", at)


def _choice_set(value: Json, at: str) -> Iterator[str]:
    yield from _input(value, at)
    yield from _many(value, "choices", at)
    for index, choice in enumerate(value.get("choices") or []):
        for name in ("title", "value"):
            yield from _text(choice, name, f"{at}/choices/{index}")


def _action(value: Json, at: str, kind: str) -> Iterator[str]:
    if not at.endswith("/selectAction") and not at.startswith("/refresh"):
        yield from _text(value, "title", at)
    title = value.get("title")
    if isinstance(title, str) and len(title) > TITLE:
        yield f"{at}: a title of {len(title)} characters, {TITLE} can be read"
    if kind == "Action.Execute":
        yield from _text(value, "verb", at)
        if not isinstance(value.get("data"), dict) or not value["data"]:
            yield f"{at}: no data"
    elif kind == "Action.OpenUrl" and not str(value.get("url", "")).startswith(("https://", "http://")):
        yield f"{at}: no address"
    elif kind == "Action.ShowCard" and at.endswith("/selectAction"):
        yield f"{at}: ShowCard cannot be a selectAction"


def _chart(value: Json, at: str, kind: str) -> Iterator[str]:
    fallback = value.get("fallback")
    if not isinstance(fallback, dict):
        yield f"{at}: a chart without fallback"
    elif any(part.kind.startswith("Chart.") for part in _inside(fallback, at)):
        yield f"{at}: the fallback of a chart is a chart"
    yield from _text(value, "title", at)
    if kind == "Chart.Gauge":
        if not _is_number(value.get("value")):
            yield f"{at}: no value"
        return
    yield from _many(value, "data", at)
    data = value.get("data")
    for index, one in enumerate(data if isinstance(data, list) else []):
        place = f"{at}/data/{index}"
        if not isinstance(one, dict):
            continue
        if kind in SERIES_CHARTS:
            name, points = SERIES_CHARTS[kind]
            yield from _text(one, name, place)
            yield from _many(one, points, place)
            for number, point in enumerate(one.get(points) or []):
                yield from _point(point, f"{place}/{points}/{number}", kind)
        else:
            yield from _point(one, place, kind)


def _point(point: object, at: str, kind: str) -> Iterator[str]:
    x, y = ("legend", "value") if kind in _BY_LEGEND else ("x", "y")
    if not isinstance(point, dict):
        return
    if not (isinstance(point.get(x), str) and point[x].strip()) and not (x == "x" and _is_number(point.get(x))):
        yield f"{at}: no {x}"
    if not _is_number(point.get(y)):
        yield f"{at}: {y} is no number"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def size(value: object, encoding: str = "utf-8") -> int:
    """Bytes of what is sent."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(encoding, "surrogatepass"))


_CHECKS: Mapping[str, Callable[[Json, str], Iterator[str]]] = {
    "TextBlock": _text_block,
    "RichTextBlock": _rich_text,
    "TextRun": _text_run,
    "Image": _image,
    "FactSet": _fact_set,
    "Container": _container,
    "Column": _container,
    "ColumnSet": _column_set,
    "ActionSet": _action_set,
    "Table": _table,
    "TableRow": _table_row,
    "TableCell": _table_cell,
    "Input.Text": _input,
    "Input.Number": _input,
    "Input.Date": _input,
    "Input.ChoiceSet": _choice_set,
}

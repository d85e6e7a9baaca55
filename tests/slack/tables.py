"""The limits of tables and charts in messages."""

from collections.abc import Iterator

from tests.slack.elements import Json, count, length

COLUMNS = 20
TABLE_ROWS = 100
DATA_ROWS = 101  # the header among them
CELLS_TEXT = 10_000  # of all tables of a message together
SERIES = SEGMENTS = 6
POINTS = 101
CHART_TITLE = 50
CHART_LABEL = 20


def table_faults(block: Json, at: str) -> Iterator[str]:
    yield from _rows(block, at, 1, TABLE_ROWS, ("raw_text", "rich_text"))
    if block.get("column_settings") is not None:
        yield from count(block["column_settings"], f"{at}/column_settings", 0, COLUMNS)


def data_table_faults(block: Json, at: str) -> Iterator[str]:
    yield from length(block.get("caption"), f"{at}/caption", 1, None)
    yield from _rows(block, at, 2, DATA_ROWS, ("raw_text", "raw_number", "rich_text"))
    rows = _lists(block.get("rows"))
    if rows and any(len(row) != len(rows[0]) for row in rows):
        yield f"all rows must have the same number of cells [json-pointer:{at}/rows]"
    if rows and any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in rows[0]):
        yield f"rich_text is not allowed in the header [json-pointer:{at}/rows/0]"
    size = block.get("page_size")
    if size is not None and not _whole(size, 1, 100):
        yield f"must be between 1 and 100 [json-pointer:{at}/page_size]"
    header = block.get("row_header_column_index")
    if header is not None and not _whole(header, 0, len(rows[0]) - 1 if rows else 0):
        yield f"must be the index of a column [json-pointer:{at}/row_header_column_index]"


def table_text(block: Json) -> int:
    """The number of characters in all cells of a table."""
    return sum(_cell_text(cell) for row in _lists(block.get("rows")) for cell in row)


def chart_faults(block: Json, at: str) -> Iterator[str]:
    yield from length(block.get("title"), f"{at}/title", 1, CHART_TITLE)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        yield f"missing required field: chart [json-pointer:{at}]"
    elif chart.get("type") == "pie":
        yield from count(chart.get("segments"), f"{at}/chart/segments", 1, SEGMENTS)
        yield from _points(chart.get("segments"), f"{at}/chart/segments", positive=True)
    elif chart.get("type") in ("line", "bar", "area"):
        yield from _series(chart, f"{at}/chart")
    else:
        yield f"must be one of line, bar, area, pie [json-pointer:{at}/chart/type]"


def _series(chart: Json, at: str) -> Iterator[str]:
    axis = chart.get("axis_config")
    categories = axis.get("categories") if isinstance(axis, dict) else None
    yield from count(categories, f"{at}/axis_config/categories", 1, POINTS)
    categories = categories if isinstance(categories, list) else []
    for index, category in enumerate(categories):
        yield from length(category, f"{at}/axis_config/categories/{index}", 1, CHART_LABEL)
    for field in ("x_label", "y_label"):
        if isinstance(axis, dict) and axis.get(field) is not None:
            yield from length(axis[field], f"{at}/axis_config/{field}", 0, CHART_TITLE)
    yield from count(chart.get("series"), f"{at}/series", 1, SERIES)
    names: list[object] = []
    for index, series in enumerate(chart["series"] if isinstance(chart.get("series"), list) else []):
        place = f"{at}/series/{index}"
        if not isinstance(series, dict):
            yield f"must be an object [json-pointer:{place}]"
            continue
        yield from length(series.get("name"), f"{place}/name", 1, CHART_LABEL)
        if series.get("name") in names:
            yield f"series names must be unique [json-pointer:{place}/name]"
        names.append(series.get("name"))
        yield from count(series.get("data"), f"{place}/data", 1, POINTS)
        yield from _points(series.get("data"), f"{place}/data")
        points = series["data"] if isinstance(series.get("data"), list) else []
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            yield f"exactly one point for every category required [json-pointer:{place}/data]"


def _points(points: object, at: str, *, positive: bool = False) -> Iterator[str]:
    for index, point in enumerate(points if isinstance(points, list) else []):
        if not isinstance(point, dict):
            yield f"must be an object [json-pointer:{at}/{index}]"
            continue
        yield from length(point.get("label"), f"{at}/{index}/label", 1, CHART_LABEL)
        value = point.get("value")
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"must be a number [json-pointer:{at}/{index}/value]"
        elif positive and value <= 0:
            yield f"must be greater than 0 [json-pointer:{at}/{index}/value]"


def _rows(block: Json, at: str, least: int, most: int, kinds: tuple[str, ...]) -> Iterator[str]:
    yield from count(block.get("rows"), f"{at}/rows", least, most)
    for index, row in enumerate(block["rows"] if isinstance(block.get("rows"), list) else []):
        yield from count(row, f"{at}/rows/{index}", 1, COLUMNS)
        for column, cell in enumerate(row if isinstance(row, list) else []):
            yield from _cell(cell, f"{at}/rows/{index}/{column}", kinds)


def _cell(cell: object, at: str, kinds: tuple[str, ...]) -> Iterator[str]:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in kinds:
        yield f"must be one of {', '.join(kinds)} [json-pointer:{at}/type]"
    elif kind == "raw_text":
        yield from length(cell.get("text"), f"{at}/text", 1, None)
    elif kind == "raw_number":
        if not isinstance(cell.get("value"), int | float) or isinstance(cell.get("value"), bool):
            yield f"must be a number [json-pointer:{at}/value]"
        if cell.get("text") is not None:
            yield from length(cell["text"], f"{at}/text", 1, None)
    elif not isinstance(cell.get("elements"), list):
        yield f"missing required field: elements [json-pointer:{at}]"


def _cell_text(cell: object) -> int:
    """The characters that a cell shows, of rich text all the way down."""
    if isinstance(cell, list):
        return sum(map(_cell_text, cell))
    if not isinstance(cell, dict):
        return 0
    if cell.get("type") == "raw_number" and cell.get("text") is None:
        return len(str(cell.get("value")))
    text = cell.get("text")
    return (len(text) if isinstance(text, str) else 0) + _cell_text(cell.get("elements"))


def _lists(rows: object) -> list[list[object]]:
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

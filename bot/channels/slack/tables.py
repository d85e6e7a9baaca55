"""Tables as Slack's blocks: the data_table of 2026, which turns pages, and the classic table."""

from collections.abc import Sequence

from bot.channels.slack.blocks import Block
from bot.channels.slack.escape import one_line
from bot.tabular import Table

#: A list longer than this is a table; as many rows are on a page.
PAGE = 10
COLUMNS, ROWS, CLASSIC_ROWS = 20, 100, 99
_CELL, _HEADING, _CAPTION, _ALL = 300, 75, 200, 9_500
# Stands for a cell that does not apply, as in official statistics; Slack takes no empty cell.
_NOTHING = "・"
_NAMES = ("指標", "取組項目")


def data_table(table: Table) -> tuple[list[Block], int]:
    """The table and how many of its rows it has room for."""
    rows = _rows(table, ROWS)
    name = next((at for at, heading in enumerate(table.header) if heading in _NAMES), 0)
    block = {
        "type": "data_table",
        "caption": one_line(table.title, _CAPTION) or _NOTHING,
        "rows": rows,
        "page_size": PAGE,
        "row_header_column_index": name,
    }
    return [block], len(rows) - 1


def classic_table(table: Table, most: int = CLASSIC_ROWS) -> tuple[list[Block], int]:
    """The first rows of a table and how many they are."""
    rows = _rows(table, most)
    wrapped = [{"is_wrapped": True} for _ in table.header]
    return [{"type": "table", "rows": rows, "column_settings": wrapped}], len(rows) - 1


def _rows(table: Table, most: int) -> list[list[Block]]:
    """The header and as many rows as Slack takes in number and characters."""
    rows = [_cells(table.header, _HEADING)]
    left = _ALL - _size(rows[0])
    for row in table.rows[:most]:
        cells = _cells(row, _CELL)
        left -= _size(cells)
        if left < 0:
            break
        rows.append(cells)
    return rows


def _cells(row: Sequence[str], limit: int) -> list[Block]:
    return [{"type": "raw_text", "text": one_line(cell, limit) or _NOTHING} for cell in row]


def _size(cells: Sequence[Block]) -> int:
    return sum(len(cell["text"]) for cell in cells)

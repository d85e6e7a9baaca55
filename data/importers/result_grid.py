"""Results as a grid of text cells: 指標名, 年度, 実績値 and what may stand beside them, one value a row."""

from collections.abc import Sequence

from data.importers.grid import COLUMNS, Grid, Header, heading_key, lines_below
from data.importers.rows import BadFile, FileError, ResultRow, clean
from data.values import read_cell

#: The headings of a file of results. 指標名, 年度 and one of 実績値 and 公表判定 are needed.
RESULT_COLUMNS = {
    "指標名": COLUMNS["指標名"],
    "年度": ("年度",),
    "実績値": ("実績値", "実績"),
    "備考": COLUMNS["備考"],
    "公表判定": ("公表判定", "公表された判定", "公表した判定"),
    "計画": ("計画", "計画名"),
    "項目番号": COLUMNS["項目番号"],
    "取組項目": COLUMNS["項目"],
}
_NEEDED = ("指標名", "年度")
_VALUES = ("実績値", "公表判定")
_HEADINGS = {heading_key(spelling): column for column, spellings in RESULT_COLUMNS.items() for spelling in spellings}


def read_result_grids(grids: Sequence[Grid]) -> tuple[ResultRow, ...]:
    """Reads every sheet that has the headings, as written; "" stands for what a row leaves empty.

    What stands above the headings is passed over, and below them what holds neither a name nor a value. Raises BadFile
    where no sheet has the headings or rows below them, or with every row that goes on beyond the last heading.
    """
    errors: list[FileError] = []
    rows: list[ResultRow] = []
    tables = [(grid, header) for grid in grids if (header := _header(grid))]
    if not tables:
        raise BadFile([FileError("見出しの行が見つかりません。「指標名」「年度」「実績値」の列が必要です。")])
    for grid, header in tables:
        for line, cell in lines_below(grid, header, errors):
            if not (cell("指標名") or any(cell(column) for column in _VALUES)):
                continue
            rows.append(
                ResultRow(
                    line,
                    indicator=cell("指標名"),
                    number=cell("項目番号"),
                    fiscal_year=cell("年度"),
                    value=cell("実績値"),
                    remark=cell("備考"),
                    plan=_title(cell("計画")),
                    initiative=clean(cell("取組項目")),
                    published_status=clean(cell("公表判定")),
                    sheet=grid.name,
                )
            )
    if not rows and not errors:
        errors.append(FileError("見出しの下に行がありません。"))
    if errors:
        raise BadFile(errors)
    return tuple(rows)


def _title(text: str) -> str:
    """A plan's title; a number in a column 「計画」 is what was planned and names no plan."""
    return "" if read_cell(text).is_number else clean(text)


def _header(grid: Grid) -> Header | None:
    for line, cells in enumerate(grid.rows, 1):
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            if column := _HEADINGS.get(heading_key(cell)):
                columns.setdefault(column, at)
        if columns.keys() >= set(_NEEDED) and not columns.keys().isdisjoint(_VALUES):
            return Header(line, columns, (), ())
    return None

"""The plain table form: a grid of text cells with one header, whatever file it came from.

Header: 章, 分野, 項目番号, 項目, 指標名, 単位, 基準値 and one column a year, in any order; only 指標名 and one year are
needed. What stands above the header is passed over, but for lines labelled 計画名, 資料番号 and 注記.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from data.facts import Aggregation, Direction
from data.fiscal_year import FiscalYear, read_fiscal_year
from data.importers.rows import BadFile, FileError, PlanTable, Row, clean

#: Marks a cell that a spreadsheet would run as a formula; written by the exporter, taken off here.
TEXT_MARK = "'"
#: What a formula begins with, full width too.
FORMULA = re.compile(r"[=+\-@＝＋－＠]")
_MARKED = re.compile(rf"{TEXT_MARK}(?:{TEXT_MARK}|{FORMULA.pattern})")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "章": ("章", "表", "章名"),
    "分野": ("分野", "施策分野"),
    "項目番号": ("項目番号", "番号", "項番", "No", "No."),
    "項目": ("項目", "取組項目", "取組", "項目名", "施策"),
    "指標名": ("指標名", "指標", "KPI", "KPI名"),
    "単位": ("単位",),
    "方向": ("方向",),
    "集計": ("集計",),
    "担当課": ("担当課", "所管課", "担当", "担当部署"),
    "別名": ("別名", "通称"),
    "備考": ("備考",),
    "元の行": ("元の行",),
    "基準値": ("基準値", "現状値", "基準", "策定時"),
}
DIRECTIONS = {
    Direction.HIGHER: ("高い", "高いほど良い", "大きい", "大きいほど良い", "多いほど良い", "増", "増加", "上昇", "↑"),
    Direction.LOWER: ("低い", "低いほど良い", "小さい", "小さいほど良い", "少ないほど良い", "減", "減少", "下降", "↓"),
}
AGGREGATIONS = {
    Aggregation.YEARLY: ("年度ごと", "年度", "単年度", "年間"),
    Aggregation.CUMULATIVE: ("累計", "累積"),
    Aggregation.POINT: ("時点", "年度末時点"),
}
# The columns that merged or repeated cells leave empty: empty means the one above.
_CARRIED = ("章", "分野", "項目番号", "項目")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet as text, row by row; `name` is "" for a file without sheets."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings: where each column that is known stands, and each year's."""

    line: int
    columns: Mapping[str, int]
    years: tuple[tuple[FiscalYear, int], ...]
    passed_over: tuple[str, ...]


def heading_key(text: str) -> str:
    """What two spellings of a column heading share: 「指標名 」「ＫＰＩ」."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_HEADINGS = {heading_key(spelling): column for column, spellings in COLUMNS.items() for spelling in spellings}


def unmark(text: str) -> str:
    """A cell's text without the mark that keeps a spreadsheet from running it: 「'=1+1」 → 「=1+1」."""
    text = text.strip()
    return text[1:] if _MARKED.match(text) else text


def is_plain_table(grid: Grid, tabbed: bool) -> bool:
    """Does a row of the grid name 指標名 and a year?

    A tab-separated one that names no more columns than a PDF's table does may be copied out of a PDF, its rows shifted.
    """
    header = next(_headers(grid), None)
    if header is None:
        return False
    return not (tabbed and {"分野", "項目"} <= header.columns.keys() <= {"分野", "項目", "指標名", "基準値"})


def read_plan_grids(grids: Sequence[Grid]) -> PlanTable:
    """Reads every sheet that has a header; a sheet's name is the chapter where there are several and no 章 column.

    Raises BadFile with every broken row, or where no sheet has a header.
    """
    errors: list[FileError] = []
    labels: dict[str, list[str]] = {}
    rows: list[Row] = []
    years: set[FiscalYear] = set()
    passed_over: list[str] = []
    tables = [(grid, header) for grid in grids if (header := next(_headers(grid), None))]
    if not tables:
        raise BadFile([FileError("見出しの行が見つかりません。「指標名」と年度（R6、2024 など）の列が必要です。")])
    passed_over += [
        f"シート「{grid.name}」" for grid in grids if grid.name and grid not in [table[0] for table in tables]
    ]
    for grid, header in tables:
        errors += _header_errors(grid, header)
        passed_over += [f"列「{name}」" for name in header.passed_over]
        for cells in grid.rows[: header.line - 1]:
            # a merged cell repeats its text
            if len(filled := list(dict.fromkeys(clean(unmark(cell)) for cell in cells if cell.strip()))) >= 2:
                labels.setdefault(heading_key(filled[0]), []).append(filled[1])
        chapter = grid.name if len(tables) > 1 and "章" not in header.columns else ""
        years |= {year for year, _ in header.years}
        rows += _rows(grid, header, chapter, errors)
    if not rows and not errors:
        errors.append(FileError("見出しの下に行がありません。"))
    if errors:
        raise BadFile(errors)
    return PlanTable(
        title=labels.get("計画名", [""])[0],
        document=labels.get("資料番号", [""])[0],
        notes=tuple(labels.get("注記", [])),
        years=tuple(sorted(years)),
        rows=tuple(rows),
        passed_over=tuple(dict.fromkeys(passed_over)),
    )


def _headers(grid: Grid) -> Iterator[Header]:
    """The first row that names 指標名 and a year, if any."""
    for line, cells in enumerate(grid.rows, 1):
        named = [(_HEADINGS.get(heading_key(cell)), clean(cell), at) for at, cell in enumerate(cells) if cell.strip()]
        columns: dict[str, int] = {}
        for column, _, at in named:
            if column:
                columns.setdefault(column, at)
        if "指標名" not in columns:
            continue
        unknown = [(text, at) for column, text, at in named if column is None or columns[column] != at]
        years = tuple((year, at) for text, at in unknown if (year := _target_year(text)))
        if not years:
            continue
        taken = {at for _, at in years}
        yield Header(line, columns, years, tuple(text for text, at in unknown if at not in taken))
        return


def _target_year(heading: str) -> FiscalYear | None:
    return read_fiscal_year(re.sub(r"の?目標値?$", "", re.sub(r"\s+", "", heading)))


def _header_errors(grid: Grid, header: Header) -> Iterator[FileError]:
    seen = [year for year, _ in header.years]
    for year in dict.fromkeys(seen):
        if seen.count(year) > 1:
            yield FileError(f"{year.label}（{year.name}）の列が二つあります。", header.line, year.label, grid.name)


def lines_below(grid: Grid, header: Header, errors: list[FileError]) -> Iterator[tuple[int, Callable[[str], str]]]:
    """Each row below the header that is not empty, with a function from a column's name to its text.

    A row of a text file that goes on beyond the last heading is an error: 「14,442」 without quotes moves every figure.
    """
    width = max(at for at, cell in enumerate(grid.rows[header.line - 1], 1) if cell.strip())
    for line, cells in enumerate(grid.rows[header.line :], header.line + 1):
        if not any(cell.strip() for cell in cells):
            continue
        if not grid.name and any(cell.strip() for cell in cells[width:]):
            reason = "見出しより右に値があります。桁区切りのコンマなどでセルが分かれていないか確かめてください。"
            errors.append(FileError(reason, line))

        def cell(column: str, cells: Sequence[str] = cells) -> str:
            at = header.columns.get(column, len(cells))
            return unmark(cells[at]) if at < len(cells) else ""

        yield line, cell


def _rows(grid: Grid, header: Header, chapter: str, errors: list[FileError]) -> Iterator[Row]:
    above = dict.fromkeys(_CARRIED, "")
    for line, cell in lines_below(grid, header, errors):
        above = place = _carry(above, {column: clean(cell(column)) for column in _CARRIED})
        name = clean(cell("指標名"))
        cells = grid.rows[line - 1]
        targets = tuple((year, unmark(cells[at]) if at < len(cells) else "") for year, at in header.years)
        if not name:
            if any(text for _, text in targets) or cell("基準値"):
                errors.append(FileError("指標名がありません。", line, "指標名", grid.name))
            elif clean(cell("項目")):
                yield Row(_source_line(cell, line), place["章"] or chapter, *_place(place), indicator="")
            continue
        words = {column: cell(column) for column in ("方向", "集計")}
        direction = _one_of(DIRECTIONS, words["方向"])
        aggregation = _one_of(AGGREGATIONS, words["集計"])
        if words["方向"] and direction is None:
            errors.append(
                FileError(f"「{words['方向']}」は読めません。「高い」か「低い」です。", line, "方向", grid.name)
            )
        if words["集計"] and aggregation is None:
            reason = f"「{words['集計']}」は読めません。「年度ごと」「累計」「時点」のどれかです。"
            errors.append(FileError(reason, line, "集計", grid.name))
        yield Row(
            _source_line(cell, line),
            place["章"] or chapter,
            *_place(place),
            indicator=name,
            baseline=cell("基準値") if "基準値" in header.columns else None,
            targets=targets,
            unit=cell("単位"),
            direction=direction,
            aggregation=aggregation,
            owner=clean(cell("担当課")),
            remark=cell("備考"),
            aliases=tuple(dict.fromkeys(clean(a) for a in re.split(r"[、,，\n]", cell("別名")) if a.strip())),
        )


def _carry(above: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Fills the empty cells of a row's place from the row above; a new chapter or area begins without what was in it.

    A row that names its own 項目 but no 項目番号 has none: a number is carried only together with its initiative.
    """
    chapter = own["章"] or above["章"]
    same_chapter = chapter == above["章"]
    area = own["分野"] or (above["分野"] if same_chapter else "")
    same_area = same_chapter and area == above["分野"]
    continued = same_area and not own["項目"] and own["項目番号"] in ("", above["項目番号"])
    initiative = above if continued else own
    return {"章": chapter, "分野": area, "項目番号": initiative["項目番号"], "項目": initiative["項目"]}


def _place(place: Mapping[str, str]) -> tuple[str, str, str]:
    return place["分野"], place["項目番号"], place["項目"]


def _source_line(cell: Callable[[str], str], line: int) -> int:
    own = cell("元の行")
    return int(own) if own.isdecimal() and len(own) <= 7 else line


def _one_of(words: Mapping[_T, Sequence[str]], text: str) -> _T | None:
    key = heading_key(text)
    return next((value for value, spellings in words.items() if key in map(heading_key, spellings)), None)

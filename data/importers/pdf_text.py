"""Reads tab-separated text as copied out of a PDF: merged cells lost, rows shifted, headers repeated and misaligned.

Each list starts with a header that names the years; a line of its own before it is the title of the list (chapter).
A row is area, number, initiative, indicator, baseline and one cell a year. The columns of a row are found from its own
cells, not from the header above it, because either may be shifted; what was shifted is reported, and a cell that fell
off the right edge is marked unreadable, never blank.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from data.fiscal_year import FiscalYear, read_fiscal_year
from data.importers.rows import BadFile, FileError, Findings, PlanTable, Remark, Row, clean
from data.values import UNREADABLE_MARK, read_cell

# 1(2), 3(6)ア, 3(1)イウエ, 第4-1(2) or 計画 (an initiative that stands in the plan's main text only)
_NUMBER = re.compile(r"(?:第?\d+(?:[-‐－]\d+)?[(（]\d+[)）][ア-ンa-z]*|計画)")
_DOCUMENT = re.compile(r"【(資料[^】]+)】")
_HEADINGS = {"分野", "項目", "指標名", "目標値", "基準値"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """What a header says: the cell where indicators stand, and the years from left to right."""

    indicator: int
    years: tuple[FiscalYear, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way to read the cells of a line, with the doubts it raises (fewer is better)."""

    area: str
    number: str
    initiative: str
    indicator: str
    values: tuple[str, ...]
    shift: int
    number_at: int
    missing: int
    doubts: int


def read_pdf_text(text: str) -> PlanTable:
    """Reads the whole text; line numbers count from 1.

    Raises BadFile with every broken line: no indicator name, columns that do not line up, no header at all.
    """
    found = Findings()
    lines = [[cell.strip() for cell in line.split("\t")] for line in re.split(r"\r\n?|\n", text)]
    title = document = chapter = ""
    notes: list[str] = []
    rows: list[Row] = []
    columns: _Columns | None = None
    indicator_at = 3
    for number, cells in enumerate(lines, 1):
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if headings := _headings(cells):
            if "指標名" in headings:
                indicator_at = headings["指標名"]
            title = title or next((clean(c) for c in filled if not _is_heading(c)), "")
            if years := _years(cells):
                twice = {year.label for year in years if years.count(year) > 1}
                found.errors += [FileError(f"年度の列が二つあります（{label}）。", number, label) for label in twice]
                columns = _Columns(indicator_at, years)
        elif len(filled) == 1 and filled[0].startswith(("※", "注")):
            notes.append(filled[0])
        elif len(filled) == 1 and (mark := _DOCUMENT.fullmatch(filled[0])):
            document = mark[1]
        elif len(filled) == 1 and cells[0] and len(cells) == 1:
            chapter = clean(filled[0])
        elif columns is None:
            found.errors.append(FileError("年度の見出し（基準値、R4、R5…）より前に行があります。", number))
        elif row := _read_row(number, cells, columns, chapter, rows[-1] if rows else None, found):
            rows.append(row)
    if columns is None:
        found.errors.append(FileError("表の見出し（指標名と年度）が見つかりません。"))
    elif not rows:
        found.errors.append(FileError("表に行がありません。"))
    if found.errors or columns is None:
        raise BadFile(found.errors)
    years = tuple(sorted({year for row in rows for year, _ in row.targets} or columns.years))
    return PlanTable(title, document, tuple(dict.fromkeys(notes)), years, tuple(rows), tuple(found.repairs))


def _squeeze(cell: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))


def _is_heading(cell: str) -> bool:
    squeezed = _squeeze(cell)
    return squeezed in _HEADINGS or squeezed.startswith("KPI") or read_fiscal_year(cell) is not None


def _years(cells: list[str]) -> tuple[FiscalYear, ...]:
    return tuple(year for cell in cells if (year := read_fiscal_year(cell)))


def _headings(cells: list[str]) -> dict[str, int]:
    """The column headings of a header line with their cells, {} for any other line."""
    heads = {_squeeze(cell): at for at, cell in enumerate(cells) if _is_heading(cell)}
    names = _HEADINGS.intersection(heads)
    is_header = len(names) >= 2 or (names and _years(cells)) or any(head.startswith("KPI(") for head in heads)
    return heads if is_header else {}


def _read_row(
    line: int, cells: list[str], columns: _Columns, chapter: str, above: Row | None, found: Findings
) -> Row | None:
    layouts = sorted(_layouts(cells, columns), key=lambda layout: layout.doubts)
    if not layouts:
        reason = "指標名がないか、セルが多すぎるため" if _has_figures(cells) else "列がそろわず"
        reason += "、読み取れません。"
        found.errors.append(FileError(reason, line))
        return None
    best = layouts[0]
    if len(layouts) > 1 and layouts[1].doubts == best.doubts:
        found.errors.append(FileError("列の読み方が二通りあり、決められません。タブの数を確かめてください。", line))
        return None
    if above is not None and above.chapter != chapter:
        above = None
    if not best.initiative and above is None:
        found.errors.append(FileError("取組項目がなく、上の行から補えません。", line, "項目"))
        return None
    found.repairs += (Remark(line, text) for text in _repairs(best, columns))
    area = clean(best.area) or (above.area if above else "")
    is_merged = not best.initiative and above is not None
    number = above.number if is_merged and above else best.number
    initiative = above.initiative if is_merged and above else clean(best.initiative)
    if not best.indicator:
        return Row(line, chapter, area, number, initiative, "")
    baseline, *targets = best.values
    return Row(
        line,
        chapter,
        area,
        number,
        initiative,
        clean(best.indicator),
        baseline,
        tuple(zip(columns.years, targets, strict=True)),
    )


def _layouts(cells: list[str], columns: _Columns) -> Iterator[_Layout]:
    """Every consistent way to read a line, by the cell in which its indicator (or, without KPI, initiative) stands."""
    expected = 1 + len(columns.years)
    for at in range(1, min(len(cells), columns.indicator + 3)):
        head = _read_head(cells[:at])
        if head is None:
            continue
        area, number, initiative, number_at = head
        shift = at - columns.indicator
        name, values = cells[at], cells[at + 1 :]
        if not name:
            # An initiative without KPI: nothing behind it, and the initiative in the cell just before.
            if initiative and not any(values):
                yield _Layout(area, number, initiative, "", (), shift, number_at, 0, abs(shift))
            continue
        if _NUMBER.fullmatch(name) or _is_figure(name) or any(values[expected:]):
            continue
        if shift < 0 and not initiative:
            continue  # as likely an initiative whose indicator has no name
        kept = values[:expected]
        missing = expected - len(kept)
        if not kept:
            continue
        texts = sum(1 for value in kept if not _is_figure(value))
        values = kept + [UNREADABLE_MARK] * missing
        doubts = texts + missing + abs(shift)
        yield _Layout(area, number, initiative, name, tuple(values), shift, number_at, missing, doubts)


def _read_head(cells: list[str]) -> tuple[str, str, str, int] | None:
    """Area, number, initiative and the number's cell from what stands before the indicator, None if it cannot be."""
    filled = [(at, cell) for at, cell in enumerate(cells) if cell]
    numbers = [(at, cell) for at, cell in filled if _NUMBER.fullmatch(cell)]
    texts = [(at, cell) for at, cell in filled if not _NUMBER.fullmatch(cell)]
    if len(numbers) > 1 or len(texts) > 2 or any(_is_figure(cell) for _, cell in texts):
        return None
    number_at, number = numbers[0] if numbers else (-1, "")
    initiative = area = ""
    if texts and texts[-1][0] == len(cells) - 1 and texts[-1][0] > number_at:
        initiative = texts.pop()[1]
    if texts:
        at, area = texts.pop()
        if numbers and at > number_at:
            return None
    if texts or (numbers and not initiative):
        return None
    return area, _squeeze(number), initiative, number_at


def _is_figure(cell: str) -> bool:
    read = read_cell(cell)
    return read.is_number or read.absence is not None


def _has_figures(cells: list[str]) -> bool:
    return sum(1 for cell in cells if read_cell(cell).is_number) >= 2


def _repairs(layout: _Layout, columns: _Columns) -> Iterator[str]:
    if layout.shift:
        side = "右" if layout.shift > 0 else "左"
        yield f"セルが{side}に{abs(layout.shift)}つずれていたので、位置を直して読みました。"
    elif layout.number and layout.number_at == 0:
        yield f"項目番号「{layout.number}」が分野の欄にあったので、項目番号として読みました。"
    if layout.missing:
        lost = "、".join(year.label for year in columns.years[-layout.missing :])
        yield f"{lost}のセルが元の表で切れていて、読み取れません。値は不明のままにしました。"

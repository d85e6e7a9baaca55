"""The collection form (照会様式): a workbook with a row for every result that is still missing.

It is sent to those in charge; what they fill in is loaded with `python -m data record`, rows left empty stay missing.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.exporter import guarded, put_text
from data.facts import Fact, Indicator, Measure, Place, Plan
from data.fiscal_year import FiscalYear
from data.output_file import write_whole

_COLUMNS: Mapping[str, int] = {  # with their widths
    "担当課": 18,
    "項目番号": 10,
    "取組項目": 28,
    "指標名": 44,
    "単位": 8,
    "年度": 7,
    "目標値": 14,
    "前年度の実績値": 16,
    "実績値": 16,
    "備考": 28,
    "計画": 28,
}
_INPUTS = ("実績値", "備考")
_HEADER = 4
_SHADE, _HEAD = "FFF8DC", "E3E9F1"
_PROMPTS = {
    "実績値": "例: 55.3%、18万枚、12,345、▲162。単位を付けなければ、左の「単位」の値として読みます。"
    "まだ分からないときは空欄のままにしてください。",
    "備考": "年度の途中の値なら時点（例: R6.9月末時点）、そのほか速報・暫定など、値と一緒に残すことを書いてください。",
}
_GUIDE = (
    "記入のしかた",
    "1. 「照会様式」シートの色の付いた欄（実績値と備考）だけに記入してください。ほかの欄は書き換えられません。",
    "2. 実績値は、ふだんの書き方で構いません。例: 55.3%、18万枚、12,345、4.1、▲162、約120、3（累計9）",
    "3. 単位を付けないときは「単位」の欄の単位として読みます。「万枚」の指標に「4.1」と書けば4.1万枚です。",
    "4. 一つの欄に二つの測定があるとき（①と②）は「①500 ②50」のように書いてください。",
    "5. 年度の途中の値は、備考に時点を書いてください。例: R6.9月末時点",
    "6. まだ分からない年度は、空欄のままにしてください。「-」や「調査中」は書かないでください。",
    "7. 行の並べ替え、削除、挿入はしないでください。担当課ごとの絞り込みはできます。",
    "8. 記入したファイルは、そのまま取りまとめの担当に返してください。python -m data record で登録します。",
)


@dataclass(frozen=True, slots=True)
class MissingResult:
    """A result to be asked for, with the target of its year and the result of the year before ("" for none)."""

    indicator: Indicator
    fiscal_year: FiscalYear
    target: str
    unit: str
    result_before: str

    @property
    def owner(self) -> str:
        return "、".join(dict.fromkeys(listing.owner for listing in self.indicator.listings if listing.owner))


def asked_years(plan: Plan, today: date, year: FiscalYear | None = None) -> tuple[FiscalYear, ...]:
    """The years of a plan that are over, or the one year that is asked for, if it has begun."""
    now = FiscalYear.of_date(today)
    years = (FiscalYear(number) for number in range(plan.first_year.year, plan.last_year.year + 1))
    return tuple(one for one in years if (one < now if year is None else one == year <= now))


def missing_results(
    indicators: Sequence[Indicator], facts: Sequence[Fact], years: Mapping[int, Sequence[FiscalYear]]
) -> list[MissingResult]:
    """What has a target and no result, by 担当課, then as the plans list it; `years` are asked for by the plan's id."""
    cells: dict[int, dict[Place, Fact]] = {}
    for fact in facts:
        if fact.cell.absence is None:
            cells.setdefault(fact.indicator.id, {})[fact.measure, fact.fiscal_year] = fact
    found = [one for i in indicators for one in _missing(i, cells.get(i.id, {}), years[i.plan.id])]
    return sorted(found, key=lambda one: (not one.owner, one.owner))  # stable: within a 担当課 the plan's order stays


def _missing(indicator: Indicator, own: Mapping[Place, Fact], years: Sequence[FiscalYear]) -> Iterator[MissingResult]:
    for year in years:
        target = own.get((Measure.TARGET, year))
        if target is None or (Measure.ACTUAL, year) in own:
            continue
        before = own.get((Measure.ACTUAL, year.plus(-1)))
        yield MissingResult(
            indicator,
            year,
            target.cell.raw,
            indicator.unit or target.cell.unit,
            before.cell.raw if before else "",
        )


def write_form(rows: Sequence[MissingResult], path: Path, today: date, with_plans: bool) -> None:
    """Writes the form into a file."""
    write_whole(path, form_content(rows, today, with_plans))


def form_content(rows: Sequence[MissingResult], today: date, with_plans: bool) -> bytes:
    """The form: 「照会様式」, protected without a password but for the cells to fill in, and 「記入のしかた」.

    The cells to fill in are text cells, in which Excel leaves what is typed as it is: in others 「55.3%」 becomes 0.553
    and 「R6.9」 a date.
    """
    # openpyxl takes a third of a second to import: only where a workbook is written.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "照会様式"
    columns = [column for column in _COLUMNS if with_plans or column != "計画"]
    last_row, last_column = _HEADER + len(rows), get_column_letter(len(columns))
    put_text(sheet, 1, 1, "実績値の照会").font = Font(bold=True, size=14)
    put_text(
        sheet, 2, 1, f"{today.year}年{today.month}月{today.day}日作成。実績が未登録の年度が、1行に一つ並んでいます。"
    )
    put_text(
        sheet, 3, 1, "色の付いた欄（実績値・備考）だけに記入してください。まだ分からない年度は空欄のままで構いません。"
    )
    thin = Side(style="thin", color="B0B0B0")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    fills = {name: PatternFill("solid", start_color=color) for name, color in (("head", _HEAD), ("input", _SHADE))}
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _COLUMNS[column]
        head = put_text(sheet, _HEADER, at, column)
        head.font, head.fill, head.border = Font(bold=True), fills["head"], border
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for line, row in enumerate(rows, _HEADER + 1):
        texts = _texts(row)
        for at, column in enumerate(columns, 1):
            cell = put_text(sheet, line, at, guarded(texts[column])) if texts.get(column) else sheet.cell(line, at)
            cell.number_format, cell.border = "@", border
            is_number = column in ("目標値", "前年度の実績値", "実績値")
            cell.alignment = Alignment(horizontal="right" if is_number else None, vertical="top", wrap_text=True)
            if column in _INPUTS:
                cell.fill, cell.protection = fills["input"], Protection(locked=False)
    for column in _INPUTS:
        letter = get_column_letter(columns.index(column) + 1)
        hint = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=column, prompt=_PROMPTS[column])
        hint.add(f"{letter}{_HEADER + 1}:{letter}{last_row}")
        sheet.add_data_validation(hint)
    sheet.freeze_panes = f"A{_HEADER + 1}"
    sheet.auto_filter.ref = f"A{_HEADER}:{last_column}{last_row}"
    sheet.protection.enable()
    sheet.protection.autoFilter = sheet.protection.formatColumns = sheet.protection.formatRows = False  # allowed
    sheet.print_title_rows = f"{_HEADER}:{_HEADER}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None and sheet.oddFooter.center is not None:  # they are; its types say they may not be
        sheet.oddFooter.center.text = "&P / &N"
    guide = book.create_sheet("記入のしかた")
    guide.column_dimensions["A"].width = 110
    for line, text in enumerate(_GUIDE, 1):
        put_text(guide, line, 1, text).alignment = Alignment(vertical="top", wrap_text=True)
    guide["A1"].font = Font(bold=True, size=14)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _texts(row: MissingResult) -> dict[str, str]:
    initiative = row.indicator.listings[0].initiative
    return {
        "担当課": row.owner,
        "項目番号": initiative.number,
        "取組項目": initiative.title,
        "指標名": row.indicator.name,
        "単位": row.unit,
        "年度": row.fiscal_year.label,
        "目標値": row.target,
        "前年度の実績値": row.result_before,
        "計画": row.indicator.plan.title,
    }

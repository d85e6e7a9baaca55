"""The commands about results: record, template, history."""

import os
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import settings
from data.commandline import add_author, author_of, fail, section
from data.engine import writing
from data.fiscal_year import TOKYO, FiscalYear, read_fiscal_year
from data.history import history_lines, shown, written
from data.importers.files import read_result_file
from data.importers.report import Recorded, RecordReport, place_name
from data.importers.results import store_results
from data.naming import Naming, NotFound, names_of
from data.store import Store
from data.template import asked_years, missing_results, write_form

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from data.commandline import Parser

_RECORD = """\
CSVかXLSXの、指標名・年度・実績値の列を読みます。あれば次の列も使います。
  備考        値と一緒に残すこと（「R6.9月末時点」なら時点、「速報」なら注）
  公表判定    公表した判定（書かれたとおりに残します。実績値のない行にも書けます）
  項目番号、取組項目、計画    同じ名前の指標を区別します
値は 55.3%、18万枚、12,345、4.1、▲162 のように書けます。単位がなければ、その指標の単位です。
実績値も公表判定も空の行は、まだ分からないものとして登録せず、数だけを表示します。
一つでも誤りがあれば、全部の誤りを表示して、何も書き込みません。"""
_TEMPLATE = """\
目標があって実績が未登録の年度を、担当課ごとに1行ずつ並べた様式（XLSX）を作ります。
記入して返してもらったファイルは、そのまま python -m data record で登録できます。"""
_APART = {"計画": "--plan", "項目番号": "--number", "取組項目": "--initiative"}


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    layout = RawDescriptionHelpFormatter
    record = commands.add_parser(
        "record", help="実績値を登録します（CSVかXLSX）", description=_RECORD, formatter_class=layout
    )
    record.add_argument("file", type=Path, metavar="ファイル")
    record.add_argument("--dry-run", action="store_true", help="確かめて何が変わるかを表示し、書き込みません")
    add_author(record)
    record.set_defaults(run=_record)

    template = commands.add_parser(
        "template", help="実績値の照会様式（XLSX）を作ります", description=_TEMPLATE, formatter_class=layout
    )
    template.add_argument("file", type=Path, metavar="ファイル")
    template.add_argument("--plan", default=None, metavar="計画名", help="計画の名前（なければ全部の計画）")
    template.add_argument("--year", default=None, metavar="年度", help="例: R5（なければ、終わった年度の全部）")
    template.set_defaults(run=_template)

    history = commands.add_parser("history", help="指標の値がいつ、誰に、どう変えられたかを表示します")
    history.add_argument("indicator", metavar="指標名")
    history.add_argument("--year", default=None, metavar="年度", help="その年度だけ。例: R5")
    history.add_argument("--plan", default="", metavar="計画名", help="同じ名前の指標を計画で区別します")
    history.add_argument("--number", default="", metavar="項目番号", help="同じ名前の指標を項目番号で区別します")
    history.add_argument("--initiative", default="", metavar="取組項目", help="同じ名前の指標を取組項目で区別します")
    history.set_defaults(run=_history)


def _record(engine: sa.Engine, options: Namespace) -> None:
    rows = read_result_file(options.file, settings.file_limit(os.environ))
    with writing(engine) as connection:
        author = author_of(options, options.file)
        report = store_results(connection, settings.organisation(os.environ), rows, author)
        if options.dry_run or not report.changes_anything:
            connection.rollback()
    print("\n".join(_record_lines(report, options.dry_run)))


def _record_lines(report: RecordReport, dry_run: bool) -> Iterator[str]:
    if not report.changes_anything:
        done = "新しく登録する値はありません"
    else:
        done = "実績値が登録されます" if dry_run else "実績値を登録しました"
    skipped = f"、空欄{report.skipped}" if report.skipped else ""
    yield f"{done}: 新規{len(report.new)}、変更{len(report.changed)}、変わらず{report.unchanged}{skipped}"
    interim = sum(one.is_interim for one in (*report.new, *report.changed))
    if interim:
        yield f"年度がまだ終わっていない{interim}件は、途中経過として登録{'されます' if dry_run else 'しました'}。"
    if dry_run:
        yield from section("新しく登録されるもの", [_line(one) for one in report.new])
    yield from section("改められるもの" if dry_run else "改めたもの", [_line(one) for one in report.changed])
    yield from section("確かめてください", [f"{remark.line}行目 {remark.text}" for remark in report.warnings])
    remarks = [f"{remark.line}行目 {remark.text}" for remark in report.remarks]
    yield from section("値がなく備考だけの行（登録していません）", remarks)
    if dry_run:
        yield "確認だけで、何も書き込んでいません（--dry-run）。"


def _line(one: Recorded) -> str:
    """「待機児童数 R4の実績値: 12 → 13（前の値は鈴木さんが 2024/11/23 09:30 に results.csv で登録したもの）」."""
    name = f"{one.indicator.name}（{one.indicator.qualifier}）" if one.indicator.qualifier else one.indicator.name
    line = f"{name} {place_name(*one.place)}: "
    if one.before is None or one.is_new:
        return line + shown(one.cell)
    return f"{line}{shown(one.before.cell)} → {shown(one.cell)}（前の値は{written(one.before.change)}もの）"


def _template(engine: sa.Engine, options: Namespace) -> None:
    path: Path = options.file
    if path.suffix.lower() != ".xlsx":
        raise ValueError("ファイルの名前は .xlsx で終わるものにしてください。")
    if path.exists():
        raise ValueError(f"{path} はもうあります。記入済みの様式を消さないよう、別の名前にしてください。")
    year = _year(options.year)
    today = datetime.now(UTC).astimezone(TOKYO).date()
    store = Store(engine)
    catalogue = store.catalogue(settings.organisation(os.environ))
    plans = [plan for plan in catalogue.plans if options.plan in (None, plan.title)]
    if not plans:
        titles = "、".join(f"「{plan.title}」" for plan in catalogue.plans)
        raise ValueError(f"計画「{options.plan}」はありません。今ある計画: {titles}" if titles else _NO_PLAN)
    years = {plan.id: asked_years(plan, today, year) for plan in plans}
    if not any(years.values()):
        raise ValueError(_no_years(year))
    indicators = [indicator for indicator in catalogue.indicators if indicator.plan.id in years]
    rows = missing_results(indicators, store.facts(indicators), years)
    if not rows:
        print("目標のある年度の実績は、すべて登録されています。様式は作りませんでした。")
        return
    write_form(rows, path, today, with_plans=len(catalogue.plans) > 1)
    count = len({row.indicator.id for row in rows})
    print(f"照会様式を {path} に書き出しました: 指標{count}、{len(rows)}行")


_NO_PLAN = "計画がまだありません。python -m data load で読み込んでください。"


def _no_years(year: FiscalYear | None) -> str:
    if year:
        return f"{year.label}は、計画の期間の外か、まだ始まっていない年度です。"
    return "計画の年度はまだ一つも終わっていません。途中経過を集めるときは --year で年度を指定してください。"


def _year(text: str | None) -> FiscalYear | None:
    if text is None:
        return None
    year = read_fiscal_year(text)
    if year is None:
        raise ValueError(f"「{text}」は年度として読めません。例: R5、令和5年度、2023")
    return year


def _history(engine: sa.Engine, options: Namespace) -> None:
    store = Store(engine)
    year = _year(options.year)
    names = names_of(store.catalogue(settings.organisation(os.environ)))
    found = names.find(Naming(options.indicator, options.plan, options.number, options.initiative))
    if isinstance(found, NotFound):
        fail(found.reason + (f"{_APART[found.apart]} で区別してください。" if found.apart else ""))
    print("\n".join(history_lines(found, store.revisions(found), year)))

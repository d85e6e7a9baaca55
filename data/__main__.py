"""`python -m data …`: load, export, alias, scale, migrate; more in data/recording.py and data/administration.py."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from data import administration, exporter, recording, settings
from data.aliases import add_alias
from data.commandline import Parser, add_author, author_of, fail, section
from data.engine import SchemaOutdated, StoreUnreachable, ensure_schema, migrate, open_engine, writing
from data.importers.files import read_plan_file
from data.importers.plan_preview import check_title, store_plans
from data.importers.report import Difference, LoadReport
from data.importers.rows import BadFile
from data.importers.writer import Progress
from data.scale_choice import choose_scale, read_about, told
from data.scales import scale_named

# As many plans of one file as are reported one by one.
_MOST_PLANS = 3


def main(arguments: Sequence[str]) -> None:
    options = _parser().parse_args(arguments)
    try:
        engine = open_engine(settings.database_url(os.environ))
        if options.run is not _migrate:
            ensure_schema(engine)
        options.run(engine, options)
    except BadFile as bad:
        fail("\n".join(["何も書き込みませんでした。次の点を直してください。", *(f"- {error}" for error in bad.errors)]))
    except (ValueError, SchemaOutdated, StoreUnreachable) as error:
        fail(str(error))
    except sa.exc.OperationalError:
        fail("データベースにつながりません。DATABASE_URL と、データベースが動いているかを確かめてください。")


def _parser() -> Parser:
    parser = Parser(prog="python -m data", description="計画と実績を出し入れします。")
    commands = parser.add_subparsers(title="コマンド", required=True, metavar="コマンド")

    load = commands.add_parser("load", help="計画を読み込みます（テキスト、CSV、XLSX）")
    load.add_argument("file", type=Path, metavar="ファイル")
    load.add_argument("--plan", default="", metavar="計画名", help="計画の名前（ファイルに書いてあれば不要）")
    load.add_argument("--dry-run", action="store_true", help="何が変わるかだけを表示し、書き込みません")
    load.set_defaults(run=_load)

    recording.add_commands(commands)

    export = commands.add_parser("export", help="計画を表の形で書き出します")
    export.add_argument("--plan", default=None, metavar="計画名", help="計画の名前（一つしかなければ不要）")
    form = export.add_mutually_exclusive_group(required=True)
    form.add_argument("--xlsx", type=Path, metavar="ファイル")
    form.add_argument("--csv", type=Path, metavar="ファイル")
    export.set_defaults(run=_export)

    alias = commands.add_parser("alias", help="指標の別名を足します")
    adding = alias.add_subparsers(title="操作", required=True, metavar="操作").add_parser("add", help="別名を足します")
    adding.add_argument("text", metavar="別名")
    adding.add_argument("indicator", metavar="指標名")
    adding.set_defaults(run=_alias)

    choosing = commands.add_parser("scale", help="計画の判定基準を選びます")
    choosing.add_argument("scale", metavar="判定基準", help="標準 か 独法（独立行政法人評価の基準）")
    choosing.add_argument("--plan", default=None, metavar="計画名", help="計画の名前（一つしかなければ不要）")
    choosing.add_argument("--about", default=None, metavar="%", help="「ほぼ100%%」を満たすとみなす割合（95 など）")
    choosing.set_defaults(run=_scale)

    administration.add_commands(commands)

    migrating = commands.add_parser("migrate", help="データベースの形を新しくします（PostgreSQL）")
    migrating.set_defaults(run=_migrate)
    for command in (load, adding, choosing):
        add_author(command)
    return parser


def _load(engine: sa.Engine, options: Namespace) -> None:
    tables = read_plan_file(options.file, settings.file_limit(os.environ))
    check_title(tables, options.plan)
    author = author_of(options, options.file)
    with writing(engine) as connection, _progress([len(table.rows) for table in tables]) as progress:
        titles = options.plan, options.file.stem
        reports = store_plans(connection, settings.organisation(os.environ), tables, titles, author, progress)
        if options.dry_run:
            connection.rollback()
    if len(reports) > _MOST_PLANS:
        print("\n".join(_totals(reports)))
    else:
        print("\n".join(line for report in reports for line in _load_lines(report, options.dry_run)))
    if options.dry_run:
        print("確認だけで、何も書き込んでいません（--dry-run）。")


@contextmanager
def _progress(sizes: Sequence[int]) -> Iterator[list[Progress]]:
    """A bar on the screen for loads that take their time, with a part for each plan as long as the plan."""
    # rich draws; not needed where nothing is loaded
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("書き込んでいます", total=sum(sizes))

        def part(before: int, size: int) -> Progress:
            return lambda done, total: bar.update(task, completed=before + (size * done / total if total else size))

        yield [part(sum(sizes[:at]), size) for at, size in enumerate(sizes)]


def _load_lines(report: LoadReport, dry_run: bool) -> Iterator[str]:
    years = f"{report.years[0].label}〜{report.years[-1].label}"
    yield f"計画「{report.title}」"
    yield (
        f"読み取り: {report.rows}行、指標{report.indicators}、KPIのない取組項目{report.without_indicator}、年度 {years}"
    )
    yield from _findings([report])
    if report.is_new:
        yield "書き込み: 新しい計画として登録しました。" if not dry_run else "新しい計画として登録されます。"
    elif not report.changes_anything:
        yield "変わったところはありません。何も書き込みませんでした。"
    else:
        yield from section("加わったもの", [_difference(d) for d in report.added])
        yield from section("変わったもの", [_difference(d) for d in report.changed])
        yield from section("なくなったもの（これまでの値は記録に残ります）", [_difference(d) for d in report.removed])


def _totals(reports: Sequence[LoadReport]) -> Iterator[str]:
    """A line for each of many plans, and what was found in their file."""
    for report in reports:
        if report.is_new:
            changes = "新しい計画"
        elif report.changes_anything:
            counts = len(report.added), len(report.changed), len(report.removed)
            changes = "加わったもの{}、変わったもの{}、なくなったもの{}".format(*counts)
        else:
            changes = "変わったところなし"
        yield f"計画「{report.title}」: {report.rows}行、指標{report.indicators}、{changes}"
    rows, indicators = sum(report.rows for report in reports), sum(report.indicators for report in reports)
    yield f"合計: 計画{len(reports)}件、{rows}行、指標{indicators}"
    yield from _findings(reports)


def _findings(reports: Sequence[LoadReport]) -> Iterator[str]:
    """What was amiss in the file that these plans come from."""
    repairs = [f"{remark.line}行目: {remark.text}" for report in reports for remark in report.repairs]
    yield from section("直して読んだところ", repairs)
    cells = [cell for report in reports for cell in report.unread]
    unread = [f"{cell.line}行目 {cell.indicator} {cell.place}: 「{cell.raw}」" for cell in cells]
    yield from section("数値として読めず、書かれたとおりに残したセル", unread)
    yield from section("読まなかったもの", [text for report in reports for text in report.passed_over])


def _difference(difference: Difference) -> str:
    text = f"{difference.name} {difference.place}".strip()
    if not (difference.before or difference.after):
        return text
    return f"{text}: {difference.before or 'なし'} → {difference.after or 'なし'}"


def _export(engine: sa.Engine, options: Namespace) -> None:
    with engine.connect() as connection:
        catalogue, plan = exporter.choose_plan(connection, settings.organisation(os.environ), options.plan)
        rows = exporter.export_rows(connection, catalogue, plan)
    path: Path = options.xlsx or options.csv
    (exporter.write_xlsx if options.xlsx else exporter.write_csv)(rows, path)
    print(f"計画「{plan.title}」を {path} に書き出しました。")


def _alias(engine: sa.Engine, options: Namespace) -> None:
    with writing(engine) as connection:
        organisation = settings.organisation(os.environ)
        added = add_alias(connection, organisation, options.text, options.indicator, author_of(options))
    print("別名を登録しました。" if added else "その別名はもう登録されています。")


def _scale(engine: sa.Engine, options: Namespace) -> None:
    scale, about = scale_named(options.scale), read_about(options.about) if options.about is not None else None
    with writing(engine) as connection:
        organisation = settings.organisation(os.environ)
        before, after = choose_scale(connection, organisation, options.plan, scale, about, author_of(options))
    if after == before:
        print(f"計画「{after.title}」の判定基準は、もう{told(after)}です。何も書き込みませんでした。")
    else:
        print(f"計画「{after.title}」の判定基準を変えました。\n前: {told(before)}\n後: {told(after)}")


def _migrate(engine: sa.Engine, options: Namespace) -> None:
    print("データベースの形を新しくしました。" if migrate(engine) else "データベースの形は最新です。")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Results from files: the form to fill in, what a filled one would change, and recording it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.admin.files import NO_FILE, RESULTS, drop, gone, in_order, keep, kept
from bot.channels.web.admin.frame import go_to, show
from bot.channels.web.admin.results import results_page
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page, render_notice
from bot.recording import rows_around, seal, status_lines, value_line
from data.fiscal_year import read_fiscal_year
from data.importers.files import read_result_content
from data.importers.preview import Preview, preview_results, record_as_previewed
from data.importers.report import Recorded, place_name
from data.importers.rows import BadFile, ResultRow
from data.roles import may_record
from data.template import asked_years, form_content, missing_results
from data.uploads import Upload

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHANGED = "その間に値が変わりました。今の内容で、もう一度確かめてください。まだ何も書き込んでいません。"


@dataclass(frozen=True, slots=True)
class Told:
    """A value that would be recorded: its indicator and place, then the value and status before and after."""

    title: str
    lines: tuple[str, ...]


def upload(desk: Desk, visit: Visit) -> Response:
    """Reads a file and keeps it for its preview, or says everything that is wrong with it."""
    sent = visit.files.get("file")
    try:
        if sent is None or not (sent.name or sent.content):
            raise BadFile([NO_FILE])
        read_result_content(sent.content, desk.settings.upload)
    except BadFile as bad:
        return results_page(desk, visit, sent.name if sent else "", in_order(bad.errors))
    return go_to("/admin/results/upload", file=keep(desk, visit, RESULTS, sent.name, sent.content, {}))


def show_preview(desk: Desk, visit: Visit) -> Response:
    """What the kept file would change now; nothing is written."""
    upload = kept(desk, visit, RESULTS, visit.query.get("file", ""))
    if upload is None:
        return gone(desk, visit)
    author = author_of(visit, upload.name)
    try:
        preview = preview_results(desk.store.engine, desk.organisation, _rows(desk, upload), author)
    except BadFile as bad:
        drop(desk, upload.token)
        return results_page(desk, visit, upload.name, in_order(bad.errors))
    return _preview(desk, visit, upload, preview)


def apply(desk: Desk, visit: Visit) -> Response:
    """Records what was shown; where the store has changed since, shows anew what the file would change."""
    upload = kept(desk, visit, RESULTS, visit.form.get("file", ""))
    if upload is None:
        return gone(desk, visit)
    seen = visit.form.get("seen", "")

    def is_as_shown(preview: Preview) -> bool:
        return preview.report.changes_anything and _sealed(preview, _told(preview, visit.today)) == seen

    rows, author = _rows(desk, upload), author_of(visit, upload.name)
    try:
        preview, is_done = record_as_previewed(desk.store.engine, desk.organisation, rows, author, is_as_shown)
    except BadFile as bad:  # the plan itself was changed meanwhile
        return results_page(desk, visit, upload.name, in_order(bad.errors))
    if not is_done:
        return _preview(desk, visit, upload, preview, _CHANGED)
    drop(desk, upload.token)
    return go_to("/admin/results", "results")


def download(desk: Desk, visit: Visit) -> Response:
    """The form (照会様式) for the results that are missing, of all plans; of one year where it is given."""
    text = visit.query.get("year", "")
    year = read_fiscal_year(text) if text else None
    catalogue = directory_of(desk.store, desk.organisation).catalogue
    years = {plan.id: asked_years(plan, visit.today, year) for plan in catalogue.plans}
    rows = missing_results(catalogue.indicators, desk.store.facts(catalogue.indicators), years)
    if not rows:
        lines = ("登録を待っている実績は、この年度にはありません。",)
        return render_notice(desk, visit, "照会様式は作りませんでした", lines)
    content = form_content(rows, visit.today, with_plans=len(catalogue.plans) > 1)
    name = f"results-{visit.today:%Y%m%d}.xlsx"
    return Response(content, media_type=_XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})


def _rows(desk: Desk, upload: Upload) -> tuple[ResultRow, ...]:
    return read_result_content(upload.content, desk.settings.upload)


def _preview(desk: Desk, visit: Visit, upload: Upload, preview: Preview, problem: str = "") -> Response:
    report, told = preview.report, _told(preview, visit.today)
    return show(
        desk,
        visit,
        "results_preview.html",
        409 if problem else 200,
        upload=upload,
        report=report,
        interim=sum(one.is_interim for one in (*report.new, *report.changed)),
        new=told[: len(report.new)],
        changed=told[len(report.new) :],
        seen=_sealed(preview, told),
        problem=problem,
    )


def _told(preview: Preview, today: date) -> list[Told]:
    """The new values, then those that replace another."""
    around, recorded = rows_around(preview), (*preview.report.new, *preview.report.changed)
    return [Told(_title(one), (value_line(one), *status_lines(one, around, today))) for one in recorded]


def _title(one: Recorded) -> str:
    name = f"{one.indicator.name}（{one.indicator.qualifier}）" if one.indicator.qualifier else one.indicator.name
    return f"{name} {place_name(*one.place)}"


def _sealed(preview: Preview, told: Sequence[Told]) -> str:
    report = preview.report
    return seal([*map(repr, told), *map(repr, report.warnings), repr((report.unchanged, report.skipped))])


PAGES = (
    Page("/admin/results/upload", upload, method="POST", needs=may_record, takes_files=True),
    Page("/admin/results/upload", show_preview, needs=may_record),
    Page("/admin/results/apply", apply, method="POST", needs=may_record),
    Page("/admin/results/form.xlsx", download, needs=may_record),
)

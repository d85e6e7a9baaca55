"""Plans from files: what a file would change, and loading it."""

from collections.abc import Sequence

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.admin.files import NO_FILE, PLAN, drop, gone, in_order, keep, kept, stem
from bot.channels.web.admin.frame import go_to, show
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page
from bot.recording import seal
from data.facts import is_visible
from data.importers.files import read_plan_content
from data.importers.plan_preview import check_title, load_as_previewed, preview_plans
from data.importers.report import LoadReport
from data.importers.rows import BadFile, FileError, PlanTable
from data.roles import may_administer
from data.uploads import Upload, file_name

_LONGEST = 200
# As many indicators of a new plan are named.
_SHOWN = 20
_CHANGED = "その間にデータが変わりました。今の内容で、もう一度確かめてください。まだ何も書き込んでいません。"


def show_plans(desk: Desk, visit: Visit) -> Response:
    """The plans that there are, and the form for a file."""
    return _page(desk, visit)


def upload(desk: Desk, visit: Visit) -> Response:
    """Reads a file and keeps it for its preview, or says everything that is wrong with it."""
    sent, title = visit.files.get("file"), visit.form.get("title", "").strip()
    try:
        if sent is None or not (sent.name or sent.content):
            raise BadFile([NO_FILE])
        if len(title) > _LONGEST or not is_visible(title):
            raise BadFile([FileError(f"計画名は{_LONGEST}字までにしてください（見えない文字は使えません）。")])
        check_title(read_plan_content(sent.content, desk.settings.upload), title)
    except BadFile as bad:
        return _page(desk, visit, sent.name if sent else "", bad.errors)
    except ValueError as error:
        return _page(desk, visit, sent.name if sent else "", [FileError(str(error))])
    return go_to("/admin/plans/upload", file=keep(desk, visit, PLAN, sent.name, sent.content, {"title": title}))


def show_preview(desk: Desk, visit: Visit) -> Response:
    """What the kept file would change now; nothing is written."""
    upload = kept(desk, visit, PLAN, visit.query.get("file", ""))
    if upload is None:
        return gone(desk, visit)
    author = author_of(visit, upload.name)
    try:
        tables = _tables(desk, upload)
        reports = preview_plans(desk.store.engine, desk.organisation, tables, _titles(upload), author)
    except BadFile as bad:
        drop(desk, upload.token)
        return _page(desk, visit, upload.name, bad.errors)
    return _preview(desk, visit, upload, tables, reports)


def apply(desk: Desk, visit: Visit) -> Response:
    """Loads what was shown; where the store has changed since, shows anew what the file would change."""
    upload = kept(desk, visit, PLAN, visit.form.get("file", ""))
    if upload is None:
        return gone(desk, visit)
    seen = visit.form.get("seen", "")
    try:
        tables = _tables(desk, upload)
        reports, is_done = load_as_previewed(
            desk.store.engine,
            desk.organisation,
            tables,
            _titles(upload),
            author_of(visit, upload.name),
            lambda reports: _sealed(reports) == seen,
        )
    except BadFile as bad:  # the plan itself was changed meanwhile
        return _page(desk, visit, upload.name, bad.errors)
    if not is_done:
        return _preview(desk, visit, upload, tables, reports, _CHANGED)
    drop(desk, upload.token)
    return go_to("/admin/plans", "plans")


def _tables(desk: Desk, upload: Upload) -> tuple[PlanTable, ...]:
    return read_plan_content(upload.content, desk.settings.upload)


def _titles(upload: Upload) -> tuple[str, str]:
    return str(upload.details.get("title", "")), stem(upload.name)


def _sealed(reports: Sequence[LoadReport]) -> str:
    return seal([repr(report) for report in reports])


def _page(desk: Desk, visit: Visit, name: str = "", errors: Sequence[FileError] = ()) -> Response:
    catalogue = directory_of(desk.store, desk.organisation).catalogue
    return show(
        desk,
        visit,
        "plans.html",
        422 if errors else 200,
        plans=catalogue.plans,
        name=file_name(name) if name else "",
        errors=in_order(errors),
        title=visit.form.get("title", ""),
    )


def _preview(
    desk: Desk,
    visit: Visit,
    upload: Upload,
    tables: Sequence[PlanTable],
    reports: Sequence[LoadReport],
    problem: str = "",
) -> Response:
    return show(
        desk,
        visit,
        "plan_preview.html",
        409 if problem else 200,
        upload=upload,
        reports=[(report, _first(table)) for report, table in zip(reports, tables, strict=True)],
        changes_anything=any(report.changes_anything for report in reports),
        seen=_sealed(reports),
        problem=problem,
    )


def _first(table: PlanTable) -> list[str]:
    """The names of the first indicators of a plan."""
    return list(dict.fromkeys(row.indicator for row in table.rows if row.indicator))[:_SHOWN]


PAGES = (
    Page("/admin/plans", show_plans, needs=may_administer),
    Page("/admin/plans", upload, method="POST", needs=may_administer, takes_files=True),
    Page("/admin/plans/upload", show_preview, needs=may_administer),
    Page("/admin/plans/apply", apply, method="POST", needs=may_administer),
)

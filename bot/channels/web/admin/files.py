"""Files that somebody brings, between their preview and the decision about them."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from bot.channels.web.admin.frame import go_to
from bot.channels.web.desk import Desk, Visit, role_in
from bot.channels.web.pages import Page, render_notice
from data.changes import lock_organisation
from data.engine import writing
from data.importers.rows import FileError
from data.roles import may_administer, may_record
from data.uploads import Upload, drop_upload, keep_upload, read_upload

PLAN, RESULTS = "plan", "results"
_PATHS = {PLAN: "/admin/plans", RESULTS: "/admin/results"}
#: What is said where the form was sent without a file.
NO_FILE = FileError("ファイルを選んでください。")
_GONE = "ファイルは残っていません。別の画面で適用したか、1日より前に選んだものです。もう一度選んでください。"


def keep(desk: Desk, visit: Visit, kind: str, name: str, content: bytes, details: Mapping[str, str]) -> str:
    """Keeps a file that has been read without errors; gives the token of its preview."""
    with writing(desk.store.engine) as connection:
        lock_organisation(connection, desk.organisation)
        person = visit.visitor.person
        return keep_upload(connection, desk.organisation, person, kind, name, content, details, visit.at)


def kept(desk: Desk, visit: Visit, kind: str, token: str) -> Upload | None:
    """The file of this visitor that waits under a token."""
    with desk.store.engine.connect() as connection:
        found = read_upload(connection, desk.organisation, visit.visitor.person, token[:100])
    return found if found and found.kind == kind else None


def drop(desk: Desk, token: str) -> None:
    with writing(desk.store.engine) as connection:
        drop_upload(connection, desk.organisation, token)


def gone(desk: Desk, visit: Visit) -> Response:
    return render_notice(desk, visit, "ファイルがありません", (_GONE,), status=404)


def give_up(desk: Desk, visit: Visit) -> Response:
    """Drops a file that is not to be applied."""
    kind = PLAN if visit.form.get("kind") == PLAN and may_administer(role_in(desk, visit.visitor)) else RESULTS
    if upload := kept(desk, visit, kind, visit.form.get("file", "")):
        drop(desk, upload.token)
    return go_to(_PATHS[kind], "dropped")


def stem(name: str) -> str:
    """「R6計画.xlsx」 → 「R6計画」."""
    first, dot, _ = name.rpartition(".")
    return first if dot and first else name


def in_order(errors: Sequence[FileError]) -> list[FileError]:
    """Errors by sheet and row; those about the whole file first."""
    return sorted(errors, key=lambda error: (error.sheet, error.line))


PAGES = (Page("/admin/uploads/drop", give_up, method="POST", needs=may_record),)

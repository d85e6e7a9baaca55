"""Results: one typed in for an indicator, with what it changes before it is written."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.responses import Response

from bot.answers import wording
from bot.channels.directory import directory_of
from bot.channels.web.admin.finding import GONE, Named, find, indicator_of
from bot.channels.web.admin.frame import go_to, show
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page, render_notice
from bot.figures import rows_of
from bot.recording import at_fields, last_finished, recordable_years, seal, typed_lines, typed_row
from data.facts import Indicator, Measure, is_visible
from data.fiscal_year import FiscalYear
from data.history import shown
from data.importers.preview import Preview, preview_results, record_as_previewed
from data.importers.rows import BadFile, FileError, ResultRow
from data.roles import may_record
from data.uploads import file_name

_FIELDS = {"value": 100, "note": 200}
_CHANGED = "その間に値が変わりました。もう一度確かめてください。まだ何も書き込んでいません。"


def show_results(desk: Desk, visit: Visit) -> Response:
    """The search for an indicator, and the form for a file."""
    return results_page(desk, visit)


def results_page(desk: Desk, visit: Visit, name: str = "", errors: Sequence[FileError] = ()) -> Response:
    """The same after a file that could not be taken."""
    typed = visit.query.get("q", "")
    years = recordable_years(directory_of(desk.store, desk.organisation).catalogue, visit.today)
    return show(
        desk,
        visit,
        "results.html",
        422 if errors else 200,
        typed=typed,
        found=find(desk, visit, typed),
        years=years,
        name=file_name(name) if name else "",
        errors=errors,
    )


def show_form(desk: Desk, visit: Visit) -> Response:
    """The form for a result of one indicator."""
    chosen = indicator_of(desk, visit.query.get("indicator", ""))
    return _form(desk, visit, chosen, {}) if chosen else _gone(desk, visit)


def confirm(desk: Desk, visit: Visit) -> Response:
    """What recording the result would change, or what is wrong at the field where it is."""
    chosen = indicator_of(desk, visit.form.get("indicator", ""))
    if chosen is None:
        return _gone(desk, visit)
    problems = _problems(visit.form)
    if problems:
        return _form(desk, visit, chosen, problems)
    rows = [_row(chosen.indicator, visit.form)]
    try:
        preview = preview_results(desk.store.engine, desk.organisation, rows, author_of(visit))
    except BadFile as bad:
        return _form(desk, visit, chosen, at_fields(bad))
    return _confirmation(desk, visit, chosen, preview)


def record(desk: Desk, visit: Visit) -> Response:
    """Writes what was shown; where the store has changed since, shows anew what would change."""
    chosen = indicator_of(desk, visit.form.get("indicator", ""))
    if chosen is None:
        return _gone(desk, visit)
    if problems := _problems(visit.form):
        return _form(desk, visit, chosen, problems)
    own, seen = chosen.indicator, visit.form.get("seen", "")

    def is_as_shown(preview: Preview) -> bool:
        return preview.report.changes_anything and seal(_lines(own, visit, preview)) == seen

    rows = [_row(own, visit.form)]
    try:
        preview, is_done = record_as_previewed(
            desk.store.engine, desk.organisation, rows, author_of(visit), is_as_shown
        )
    except BadFile as bad:
        return _form(desk, visit, chosen, at_fields(bad))
    if not is_done:
        return _confirmation(desk, visit, chosen, preview, _CHANGED)
    return go_to("/admin/results/new", "results", indicator=own.id)


def _problems(form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields before the store is asked."""
    found = {
        name: f"{most}字までにしてください（見えない文字は使えません）。"
        for name, most in _FIELDS.items()
        if len(form.get(name, "")) > most or not is_visible(form.get(name, "").strip())
    }
    if not form.get("value", "").strip():
        found["value"] = "実績値を入力してください。"
    return found


def _row(indicator: Indicator, form: Mapping[str, str]) -> ResultRow:
    year, value, note = (form.get(name, "").strip() for name in ("year", "value", "note"))
    return typed_row(indicator, year, value, note)


def _lines(indicator: Indicator, visit: Visit, preview: Preview) -> list[str]:
    return typed_lines(indicator, visit.form.get("year", "").strip(), preview, visit.today)


def _form(desk: Desk, visit: Visit, chosen: Named, problems: Mapping[str, str]) -> Response:
    years = recordable_years(directory_of(desk.store, desk.organisation).catalogue, visit.today)
    if not years:
        lines = ("実績のある年度がまだありません。計画の最初の年度が始まると、登録できます。",)
        return render_notice(desk, visit, "実績を登録", lines)
    return show(
        desk,
        visit,
        "result_form.html",
        422 if problems else 200,
        chosen=chosen,
        standing=_standing(desk, chosen.indicator, visit.today),
        years=[(year.label, wording.year(year)) for year in years],
        year=visit.form.get("year", "") or last_finished(years, visit.today).label,
        typed=visit.form,
        problems=problems,
    )


def _standing(desk: Desk, indicator: Indicator, today: date) -> list[tuple[str, str, str]]:
    """The figures of each year that can have a result: 「R5」, the target, the result."""
    (row,) = rows_of([indicator], desk.store.facts([indicator]))
    last = min(indicator.plan.last_year, FiscalYear.of_date(today))
    years = [FiscalYear(year) for year in range(indicator.plan.first_year.year - 1, last.year + 1)]
    found = [(year, row.facts.get((Measure.TARGET, year)), row.facts.get((Measure.ACTUAL, year))) for year in years]
    return [
        (year.label, shown(target.cell) if target else "", shown(actual.cell) if actual else "")
        for year, target, actual in found
        if target or actual
    ]


def _confirmation(desk: Desk, visit: Visit, chosen: Named, preview: Preview, problem: str = "") -> Response:
    lines = _lines(chosen.indicator, visit, preview)
    return show(
        desk,
        visit,
        "result_confirm.html",
        409 if problem else 200,
        chosen=chosen,
        lines=lines,
        changes_anything=preview.report.changes_anything,
        typed={name: visit.form.get(name, "") for name in ("indicator", "year", "value", "note")},
        seen=seal(lines),
        problem=problem,
    )


def _gone(desk: Desk, visit: Visit) -> Response:
    return render_notice(desk, visit, "指標がありません", (GONE,), status=404)


PAGES = (
    Page("/admin/results", show_results, needs=may_record),
    Page("/admin/results", record, method="POST", needs=may_record),
    Page("/admin/results/new", show_form, needs=may_record),
    Page("/admin/results/confirm", confirm, method="POST", needs=may_record),
)

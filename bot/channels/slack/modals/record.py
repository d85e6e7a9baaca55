"""The form for a result, and its confirmation: what the value and its status were, and what they would be."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bot.answers import wording
from bot.channels.directory import directory_of
from bot.channels.slack.arrivals import person
from bot.channels.slack.blocks import Block
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import note_message
from bot.channels.slack.modals.options import indicator_of
from bot.channels.slack.modals.views import (
    Reply,
    View,
    errors,
    field,
    form,
    given,
    lines_of,
    menu,
    notice,
    option,
    private_of,
    refusal,
    search_menu,
    text_field,
    update,
)
from bot.channels.slack.people import author_of, role_in
from bot.channels.slack.posts import post_later
from bot.recording import at_fields, last_finished, recordable_years, seal, typed_lines, typed_row
from data.changes import Author
from data.facts import Indicator
from data.fiscal_year import TOKYO
from data.importers.preview import Preview, preview_results, record_as_previewed
from data.importers.rows import BadFile, ResultRow
from data.roles import may_record

_TITLE = "実績を登録"
_CONFIRM = "record_confirm"
_VALUE, _REMARK = 100, 200
# As many years as a menu takes.
_YEARS = 100
_GONE = "この指標は今の計画にありません。指標を選び直してください。"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was filled in; it comes back with the confirmation. `seen` stands for what that showed."""

    indicator: str
    year: str
    value: str
    note: str
    seen: str = ""


def opened(desk: Desk, user: str, channel: str, now: datetime) -> View:
    """The form, for whom may record results."""
    if not may_record(role_in(desk, user)):
        return _refused(desk, user)
    years = recordable_years(directory_of(desk.store, desk.organisation).catalogue, _day(now))[:_YEARS]
    if not years:
        return notice(_TITLE, ["実績のある年度がまだありません。計画の最初の年度が始まると、登録できます。"])
    finished = last_finished(years, _day(now))
    options = [option(f"{year.label} {wording.year(year)}", year.label) for year in years]
    blocks = [
        field("indicator", "指標", search_menu("指標の名前や別名で探す")),
        field("year", "年度", menu(options, finished.label)),
        field(
            "value", "実績値", text_field(_VALUE), "55.3%、18万枚、▲162 のように。単位がなければ、その指標の単位です。"
        ),
        field(
            "note",
            "備考",
            text_field(_REMARK),
            "「R6.9月末時点」なら時点、「速報」なら注として残ります。",
            optional=True,
        ),
    ]
    return form("record", _TITLE, "確認へ", blocks)


def submit(desk: Desk, user: str, view: View, now: datetime) -> Reply:
    """The confirmation, or what is wrong at the field where it is."""
    if not may_record(role_in(desk, user)):
        return update(_refused(desk, user))
    typed = _Typed(*(given(view, block) for block in ("indicator", "year", "value", "note")))
    indicator = indicator_of(directory_of(desk.store, desk.organisation), typed.indicator)
    missing = {"indicator": "" if indicator else _GONE, "value": "" if typed.value else "実績値を入力してください。"}
    if indicator is None or not typed.value:
        return errors({block: text for block, text in missing.items() if text})
    try:
        nobody = Author(person(user), now)  # nothing is written: Slack need not be asked for the name
        preview = preview_results(desk.store.engine, desk.organisation, [_row(indicator, typed)], nobody)
    except BadFile as bad:
        return errors(at_fields(bad))
    return update(_confirmation(indicator, typed, preview, now))


def confirm(desk: Desk, user: str, view: View, now: datetime) -> Reply:
    """Writes what was shown; where the store has changed since, shows the confirmation anew instead."""
    if not may_record(role_in(desk, user)):
        return update(_refused(desk, user))
    typed = _Typed(**private_of(view))
    indicator = indicator_of(directory_of(desk.store, desk.organisation), typed.indicator)
    if indicator is None:
        return update(notice(_TITLE, [_GONE]))

    def is_as_shown(preview: Preview) -> bool:
        return preview.report.changes_anything and seal(_lines(indicator, typed, preview, now)) == typed.seen

    try:
        preview, is_done = record_as_previewed(
            desk.store.engine, desk.organisation, [_row(indicator, typed)], author_of(desk, user, now), is_as_shown
        )
    except BadFile as bad:  # the plan itself was changed meanwhile
        return update(notice(_TITLE, [*(error.reason for error in bad.errors), "何も登録していません。"]))
    if not is_done:
        return update(
            _confirmation(indicator, typed, preview, now, ["その間に値が変わりました。もう一度確かめてください。"])
        )
    lines = ["実績を登録しました。", *_lines(indicator, typed, preview, now)]
    post_later(desk, f"recorded:{view['id']}", user, note_message("\n".join(lines)), now)
    return update(notice("登録しました", lines))


def _refused(desk: Desk, user: str) -> View:
    return refusal(desk, user, _TITLE, "実績を登録できるのは、登録者と管理者です。", "登録者")


def _row(indicator: Indicator, typed: _Typed) -> ResultRow:
    return typed_row(indicator, typed.year, typed.value, typed.note)


def _confirmation(
    indicator: Indicator, typed: _Typed, preview: Preview, now: datetime, first: Sequence[str] = ()
) -> View:
    lines = [*_lines(indicator, typed, preview, now)]
    if not preview.report.changes_anything:
        return notice(_TITLE, [*lines, "同じ値がもう登録されています。何も変わりません。"])
    shown_now = _Typed(typed.indicator, typed.year, typed.value, typed.note, seal(lines))
    blocks: list[Block] = lines_of([*first, *lines])
    return form(_CONFIRM, "確かめてください", "登録する", blocks, asdict(shown_now))


def _lines(indicator: Indicator, typed: _Typed, preview: Preview, now: datetime) -> list[str]:
    return typed_lines(indicator, typed.year, preview, _day(now))


def _day(now: datetime) -> date:
    return now.astimezone(TOKYO).date()

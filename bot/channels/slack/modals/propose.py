"""The form for another name of an indicator, and its confirmation: which answers the name would change."""

from collections.abc import Iterator
from datetime import datetime

from bot.answers import wording
from bot.channels.directory import directory_of
from bot.channels.slack.arrivals import CHANNEL
from bot.channels.slack.blocks import Block, actions, plain_text
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import Message, note_message
from bot.channels.slack.modals.options import indicator_of
from bot.channels.slack.modals.trial import trial_lines, try_alias_in_time
from bot.channels.slack.modals.views import (
    Reply,
    View,
    errors,
    field,
    form,
    given,
    is_administrator_here,
    lines_of,
    notice,
    private_of,
    search_menu,
    text_field,
    update,
)
from bot.channels.slack.people import author_of, called, role_in
from bot.channels.slack.posts import post_later
from bot.trials import Trial
from data.aliases import alias_text
from data.engine import writing
from data.facts import Indicator, name_key
from data.proposals import decide, propose
from data.roles import may_administer, read_roles

ACCEPT, DECLINE = "proposal:accept", "proposal:decline"
_TITLE = "別名を提案"
_CONFIRM = "propose_confirm"
_ALIAS = 100
_GONE = "この指標は今の計画にありません。指標を選び直してください。"
_NO_ADMINISTRATOR = "Slackに管理者がまだいないので、知らせていません。管理者は python -m data grant で決められます。"


def opened(desk: Desk, user: str, channel: str, now: datetime) -> View:
    blocks = [
        field("indicator", "指標", search_menu("指標の名前や別名で探す")),
        field(
            "text", "別名", text_field(_ALIAS), "ふだんの呼び方を一つ。登録されると、この名前でも聞けるようになります。"
        ),
    ]
    return form("propose", _TITLE, "確認へ", blocks)


def submit(desk: Desk, user: str, view: View, now: datetime) -> Reply:
    """The confirmation with the answers that would change, or what is wrong at its field."""
    directory = directory_of(desk.store, desk.organisation)
    indicator = indicator_of(directory, given(view, "indicator"))
    if indicator is None:
        return errors({"indicator": _GONE})
    try:
        text = alias_text(given(view, "text"))
    except ValueError as error:
        return errors({"text": str(error)})
    if name_key(text) in map(name_key, (indicator.name, *indicator.aliases)):
        return errors({"text": f"「{indicator.name}」は、もう「{text}」で聞けます。"})
    at_once = may_administer(role_in(desk, user))
    trial = try_alias_in_time(desk, directory.catalogue, text, indicator, now)
    ending = "登録すると、すぐに使えます。" if at_once else "提案すると、管理者が登録するかどうかを決めます。"
    lines = [*_told(text, indicator), *trial_lines(trial, with_logged=at_once), ending]
    private = {"indicator": given(view, "indicator"), "text": text}
    button = "登録する" if at_once else "提案する"
    return update(form(_CONFIRM, "確かめてください", button, lines_of(lines), private))


def confirm(desk: Desk, user: str, view: View, now: datetime) -> Reply:
    """Adds an administrator's alias at once; another's waits for an administrator."""
    typed = private_of(view)
    indicator, text = indicator_of(directory_of(desk.store, desk.organisation), typed["indicator"]), str(typed["text"])
    if indicator is None:
        return update(notice(_TITLE, [_GONE]))
    at_once = may_administer(role_in(desk, user))
    author = author_of(desk, user, now)
    try:
        with writing(desk.store.engine) as connection:
            number = propose(connection, desk.organisation, text, indicator.id, author)
            if at_once:
                decide(connection, desk.organisation, number, True, author)
    except ValueError as error:
        return update(notice(_TITLE, [str(error)]))
    told = _told(text, indicator)
    if at_once:
        return update(notice("登録しました", ["別名を登録しました。", *told]))
    trial = try_alias_in_time(desk, directory_of(desk.store, desk.organisation).catalogue, text, indicator, now)
    asked = _ask_administrators(desk, number, [*told, f"提案: {called(author.by, user)}さん"], trial, now)
    return update(notice(_TITLE, [f"提案しました（番号{number}）。", *told, _WAITING if asked else _NO_ADMINISTRATOR]))


_WAITING = "管理者に知らせました。決まるまでは、今までどおりの名前でお使いください。"


def _told(text: str, indicator: Indicator) -> list[str]:
    return [f"別名: {text}", f"指標: {wording.name(indicator)}"]


def _ask_administrators(desk: Desk, number: int, lines: list[str], trial: Trial, now: datetime) -> int:
    """Asks every administrator whom Slack knows; gives how many there are."""
    with desk.store.engine.connect() as connection:
        granted = read_roles(connection, desk.organisation)
    known = [one.person.removeprefix(f"{CHANNEL}:") for one in granted if is_administrator_here(one.person, one.role)]
    text = "\n".join([f"別名の提案があります（番号{number}）。", *lines, *trial_lines(trial, with_logged=True)])
    for administrator in known:
        message = _with_buttons(note_message(text), number)
        post_later(desk, f"proposal:{number}:{administrator}", administrator, message, now)
    return len(known)


def _with_buttons(message: Message, number: int) -> Message:
    row = actions([*_buttons(number)])
    return Message(message.text, tuple((*form, *row) for form in message.forms))


def _buttons(number: int) -> Iterator[Block]:
    for action_id, word in ((ACCEPT, "登録する"), (DECLINE, "見送る")):
        yield {"type": "button", "action_id": action_id, "text": plain_text(word), "value": str(number)}

"""Digests: who is told what and when, new subscriptions, and what one would say now."""

from datetime import datetime

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.admin.frame import go_to, number_in, show
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page, render_notice
from bot.digests.commands import CHANNELS, TEAMS, TERMINAL, check_recipient
from bot.digests.delivery import compose
from bot.digests.scope import resolve_scope
from bot.digests.situation import situation_reader
from bot.digests.wording import KINDS, RHYTHMS, next_told, told
from data.engine import writing
from data.references import read_references
from data.roles import may_administer
from data.subscriptions import (
    DigestKind,
    Rhythm,
    Subscription,
    Wish,
    add_subscription,
    end_subscription,
    read_subscriptions,
)

_HOUR = 9
# As many titles and conversations are offered while somebody types.
_OFFERED = 200


def show_subscriptions(desk: Desk, visit: Visit) -> Response:
    return _page(desk, visit)


def add(desk: Desk, visit: Visit) -> Response:
    """Adds a subscription, or says what is wrong with it."""
    try:
        wish = _wish(desk, visit)
        with writing(desk.store.engine) as connection:
            add_subscription(connection, desk.organisation, wish, author_of(visit))
    except ValueError as error:
        return _page(desk, visit, str(error))
    return go_to("/admin/subscriptions", "subscribed")


def end(desk: Desk, visit: Visit) -> Response:
    try:
        with writing(desk.store.engine) as connection:
            end_subscription(connection, desk.organisation, number_in(visit.form.get("number", "")), author_of(visit))
    except ValueError as error:  # somebody else has ended it
        return _page(desk, visit, str(error))
    return go_to("/admin/subscriptions", "ended")


def preview(desk: Desk, visit: Visit) -> Response:
    """What a subscription would be told at this moment, as if for the first time; nothing is sent."""
    number = visit.request.path_params["number"]
    one = next((one for one in _subscriptions(desk) if one.id == number), None)
    if one is None:
        return render_notice(desk, visit, "この購読はありません", (), status=404)
    situation = situation_reader(desk.store, desk.organisation)(one.wish.kind, one.wish.scope, visit.at, None)
    answer = compose(one.wish.kind, situation)
    lines = answer.text.plain().splitlines() if answer else ["お知らせすることはありません。"]
    return show(desk, visit, "digest.html", one=one, what=told(one.wish), lines=lines)


def _wish(desk: Desk, visit: Visit) -> Wish:
    """What the form says; raises ValueError for what cannot be subscribed to."""
    form = visit.form
    channel, recipient, hour = form.get("channel", ""), form.get("recipient", "").strip(), form.get("hour", "")
    if channel not in CHANNELS:
        raise ValueError("経路を選んでください。")
    if form.get("kind") not in list(DigestKind) or form.get("rhythm") not in list(Rhythm):
        raise ValueError("内容と間隔を選んでください。")
    check_recipient(channel, recipient)
    kind = DigestKind(form["kind"])
    scope = resolve_scope(directory_of(desk.store, desk.organisation).catalogue, kind, form.get("scope", ""))
    return Wish(channel, recipient, kind, scope, Rhythm(form["rhythm"]), number_in(hour) if hour != "0" else 0)


def _subscriptions(desk: Desk) -> list[Subscription]:
    with desk.store.engine.connect() as connection:
        return read_subscriptions(connection, desk.organisation)


def _page(desk: Desk, visit: Visit, problem: str = "") -> Response:
    titles = directory_of(desk.store, desk.organisation).titles
    with desk.store.engine.connect() as connection:
        conversations = [one.conversation for one in read_references(connection, desk.organisation, TEAMS)]
    return show(
        desk,
        visit,
        "subscriptions.html",
        422 if problem else 200,
        subscriptions=[_listed(one, visit.at) for one in _subscriptions(desk)],
        channels={name: word for name, word in CHANNELS.items() if name != TERMINAL} | {TERMINAL: CHANNELS[TERMINAL]},
        kinds=KINDS,
        rhythms=RHYTHMS,
        hours=range(24),
        scopes=list(dict.fromkeys(title for kind in DigestKind for title in titles[kind]))[:_OFFERED],
        conversations=conversations[:_OFFERED],
        typed={"channel": "", "recipient": "", "kind": DigestKind.SUMMARY, "scope": "", "rhythm": Rhythm.MONTHLY}
        | {"hour": str(_HOUR)}
        | {name: value for name, value in visit.form.items() if problem},
        problem=problem,
    )


def _listed(one: Subscription, now: datetime) -> tuple[Subscription, str, str, str]:
    """A subscription with its channel, what it tells and when next, in words."""
    return one, CHANNELS.get(one.wish.channel, one.wish.channel), told(one.wish), next_told(one.wish, now)


PAGES = (
    Page("/admin/subscriptions", show_subscriptions, needs=may_administer),
    Page("/admin/subscriptions", add, method="POST", needs=may_administer),
    Page("/admin/subscriptions/end", end, method="POST", needs=may_administer),
    Page("/admin/subscriptions/{number:int}", preview, needs=may_administer),
)

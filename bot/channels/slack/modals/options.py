"""What a menu offers while somebody types into it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from bot.channels.directory import Directory, directory_of
from bot.channels.search import matching, once
from bot.channels.slack.arrivals import person
from bot.channels.slack.blocks import Block
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import cut, one_line
from bot.channels.slack.modals.views import OPTION, VALUE, given, option
from bot.config import today
from bot.knowledge import key_of
from bot.question import Question
from data.facts import Indicator, name_key
from data.follows import followed
from data.subscriptions import DigestKind

# As many as Slack takes.
_MOST = 100
# What tells namesakes apart takes at most half of an option.
_APART = 36


def indicator_options(desk: Desk, typed: str, user: str = "") -> list[Block]:
    """The indicators whose names or aliases have what was typed, then those that the bot would take it for.

    Before anything is typed those that the person follows, then the first ones of the plans.
    """
    directory = directory_of(desk.store, desk.organisation)
    if typed.strip():
        found = matching(desk.ask, directory, Question(typed, today(), desk.organisation, plan=desk.plan), _MOST)
    else:
        found = list(islice(_first(desk, directory, user), _MOST))
    return [_option(directory, one) for one in found]


def indicator_of(directory: Directory, value: str) -> Indicator | None:
    """The indicator that an option stands for, None where no plan has it any more."""
    kind, _, number = value.partition(":")
    return directory.by_id.get(int(number)) if kind == "indicator" and number.isdecimal() else None


def _option(directory: Directory, indicator: Indicator) -> Block:
    apart = one_line(directory.apart(indicator), _APART)
    name = one_line(indicator.name, OPTION - len(apart) - 2) if apart else indicator.name
    shown = f"{name}（{apart}）" if apart else name
    return option(shown, key_of(indicator), directory.whereabouts(indicator))


def _first(desk: Desk, directory: Directory, user: str) -> Iterator[Indicator]:
    with desk.store.engine.connect() as connection:
        numbers = followed(connection, desk.organisation, person(user)) if user else []
    own = [directory.by_id[one] for one in numbers if one in directory.by_id]
    meant = [one for one in directory.catalogue.indicators[: 100 * _MOST] if desk.plan in ("", one.plan.title)]
    return once(chain(own, meant, directory.catalogue.indicators))


def scope_options(desk: Desk, kind: DigestKind | None, typed: str) -> list[Block]:
    """The titles of plans, chapters and areas, for reminders the 担当課, that have what was typed; both for None."""
    titles, key = directory_of(desk.store, desk.organisation).titles, name_key(typed)
    found = {
        title: option(title, cut(title, VALUE).removesuffix("…"), _NOUNS[one])
        for one in ([kind] if kind else DigestKind)
        for title in titles[one]
        if key in name_key(title)
    }
    return list(islice(found.values(), _MOST))


_NOUNS = {DigestKind.SUMMARY: "分野・章・計画", DigestKind.REMINDER: "担当課"}


def _indicators(desk: Desk, user: str, body: Mapping[str, Any]) -> list[Block]:
    return indicator_options(desk, str(body.get("value") or ""), user)


def _scopes(desk: Desk, user: str, body: Mapping[str, Any]) -> list[Block]:
    """Of the kind that is chosen in the form, where Slack tells it."""
    view = body.get("view") or {}
    chosen = given(view, "kind") if (view.get("state") or {}).get("values") else ""
    kind = DigestKind(chosen) if chosen in list(DigestKind) else None
    return scope_options(desk, kind, str(body.get("value") or ""))


#: By the action_id of the menu, what answers its block_suggestion.
OPTIONS: Mapping[str, Callable[[Desk, str, Mapping[str, Any]], list[Block]]] = {
    "indicator": _indicators,
    "scope": _scopes,
}

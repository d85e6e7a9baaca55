"""The views of which forms are made: plain dicts, every text of which is shown as it is (escape.py)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.slack.arrivals import CHANNEL, person
from bot.channels.slack.blocks import Block, parts, plain_lines, plain_text, rich_text
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import one_line
from data.roles import Role, may_administer, read_roles

View = dict[str, Any]
#: What Slack is answered when a form is sent: None closes it.
Reply = dict[str, Any] | None

#: Characters of an option, of a button and of one of its values.
OPTION, VALUE = 75, 150
_ADMINISTRATORS = 5
# What is shown where no letter of a text can be.
_NAMELESS = "（名前なし）"


@dataclass(frozen=True, slots=True)
class Modal:
    """`opened` gives the form for a person in a channel ("" for none), `submit` takes it in.

    A confirmation opens as the form that leads to it.
    """

    opened: Callable[[Desk, str, str, datetime], View]
    submit: Callable[[Desk, str, View, datetime], Reply]


def form(callback_id: str, title: str, submit: str, blocks: Sequence[Block], private: object = None) -> View:
    """A view that can be sent; `private` comes back with it, unseen."""
    view = {**_view(title, blocks, "やめる"), "callback_id": callback_id, "submit": plain_text(submit)}
    return view if private is None else {**view, "private_metadata": json.dumps(private, ensure_ascii=False)}


def notice(title: str, lines: Iterable[str]) -> View:
    """A view that only tells something."""
    return _view(title, lines_of(lines), "閉じる")


def _view(title: str, blocks: Sequence[Block], close: str) -> View:
    return {"type": "modal", "title": plain_text(title), "close": plain_text(close), "blocks": list(blocks)}


def refusal(desk: Desk, user: str, title: str, needs: str, role: str) -> View:
    """Why a person may not, and who can let them: 「実績を登録できるのは…」."""
    with desk.store.engine.connect() as connection:
        granted = read_roles(connection, desk.organisation)
    known = [one.person.removeprefix(f"{CHANNEL}:") for one in granted if is_administrator_here(one.person, one.role)]
    words: list[Block] = [{"type": "text", "text": "管理者: "}] if known else []
    for at, one in enumerate(known[:_ADMINISTRATORS]):
        words += [{"type": "text", "text": "、"}] if at else []
        words.append({"type": "user", "user_id": one})
    asked = (needs, f"必要なときは、管理者に頼んでください。管理者は次のように登録します: {grant_line(user, role)}")
    who = [{"type": "rich_text_section", "elements": words}] if words else []
    return _view(title, rich_text([*parts(plain_lines(asked)), *who]), "閉じる")


def grant_line(user: str, role: str) -> str:
    return f"python -m data grant {person(user)} {role}"


def is_administrator_here(someone: str, role: Role) -> bool:
    """Is it an administrator whom Slack knows?"""
    return may_administer(role) and someone.startswith(f"{CHANNEL}:")


def lines_of(lines: Iterable[str]) -> list[Block]:
    return rich_text(parts(plain_lines(lines)))


def field(block_id: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    """An input; its element is known by the name of its block."""
    block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "element": {"action_id": block_id, **element},
        "optional": optional,
    }
    return {**block, "hint": plain_text(hint)} if hint else block


def menu(options: Sequence[Block], chosen: str = "") -> Block:
    """A select of these options, one of which may be chosen by its value."""
    initial = next((one for one in options if one["value"] == chosen), None)
    select = {"type": "static_select", "options": list(options)}
    return {**select, "initial_option": initial} if initial else select


def search_menu(placeholder: str) -> Block:
    """A select whose options are looked up as one types (options.py)."""
    return {"type": "external_select", "min_query_length": 0, "placeholder": plain_text(placeholder)}


def text_field(most: int, placeholder: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    return {**element, "placeholder": plain_text(placeholder)} if placeholder else element


def option(text: str, value: str, description: str = "") -> Block:
    shown = {"text": plain_text(one_line(text, OPTION) or _NAMELESS), "value": value}
    below = one_line(description, OPTION)
    return {**shown, "description": plain_text(below)} if below else shown


def given(view: Mapping[str, Any], block_id: str) -> str:
    """What was typed or chosen, "" for nothing."""
    state = view["state"]["values"].get(block_id, {}).get(block_id) or {}
    chosen = (state.get("selected_option") or {}).get("value")
    return str(chosen or state.get("selected_conversation") or state.get("value") or "").strip()


def private_of(view: Mapping[str, Any]) -> Any:
    return json.loads(view["private_metadata"])


def update(view: View) -> Reply:
    return {"response_action": "update", "view": view}


def errors(found: Mapping[str, str]) -> Reply:
    """Errors at their blocks."""
    return {"response_action": "errors", "errors": dict(found)}

"""What Slack sends to an app, in the shape that Slack gives it: events, commands, interactions."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Literal

from tests.slack.elements import Json
from tests.slack.workspace import APP, BOT_USER, TEAM

Kind = Literal["events_api", "slash_commands", "interactive"]

_DOMAIN = "shirube"


def event(inner: Json, *, team: str = TEAM, shared: bool = False) -> Json:
    """An event in its envelope, with an event_id of its own."""
    authorization = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": "verification-token",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": {"team": team, "event_ts": f"{time.time():.6f}", **inner},
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(time.time()),
        "authorizations": [{**authorization, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": secrets.token_hex(8),
    }


def message(channel: str, user: str, text: str, ts: str, **beside: object) -> Json:
    """The inner event of a message of a person."""
    return {
        "type": "message",
        "user": user,
        "ts": ts,
        "client_msg_id": secrets.token_hex(8),
        "text": text,
        "channel": channel,
        "event_ts": ts,
        "blocks": [_written(text)],
        **{name: value for name, value in beside.items() if value is not None},
    }


def changed(channel: str, user: str, text: str, ts: str, before: str, **beside: object) -> Json:
    """The inner event of an edit: the edited message inside, and a ts of its own."""
    now = f"{time.time():.6f}"
    old = {"type": "message", "user": user, "text": before, "ts": ts, "team": TEAM}
    new = {**old, "text": text, "edited": {"user": user, "ts": now}}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel,
        "ts": now,
        "event_ts": now,
        "message": new,
        "previous_message": old,
        **beside,
    }


def command(text: str, channel: str, user: Json, response_url: str, trigger_id: str, name: str = "/kpi") -> Json:
    return {
        "token": "verification-token",
        "team_id": TEAM,
        "team_domain": _DOMAIN,
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "kpi",
        "user_id": user["id"],
        "user_name": user["name"],
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(kind: str, user: Json, trigger_id: str = "", **beside: object) -> Json:
    """What all payloads of interactions share."""
    return {
        "type": kind,
        "token": "verification-token",
        "team": {"id": TEAM, "domain": _DOMAIN},
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
        "api_app_id": APP,
        "enterprise": None,
        "is_enterprise_install": False,
        **({"trigger_id": trigger_id} if trigger_id else {}),
        **beside,
    }


def action(element: Json, block_id: str, chosen: str | Sequence[str] | None = None) -> Json:
    """What somebody did with an element: pressed it, or chose the option with this value."""
    found: Json = {
        "action_id": element["action_id"],
        "block_id": block_id,
        "type": element["type"],
        "action_ts": f"{time.time():.6f}",
    }
    if "text" in element:
        found["text"] = element["text"]
    if element.get("value") is not None:
        found["value"] = element["value"]
    if isinstance(chosen, str):
        options = element.get("options") or [o for g in element.get("option_groups") or [] for o in g["options"]]
        known = {option["value"]: option for option in options}
        plain = {"text": {"type": "plain_text", "text": chosen, "emoji": True}, "value": chosen}
        if element["type"] == "feedback_buttons":
            found["value"] = chosen
        else:
            assert not known or chosen in known, f"no option {chosen} among {list(known)}"
            found["selected_option"] = known.get(chosen, plain)
    elif chosen is not None:
        found["selected_options"] = [{"text": {"type": "plain_text", "text": v}, "value": v} for v in chosen]
    return found


def find_element(blocks: Sequence[Json], action_id: str) -> tuple[Json, str]:
    """The element with this action_id, or the first whose action_id starts with it, and its block's id."""
    for block in blocks:
        inside = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        for element in inside:
            if isinstance(element, dict) and str(element.get("action_id", "")).startswith(action_id):
                return element, block.get("block_id", "b1")
    raise AssertionError(f"no element {action_id} in {json.dumps(blocks, ensure_ascii=False)}")


def state(view: Json, filled: Mapping[str, object]) -> Json:
    """A view's state: its inputs with their first values, or what is filled in, by action_id."""
    values: Json = {}
    seen: set[str] = set()
    for index, block in enumerate(view.get("blocks") or []):
        inside = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        for element in inside:
            if not isinstance(element, dict) or "action_id" not in element or element["type"] in ("button", "overflow"):
                continue
            seen.add(element["action_id"])
            given = filled.get(element["action_id"])
            values.setdefault(block.get("block_id") or f"b{index}", {})[element["action_id"]] = _entered(element, given)
    assert seen >= set(filled), f"the view has no {set(filled) - seen}"
    return {"values": values}


def _entered(element: Json, given: object) -> Json:
    kind = element["type"]
    if kind in ("plain_text_input", "number_input", "email_text_input", "url_text_input"):
        return {"type": kind, "value": given if given is not None else element.get("initial_value")}
    if kind in ("static_select", "external_select", "radio_buttons"):
        if given is None:
            return {"type": kind, "selected_option": element.get("initial_option")}
        return {"type": kind, "selected_option": action({**element}, "", str(given))["selected_option"]}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        options = element.get("options") or []
        chosen = given if isinstance(given, list) else []
        picked = [option for option in options if option["value"] in chosen]
        return {"type": kind, "selected_options": picked if given is not None else element.get("initial_options", [])}
    selected = {
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "users_select": "selected_user",
    }.get(kind, "value")
    initial = element.get(selected.replace("selected_", "initial_"))
    return {"type": kind, selected: given if given is not None else initial}


def _written(text: str) -> Json:
    """The rich text that Slack makes of what a person writes."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": secrets.token_hex(2), "elements": [section]}

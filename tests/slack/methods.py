"""What the gateway answers itself and what it adds to the emulator's answers, so that they look like Slack's."""

from collections.abc import Callable, Sequence

from tests.slack.calls import Call
from tests.slack.elements import Json
from tests.slack.limits import message_faults, view_faults
from tests.slack.workspace import APP, BOT_ID, BOT_USER, TEAM

MESSAGES = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update"})
VIEWS = frozenset({"views.open", "views.push", "views.update", "views.publish"})

_PERSON: Json = {
    "is_restricted": False,
    "is_ultra_restricted": False,
    "is_bot": False,
    "is_app_user": False,
    "tz": "Asia/Tokyo",
    "tz_label": "Japan Standard Time",
    "tz_offset": 32_400,
    "locale": "ja-JP",
}
_CHANNEL: Json = {
    "is_shared": False,
    "is_ext_shared": False,
    "is_org_shared": False,
    "is_general": False,
    "context_team_id": TEAM,
}


def call_faults(call: Call) -> list[str]:
    """What Slack's limits refuse of a call."""
    if call.method in MESSAGES:
        return message_faults(call.params)
    if call.method in VIEWS:
        view = call.params.get("view")
        return view_faults(view) if isinstance(view, dict) else ["missing required field: view [json-pointer:/view]"]
    if call.method == "assistant.threads.setSuggestedPrompts":
        prompts = call.params.get("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            return ["must have 1 to 4 items [json-pointer:/prompts]"]
        return [
            f"missing required field: title and message [json-pointer:/prompts/{index}]"
            for index, prompt in enumerate(prompts)
            if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message")
        ]
    return []


def refusal(call: Call, faults: Sequence[str]) -> Json:
    """The answer to a call with these faults."""
    error = "invalid_arguments"
    if call.method in MESSAGES:
        places = ("/blocks", "invalid_blocks"), ("/metadata", "invalid_metadata_format"), ("no text", "no_text")
        error = next((name for place, name in places if any(place in fault for fault in faults)), "msg_too_long")
    return {
        "ok": False,
        "error": error,
        "errors": list(faults),
        "response_metadata": {"messages": [f"[ERROR] {fault}" for fault in faults]},
    }


def mistakes(call: Call) -> list[str]:
    """What Slack takes without a word though it does not do what the app meant."""
    found: list[str] = []
    if call.method == "assistant.threads.setSuggestedPrompts" and call.params.get("thread_ts"):
        found.append("setSuggestedPrompts with thread_ts shows nothing")
    if call.method in MESSAGES:
        if call.params.get("blocks") and not call.params.get("text"):
            found.append(f"{call.method} with blocks and no text: nothing for notifications and screen readers")
        found += [
            f"{call.method} pages everybody with {word}"
            for word in ("<!channel", "<!here", "<!everyone")
            if any(word in text for text in parsed_texts(call.params))
        ]
    return found


def parsed_texts(message: Json) -> list[str]:
    """What Slack reads as markup in a message or a view: its text, mrkdwn and markdown; nothing else is parsed."""
    found = [message["text"]] if isinstance(message.get("text"), str) and "type" not in message else []
    inside: list[object] = [value for name, value in message.items() if name != "metadata"]
    while inside:
        one = inside.pop()
        if isinstance(one, dict):
            found += [str(one.get("text"))] if one.get("type") in ("mrkdwn", "markdown") else []
            inside += one.values()
        elif isinstance(one, list):
            inside += one
    return found


def users_info(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    return {**answer, "user": _person(answer["user"], beside)}


def users_list(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    return {**answer, "members": [_person(user, beside) for user in answer["members"]]}


def conversations_info(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    channel = {**_CHANNEL, **answer["channel"], **beside.get(answer["channel"]["id"], {})}
    if str(call.params.get("include_num_members", "")).lower() not in ("true", "1"):
        channel.pop("num_members", None)
    return {**answer, "channel": channel}


def conversations_list(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    """The channels, of users.conversations only those that the app is in."""
    channels = [{**_CHANNEL, **channel, **beside.get(channel["id"], {})} for channel in answer["channels"]]
    if call.method == "users.conversations":
        channels = [channel for channel in channels if channel["is_member"]]
    return {**answer, "channels": channels}


def messages(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    """One page of history or replies: the emulator knows neither times nor limits of replies."""
    params = call.params
    first = params.get("ts") if call.method == "conversations.replies" else None
    oldest, latest = float(params.get("oldest") or 0), float(params.get("latest") or "inf")
    inclusive = str(params.get("inclusive", "")).lower() in ("true", "1")
    within = [
        message
        for message in answer["messages"]
        if message["ts"] == first
        or oldest < float(message["ts"]) < latest
        or (inclusive and float(message["ts"]) in (oldest, latest))
    ]
    if first and not within:
        return {"ok": False, "error": "thread_not_found"}
    start = int(str(params.get("cursor") or "page:0").removeprefix("page:"))
    end = start + min(int(params.get("limit") or 100), 999)
    metadata = str(params.get("include_all_metadata", "")).lower() in ("true", "1")
    page = [_message(message, metadata=metadata) for message in within[start:end]]
    more = end < len(within)
    cursor = f"page:{end}" if more else ""
    return {**answer, "messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def posted(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    return {**answer, "message": _message(answer["message"], metadata=True)} if "message" in answer else answer


def auth_test(call: Call, answer: Json, beside: dict[str, Json]) -> Json:
    return {**answer, "is_enterprise_install": False}


AMENDED: dict[str, Callable[[Call, Json, dict[str, Json]], Json]] = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "users.conversations": conversations_list,
    "conversations.history": messages,
    "conversations.replies": messages,
    "chat.postMessage": posted,
    "chat.update": posted,
}

# What is asked of the emulator in place of the app's own arguments, for the gateway to cut pages itself.
WHOLE: Json = {"limit": 1000, "cursor": None, "oldest": None, "latest": None}


def assistant(call: Call) -> Json:
    """assistant.threads.*, of which the emulator knows nothing."""
    needed = ["channel_id"] if call.method.endswith("setSuggestedPrompts") else ["channel_id", "thread_ts"]
    missing = [name for name in needed if not call.params.get(name)]
    return {"ok": False, "error": "invalid_arguments", "missing": missing} if missing else {"ok": True}


def _person(user: Json, beside: dict[str, Json]) -> Json:
    return {**_PERSON, **user, **beside.get(user["id"], {})}


def _message(message: Json, *, metadata: bool) -> Json:
    found = {"team": TEAM, **message}
    if not metadata:
        found.pop("metadata", None)
    if message.get("user") == BOT_USER:
        found |= {"bot_id": BOT_ID, "app_id": APP, "bot_profile": {"id": BOT_ID, "app_id": APP, "name": "しるべ"}}
    return found

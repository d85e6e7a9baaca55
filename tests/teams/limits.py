"""The limits of Teams on what a bot sends: pure functions that give every fault, each with its place.

Beside what Teams refuses stands what it takes without a word and then shows cut, broken or in another language.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.teams.elements import ACTIONS, ELEMENTS, Json, element_faults, parts, size

CARD, MESSAGE = 25 * 1024, 100 * 1024  # bytes
CITATIONS = 10
SUGGESTIONS = 6
RESULTS = 25  # of a message extension
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
HERO = ("application/vnd.microsoft.card.thumbnail", "application/vnd.microsoft.card.hero")
MESSAGE_ENTITY = "https://schema.org/Message"

_CARD_FIELDS = frozenset(
    "type version $schema body actions lang fallbackText speak refresh msteams minHeight rtl selectAction "
    "verticalContentAlignment metadata".split()
)


def card_faults(card: object) -> list[str]:
    """What is wrong with an Adaptive Card."""
    if not isinstance(card, dict):
        return ["/: a card must be an object"]
    return list(_card_faults(card))


def activity_faults(activity: object) -> list[str]:
    """What is wrong with an activity that the bot sends or puts in place of another, its cards included."""
    if not isinstance(activity, dict):
        return ["/: an activity must be an object"]
    return list(_activity_faults(activity))


def action_faults(body: object) -> list[str]:
    """What is wrong with the answer to adaptiveCard/action: the card that replaces the old one, or a short message."""
    if not isinstance(body, dict):
        return ["/: no answer"]
    status, kind, value = body.get("statusCode"), body.get("type"), body.get("value")
    found = [] if isinstance(status, int) else ["/statusCode: no number"]
    if kind == ADAPTIVE:
        return found + [f"/value{fault}" for fault in card_faults(value)]
    if kind == "application/vnd.microsoft.activity.message":
        return found + ([] if isinstance(value, str) and value.strip() else ["/value: no text"])
    if kind == "application/vnd.microsoft.error":
        has_message = isinstance(value, dict) and value.get("message") and value.get("code")
        return found + ([] if has_message else ["/value: no code and message"])
    return [*found, f"/type: {kind!r}"]


def extension_faults(body: object) -> list[str]:
    """What is wrong with the answer to composeExtension/query or selectItem."""
    extension = body.get("composeExtension") if isinstance(body, dict) else None
    if not isinstance(extension, dict):
        return ["/composeExtension: none"]
    if extension.get("type") == "message":
        return [] if str(extension.get("text", "")).strip() else ["/composeExtension/text: none"]
    found = [] if extension.get("type") == "result" else [f"/composeExtension/type: {extension.get('type')!r}"]
    found += [] if extension.get("attachmentLayout") in ("list", "grid") else ["/composeExtension/attachmentLayout"]
    attachments = extension.get("attachments")
    if not isinstance(attachments, list):
        return [*found, "/composeExtension/attachments: no list"]
    if len(attachments) > RESULTS:
        found.append(f"/composeExtension/attachments: {len(attachments)}, no more than {RESULTS} are shown")
    for index, attachment in enumerate(attachments):
        at = f"/composeExtension/attachments/{index}"
        found += _attachment_faults(attachment, at)
        preview = attachment.get("preview") if isinstance(attachment, dict) else None
        if isinstance(preview, dict):
            found += _preview_faults(preview, f"{at}/preview")
        elif isinstance(attachment, dict) and attachment.get("contentType") == ADAPTIVE:
            found.append(f"{at}: an Adaptive Card without preview is not listed")
    return found


def cards(activity: Json) -> list[Json]:
    """The Adaptive Cards of an activity."""
    return [
        attachment["content"]
        for attachment in activity.get("attachments") or []
        if isinstance(attachment, dict) and attachment.get("contentType") == ADAPTIVE
    ]


def citations(activity: Json) -> list[Json]:
    """The sources that a message cites."""
    entities = [entity for entity in activity.get("entities") or [] if isinstance(entity, dict)]
    return [
        claim for entity in entities if entity.get("type") == MESSAGE_ENTITY for claim in entity.get("citation") or []
    ]


def _card_faults(card: Json) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard":
        yield f"/type: {card.get('type')!r}"
    if card.get("version") != "1.5":
        yield f"/version: {card.get('version')!r}, Teams draws 1.5"
    if card.get("lang") != "ja":
        yield f"/lang: {card.get('lang')!r}, screen readers read it as another language"
    for name in card:
        if name not in _CARD_FIELDS:
            yield f"/: a card has no {name!r}"
    body, actions = card.get("body"), card.get("actions", [])
    if not isinstance(body, list) or not body:
        yield "/body: empty"
    for index, element in enumerate(body if isinstance(body, list) else []):
        if not isinstance(element, dict) or not isinstance(element.get("type"), str):
            yield f"/body/{index}: no element"
        elif element["type"] not in ELEMENTS and element["type"].startswith(("Action.", "Table", "Column")):
            yield f"/body/{index}: {element['type']!r} has no place here"
    if not isinstance(actions, list):
        yield "/actions: no list"
    elif len(actions) > ACTIONS:
        yield f"/actions: {len(actions)}, no more than {ACTIONS} are shown"
    for part in parts(card):
        yield from element_faults(part)
    yield from _refresh_faults(card.get("refresh"))
    ids = [part.value["id"] for part in parts(card) if isinstance(part.value.get("id"), str)]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        yield f"/: id {name!r} stands twice"
    try:
        bytes_ = size(card)
    except ValueError as error:
        yield f"/: no JSON: {error}"
        return
    if bytes_ > CARD:
        yield f"/: {bytes_} bytes, a card has no more than {CARD}"


def _refresh_faults(refresh: object) -> Iterator[str]:
    if refresh is None:
        return
    action = refresh.get("action") if isinstance(refresh, dict) else None
    if not isinstance(action, dict) or action.get("type") != "Action.Execute":
        yield "/refresh: no Action.Execute"
    users = refresh.get("userIds") if isinstance(refresh, dict) else None
    if isinstance(users, list) and len(users) > 60:
        yield f"/refresh/userIds: {len(users)}, no more than 60"


def _activity_faults(activity: Json) -> Iterator[str]:
    kind = activity.get("type")
    if kind == "typing":
        return
    if kind != "message":
        yield f"/type: a bot does not send {kind!r}"
        return
    text, attachments = activity.get("text"), activity.get("attachments") or []
    if text is not None and not isinstance(text, str):
        yield "/text: no string"
    if not str(text or "").strip() and not attachments:
        yield "/: neither text nor attachments"
    if attachments and not str(text or activity.get("summary") or "").strip():
        yield "/summary: without text or summary a notification says only that a card was sent"
    if activity.get("textFormat", "markdown") not in ("markdown", "plain", "xml", "extendedmarkdown"):
        yield f"/textFormat: {activity['textFormat']!r}"
    for index, attachment in enumerate(attachments):
        yield from _attachment_faults(attachment, f"/attachments/{index}")
    for index, entity in enumerate(activity.get("entities") or []):
        yield from _entity_faults(entity, str(text or ""), f"/entities/{index}")
    yield from _suggestion_faults(activity)
    yield from _feedback_faults(activity.get("channelData"))
    try:
        bytes_ = max(size(activity), size(activity, "utf-16-le"))
    except ValueError as error:
        yield f"/: no JSON: {error}"
        return
    if bytes_ > MESSAGE:
        yield f"/: {bytes_} bytes, a message has no more than {MESSAGE}"


def _attachment_faults(attachment: object, at: str) -> Iterator[str]:
    if not isinstance(attachment, dict):
        yield f"{at}: no object"
    elif attachment.get("contentType") == ADAPTIVE:
        for fault in card_faults(attachment.get("content")):
            yield f"{at}/content{fault}"
    elif attachment.get("contentType") not in HERO:
        yield f"{at}/contentType: {attachment.get('contentType')!r}"


def _preview_faults(preview: Json, at: str) -> Iterator[str]:
    content: Any = preview.get("content")
    if preview.get("contentType") not in HERO:
        yield f"{at}/contentType: {preview.get('contentType')!r}"
    elif not isinstance(content, dict) or not str(content.get("title", "")).strip():
        yield f"{at}/content/title: none"


def _entity_faults(entity: object, text: str, at: str) -> Iterator[str]:
    if not isinstance(entity, dict):
        yield f"{at}: no object"
    elif entity.get("type") == "mention":
        if str(entity.get("text", "")) not in text or not entity.get("text"):
            yield f"{at}/text: the mention does not stand in the text"
        if not isinstance(entity.get("mentioned"), dict) or not entity["mentioned"].get("id"):
            yield f"{at}/mentioned: nobody"
    elif entity.get("type") == MESSAGE_ENTITY:
        yield from _message_entity_faults(entity, text, at)


def _message_entity_faults(entity: Json, text: str, at: str) -> Iterator[str]:
    for name, wanted in (("@type", "Message"), ("@context", "https://schema.org")):
        if entity.get(name) != wanted:
            yield f"{at}/{name}: {entity.get(name)!r}"
    claims = entity.get("citation") or []
    if len(claims) > CITATIONS:
        yield f"{at}/citation: {len(claims)}, no more than {CITATIONS}"
    positions = [claim.get("position") for claim in claims if isinstance(claim, dict)]
    if len(set(positions)) < len(claims):
        yield f"{at}/citation: a position stands twice"
    for index, claim in enumerate(claims):
        yield from _claim_faults(claim, text, f"{at}/citation/{index}")


def _claim_faults(claim: object, text: str, at: str) -> Iterator[str]:
    if not isinstance(claim, dict):
        yield f"{at}: no object"
        return
    position, appearance = claim.get("position"), claim.get("appearance")
    if claim.get("@type") != "Claim":
        yield f"{at}/@type: {claim.get('@type')!r}"
    if not isinstance(position, int) or position < 1:
        yield f"{at}/position: {position!r}"
    elif f"[{position}]" not in text:
        yield f"{at}: [{position}] does not stand in the text"
    if not isinstance(appearance, dict) or appearance.get("@type") != "DigitalDocument":
        yield f"{at}/appearance: no DigitalDocument"
        return
    for name, most in (("name", 80), ("abstract", 160)):
        yield from _length(appearance.get(name), most, f"{at}/appearance/{name}")
    keywords = appearance.get("keywords") or []
    if len(keywords) > 3:
        yield f"{at}/appearance/keywords: {len(keywords)}, no more than 3"
    for keyword in keywords:
        yield from _length(keyword, 28, f"{at}/appearance/keywords")


def _length(value: object, most: int, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield f"{at}: none"
    elif len(value) > most:
        yield f"{at}: {len(value)} characters, no more than {most}"


def _suggestion_faults(activity: Json) -> Iterator[str]:
    suggested = activity.get("suggestedActions")
    if suggested is None:
        return
    actions: Sequence[Any] = suggested.get("actions") or [] if isinstance(suggested, dict) else []
    if not actions:
        yield "/suggestedActions/actions: none"
    if len(actions) > SUGGESTIONS:
        yield f"/suggestedActions/actions: {len(actions)}, no more than {SUGGESTIONS} are shown"
    conversation = activity.get("conversation")
    if isinstance(conversation, dict) and conversation.get("conversationType") in ("groupChat", "channel"):
        yield "/suggestedActions: shown in personal chats only"
    for index, action in enumerate(actions):
        at = f"/suggestedActions/actions/{index}"
        if not isinstance(action, dict) or action.get("type") != "imBack":
            yield f"{at}: Teams takes imBack only"
            continue
        for name in ("title", "value"):
            if not isinstance(action.get(name), str) or not action[name].strip():
                yield f"{at}: no {name}"


def _feedback_faults(data: object) -> Iterator[str]:
    if not isinstance(data, dict):
        return
    loop = data.get("feedbackLoop")
    if loop is not None and (not isinstance(loop, dict) or loop.get("type") not in ("default", "custom")):
        yield f"/channelData/feedbackLoop: {loop!r}"
    if loop is not None and data.get("feedbackLoopEnabled") is not None:
        yield "/channelData: feedbackLoop and feedbackLoopEnabled exclude each other"

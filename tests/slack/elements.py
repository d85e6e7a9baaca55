"""The limits of what stands in blocks: texts, buttons, menus, inputs. First what all checks are made of."""

from collections.abc import Iterator, Sequence
from typing import Any

# A message, view, block or element as decoded from JSON; nothing is known of its values before they are checked.
Json = dict[str, Any]

BLOCK_ID = ACTION_ID = 255
OPTIONS = 100


def length(value: object, at: str, least: int, most: int | None) -> Iterator[str]:
    """Faults of a string by its number of characters."""
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{at}]"
    elif len(value) < least:
        yield f"must be more than {least - 1} characters [json-pointer:{at}]"
    elif most is not None and len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def count(value: object, at: str, least: int, most: int | None) -> Iterator[str]:
    """Faults of an array by its number of items."""
    if not isinstance(value, list):
        yield f"must be an array [json-pointer:{at}]"
    elif len(value) < least:
        yield f"no less than {least} items required [json-pointer:{at}]"
    elif most is not None and len(value) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


def objects(values: Sequence[object], at: str, found: list[str]) -> Iterator[tuple[str, Json]]:
    """The items that are objects, with their places; the others are added to the faults found."""
    for index, value in enumerate(values):
        if isinstance(value, dict):
            yield f"{at}/{index}", value
        else:
            found.append(f"must be an object [json-pointer:{at}/{index}]")


def of_kind(blocks: Sequence[object], kind: str) -> list[Json]:
    return [block for block in blocks if isinstance(block, dict) and block.get("type") == kind]


def repeated(names: Sequence[str], field: str, at: str) -> list[str]:
    """A fault for each name that stands twice."""
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return [f"`{field}` {name} already exists [json-pointer:{at}]" for name in twice]


def action_ids(block: Json) -> list[str]:
    """The action_ids of a block's elements."""
    elements = block.get("elements")
    inside = [*(elements if isinstance(elements, list) else []), block.get("accessory"), block.get("element")]
    return [e["action_id"] for e in inside if isinstance(e, dict) and isinstance(e.get("action_id"), str)]


def text_faults(text: object, at: str, most: int, *, plain: bool = False) -> Iterator[str]:
    """Faults of a text object; some places take plain_text only."""
    if not isinstance(text, dict):
        yield f"missing required field [json-pointer:{at}]"
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if text.get("type") not in kinds:
        yield f"must be one of {', '.join(kinds)} [json-pointer:{at}/type]"
    yield from length(text.get("text"), f"{at}/text", 1, most)
    if "emoji" in text and text.get("type") == "mrkdwn":
        yield f"unsupported field: emoji [json-pointer:{at}]"


def element_faults(element: object, at: str, allowed: frozenset[str]) -> Iterator[str]:
    """Faults of one element where only some kinds are allowed."""
    if not isinstance(element, dict):
        yield f"missing required field [json-pointer:{at}]"
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if element.get("action_id") is not None:
        yield from length(element["action_id"], f"{at}/action_id", 1, ACTION_ID)
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    if element.get("placeholder") is not None:
        yield from text_faults(element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if kind == "button":
        yield from _button(element, at)
    elif kind in ("static_select", "multi_static_select"):
        yield from _menu(element, at)
    elif kind in ("external_select", "multi_external_select"):
        if element.get("initial_option") is not None:
            yield from option_faults(element["initial_option"], f"{at}/initial_option")
    elif kind == "overflow":
        yield from options_faults(element.get("options"), f"{at}/options", 5)
    elif kind in ("checkboxes", "radio_buttons"):
        yield from options_faults(element.get("options"), f"{at}/options", 10, rich=True)
    elif kind == "plain_text_input":
        yield from _text_input(element, at)
    elif kind == "image":
        yield from _image(element, at)
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            yield from _feedback(element.get(side), f"{at}/{side}")
    elif kind == "icon_button":
        yield from text_faults(element.get("text"), f"{at}/text", 75, plain=True)
        yield from length(element.get("icon"), f"{at}/icon", 1, None)


def options_faults(options: object, at: str, most: int = OPTIONS, *, rich: bool = False) -> Iterator[str]:
    """Faults of the options of a menu, also of what answers a block_suggestion."""
    yield from count(options, at, 1, most)
    for index, option in enumerate(options if isinstance(options, list) else []):
        yield from option_faults(option, f"{at}/{index}", rich=rich)


def option_faults(option: object, at: str, *, rich: bool = False) -> Iterator[str]:
    if not isinstance(option, dict):
        yield f"must be an object [json-pointer:{at}]"
        return
    yield from text_faults(option.get("text"), f"{at}/text", 75, plain=not rich)
    yield from length(option.get("value"), f"{at}/value", 1, 150)
    if option.get("description") is not None:
        yield from text_faults(option["description"], f"{at}/description", 75, plain=not rich)


def _button(button: Json, at: str) -> Iterator[str]:
    yield from text_faults(button.get("text"), f"{at}/text", 75, plain=True)
    if button.get("value") is not None:
        yield from length(button["value"], f"{at}/value", 0, 2000)
    if button.get("url") is not None:
        yield from length(button["url"], f"{at}/url", 1, 3000)
    if button.get("style") not in (None, "primary", "danger"):
        yield f"must be one of primary, danger [json-pointer:{at}/style]"
    if button.get("accessibility_label") is not None:
        yield from length(button["accessibility_label"], f"{at}/accessibility_label", 0, 75)


def _feedback(button: object, at: str) -> Iterator[str]:
    if not isinstance(button, dict):
        yield f"missing required field [json-pointer:{at}]"
        return
    yield from text_faults(button.get("text"), f"{at}/text", 75, plain=True)
    yield from length(button.get("value"), f"{at}/value", 0, 2000)


def _menu(menu: Json, at: str) -> Iterator[str]:
    groups, options = menu.get("option_groups"), menu.get("options")
    if (groups is None) == (options is None):
        yield f"either options or option_groups required [json-pointer:{at}]"
    if options is not None:
        yield from options_faults(options, f"{at}/options")
    if groups is not None:
        yield from count(groups, f"{at}/option_groups", 1, 100)
        for index, group in enumerate(groups if isinstance(groups, list) else []):
            place = f"{at}/option_groups/{index}"
            if not isinstance(group, dict):
                yield f"must be an object [json-pointer:{place}]"
                continue
            yield from text_faults(group.get("label"), f"{place}/label", 75, plain=True)
            yield from options_faults(group.get("options"), f"{place}/options")
    initial = menu.get("initial_option")
    if initial is not None:
        inside = [group.get("options") for group in groups or [] if isinstance(group, dict)]
        known = [option for some in [options, *inside] if isinstance(some, list) for option in some]
        if initial not in known:
            yield f"must be one of the options [json-pointer:{at}/initial_option]"


def _text_input(field: Json, at: str) -> Iterator[str]:
    most = field.get("max_length")
    if most is not None and (not isinstance(most, int) or not 1 <= most <= 3000):
        yield f"must be between 1 and 3000 [json-pointer:{at}/max_length]"
    if field.get("initial_value") is not None:
        yield from length(field["initial_value"], f"{at}/initial_value", 0, most if isinstance(most, int) else 3000)


def _image(image: Json, at: str) -> Iterator[str]:
    yield from length(image.get("alt_text"), f"{at}/alt_text", 1, 2000)
    if image.get("image_url") is not None:
        yield from length(image["image_url"], f"{at}/image_url", 1, 3000)
    elif not isinstance(image.get("slack_file"), dict):
        yield f"missing required field: image_url or slack_file [json-pointer:{at}]"


def _confirm(confirm: object, at: str) -> Iterator[str]:
    if not isinstance(confirm, dict):
        yield f"must be an object [json-pointer:{at}]"
        return
    yield from text_faults(confirm.get("title"), f"{at}/title", 100, plain=True)
    yield from text_faults(confirm.get("text"), f"{at}/text", 300)
    for side in ("confirm", "deny"):
        if confirm.get(side) is not None:
            yield from text_faults(confirm[side], f"{at}/{side}", 30, plain=True)

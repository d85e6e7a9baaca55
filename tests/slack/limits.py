"""The limits of Slack on what an app sends: pure functions that give every fault, in wording like its own."""

from collections.abc import Callable, Iterator, Sequence

from tests.slack.elements import (
    BLOCK_ID,
    Json,
    action_ids,
    count,
    element_faults,
    length,
    objects,
    of_kind,
    repeated,
    text_faults,
)
from tests.slack.tables import CELLS_TEXT, chart_faults, data_table_faults, table_faults, table_text

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
MARKDOWN_TEXT = 12_000
CHARTS = 2

# What Slack shows in messages only.
_ONLY_IN_MESSAGES = frozenset({"table", "data_table", "data_visualization", "markdown", "context_actions", "file"})

_IN_SECTIONS = frozenset(
    "button overflow datepicker timepicker checkboxes radio_buttons image static_select external_select users_select "
    "conversations_select channels_select multi_static_select multi_external_select multi_users_select "
    "multi_conversations_select multi_channels_select workflow_button".split()
)
_IN_ACTIONS = _IN_SECTIONS - {"image"} | {"datetimepicker"}
_IN_INPUTS = _IN_ACTIONS - {"button", "overflow", "workflow_button"} | {
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
}
_RICH = frozenset("rich_text_section rich_text_list rich_text_quote rich_text_preformatted".split())


def faults(blocks: object, *, most: int = MESSAGE_BLOCKS, at: str = "/blocks") -> list[str]:
    """What Slack would refuse of these blocks, each with a pointer to its place."""
    if not isinstance(blocks, list):
        return [f"must be an array [json-pointer:{at}]"]
    found = list(count(blocks, at, 0, most))
    for place, block in objects(blocks, at, found):
        found += _block_faults(block, place)
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and isinstance(block.get("block_id"), str)]
    found += repeated(ids, "block_id", at)
    found += _faults_together(blocks, at)
    return found


def message_faults(message: Json) -> list[str]:
    """What Slack would refuse of the arguments of chat.postMessage, or of what is posted to a response_url."""
    found: list[str] = []
    text = message.get("text")
    if text is not None:
        found += length(text, "/text", 0, MESSAGE_TEXT)
    if not text and not message.get("blocks") and not message.get("attachments"):
        found.append("no text, blocks or attachments [json-pointer:/text]")
    if message.get("blocks") is not None:
        found += faults(message["blocks"])
    metadata = message.get("metadata")
    if metadata is not None:
        if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
            found.append("missing required field: event_type [json-pointer:/metadata]")
        elif not isinstance(metadata.get("event_payload"), dict):
            found.append("missing required field: event_payload [json-pointer:/metadata]")
    return found


def view_faults(view: Json) -> list[str]:
    """What Slack would refuse of a modal or a home tab."""
    kind = view.get("type")
    found = faults(view.get("blocks"), most=VIEW_BLOCKS, at="/view/blocks")
    blocks = [block for block in view.get("blocks") or [] if isinstance(block, dict)]
    for index, block in enumerate(blocks):
        if block.get("type") in _ONLY_IN_MESSAGES:
            found.append(f"unsupported type: {block['type']} [json-pointer:/view/blocks/{index}/type]")
    for field, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(field) is not None:
            found += length(view[field], f"/view/{field}", 0, most)
    if kind == "modal":
        found += text_faults(view.get("title"), "/view/title", 24, plain=True)
        for field in ("submit", "close"):
            if view.get(field) is not None:
                found += text_faults(view[field], f"/view/{field}", 24, plain=True)
        if view.get("submit") is None and any(block.get("type") == "input" for block in blocks):
            found.append("missing required field: submit [json-pointer:/view]")
    elif kind == "home":
        found += [
            f"unsupported field: {field} [json-pointer:/view]"
            for field in ("title", "submit", "close")
            if field in view
        ]
    else:
        found.append("must be one of modal, home [json-pointer:/view/type]")
    return found


def _faults_together(blocks: Sequence[object], at: str) -> Iterator[str]:
    """What holds for all blocks of a message together."""
    tables, grids, charts, markdown = (
        of_kind(blocks, kind) for kind in ("table", "data_table", "data_visualization", "markdown")
    )
    if len(tables) > 1:
        yield f"only one table is allowed [json-pointer:{at}]"
    if len(charts) > CHARTS:
        yield f"no more than {CHARTS} data_visualization blocks allowed [json-pointer:{at}]"
    if sum(table_text(table) for table in [*tables, *grids]) > CELLS_TEXT:
        yield f"cells must have less than {CELLS_TEXT + 1} characters together [json-pointer:{at}]"
    if sum(len(block["text"]) for block in markdown if isinstance(block.get("text"), str)) > MARKDOWN_TEXT:
        yield f"markdown blocks must have less than {MARKDOWN_TEXT + 1} characters together [json-pointer:{at}]"


def _block_faults(block: Json, at: str) -> Iterator[str]:
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in _BLOCKS:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if "block_id" in block:
        yield from length(block["block_id"], f"{at}/block_id", 1, BLOCK_ID)
    yield from repeated(action_ids(block), "action_id", at)
    yield from _BLOCKS[kind](block, at)


def _section(block: Json, at: str) -> Iterator[str]:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        yield f"missing required field: text or fields [json-pointer:{at}]"
    if text is not None:
        yield from text_faults(text, f"{at}/text", 3000)
    if fields is not None:
        yield from count(fields, f"{at}/fields", 1, 10)
        for index, field in enumerate(fields if isinstance(fields, list) else []):
            yield from text_faults(field, f"{at}/fields/{index}", 2000)
    if block.get("accessory") is not None:
        yield from element_faults(block["accessory"], f"{at}/accessory", _IN_SECTIONS)


def _header(block: Json, at: str) -> Iterator[str]:
    yield from text_faults(block.get("text"), f"{at}/text", 150, plain=True)


def _actions(block: Json, at: str) -> Iterator[str]:
    yield from _elements(block, at, _IN_ACTIONS, 25)


def _context_actions(block: Json, at: str) -> Iterator[str]:
    yield from _elements(block, at, frozenset({"feedback_buttons", "icon_button"}), 5)


def _elements(block: Json, at: str, allowed: frozenset[str], most: int) -> Iterator[str]:
    yield from count(block.get("elements"), f"{at}/elements", 1, most)
    for index, element in enumerate(block["elements"] if isinstance(block.get("elements"), list) else []):
        yield from element_faults(element, f"{at}/elements/{index}", allowed)


def _context(block: Json, at: str) -> Iterator[str]:
    yield from count(block.get("elements"), f"{at}/elements", 1, 10)
    for index, element in enumerate(block["elements"] if isinstance(block.get("elements"), list) else []):
        place = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from element_faults(element, place, frozenset({"image"}))
        else:
            yield from text_faults(element, place, 3000)


def _input(block: Json, at: str) -> Iterator[str]:
    yield from text_faults(block.get("label"), f"{at}/label", 2000, plain=True)
    if block.get("hint") is not None:
        yield from text_faults(block["hint"], f"{at}/hint", 2000, plain=True)
    yield from element_faults(block.get("element"), f"{at}/element", _IN_INPUTS)


def _image(block: Json, at: str) -> Iterator[str]:
    yield from element_faults(block, at, frozenset({"image"}))
    if block.get("title") is not None:
        yield from text_faults(block["title"], f"{at}/title", 2000, plain=True)


def _markdown(block: Json, at: str) -> Iterator[str]:
    yield from length(block.get("text"), f"{at}/text", 1, MARKDOWN_TEXT)


def _rich_text(block: Json, at: str) -> Iterator[str]:
    yield from count(block.get("elements"), f"{at}/elements", 0, None)
    for index, element in enumerate(block["elements"] if isinstance(block.get("elements"), list) else []):
        if not isinstance(element, dict) or element.get("type") not in _RICH:
            yield f"unsupported element [json-pointer:{at}/elements/{index}]"
        elif not isinstance(element.get("elements"), list):
            yield f"missing required field: elements [json-pointer:{at}/elements/{index}]"
        else:
            yield from _rich_pieces(element["elements"], f"{at}/elements/{index}/elements")


def _rich_pieces(pieces: Sequence[object], at: str) -> Iterator[str]:
    for index, piece in enumerate(pieces):
        place = f"{at}/{index}"
        if not isinstance(piece, dict) or not isinstance(piece.get("type"), str):
            yield f"must be an object with a type [json-pointer:{place}]"
        elif piece["type"] == "text":
            yield from length(piece.get("text"), f"{place}/text", 1, None)
        elif piece["type"] == "rich_text_section":
            yield from _rich_pieces(piece.get("elements") or [], f"{place}/elements")


def _nothing(block: Json, at: str) -> Iterator[str]:
    yield from ()


_BLOCKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context_actions": _context_actions,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "divider": _nothing,
    "file": _nothing,
    "table": table_faults,
    "data_table": data_table_faults,
    "data_visualization": chart_faults,
}

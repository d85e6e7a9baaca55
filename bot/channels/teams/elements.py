"""What cards are made of: texts that are never parsed (escape.py), the card around them, and its size."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.teams.escape import title, words

Element = dict[str, Any]
Card = dict[str, Any]

#: Bytes of a card as JSON: Teams refuses more than 28 KB, in a message extension's results among others.
CARD = 25_000
CUT = "長いため、ここまでを表示しています。"
#: Stands where a text is needed and no letter is left.
NOTHING = "（表示できる文字がありません）"

#: Characters of the value, of the sentence beside it, of a line, of small print, of a button.
LEAD, STATEMENT, LINE, SMALL, TITLE = 150, 600, 400, 700, 40
_SAID = 300


def text(written: str, limit: int = LINE, spacing: str = "", **style: str | bool) -> list[Element]:
    """A line as an element, none where nothing is left of it."""
    shown = words(written, limit)
    if not shown:
        return []
    block: Element = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": shown, **style}]}
    return [block | {"spacing": spacing} if spacing else block]


def small(written: str, most: int = SMALL) -> list[Element]:
    """Small grey print, an element for each line, in all of about `most` characters."""
    found: list[Element] = []
    for line in written.splitlines():
        most -= len(line)
        if found and most < 0:
            return [*found, *text(CUT, spacing="None", size="Small", isSubtle=True)]
        found += text(line, SMALL, "None" if found else "Small", size="Small", isSubtle=True)
    return found


def card(body: Sequence[Element], actions: Sequence[Element], said: str, whole: str) -> Card:
    """`said` is read aloud by Teams, `whole` shown where no card of this version is known."""
    found: Card = {
        "type": "AdaptiveCard",
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "ja",
        "speak": words(said, _SAID) or NOTHING,
        "fallbackText": words(whole, _SAID) or NOTHING,
        "msteams": {"width": "full"},
        "body": list(body) or text(NOTHING),
    }
    return found | {"actions": list(actions)} if actions else found


def button(label: str, verb: str, data: dict[str, Any]) -> list[Element]:
    """A button that is answered with a card in place of its own; none for a label without letters."""
    shown = title(label, TITLE)
    return [{"type": "Action.Execute", "title": shown, "verb": verb, "data": data}] if shown else []


def row_of(buttons: Sequence[Element]) -> list[Element]:
    """Buttons side by side, none where there are none."""
    return [{"type": "ActionSet", "actions": list(buttons)}] if buttons else []


def size(value: object) -> int:
    """Bytes of a card or of a part of it, with a comma after it."""
    return len(json.dumps(value, ensure_ascii=False).encode()) + 2


def fitting(groups: Iterable[Sequence[Element]], room: int) -> tuple[list[Sequence[Element]], int]:
    """The first groups of elements that fit into so many bytes, and what room is left."""
    kept: list[Sequence[Element]] = []
    for group in groups:
        need = size(group)
        if need > room:
            break
        kept.append(group)
        room -= need
    return kept, room

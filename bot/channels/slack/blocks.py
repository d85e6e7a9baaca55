"""The blocks of which messages are made. A text in them is never parsed (escape.py)."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from bot.answer import Text
from bot.channels.slack.escape import clean, cut

Block = dict[str, Any]

#: Characters of one text element, of a small text, of all lines of a message.
LINE, SMALL, LINES = 2_900, 1_900, 11_000
CUT = "長いため、ここまでを表示しています。"
NOTHING = "（表示できる文字がありません）"

#: A line and whether it is bold.
Line = tuple[str, bool]
_BULLET = "・"


def first_lines(text: Text, title: str = "") -> list[Block]:
    """The title if there is one, then the value in bold and whose it is, as a part of a rich text."""
    lead, statement = _fit(text.lead), _fit(text.statement)
    elements = [_words(f"{_fit(title)}\n")] if _fit(title) else []
    if lead:
        elements.append(_words(lead, bold=True))
        elements += [_words(f" — {statement}")] if statement else []
    else:
        elements.append(_words(statement or NOTHING))
    return [_section(elements)]


def row_lines(rows: Iterable[str]) -> list[Line]:
    """The rows of a list; the headings of its groups are bold."""
    return [(row, is_heading(row)) for row in rows]


def is_heading(row: str) -> bool:
    """Is a row of a list the heading of a group: neither 「・植樹の面積」 nor 「1. 植樹の面積」?"""
    return not row.startswith(_BULLET) and not row.partition(". ")[0].isdecimal()


def plain_lines(lines: Iterable[str]) -> list[Line]:
    return [(line, False) for line in lines]


def parts(lines: Sequence[Line]) -> list[Block]:
    """Lines as parts of a rich text; those that begin with 「・」 as a list, which a screen reader announces as one."""
    found: list[Block] = []
    for is_listed, group in groupby(_within(lines), key=lambda line: line[0].startswith(_BULLET)):
        own = list(group)
        if is_listed:
            items = [_section([_words(line.removeprefix(_BULLET).strip() or NOTHING, bold)]) for line, bold in own]
            found.append({"type": "rich_text_list", "style": "bullet", "elements": items})
        else:
            ends = ["\n"] * (len(own) - 1) + [""]
            found.append(_section([_words(f"{line}{end}", bold) for (line, bold), end in zip(own, ends, strict=True)]))
    return found


def rich_text(elements: Sequence[Block]) -> list[Block]:
    """One block of these parts, none where there are none."""
    return [{"type": "rich_text", "elements": list(elements)}] if elements else []


def small(text: str) -> list[Block]:
    """Small grey print, none for an empty text."""
    shown = cut(clean(text).strip(), SMALL)
    return [{"type": "context", "elements": [plain_text(shown)]}] if shown else []


def sections(lines: Iterable[str]) -> list[Block]:
    """The same as sections of plain text, which every Slack takes."""
    chunks: list[str] = []
    for line, _ in _within(plain_lines(lines)):
        if chunks and len(chunks[-1]) + 1 + len(line) <= LINE:
            chunks[-1] += f"\n{line}"
        else:
            chunks.append(line)
    return [{"type": "section", "text": plain_text(chunk)} for chunk in chunks or [NOTHING]]


def actions(elements: Sequence[Block]) -> list[Block]:
    """Buttons in a row, none where there are none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def plain_text(text: str) -> Block:
    """:smile: stays as written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _words(text: str, bold: bool = False) -> Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _section(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _fit(text: str) -> str:
    return cut(clean(text).strip(), LINE)


def _within(lines: Iterable[Line]) -> list[Line]:
    """As many lines as a message takes, with a word about it where there were more."""
    shown: list[Line] = []
    left = LINES
    for text, bold in lines:
        line = _fit(text)
        left -= len(line)
        if left < 0:
            return [*shown, (CUT, False)]
        if line:
            shown.append((line, bold))
    return shown

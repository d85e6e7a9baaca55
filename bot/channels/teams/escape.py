"""Text of users and of the store on its way to Teams: nothing in it is markup, nobody is mentioned, no link is made.

Teams reads Markdown in a TextBlock, and its clients disagree on what a backslash undoes, so that no escape shows a name
everywhere as the store has it. So cards carry texts as the runs of a RichTextBlock, which are not parsed, and messages
are sent with textFormat "plain". A mention needs an entity beside its text, which no text can make.

What clients may still make something of gets a joiner of no width put into it, which leaves it to look and to be read
as it is written: tags and letters in HTML's spelling (`<at>`, `&lt;`), Markdown's links, addresses, and `{{DATE(…)}}`,
which cards replace in any text.
"""

import re

from bot.channels.letters import ELLIPSIS, boundary, clean, cut, one_line

#: U+2060. What comes in has none: it is no letter (bot/channels/letters.py).
JOINER = "\u2060"
_READ_INTO = re.compile(
    r"(?<=<)(?=[A-Za-z/!?])|(?<=&)(?=#?\w{1,32};)|(?<=\])(?=\()|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\{)(?=\{)",
    re.IGNORECASE,
)
_MARGIN = 2


def words(text: str, limit: int) -> str:
    """One line of about so many characters at most, for cards and buttons; "" where nothing is left."""
    return _joined(one_line(text, limit))


def message(text: str, limit: int, note: str = "") -> str:
    """Lines of plain text of about so many characters at most; they end with the note where they are cut."""
    text = clean(text).strip()
    if len(text) <= limit:
        return _joined(text)
    return _joined(text[: boundary(text, limit - len(note) - _MARGIN)]) + f"{ELLIPSIS}\n{note}".rstrip()


def title(text: str, limit: int) -> str:
    """The label of a button: no longer than the limit, joiners and all."""
    return cut(words(text, limit), limit)


def _joined(text: str) -> str:
    return _READ_INTO.sub(JOINER, text)

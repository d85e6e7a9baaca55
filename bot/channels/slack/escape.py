"""Text of users and of the store on its way to Slack: nothing in it is markup, nobody is mentioned by it.

Slack reads `<!channel>`, `<@U…>`, `<#C…>` and `<https://…>` only where a text is mrkdwn. So blocks carry text as
rich_text elements of type "text", as plain_text and as raw_text, none of which is parsed, nor is `*` or `_` in them.
The one mrkdwn that is left is `text`, which notifications show: there & < > are escaped (`escaped`). Bare words like
@channel page nobody as long as messages are posted without link_names and with parse at its default (none); they are
left as they are, for a name must be read as the store has it. In the values of buttons & < > are JSON escapes.
"""

import unicodedata
from bisect import bisect_right
from itertools import accumulate

ELLIPSIS = "…"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Control and direction marks, halves of letters: no letters. Private letters (外字) stay.
_NO_LETTERS = ("Cc", "Cf", "Cs")
_SPACES = str.maketrans({"\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n"})


def clean(text: str) -> str:
    """Without control characters but the line feed, direction marks and halves of letters."""
    text = text.replace("\r\n", "\n").translate(_SPACES)
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in _NO_LETTERS)


def one_line(text: str, limit: int) -> str:
    """A clean text in one line, for buttons and cells; "" where nothing is left."""
    return cut(" ".join(clean(text).split()), limit)


def cut(text: str, limit: int) -> str:
    """At most so many characters, with 「…」 where there were more; marks are not torn from their letter (か゛)."""
    return text if len(text) <= limit else text[: _boundary(text, limit - 1)] + ELLIPSIS


def escaped(text: str, limit: int, note: str = "") -> str:
    """A clean text as mrkdwn of at most so many characters, escapes and all; ends with the note where it is cut."""
    text = clean(text)
    whole = text.translate(_ESCAPES)
    if len(whole) <= limit:
        return whole
    ends = list(accumulate(len(one.translate(_ESCAPES)) for one in text))
    end = _boundary(text, bisect_right(ends, limit - len(note) - 1))
    return text[:end].translate(_ESCAPES) + ELLIPSIS + note


def _boundary(text: str, end: int) -> int:
    """The place at or before `end` where no letter is parted from its marks."""
    while end > 0 and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return end

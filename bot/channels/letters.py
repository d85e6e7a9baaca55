"""Letters of users and of the store on their way to a channel: what is no letter is left out, none is torn in two."""

import unicodedata

ELLIPSIS = "…"
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
    return text if len(text) <= limit else text[: boundary(text, limit - 1)] + ELLIPSIS


def boundary(text: str, end: int) -> int:
    """The place at or before `end` where no letter is parted from its marks."""
    while end > 0 and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return end

"""Text of users and of the store on its way to Slack: nothing in it is markup, nobody is mentioned by it.

Slack reads `<!channel>`, `<@U…>`, `<#C…>` and `<https://…>` only where a text is mrkdwn. So blocks carry text as
rich_text elements of type "text", as plain_text and as raw_text, none of which is parsed, nor is `*` or `_` in them.
The one mrkdwn that is left is `text`, which notifications show: there & < > are escaped (`escaped`). Bare words like
@channel page nobody as long as messages are posted without link_names and with parse at its default (none); they are
left as they are, for a name must be read as the store has it. In the values of buttons & < > are JSON escapes.
"""

from bisect import bisect_right
from itertools import accumulate

from bot.channels.letters import ELLIPSIS as ELLIPSIS
from bot.channels.letters import boundary
from bot.channels.letters import clean as clean
from bot.channels.letters import cut as cut
from bot.channels.letters import one_line as one_line

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str, limit: int, note: str = "") -> str:
    """A clean text as mrkdwn of at most so many characters, escapes and all; ends with the note where it is cut."""
    text = clean(text)
    whole = text.translate(_ESCAPES)
    if len(whole) <= limit:
        return whole
    ends = list(accumulate(len(one.translate(_ESCAPES)) for one in text))
    end = boundary(text, bisect_right(ends, limit - len(note) - 1))
    return text[:end].translate(_ESCAPES) + ELLIPSIS + note

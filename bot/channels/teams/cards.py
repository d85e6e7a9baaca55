"""An answer as a message: its text, its card, its sources as citations, and what may be asked next."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answer import Answer, Kind, name_of
from bot.channels.asked import Asked
from bot.channels.letters import cut
from bot.channels.teams.buttons import Action, answer_buttons, back_button, can_turn, offers, page_buttons
from bot.channels.teams.charts import chart_elements
from bot.channels.teams.elements import (
    CARD,
    CUT,
    LEAD,
    NOTHING,
    STATEMENT,
    Card,
    Element,
    card,
    fitting,
    row_of,
    size,
    small,
    text,
)
from bot.channels.teams.escape import message, words
from bot.channels.teams.tables import PAGE, Entry, course_table, entries, list_table
from bot.chart import alt_text

# Teams takes 100 KB a message, the card included.
_TEXT = 12_000
_CAPTION, _SOURCES = 300, 1_000
_MOST_CITED, _CITED_NAME, _CITED_TEXT = 10, 80, 160
_MOST_SUGGESTED = 6
_PREVIEW_TITLE, _PREVIEW_TEXT = 100, 200
_PLACE = "・"
# A longer value would fill the screen of a phone in the largest letters.
_SHORT = 12
# Bytes of a table that always has room beside what must be there.
_TABLE = 5_000


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as Teams shows it for the 「[1]」 of a message: where it stands, and what was taken from there."""

    position: int
    name: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` says all of it, as plain text (textFormat "plain"): for where no card can be shown, and to be compared.

    `caption` is what stands above the card: the first line with the marks of its citations, 「…の目標値です。 [1]」; it
    is what notifications and the search of Teams find. `suggestions` are questions to be offered in a personal chat.
    """

    text: str
    caption: str
    card: Card | None
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()


def answer_reply(answer: Answer, asked: Asked, page: int = 0, back: Action | None = None) -> Reply:
    """An answer with its buttons, a long list from a page on; `back` leads to the card in whose place it comes."""
    pages = _pages(answer, asked)
    page = min(max(page, 0), pages - 1)
    below = [one for offer in offers(answer, asked) for one in row_of([offer])]
    shown = _card(answer, asked, page, pages, below, answer_buttons(answer, asked, page, back))
    suggestions = answer.examples if answer.kind in (Kind.HELP, Kind.NOT_UNDERSTOOD) else ()
    return _reply(
        answer, shown, tuple(filter(None, (words(one, _CITED_NAME) for one in suggestions)))[:_MOST_SUGGESTED]
    )


def chart_reply(answer: Answer, back: Action | None) -> Reply | None:
    """The chart of an answer with its figures in words; None where it has none."""
    if answer.chart is None:
        return None
    said = alt_text(answer.chart)
    ends = [*small(answer.text.receipt), *small(answer.text.sources, _SOURCES)]
    drawn = chart_elements(answer.chart)
    shown = card([*drawn, *ends], back_button(back), said, said)
    cited = _citations(answer, said)
    return Reply(message(said, _TEXT, CUT) or NOTHING, _caption(said, cited), shown, cited)


def note_reply(said: str) -> Reply:
    """A sentence of the channel's own: 「今の計画では、この指標のグラフを描けません。」."""
    shown = card(text(said, STATEMENT), [], said, said)
    return Reply(message(said, _TEXT, CUT) or NOTHING, _caption(said, ()), shown)


def digest_reply(answer: Answer, day: date, record_at: str = "") -> Reply:
    """A digest or a reminder as of a day: nobody asked, so there are no buttons; a link to where results are recorded
    if there is an address for it."""
    link = {"type": "Action.OpenUrl", "title": "実績を登録する", "url": record_at}
    asked = Asked("", day)
    return _reply(answer, _card(answer, asked, 0, 1, [], [link] if record_at else []), ())


def insert_card(answer: Answer, day: date) -> Card:
    """The card that a message extension inserts into a chat: everybody there sees it, so that it has no buttons."""
    return _card(answer, Asked("", day), 0, 1, [], [])


def preview(answer: Answer) -> tuple[str, str]:
    """Title and text of an answer in the list of results of a message extension: the indicator, and its figures."""
    said = answer.text
    named = {name_of(one): None for one in answer.indicators}
    title = next(iter(named)) if len(named) == 1 else said.first
    told = said.first if said.lead or not said.details else " ".join(said.details)
    return words(title, _PREVIEW_TITLE) or NOTHING, words(told, _PREVIEW_TEXT)


def _reply(answer: Answer, shown: Card, suggestions: tuple[str, ...]) -> Reply:
    cited = _citations(answer, answer.text.first)
    whole = message(answer.text.plain(), _TEXT, CUT) or NOTHING
    return Reply(whole, _caption(answer.text.first, cited), shown, cited, suggestions)


def _card(
    answer: Answer, asked: Asked, page: int, pages: int, below: Sequence[Element], actions: Sequence[Element]
) -> Card:
    """The first lines, the rows of a page, all other lines, small print, buttons.

    Rows and lines have what room the others leave; a word tells where there are more of them.
    """
    said = answer.text
    table, in_table = course_table(answer, asked.asked_on)
    if size(table) > _TABLE:
        table, in_table = [], ""
    listed = entries(said.rows)
    first = page * PAGE
    shown = listed[first : first + PAGE] if pages > 1 else listed
    last = len(listed) - (pages - 1) * PAGE
    turns = row_of(page_buttons(asked, page, pages, PAGE, last)) if pages > 1 else []
    head = _head(answer)
    ends = [*below, *small(said.receipt), *small(said.sources, _SOURCES)]
    frame = card([*head, *table, *turns, *ends, *text(CUT)], actions, said.first, said.plain())
    room = CARD - size(frame)

    where = f"{first + 1}〜{first + len(shown)}件目（全{len(listed)}件）" if pages > 1 else ""
    above, room = fitting([text(line) for line in [*said.above, where]], room)
    heading = _heading(answer)
    kept = _most(shown, heading, room)
    rows = list_table(shown[:kept], heading) if kept else []
    left = f"ほかに{len(shown) - kept}件あります。" if kept < len(shown) else ""
    room -= size(rows)
    lines = [text(line) for line in [left, *said.lines] if line != in_table]
    told, _ = fitting(lines, room)
    cut_short = text(CUT) if len(told) < len(lines) else []
    body = [*head, *_flat(above), *rows, *turns, *table, *_flat(told), *cut_short, *ends]
    return card(body, actions, said.first, said.plain())


def _head(answer: Answer) -> list[Element]:
    """The value, large, and whose it is."""
    said = answer.text
    lead = text(said.lead, LEAD, size="ExtraLarge" if len(said.lead) <= _SHORT else "Large", weight="Bolder")
    is_headline = not lead and said.rows
    return [*lead, *text(said.statement, STATEMENT, weight="Bolder" if is_headline else "Default")]


def _heading(answer: Answer) -> str:
    """What the rows of a list are."""
    if answer.indicators:
        return "指標"
    return "取組項目" if answer.items else "項目"


def _most(shown: Sequence[Entry], heading: str, room: int) -> int:
    """How many of the entries have room."""
    return bisect_right(range(1, len(shown) + 1), room, key=lambda most: size(list_table(shown[:most], heading)))


def _flat(groups: Sequence[Sequence[Element]]) -> list[Element]:
    return [one for group in groups for one in group]


def _pages(answer: Answer, asked: Asked) -> int:
    """How many pages a list has: one where it is short, or cannot be asked for again."""
    return max(1, -(-len(entries(answer.text.rows)) // PAGE)) if can_turn(asked) else 1


def _citations(answer: Answer, said: str) -> tuple[Citation, ...]:
    """The places of the reply's sources, each once."""
    lines = [line.strip() for line in answer.text.sources.splitlines()]
    places = [
        line.removeprefix("出典: ").removeprefix(_PLACE) for line in lines if not line.endswith("載っています）:")
    ]
    names = dict.fromkeys(words(place, _CITED_NAME) for place in places)
    abstract = cut(words(said, _CITED_TEXT), _CITED_TEXT)
    kept = [cut(name, _CITED_NAME) for name in names if name][:_MOST_CITED] if abstract else []
    return tuple(Citation(at, name, abstract) for at, name in enumerate(kept, 1))


def _caption(said: str, cited: Sequence[Citation]) -> str:
    marks = "".join(f"[{one.position}]" for one in cited)
    return " ".join(filter(None, (words(said, _CAPTION) or NOTHING, marks)))

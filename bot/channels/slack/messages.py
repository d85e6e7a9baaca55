"""An answer as a message, in forms from the richest to the plainest: Slack may not know the newest blocks yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Kind, Text
from bot.channels.asked import Asked
from bot.channels.phrases import PERMANENT
from bot.channels.slack.blocks import (
    CUT,
    NOTHING,
    Block,
    actions,
    first_lines,
    is_heading,
    parts,
    plain_lines,
    rich_text,
    row_lines,
    sections,
    small,
)
from bot.channels.slack.buttons import answer_buttons, feedback, rest_button
from bot.channels.slack.escape import escaped
from bot.channels.slack.tables import COLUMNS, PAGE, classic_table, data_table
from bot.tabular import Table, table_of

# Slack takes 40,000 characters; nobody reads more than these.
TEXT = 12_000


@dataclass(frozen=True, slots=True)
class Message:
    """`text` says all of it as mrkdwn, for notifications and where no blocks are shown; `forms` are block lists, each
    the whole message, to be tried in order while Slack refuses one as `invalid_blocks`."""

    text: str
    forms: tuple[tuple[Block, ...], ...]


def answer_message(answer: Answer, asked: Asked, *, private: bool = False, title: str = "") -> Message:
    """An answer with its buttons; `private` where only the asker sees it: to be shown to all, not to be judged by all.

    `title` stands above it: 「質問: コピー用紙 R6」.
    """
    text = answer.text
    buttons = answer_buttons(answer, asked, private)
    is_judged = answer.kind is Kind.ANSWER and asked.text.strip() and not private
    below = [*small(text.receipt), *small(text.sources)]
    head = [*first_lines(text, title), *parts(plain_lines(text.above))]
    ends = (
        [*below, *actions(buttons), *(feedback() if is_judged else [])],
        [*below, *actions(buttons)],
    )
    table = _long_table(answer, asked)
    if table:
        rich = [*rich_text(head), *_paged(table, text.lines), *ends[0]]
        plainer = [*rich_text(head), *_first_page(table, text.lines, asked, below, buttons)]
    else:
        whole = rich_text([*head, *parts([*row_lines(text.rows), *plain_lines(text.lines)])])
        rich, plainer = [*whole, *ends[0]], [*whole, *ends[1]]
    plainest = [*sections([title, *_told(text)]), *actions(buttons)]
    link = f"{PERMANENT}: {asked.link}" if asked.link else ""
    return _message("\n".join(filter(None, (title, text.plain(), link))), rich, plainer, plainest)


def rest_message(answer: Answer, asked: Asked) -> Message | None:
    """The rows of a long list after those that its message shows where Slack knows no data_table; None without more."""
    table = _long_table(answer, asked)
    if table is None:
        return None
    rest = replace(table, rows=table.rows[PAGE:])
    statement = f"{answer.text.statement}その{PAGE + 1}件目からです。"
    rows = _after(answer.text.rows, PAGE)
    more = _more(len(rest.rows), sum(not is_heading(row) for row in rows), answer.text.lines)
    shown = Text(statement, rows=tuple(rows), lines=tuple(more))
    head = rich_text(first_lines(shown))
    block, count = classic_table(rest)
    left = parts(plain_lines(_more(len(rest.rows), count, ())))
    return _message(
        shown.plain(),
        [*head, *_paged(rest, ())],
        [*head, *block, *rich_text(left)],
        sections(_told(shown)),
    )


def note_message(text: str) -> Message:
    """A sentence of the channel's own: 「フォローしました。」."""
    return _message(text, rich_text(first_lines(Text(text))), sections([text]))


def _message(text: str, *forms: Sequence[Block]) -> Message:
    kept = [form for at, form in enumerate(forms) if form and form not in forms[:at]]
    return Message(escaped(text, TEXT, f"\n{CUT}").strip() or NOTHING, tuple(map(tuple, kept)))


def _long_table(answer: Answer, asked: Asked) -> Table | None:
    """The table of a list that is too long for lines."""
    table = table_of(answer, asked.asked_on)
    return table if table and len(table.rows) > PAGE and len(table.header) <= COLUMNS else None


def _paged(table: Table, remarks: Sequence[str]) -> list[Block]:
    block, count = data_table(table)
    return [*block, *rich_text(parts(plain_lines([*_more(len(table.rows), count, remarks), *remarks])))]


def _first_page(
    table: Table, remarks: Sequence[str], asked: Asked, below: Sequence[Block], buttons: Sequence[Block]
) -> list[Block]:
    """Ten rows and a button for the others; all that have room where the question is too long for a button."""
    block, count = classic_table(table, PAGE)
    rest = rest_button(asked, len(table.rows) - count)
    more: Iterable[str] = ()
    if not rest:
        block, count = classic_table(table)
        more = _more(len(table.rows), count, remarks)
    return [*block, *rich_text(parts(plain_lines([*more, *remarks]))), *below, *actions([*rest, *buttons])]


def _more(count: int, shown: int, remarks: Sequence[str]) -> list[str]:
    """「ほかに12件あります。」 where a table is cut and the reply does not say so itself."""
    told = f"ほかに{count - shown}件あります。"
    return [told] if count > shown and not any(remark.startswith(told) for remark in remarks) else []


def _after(rows: Sequence[str], count: int) -> list[str]:
    """The rows of a list after the first ones, under the heading of their group."""
    found: list[str] = []
    seen, heading = 0, ""
    for row in rows:
        if is_heading(row):
            heading = row
        else:
            seen += 1
            if seen > count:
                found += filter(None, (heading, row))
                heading = ""
    return found


def _told(text: Text) -> list[str]:
    return [text.first, *text.details, *text.receipt.splitlines(), *text.sources.splitlines()]

"""What people read in a message of Slack and in a card of Teams, and whether it is what the terminal says."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.answer import Answer
from bot.channels.teams.escape import JOINER
from tests.channels.at_the_terminal import Told
from tests.slack.elements import Json
from tests.slack.rendered import objects
from tests.teams.elements import parts

# What stands above the columns of a card's tables is in no line of the terminal.
_HEADINGS = frozenset("指標 取組項目 項目 内容 年度 基準値 目標値 実績値".split())
_PAGE = re.compile(r"\d+〜\d+件目（全\d+件）")
RECEIPT = re.compile(r"^読み取り: .*$", re.MULTILINE)
_ROW, _GROUP = re.compile(r"(?:・|\d+\. )(.+)"), re.compile(r".+（[0-9,]+件）")


def missing_in_blocks(told: Told, blocks: Sequence[Json]) -> list[str]:
    """The words in which a message of Slack and the terminal differ; a long list is compared row by row."""
    tables = [block for block in blocks if block["type"] == "data_table"]
    read = "\n".join(_in_blocks([block for block in blocks if block not in tables]))
    expected, found = told.text, list[str]()
    for table in tables:
        lines = expected.splitlines()
        groups = [line for line in lines if _GROUP.fullmatch(line)]
        rows = [line for line in lines if _ROW.fullmatch(line) and line not in told.answer.text.sources.splitlines()]
        found += _missing_rows(rows, [[str(cell["text"]) for cell in row] for row in table["rows"]])
        expected = "\n".join(line for line in lines if line not in (*groups, *rows))
    return [*found, *_apart(told, expected, read)]


def missing_in_cards(told: Told, cards: Sequence[Json]) -> list[str]:
    """The words in which the pages of a card and the terminal differ, but for the headings of tables. What is not of
    the list stands on every page."""
    first, *others = ["\n".join(_in_card(card)) for card in cards]
    if not others:
        return _apart(told, told.text, first, _HEADINGS)
    read = "\n".join([first, *others])
    missing = _words(told.text).keys() - _words(read).keys()
    added = _words(_PAGE.sub("", read)).keys() - _words(told.text).keys() - _HEADINGS
    rows = [row.removeprefix("・") for row in told.answer.text.rows if _ROW.fullmatch(row)]
    return [*missing, *added, *(row for row in rows if _flat(row) not in _flat(read))]


def unsaid(answer: Answer, text: str, read: str) -> list[str]:
    """Figures, formulas, statuses and counts of an answer that the terminal says, and another channel does not."""
    said = [
        *(fact.cell.raw for fact in answer.facts),
        *(one.formula for one in answer.computed),
        *(one.status for one in answer.statuses),
        *answer.status_counts,
        *([f"{answer.count:,}"] if answer.count is not None else []),
    ]
    return [one for one in said if _flat(one) in _flat(text) and _flat(one) not in _flat(read)]


def read_in_blocks(blocks: Sequence[Json]) -> str:
    return "\n".join(_in_blocks(blocks))


def read_in_cards(cards: Sequence[Json]) -> str:
    return "\n".join(line for card in cards for line in _in_card(card))


def _in_blocks(blocks: Sequence[Json]) -> Iterator[str]:
    """All that blocks say, without what stands on buttons."""
    for block in blocks:
        if block["type"] not in ("actions", "context_actions"):
            yield from (str(one["text"]) for one in objects(block) if isinstance(one.get("text"), str))


def _in_card(card: Json) -> Iterator[str]:
    """All that a card says, without what stands on buttons, nor in the places of charts that cannot be drawn."""
    for part in parts(card):
        text = part.value.get("text")
        if isinstance(text, str) and "/fallback" not in part.at:
            yield text.replace(JOINER, "")


def _missing_rows(rows: Sequence[str], table: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a list that are no row of a table, with the name in a cell of its own and all that is said of it
    there or above its column; and how many there are, if not as many."""
    heading, *body = table
    found = [] if len(rows) == len(body) else [f"{len(rows)} rows, {len(body)} in the table"]
    for row in rows:
        name, _, detail = row.partition("  ")
        own = next(
            (cells for cells in body if any(_flat(name) in (_flat(cell), f"・{_flat(cell)}") for cell in cells)), []
        )
        said = _words("\n".join([*heading, *own]))
        found += [] if own and _words(detail).keys() <= said.keys() else [row]
    return found


def _apart(told: Told, text: str, read: str, beside: frozenset[str] = frozenset()) -> list[str]:
    """The words that one of two texts has more often than the other one.

    Where a number was typed the terminal has taken it for a candidate's, so that it tells otherwise what it has read.
    """
    if told.turn.message.isdecimal():
        text, read = RECEIPT.sub("", text), RECEIPT.sub("", read)
    expected, found = _words(text), _words(read)
    return [*(expected - found), *(word for word in found - expected if word not in beside)]


def _words(text: str) -> Counter[str]:
    """Words as often as they stand there, whatever is put between them in lines and in tables."""
    return Counter(re.findall(r"[^\s／→（）—・]+", text))


def _flat(text: str) -> str:
    return "".join(text.split())

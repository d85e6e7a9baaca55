"""Plays dialogues at the terminal, in Slack and in Teams, and tells where they do not find the same."""

import html
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from bot.answer import Kind
from bot.ask import Ask
from bot.channels.teams.escape import JOINER
from tests.bot.transcripts import Dialogue
from tests.channels.at_the_terminal import Told, candidate, tell
from tests.channels.both import Bot
from tests.channels.in_teams import Seen
from tests.channels.shown import RECEIPT, missing_in_blocks, missing_in_cards, read_in_blocks, read_in_cards, unsaid
from tests.channels.slack_side import Shown
from tests.teams.rendered import untold

# So many conversations go on at once: a conversation takes no more than a message a second.
_AT_ONCE = 48


@dataclass(frozen=True, slots=True)
class Played:
    """A dialogue with what was shown for each of its turns."""

    told: list[Told]
    slack: list[Shown | None]
    teams: list[Seen]


def play(dialogues: Sequence[Dialogue], ask: Ask, bot: Bot) -> list[Played]:
    """Every dialogue as a thread of its own in each of the three, in Slack every other one in a direct message.

    Those with buttons are played both ways in Slack, and when the others are over: what is pressed in Teams makes the
    bot forget the threads of earlier days (data/turns.py), and each dialogue has its own.
    """
    told = [tell(dialogue, ask) for dialogue in dialogues]
    typing = [one for one in told if not any(candidate(turn.turn) for turn in one)]
    pressing = [one for one in told if any(candidate(turn.turn) for turn in one) for _ in range(2)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(chain(_side_by_side(typing, bot, pool), _side_by_side(pressing, bot, pool)))


def _side_by_side(dialogues: Sequence[list[Told]], bot: Bot, pool: ThreadPoolExecutor) -> list[Played]:
    begun = [
        (told, pool.submit(bot.slack.play, told, _is_direct(number, told)), pool.submit(bot.teams.play, told))
        for number, told in enumerate(dialogues)
    ]
    return [Played(told, slack.result(), teams.result()) for told, slack, teams in begun]


def _is_direct(number: int, told: Sequence[Told]) -> bool:
    """In a thread that is forgotten, after some days, nobody is answered who does not mention the bot again."""
    return number % 2 == 0 or len({one.turn.today for one in told}) > 1


def differences(played: Sequence[Played], *, plain: bool = False) -> list[str]:
    """What is told otherwise than at the terminal; `plain` where only texts could be shown."""
    return [
        f"{one.turn.message}: {difference}"
        for dialogue in played
        for one, shown, seen in zip(dialogue.told, dialogue.slack, dialogue.teams, strict=True)
        for difference in (*_in_slack(one, shown, plain), *_in_teams(one, seen, plain))
    ]


def _in_slack(one: Told, shown: Shown | None, plain: bool) -> Iterator[str]:
    if shown is None:
        if one.answer.rejected or not (one.answer.is_courtesy or one.answer.kind is Kind.NOT_UNDERSTOOD):
            yield "Slack shows nothing"
        return
    if _without_receipt(one, html.unescape(shown.text)) != _without_receipt(one, one.text):
        yield f"Slack's text is {shown.text}"
    if plain:
        if shown.blocks:
            yield "Slack shows blocks"
        return
    if different := missing_in_blocks(one, shown.blocks):
        yield f"Slack's blocks differ in {different}"
    if missing := unsaid(one.answer, one.text, read_in_blocks(shown.blocks)):
        yield f"Slack's blocks do not say {missing}"


def _in_teams(one: Told, seen: Seen, plain: bool) -> Iterator[str]:
    texts = [_without_receipt(one, text.replace(JOINER, "")) for text in seen.texts]
    if plain:
        if texts != [_without_receipt(one, one.text)] or seen.cards:
            yield f"Teams' text is {seen.texts}"
        return
    if not seen.cards:
        yield "Teams shows no card"
        return
    first = one.text.partition("\n")[0]
    if not candidate(one.turn) and [re.sub(r"( (\[\d+\])+)?$", "", text) for text in texts] != [first]:
        yield f"Teams' caption is {seen.texts}"
    if different := missing_in_cards(one, seen.cards):
        yield f"Teams' card differs in {different}"
    # Where a number was typed the terminal has read it otherwise.
    if not one.turn.message.isdecimal() and (missing := untold(one.answer, seen.cards)):
        yield f"Teams' card lacks {missing}"
    if missing := unsaid(one.answer, one.text, read_in_cards(seen.cards)):
        yield f"Teams' card does not say {missing}"


def _without_receipt(one: Told, text: str) -> str:
    """Where a number was typed the terminal has taken it for a candidate's, and so tells otherwise what it has read."""
    return RECEIPT.sub("", text) if one.turn.message.isdecimal() else text

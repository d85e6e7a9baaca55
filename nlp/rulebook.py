"""What the rules of conditions share: how one is registered, and the fragments that their patterns are made of."""

import re
from collections.abc import Callable
from decimal import Decimal
from re import Match, Pattern

from nlp.amounts import Amount
from nlp.criteria import Test
from nlp.operands import figure_pattern
from nlp.shape import Shape

#: One test, or several that must all hold; None where the words are none of the rule's business.
Read = Callable[[Shape, Match[str]], "Test | tuple[Test, ...] | None"]
Rules = list[tuple[Pattern[str], Read]]


def rules() -> tuple[Rules, Callable[[str], Callable[[Read], Read]]]:
    """A list of rules, and the decorator that adds one: its pattern stands over a shape; earlier rules take first."""
    found: Rules = []

    def rule(pattern: str) -> Callable[[Read], Read]:
        def register(read: Read) -> Read:
            found.append((re.compile(pattern), read))
            return read

        return register

    return found, rule


F, G = figure_pattern("f"), figure_pattern("g")
# Between a figure and what is said of it.
IS = r"(?:[がはもでにをと、\s=]|って|もう|すでに|既に|の時点で|では|には|とも|時点で|のうち)*"
RISE = r"増|伸|上が|上昇|アップ|引き上げ|高まる|増加|拡大"
FALL = r"減|下が|低下|ダウン|引き下げ|縮小|下落"
GREATER, SMALLER = r"高|大き|多|上(?!位)|増", r"低|小さ|少な|下(?!位)|減"

ZERO = Amount(Decimal(0), "", 0, 0, "0")

"""Titles of areas and chapters, taken apart into the words by which they are called."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.normalize import normalize
from nlp.tokens import Token, tokenize

_GRAMMAR = ("助詞", "助動詞", "名詞-数詞", "接頭辞", "動詞-非自立可能", "接尾辞")
#: Words of titles that tell no area from another.
PLAIN = frozenset("取リ組ミ 取組 向ケル 向ケ 係ル 等 支エル 第 一覧 kpi 為 推進".split())
_NUMBER = re.compile(r"^(?:第?\s?[0-9]+(?:-[0-9]+)?)\s+")


@dataclass(frozen=True, slots=True)
class Title:
    """A title of an area or a chapter: its words, and those of each part between 「・」."""

    title: str
    words: frozenset[str]
    parts: tuple[frozenset[str], ...]


def titles_of(titles: Iterable[str]) -> tuple[Title, ...]:
    """The titles, each once, taken apart; their numbers (「第4-1」) left out."""
    return tuple(_title(title) for title in dict.fromkeys(titles) if title)


def _title(title: str) -> Title:
    text = _NUMBER.sub("", normalize(title))
    parts = tuple(words for part in re.split("・|、", text) if (words := _words(tokenize(part))))
    return Title(title, frozenset().union(*parts), parts)


def _words(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(t.base for t in tokens if not t.kind.startswith(_GRAMMAR) and t.base not in PLAIN)

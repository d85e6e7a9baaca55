"""Titles of areas, chapters and initiatives: found as they are written, or by their words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.normalize import letters_of, normalize, squeeze
from nlp.tokens import Token, tokenize

_GRAMMAR = ("助詞", "助動詞", "名詞-数詞", "接頭辞", "動詞-非自立可能", "接尾辞")
#: Words of titles that tell no area from another.
PLAIN = frozenset("取リ組ミ 取組 向ケル 向ケ 係ル 等 支エル 第 一覧 kpi 為 推進".split())
#: A shorter title (「計画」) may be a mere word.
SHORTEST = 4
_AREA = "分野"
# 「スマート農業の推進（ア）」: one of several of the same title.
_LABEL = re.compile(r"\([ア-ン]{1,2}\)$")
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


def title_names(titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The titles by the ways in which they are written: whole, and without number, as squeeze() has them."""
    found: dict[str, list[str]] = {}
    for title in dict.fromkeys(titles):
        whole = normalize(title)
        plain = _NUMBER.sub("", whole)
        for name in {squeeze(name) for name in {whole, plain, _LABEL.sub("", plain)}}:
            if len(name) < SHORTEST:
                name += _AREA  # 「環境」 may be any word, 「環境分野」 is the area
            if len(name) >= SHORTEST and name != _AREA:
                found.setdefault(name, []).append(title)
    return {name: tuple(own) for name, own in found.items()}


def titles_named(text: str, titles: Iterable[str]) -> tuple[str, ...]:
    """The titles that a text alone names: one written out, else those that have its letters, else those with its words.

    「産業振興」 → 「4 産業振興」; 「安心環境」 → 「6 安全・安心・環境」.
    """
    known = list(dict.fromkeys(titles))
    name = squeeze(normalize(text))
    if not name:
        return ()
    names = title_names(known)
    if found := names.get(name, names.get(name + _AREA, ())):
        return found
    if having := tuple(title for title in known if name in squeeze(normalize(title))):
        return having
    words = _words(tokenize(normalize(text)))
    return tuple(one.title for one in titles_of(known) if words and words <= one.words)


@dataclass(frozen=True, slots=True)
class TitleMention:
    """The title of an area, a chapter or an initiative, written out at [start, end) of a text."""

    start: int
    end: int
    titles: tuple[str, ...]


def find_titles(
    text: str, names: Mapping[str, tuple[str, ...]], lengths: Mapping[str, Sequence[int]]
) -> list[TitleMention]:
    """The titles that stand in a normalised text as they are, the longest at each place."""
    letters, positions = letters_of(text)
    found: list[TitleMention] = []
    at = 0
    while at < len(letters):
        fitting = (n for n in lengths.get(letters[at : at + SHORTEST], ()) if at + n <= len(letters))
        length = next((n for n in fitting if letters[at : at + n] in names), 0)
        if length:
            found.append(TitleMention(positions[at], positions[at + length - 1] + 1, names[letters[at : at + length]]))
        at += length or 1
    return found


def name_lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """How long those names are that begin with the same SHORTEST letters, longest first; none of a shorter one."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        if len(name) >= SHORTEST:
            lengths.setdefault(name[:SHORTEST], set()).add(len(name))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _title(title: str) -> Title:
    text = _NUMBER.sub("", normalize(title))
    parts = tuple(words for part in re.split("・|、", text) if (words := _words(tokenize(part))))
    return Title(title, frozenset().union(*parts), parts)


def _words(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(t.base for t in tokens if not t.kind.startswith(_GRAMMAR) and t.base not in PLAIN)

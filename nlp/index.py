"""The names that can be asked for, taken apart: words, pieces of spelling and pieces of reading, with their rarity.

Built once from the catalogue, read-only afterwards. A piece is found in an entry with a strength: 1 where it stands in
the entry's own name or an alias, less where it stands in the initiative or the area around it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from nlp.lexicon import Lexicon, find_terms, read_lexicon
from nlp.normalize import katakana, normalize, squeeze
from nlp.pieces import Postings
from nlp.titles import Title, name_lengths, title_names, titles_of
from nlp.tokens import Token, letter_spans, tokenize
from nlp.vectors import Vectors, open_vectors

NAME, INITIATIVE, AREA, CHAPTER = 1.0, 0.85, 0.45, 0.3

#: Pieces of spelling are two characters long, pieces of reading three.
SPELLING, READING = 2, 3

# Words of this length can be recognised with a slip in them.
_LONG = 4
# A shorter part of a plan's title says too little.
_LEAST_PLAN_NAME = 5
_GRAMMAR = ("助詞", "助動詞")
_BRACKETS = re.compile(r"\([^()]*\)|【[^】]*】")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be asked for, by all the words that lead to it.

    An indicator has its initiatives, areas and chapters around it; an initiative without KPI is an entry by its title.
    """

    name: str
    aliases: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that matching needs, for all entries; entries are known by their position.

    `terms` are those of the lexicon, `rows` the words by their vectors (empty where these are not installed). `words`
    are those of names and of what stands around them, `around` the latter alone. `exact` and `aliases` are whole names
    as squeeze() has them, `lengths` how long those are that begin with two given letters, longest first. `names_of` are
    each entry's name and aliases, `titles_of` the titles of its initiatives, a line each, as squeeze() has them.
    `areas` are the titles of areas and chapters, `titles` these and those of initiatives as they may be written,
    `under` the entries under each initiative.
    """

    entries: tuple[Entry, ...]
    words: Postings
    around: Postings
    long_words: tuple[str, ...]
    spellings: Postings
    readings: Postings
    lexicon: Lexicon
    terms: Postings
    vectors: Vectors | None
    rows: Mapping[int, tuple[str, ...]]
    exact: Mapping[str, tuple[int, ...]]
    aliases: Mapping[str, tuple[int, ...]]
    numbers: Mapping[str, tuple[int, ...]]
    plans: Mapping[str, str]
    reading_of: tuple[str, ...]
    pairs: tuple[frozenset[str], ...]
    text: str
    lengths: Mapping[str, tuple[int, ...]]
    names_of: tuple[str, ...]
    titles_of: tuple[str, ...]
    areas: tuple[Title, ...]
    titles: Mapping[str, tuple[str, ...]]
    title_lengths: Mapping[str, tuple[int, ...]]
    under: Mapping[str, tuple[int, ...]]

    def rarity(self, holders: int) -> float:
        """How much a piece tells that `holders` entries have: one that all have tells next to nothing."""
        return log((len(self.entries) + 1) / (holders + 0.5)) + 0.2


def build_index(entries: Sequence[Entry]) -> Index:
    """Builds the index; takes about a millisecond an entry."""
    words: dict[str, dict[int, float]] = defaultdict(dict)
    around: dict[str, dict[int, float]] = defaultdict(dict)
    spellings: dict[str, dict[int, float]] = defaultdict(dict)
    readings: dict[str, dict[int, float]] = defaultdict(dict)
    terms: dict[str, dict[int, float]] = defaultdict(dict)
    lexicon, vectors = read_lexicon(), known_vectors()
    exact: dict[str, list[int]] = defaultdict(list)
    aliases: dict[str, list[int]] = defaultdict(list)
    reading_of: list[list[str]] = [[] for _ in entries]
    tokens_of: dict[str, tuple[Token, ...]] = {}
    for at, entry in enumerate(entries):
        for name in {_squeezed(entry.name), squeeze(without_brackets(normalize(entry.name)))}:
            exact[name].append(at)
        for alias in entry.aliases:
            aliases[_squeezed(alias)].append(at)
        for text, strength in _texts(entry):
            if text not in tokens_of:
                tokens_of[text] = tokenize(text)
            tokens = tokens_of[text]
            concepts = [concept(token) for token in tokens if not token.kind.startswith(_GRAMMAR)]
            _post(words, at, strength, concepts)
            _post(
                terms, at, strength, (term for _, _, term in find_terms(tokens, *letter_spans(text, tokens), lexicon))
            )
            if strength < NAME:
                _post(around, at, strength, concepts)
            if strength >= INITIATIVE:
                reading_of[at].append(reading(tokens))
                _post(spellings, at, strength, pieces(squeeze(text), SPELLING))
                _post(readings, at, strength, pieces(reading(tokens), READING))
    numbers: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        for number in entry.numbers:
            numbers[normalize(number)].append(at)
    under: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        for title in entry.initiatives or (entry.name,):
            under[title].append(at)
    areas = dict.fromkeys(title for entry in entries for title in (*entry.areas, *entry.chapters))
    titles = title_names([*under, *areas])
    return Index(
        tuple(entries),
        _frozen(words),
        _frozen(around),
        tuple(word for word in words if len(word) >= _LONG),
        _frozen(spellings),
        _frozen(readings),
        lexicon,
        _frozen(terms),
        vectors,
        _rows(words, vectors),
        {name: tuple(found) for name, found in exact.items() if name},
        {name: tuple(dict.fromkeys(found)) for name, found in aliases.items() if name},
        {number: tuple(found) for number, found in numbers.items() if number},
        _plan_names({entry.plan for entry in entries}),
        tuple("\n".join(texts) for texts in reading_of),
        tuple(frozenset(pieces(_squeezed(entry.name), SPELLING)) for entry in entries),
        "\n".join(squeeze(text) for text in tokens_of),
        name_lengths([*exact, *aliases]),
        tuple(_squeezed(entry.name, *entry.aliases) for entry in entries),
        tuple(_squeezed(*entry.initiatives) for entry in entries),
        titles_of(areas),
        titles,
        name_lengths(titles),
        {title: tuple(found) for title, found in under.items()},
    )


def _squeezed(*texts: str) -> str:
    """Texts as names are compared, a line each."""
    return "\n".join(squeeze(normalize(text)) for text in texts)


RATE, MONEY = "#率", "#額"
COUNTS = "数 件数 人数 回数 本数 台数 枚数 総数"
#: Nouns that only say what kind of figure it is; those of one kind are one word.
_KINDS_OF_FIGURE = {
    base: kind
    for kind, bases in {
        "#数": COUNTS,
        "#量": "量 排出量 使用量",
        RATE: "率 割合 比率 度合イ 状況",
        MONEY: "額 金額 費 費用 料 料金 代 代金",
        "#合計": "合計 累計 総計 平均",
    }.items()
    for base in bases.split()
}


def concept(token: Token) -> str:
    """What a word is known by: its normalised form, or the kind of figure that it names (件数 = 人数 = 数)."""
    return _KINDS_OF_FIGURE.get(token.base, token.base)


def is_kind_of_figure(token: Token) -> bool:
    return token.base in _KINDS_OF_FIGURE or token.kind.startswith("接尾辞")


def pieces(text: str, length: int) -> Iterator[str]:
    """All runs of `length` characters."""
    return (text[at : at + length] for at in range(len(text) - length + 1))


def reading(tokens: Sequence[Token]) -> str:
    """The katakana reading of words in a row; what has none (Latin, digits) stands as written."""
    return "".join(token_reading(token) for token in tokens)


def token_reading(token: Token) -> str:
    spelled = katakana(token.surface)
    return spelled if spelled.isascii() or _is_kana(spelled) else token.reading


def _is_kana(text: str) -> bool:
    return all("ァ" <= character <= "ー" for character in text)


def _plan_names(titles: Iterable[str]) -> dict[str, str]:
    """Names by which plans may be called, with their titles: the whole title, and its parts at 「及び」 and brackets.

    A part that two titles share names neither. 「DX推進基本方針及びデジタル化推進計画」 → デジタル化推進計画.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for title in titles:
        for part in (title, *re.split(r"及び|および|並びに|・|[「」『』]", title)):
            if len(name := _squeezed(part)) >= _LEAST_PLAN_NAME:
                named[name].add(title)
    return {name: found.pop() for name, found in named.items() if len(found) == 1}


def without_brackets(name: str) -> str:
    """「農業先端技術に係る研究成果発表件数(普及に移しうる成果数)」 without what its brackets add, nested ones too."""
    shorter = _BRACKETS.sub("", name)
    return shorter if shorter == name else without_brackets(shorter)


def _texts(entry: Entry) -> Iterator[tuple[str, float]]:
    for texts, strength in (
        ((entry.name, *entry.aliases), NAME),
        (entry.initiatives, INITIATIVE),
        (entry.areas, AREA),
        (entry.chapters, CHAPTER),
    ):
        for text in texts:
            yield normalize(text), strength


def _post(postings: dict[str, dict[int, float]], at: int, strength: float, found: Iterable[str]) -> None:
    for piece in found:
        holders = postings[piece]
        holders[at] = max(holders.get(at, 0.0), strength)


@cache
def known_vectors() -> Vectors | None:
    return open_vectors()


def _rows(words: Iterable[str], vectors: Vectors | None) -> dict[int, tuple[str, ...]]:
    """The words of the index by the row of their vectors."""
    rows: dict[int, list[str]] = defaultdict(list)
    if vectors is not None:
        for word in words:
            if (row := vectors.row(word)) is not None:
                rows[row].append(word)
    return {row: tuple(found) for row, found in rows.items()}


def _frozen(postings: dict[str, dict[int, float]]) -> Postings:
    return dict(postings)

"""The names that can be asked for: whole names to look up, and the texts in which a question's words are looked for.

Built once from the catalogue, read-only afterwards (docs: nlp/INDEX.md).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from nlp.lexicon import Lexicon, read_lexicon
from nlp.normalize import normalize, squeeze
from nlp.pools import AREA, CHAPTER, INITIATIVE, NAME, Parts, Pool, pool_of_all
from nlp.search import Search, build_search
from nlp.texts import Text, take_apart
from nlp.titles import Title, name_lengths, title_names, titles_of
from nlp.vectors import Vectors, open_vectors

# More entries than these are no longer looked at all together.
_MOST_TOGETHER = 400
# A shorter part of a plan's title says too little.
_LEAST_PLAN_NAME = 5
# A part that stands by itself may be short: 「行政事業レビューシート 環境省」.
_LEAST_OWNER_NAME = 3
_MAY_HAVE_BRACKETS = re.compile("[(（【]")
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

    `texts` are all texts of the catalogue taken apart (`letters` those of a small one, a line each), `parts` those of
    each entry. `everything` is the pool of a small
    catalogue, `search` finds the pools of a large one; one of them is there. `rows` are the words by their vectors
    (empty where these are not installed, and for a large catalogue). `exact` and `aliases` are whole names as squeeze()
    has them, `lengths` how long the longer ones are by their first letters (nlp/titles.py). `areas` are the titles of
    areas and chapters, `titles` these and those of initiatives as they may be written, `under` the entries under each
    initiative.
    """

    entries: tuple[Entry, ...]
    texts: Mapping[str, Text]
    letters: str
    parts: Mapping[int, Parts]
    everything: Pool | None
    search: Search | None
    lexicon: Lexicon
    vectors: Vectors | None
    rows: Mapping[int, tuple[str, ...]]
    exact: Mapping[str, tuple[int, ...]]
    aliases: Mapping[str, tuple[int, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    numbers: Mapping[str, tuple[int, ...]]
    plans: Mapping[str, str]
    areas: tuple[Title, ...]
    titles: Mapping[str, tuple[str, ...]]
    title_lengths: Mapping[str, tuple[int, ...]]
    under: Mapping[str, tuple[int, ...]]

    def rarity(self, holders: int) -> float:
        """How much a piece tells that `holders` entries have: one that all have tells next to nothing."""
        return log((len(self.entries) + 1) / (holders + 0.5)) + 0.2

    def names_of(self, entry: int) -> str:
        """An entry's name and aliases as squeeze() has them, a line each."""
        return "\n".join([text.letters for text, strength in self.parts[entry] if strength == NAME])

    def titles_of(self, entry: int) -> str:
        """The titles of an entry's initiatives as squeeze() has them, a line each."""
        return "\n".join([text.letters for text, strength in self.parts[entry] if strength == INITIATIVE])

    def knows(self, word: str) -> bool:
        """Does any entry have a word (concept()) in its name or around it?"""
        if self.everything:
            return word in self.everything.words
        return self.search is not None and word in self.search.holders

    def has_letters(self, letters: str) -> bool:
        """Do these letters stand in a row in any text?"""
        if self.search:  # as far as their pairs tell
            return self.search.spelled.holders(letters) > 0
        return letters in self.letters


def build_index(entries: Sequence[Entry], before: "Index | None" = None) -> Index:
    """Builds the index; takes about 0.1 milliseconds an entry, less for the texts that the index `before` has."""
    texts = take_apart((text for entry in entries for text, _ in _texts(entry)), before.texts if before else {})
    together: dict[tuple[str, float], tuple[Text, float]] = {}
    parts = {
        at: tuple(together.setdefault((text, strength), (texts[text], strength)) for text, strength in _texts(entry))
        for at, entry in enumerate(entries)
    }
    is_large = len(entries) > _MOST_TOGETHER
    everything = None if is_large else pool_of_all(parts)
    exact: dict[str, list[int]] = defaultdict(list)
    aliases: dict[str, list[int]] = defaultdict(list)
    numbers: dict[str, list[int]] = defaultdict(list)
    under: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        own = texts[entry.name].letters
        exact[own].append(at)
        if (
            _MAY_HAVE_BRACKETS.search(entry.name)
            and (shorter := squeeze(without_brackets(normalize(entry.name)))) != own
        ):
            exact[shorter].append(at)
        for alias in entry.aliases:
            aliases[texts[alias].letters].append(at)
        for number in entry.numbers:
            numbers[normalize(number)].append(at)
        for title in entry.initiatives or (entry.name,):
            under[title].append(at)
    areas = dict.fromkeys(title for entry in entries for title in (*entry.areas, *entry.chapters))
    titles = title_names([*under, *areas])
    vectors = None if everything is None else known_vectors()
    return Index(
        tuple(entries),
        texts,
        "" if is_large else "\n".join(text.letters for text in texts.values()),
        parts,
        everything,
        build_search(parts) if is_large else None,
        read_lexicon(),
        vectors,
        _rows(everything.words, vectors) if everything else {},
        {name: tuple(found) for name, found in exact.items() if name},
        {name: tuple(dict.fromkeys(found)) for name, found in aliases.items() if name},
        name_lengths([*exact, *aliases]),
        {number: tuple(found) for number, found in numbers.items() if number},
        _plan_names({entry.plan for entry in entries}),
        titles_of(areas),
        titles,
        name_lengths(titles),
        {title: tuple(found) for title, found in under.items()},
    )


def _plan_names(titles: Iterable[str]) -> dict[str, str]:
    """Names by which plans may be called, with their titles: the whole title, and its parts at 「及び」 and brackets.

    A part that two titles share names neither. 「DX推進基本方針及びデジタル化推進計画」 → デジタル化推進計画.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for title in titles:
        parts = [(part, _LEAST_PLAN_NAME) for part in (title, *re.split(r"及び|および|並びに|・|[「『」』]", title))]
        for part, least in (*parts, *((part, _LEAST_OWNER_NAME) for part in title.split())):
            if len(name := squeeze(normalize(part))) >= least:
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
            yield text, strength


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

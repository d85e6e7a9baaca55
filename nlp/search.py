"""Of a large catalogue the entries that are nearest to the letters of a question, and how many have a word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from nlp.grams import Grams, build_grams
from nlp.pools import INITIATIVE, NAME, READING, SPELLING, Parts, Pool, pool_of_some
from nlp.texts import Text

# So many texts are looked at, so many entries of one name or title, and so many entries are kept.
_TEXTS, _NAMESAKES, _KEPT = 48, 100, 16
# What a title around a name is worth beside the name.
_AROUND = 0.5


@dataclass(frozen=True, slots=True)
class Search:
    """`named[i]` and `titled[i]` are the entries that have text i as a name and as their initiative's title.

    `texts` are all of them, `places` the position of each by its letters; `name_of` and `title_of` are the texts of
    each entry, `holders` how many names and titles of entries have a word.
    """

    parts: Mapping[int, Parts]
    texts: Sequence[Text]
    places: Mapping[str, int]
    spelled: Grams
    sounded: Grams
    named: Sequence[Sequence[int]]
    titled: Sequence[Sequence[int]]
    name_of: Sequence[Sequence[int]]
    title_of: Sequence[Sequence[int]]
    holders: Mapping[str, int]

    def count(self, word: str, letters: str) -> int:
        """How many entries have a word; where it is none of their words, how many can have its letters in a row."""
        return self.holders.get(word) or self.spelled.holders(letters)

    def names_like(self, runs: Iterable[str], most: int) -> list[str]:
        """The letters of the names that share the most telling pieces with runs of letters."""
        ids, scores = self.spelled.nearest(runs, 2 * most, as_a_whole=True)  # some are titles
        best = nlargest(most, zip(scores.tolist(), ids.tolist(), strict=True))
        return [self.texts[text].letters for _, text in best if self.named[text]]

    def having(self, letters: str, word: str) -> dict[int, float]:
        """All entries that have letters in a row, or a word, in their names or titles, with the strength there."""
        found: dict[int, float] = {}
        for place in self.spelled.holding(letters):
            text = self.texts[place]
            if letters in text.letters if len(letters) > 1 else word in text.words:
                for entry in self.titled[place]:
                    found.setdefault(entry, INITIATIVE)
                for entry in self.named[place]:
                    found[entry] = NAME
        return found

    def entries_of(self, name: str) -> Sequence[int]:
        """The entries with a name (or alias) of these letters."""
        return self.named[self.places[name]]

    def spelled_like(self, runs: Iterable[str]) -> dict[int, float]:
        """Entries that share the most telling pieces with runs of letters, and how much."""
        return self._like(self.spelled, runs)

    def sounding_like(self, runs: Iterable[str]) -> dict[int, float]:
        """Entries that share the most telling pieces with runs of katakana, and how much."""
        return self._like(self.sounded, runs)

    def _like(self, grams: Grams, runs: Iterable[str]) -> dict[int, float]:
        ids, found = grams.nearest(runs, _TEXTS)
        of_text = dict(zip(ids.tolist(), found.tolist(), strict=True))
        scores: dict[int, float] = {}
        for text, score in of_text.items():
            for entry in self.named[text][:_NAMESAKES]:
                around = max([of_text.get(title, 0.0) for title in self.title_of[entry]], default=0.0)
                scores[entry] = max(scores.get(entry, 0.0), score + _AROUND * around)
            for entry in self.titled[text][:_NAMESAKES]:
                own = max([of_text.get(name, 0.0) for name in self.name_of[entry]], default=0.0)
                scores[entry] = max(scores.get(entry, 0.0), own + _AROUND * score)
        return scores

    def words_of(self, name: str) -> Sequence[str]:
        """The words (concept()) of the name (or alias) of these letters."""
        return self.texts[self.places[name]].words

    def pool(self, scores: Mapping[int, float], named: Iterable[int]) -> Pool:
        """The entries with the best scores, and those that are `named` in any case."""
        entries = {*named, *nlargest(_KEPT, scores, key=scores.__getitem__)}
        return pool_of_some({entry: self.parts[entry] for entry in sorted(entries)})


def build_search(parts: Mapping[int, Parts]) -> Search:
    """Builds the search over the names and initiatives of all entries (0 to len(parts) - 1)."""
    texts: dict[str, Text] = {}
    places: dict[str, int] = {}
    named: list[list[int]] = []
    titled: list[list[int]] = []
    name_of: list[list[int]] = []
    title_of: list[list[int]] = []
    for entry in range(len(parts)):
        names: list[int] = []
        titles: list[int] = []
        for text, strength in parts[entry]:
            if strength < INITIATIVE:
                continue
            if (place := places.get(text.letters)) is None:
                place = places[text.letters] = len(places)
                texts[text.letters] = text
                named.append([])
                titled.append([])
            (names if strength == NAME else titles).append(place)
            (named if strength == NAME else titled)[place].append(entry)
        name_of.append(names)
        title_of.append(titles)
    holders: Counter[str] = Counter()
    for text, own, around in zip(texts.values(), named, titled, strict=True):
        for word in text.words:
            holders[word] += len(own) + len(around)
    return Search(
        parts,
        list(texts.values()),
        places,
        build_grams(list(texts), SPELLING),
        build_grams([text.reading for text in texts.values()], READING),
        named,
        titled,
        name_of,
        title_of,
        holders,
    )

"""The names of all indicators as menus and forms look them up, kept from one letter that somebody types to the next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from weakref import WeakKeyDictionary

from bot.answers.wording import place
from bot.digests.scope import titles_of
from data.facts import Catalogue, Indicator, name_key
from data.store import Store
from data.subscriptions import DigestKind
from nlp.normalize import normalize, squeeze

# One installation has few organisations.
_KEPT: WeakKeyDictionary[Store, dict[str, "Directory"]] = WeakKeyDictionary()
_READING = Lock()


@dataclass(frozen=True)
class Directory:
    """`letters` are the names and aliases of each indicator as squeeze() has them, with a line feed around each."""

    catalogue: Catalogue
    letters: Mapping[int, str]

    @cached_property
    def by_id(self) -> Mapping[int, Indicator]:
        return {one.id: one for one in self.catalogue.indicators}

    @cached_property
    def titles(self) -> Mapping[DigestKind, Sequence[str]]:
        """What a digest of each kind can be subscribed for, in the order of the plans."""
        indicators = self.catalogue.indicators
        return {
            kind: list(dict.fromkeys(t for one in indicators for t in titles_of(one, kind) if t.strip()))
            for kind in DigestKind
        }

    @cached_property
    def _namesakes(self) -> Mapping[str, int]:
        return Counter(name_key(one.name) for one in self.catalogue.indicators)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str, str], int]:
        return Counter(map(_whole_place, self.catalogue.indicators))

    def apart(self, indicator: Indicator) -> str:
        """What tells an indicator from its namesakes, in this plan or in another; "" where there are none."""
        if self._namesakes[name_key(indicator.name)] == 1:
            return ""
        told = [indicator.qualifier] if indicator.qualifier else []
        if len(self.catalogue.plans) > 1:
            told.append(indicator.plan.title)
        if self._places[_whole_place(indicator)] > 1:
            told.insert(0, f"元の表の{indicator.listings[0].line}行目")
        return "、".join(told)

    def whereabouts(self, indicator: Indicator) -> str:
        """「4 産業振興 1(3) 農業の振興」, after its plan where there are several."""
        plan = indicator.plan.title if len(self.catalogue.plans) > 1 else ""
        return " ".join(filter(None, (plan, place(indicator.listings[0].initiative))))

    def holding(self, typed: str) -> Iterator[Indicator]:
        """The indicators whose name or alias has every word that was typed, whole names first."""
        words = [word for one in typed.split() if (word := squeeze(normalize(one)))]
        whole = "".join(words)
        found = (
            [one for one in self.catalogue.indicators if all(word in self.letters[one.id] for word in words)]
            if words
            else []
        )
        return iter(sorted(found, key=lambda one: _rank(self.letters[one.id], whole)))


def _rank(names: str, typed: str) -> tuple[bool, bool]:
    """Whole names first, then those that begin so; of the others the order of the plan stays."""
    return f"\n{typed}\n" not in names, f"\n{typed}" not in names


def _whole_place(indicator: Indicator) -> tuple[str, str, str]:
    return name_key(indicator.name), indicator.plan.title, indicator.qualifier


def directory_of(store: Store, organisation: str) -> Directory:
    """The names, read once for every change of the store: 44,000 take a second or two, and Slack waits for three.

    While they are read others get those before the change: what is written is checked against the store itself.
    """
    revision = store.revision(organisation)
    kept = _KEPT.setdefault(store, {})
    known = kept.get(organisation)
    if known and known.catalogue.revision >= revision:
        return known
    if not _READING.acquire(blocking=known is None) and known:
        return known
    try:
        known = kept.get(organisation)
        if known is None or known.catalogue.revision < revision:
            known = kept[organisation] = _read(store.catalogue(organisation), known)
        return known
    finally:
        _READING.release()


def _read(catalogue: Catalogue, before: Directory | None) -> Directory:
    """A change is most often one of figures: the letters of names that stayed are taken over."""
    former = before.by_id if before else {}
    letters: dict[int, str] = {}
    for one in catalogue.indicators:
        was = former.get(one.id)
        if before and was and (was.name, was.aliases) == (one.name, one.aliases):
            letters[one.id] = before.letters[one.id]
        else:
            letters[one.id] = "\n".join(["", *(squeeze(normalize(name)) for name in (one.name, *one.aliases)), ""])
    return Directory(catalogue, letters)

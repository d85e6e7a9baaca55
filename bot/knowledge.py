"""What the bot knows of an organisation: its catalogue and the index over its names, as of one revision."""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data.facts import Catalogue, Indicator, Initiative
from nlp.index import Entry, Index, build_index

#: What an entry of the index stands for; an initiative is one only where it has no KPI.
Target = Indicator | Initiative


def key_of(target: Target) -> str:
    """A short name for a target that outlives the answer, for buttons and numbers to pick it by: 「indicator:12」."""
    return f"{'indicator' if isinstance(target, Indicator) else 'initiative'}:{target.id}"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`targets[i]` is what entry i of the index stands for; `entries` finds it by its key."""

    catalogue: Catalogue
    targets: tuple[Target, ...]
    index: Index

    entries: Mapping[str, int]

    def entry(self, key: str) -> int | None:
        """The entry of the target with this key, None if it is no longer there."""
        return self.entries.get(key)

    def present(self, keys: Iterable[str]) -> list[int]:
        """The entries of the targets with these keys, those left out that are no longer there."""
        return [entry for key in keys if (entry := self.entry(key)) is not None]

    def find(self, key: str) -> Target | None:
        """The target with this key, None if it is no longer there."""
        entry = self.entry(key)
        return None if entry is None else self.targets[entry]


def read_knowledge(read: Callable[[], Catalogue], before: Index | None = None) -> Knowledge:
    """What is known of a catalogue that is to be read; quicker for the names that the index `before` has.

    Thousands of objects come to stay: looking for garbage among them would double the time, now and later.
    """
    is_on = gc.isenabled()
    gc.disable()
    try:
        return build_knowledge(read(), before)
    finally:
        gc.freeze()
        if is_on:
            gc.enable()


def of_plan(knowledge: Knowledge, title: str) -> Knowledge:
    """What is known of one plan alone; all where there is no plan of this title."""
    catalogue = knowledge.catalogue
    plans = tuple(plan for plan in catalogue.plans if plan.title == title)
    if not plans or len(catalogue.plans) == 1:
        return knowledge
    indicators = tuple(indicator for indicator in catalogue.indicators if indicator.plan in plans)
    initiatives = tuple(initiative for initiative in catalogue.initiatives if initiative.plan in plans)
    return build_knowledge(Catalogue(catalogue.revision, plans, indicators, initiatives), knowledge.index)


def build_knowledge(catalogue: Catalogue, before: Index | None = None) -> Knowledge:
    listed = {listing.initiative.id for indicator in catalogue.indicators for listing in indicator.listings}
    bare = [initiative for initiative in catalogue.initiatives if initiative.id not in listed]
    targets: tuple[Target, ...] = (*catalogue.indicators, *bare)
    entries = [_indicator_entry(i) for i in catalogue.indicators] + [_initiative_entry(i) for i in bare]
    by_key = {key_of(target): entry for entry, target in enumerate(targets)}
    return Knowledge(catalogue, targets, build_index(entries, before), by_key)


def _indicator_entry(indicator: Indicator) -> Entry:
    places = [listing.initiative for listing in indicator.listings]
    return Entry(
        indicator.name,
        indicator.aliases,
        tuple(dict.fromkeys(place.title for place in places)),
        tuple(dict.fromkeys(place.area for place in places)),
        tuple(dict.fromkeys(place.chapter for place in places)),
        tuple(dict.fromkeys(place.number for place in places)),
        indicator.plan.title,
    )


def _initiative_entry(initiative: Initiative) -> Entry:
    return Entry(
        initiative.title,
        areas=(initiative.area,),
        chapters=(initiative.chapter,),
        numbers=(initiative.number,),
        plan=initiative.plan.title,
    )

"""Finds the indicator that a row of a file or a command names, or says why there is not one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from data.facts import Catalogue, Indicator, name_key

# As many names as are offered, as many unknown ones as are compared with all others (44,000 take a tenth of a second).
_NEAREST, _COMPARED = 3, 20


@dataclass(frozen=True, slots=True)
class Naming:
    """An indicator as somebody names it: its name, and what tells namesakes apart ("" for what is left out).

    `id` is that of the one that was picked from a menu (0 where none was): it must still have the name.
    """

    name: str
    plan: str = ""
    number: str = ""
    initiative: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why no one indicator is meant, and the column which that is about.

    `apart` is the column that would tell namesakes apart, "" where there are none: 計画, 項目番号 or 取組項目.
    """

    reason: str
    column: str
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an organisation's indicators."""

    by_key: Mapping[str, Sequence[Indicator]]
    plans: Sequence[str]
    _nearest: dict[str, str] = field(default_factory=dict)

    def find(self, naming: Naming) -> Indicator | NotFound:
        """The one indicator of this name; width, case and spaces do not count."""
        same = self.by_key.get(name_key(naming.name), ())
        if not same:
            return NotFound(f"「{naming.name}」という指標はありません。{self._near(naming.name)}", "指標名")
        if picked := next((i for i in same if i.id == naming.id), None):
            return picked
        of_plan = [i for i in same if not naming.plan or name_key(i.plan.title) == name_key(naming.plan)]
        if not of_plan:
            return self._not_in_plan(naming, same)
        found = [i for i in of_plan if not naming.number or name_key(naming.number) in map(name_key, numbers(i))]
        if not found:
            there = "、".join(dict.fromkeys(number for i in of_plan for number in numbers(i)))
            reason = f"「{naming.name}」に項目番号「{naming.number}」のものはありません。"
            return NotFound(reason + (f"あるのは {there} です。" if there else ""), "項目番号")
        if len(found) > 1 and naming.initiative:
            of_initiative = [i for i in found if name_key(naming.initiative) in map(name_key, _initiatives(i))]
            found = of_initiative or found
        return found[0] if len(found) == 1 else _ambiguous(naming, found)

    def _near(self, name: str) -> str:
        """「近い名前: 「待機児童数」」, or what to do where none is near."""
        key = name_key(name)
        if key not in self._nearest and len(self._nearest) < _COMPARED:
            near = [self.by_key[one][0].name for one in get_close_matches(key, self.by_key, n=_NEAREST, cutoff=0.4)]
            self._nearest[key] = "近い名前: " + "、".join(f"「{one}」" for one in near) if near else ""
        return self._nearest.get(key, "") or "計画の表のとおりに書いてください。"

    def _not_in_plan(self, naming: Naming, same: Sequence[Indicator]) -> NotFound:
        titles = [title for title in self.plans if name_key(title) == name_key(naming.plan)]
        if titles:
            there = "、".join(dict.fromkeys(f"「{i.plan.title}」" for i in same))
            return NotFound(f"「{naming.name}」は計画「{titles[0]}」にありません。あるのは{there}です。", "計画")
        there = "、".join(f"「{title}」" for title in self.plans)
        return NotFound(f"計画「{naming.plan}」はありません。今ある計画: {there}", "計画")


def names_of(catalogue: Catalogue) -> Names:
    by_key: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators:
        by_key.setdefault(name_key(indicator.name), []).append(indicator)
    return Names(by_key, [plan.title for plan in catalogue.plans])


def numbers(indicator: Indicator) -> Iterable[str]:
    """The 項目番号 under which an indicator stands, each once."""
    return dict.fromkeys(x.initiative.number for x in indicator.listings if x.initiative.number)


def _initiatives(indicator: Indicator) -> Iterable[str]:
    return (listing.initiative.title for listing in indicator.listings)


def _ambiguous(naming: Naming, found: Sequence[Indicator]) -> NotFound:
    if len({i.plan.id for i in found}) > 1:
        apart = "計画"
    else:
        apart = "項目番号" if len({frozenset(numbers(i)) for i in found}) > 1 else "取組項目"
    places = "、".join(f"{i.plan.title} {i.qualifier}".strip() for i in found)
    return NotFound(f"「{naming.name}」は複数あります（{places}）。", "指標名", apart)

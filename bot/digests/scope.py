"""What a subscription covers: everything, a plan, a chapter, an area, or for reminders a 担当課."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from data.facts import Catalogue, Indicator, Initiative, name_key
from data.subscriptions import DigestKind

# As many titles are shown where none or several fit.
_SHOWN = 5


def resolve_scope(catalogue: Catalogue, kind: DigestKind, words: str) -> str:
    """The title that is meant, given whole or by its words: 「産業振興」 → 「4 産業振興」; "" for everything.

    Raises ValueError with titles to choose from where none or several fit.
    """
    key = name_key(words)
    if not key:
        return ""
    titles = list(dict.fromkeys(title for one in catalogue.indicators for title in titles_of(one, kind) if title))
    noun = "担当課" if kind is DigestKind.REMINDER else "分野・章・計画"
    for fits in (_is_whole, _is_whole_but_number, _is_part):
        found = [title for title in titles if fits(key, title)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"「{words}」に当たる{noun}は{len(found)}件あります: {_shown(found)}")
    keys = {name_key(title): title for title in titles}
    near = [keys[one] for one in get_close_matches(key, keys, n=_SHOWN, cutoff=0.3)]
    if near:
        raise ValueError(f"「{words}」という{noun}はありません。近い名前: {_shown(near)}")
    known = f"今ある{noun}: {_shown(titles)}" if titles else f"{noun}のある指標がまだありません。"
    raise ValueError(f"「{words}」という{noun}はありません。{known}")


def indicators_of(catalogue: Catalogue, kind: DigestKind, scope: str) -> list[Indicator]:
    """The indicators under a title that `resolve_scope` gave."""
    return [one for one in catalogue.indicators if not scope or scope in titles_of(one, kind)]


def scope_name(scope: str) -> str:
    """「「4 産業振興」」, 「計画全体」."""
    return f"「{' '.join(scope.split())}」" if scope else "計画全体"


def titles_of(indicator: Indicator, kind: DigestKind) -> Iterable[str]:
    """The titles that an indicator stands under, of the kind that such a digest is subscribed for."""
    if kind is DigestKind.REMINDER:
        return owners(indicator)
    return [title for listing in indicator.listings for title in _places(listing.initiative)]


def owners(indicator: Indicator) -> list[str]:
    """Every 担当課 of an indicator, none where its plan names none."""
    return list(dict.fromkeys(listing.owner for listing in indicator.listings if listing.owner))


def _places(initiative: Initiative) -> tuple[str, str, str]:
    return initiative.area, initiative.chapter, initiative.plan.title


def _is_whole(key: str, title: str) -> bool:
    return name_key(title) == key


def _is_whole_but_number(key: str, title: str) -> bool:
    return name_key(title.split(maxsplit=1)[-1]) == key


def _is_part(key: str, title: str) -> bool:
    return key in name_key(title)


def _shown(titles: Sequence[str]) -> str:
    more = f"、ほか{len(titles) - _SHOWN}件" if len(titles) > _SHOWN else ""
    return "、".join(f"「{' '.join(title.split())}」" for title in titles[:_SHOWN]) + more

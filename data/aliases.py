"""Everyday names of indicators, added and withdrawn by hand."""

import re
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import ChangeKind, is_visible, name_key
from data.store import read_catalogue

_LONGEST = 100

_a = t.aliases.c


def alias_text(text: str) -> str:
    """The alias that somebody has written, without the spaces around it.

    Raises ValueError for an empty one, one that is too long or holds what cannot be seen, or one with a 読点 (it
    separates aliases in a file).
    """
    text = text.strip()
    if not text or re.search(r"[、,，\n\t]", text):
        raise ValueError("別名は空にできません。読点・コンマ・改行も使えません。")
    if len(text) > _LONGEST or not is_visible(text):
        raise ValueError(f"別名は{_LONGEST}字までにしてください（見えない文字は使えません）。")
    return text


def add_alias(connection: sa.Connection, organisation: str, text: str, indicator: str, author: Author) -> bool:
    """Adds an alias to the indicator with this name (to each, where several have it); False if it was there already.

    Raises ValueError for an unknown indicator, and for what is no alias (alias_text).
    """
    text = alias_text(text)
    organisation_id = lock_organisation(connection, organisation)
    found = [i for i in read_catalogue(connection, organisation).indicators if name_key(i.name) == name_key(indicator)]
    if not found:
        raise ValueError(f"「{indicator}」という指標はありません。")
    new = [i.id for i in found if text not in i.aliases]
    if not new:
        return False
    insert_alias(connection, text, new, add_change(connection, organisation_id, ChangeKind.ALIAS, author))
    return True


def insert_alias(connection: sa.Connection, text: str, indicator_ids: Sequence[int], change_id: int) -> None:
    """Gives an alias that has been checked to indicators that do not have it yet."""
    rows = [{"indicator_id": one, "text": text, "change_id": change_id} for one in indicator_ids]
    insert_rows(connection, t.aliases, rows)


def withdraw_alias(
    connection: sa.Connection, organisation: str, text: str, indicator_ids: Collection[int], author: Author
) -> None:
    """Takes an alias away from indicators: nobody is answered by it any more, and no load brings it back.

    That it was given stays in the store. Raises ValueError where one of the indicators is not called so (any more).
    """
    organisation_id = lock_organisation(connection, organisation)
    own = [one for one in read_catalogue(connection, organisation).indicators if one.id in indicator_ids]
    if len(own) < len(indicator_ids) or any(text not in one.aliases for one in own):
        raise ValueError(f"別名「{text}」は、この指標にはもうありません。")
    withdrawn_by = add_change(connection, organisation_id, ChangeKind.WITHDRAW, author)
    given = (_a.text == text) & _a.indicator_id.in_(indicator_ids) & _a.withdrawn_by.is_(None)
    connection.execute(sa.update(t.aliases).where(given).values(withdrawn_by=withdrawn_by))


def aliases_of(connection: sa.Connection, indicator_id: int) -> list[str]:
    query = sa.select(_a.text).where(_a.indicator_id == indicator_id, _a.withdrawn_by.is_(None))
    return list(connection.execute(query.order_by(_a.id)).scalars())

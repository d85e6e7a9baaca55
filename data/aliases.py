"""Everyday names of indicators, added by hand."""

import re

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import name_key
from data.store import read_catalogue


def add_alias(connection: sa.Connection, organisation: str, text: str, indicator: str, author: Author) -> bool:
    """Adds an alias to the indicator with this name (to each, where several have it); False if it was there already.

    Raises ValueError for an unknown indicator, an empty alias, or one with a 読点 (it separates aliases in a file).
    """
    text = text.strip()
    if not text or re.search(r"[、,，\n\t]", text):
        raise ValueError("別名は空にできません。読点・コンマ・改行も使えません。")
    organisation_id = lock_organisation(connection, organisation)
    found = [i for i in read_catalogue(connection, organisation).indicators if name_key(i.name) == name_key(indicator)]
    if not found:
        raise ValueError(f"「{indicator}」という指標はありません。")
    new = [i for i in found if text not in i.aliases]
    if not new:
        return False
    change_id = add_change(connection, organisation_id, "alias", author)
    insert_rows(connection, t.aliases, [{"indicator_id": i.id, "text": text, "change_id": change_id} for i in new])
    return True

"""Stores what a plan names, from chapters to listings, and withdraws what it no longer names."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from data import tables as t
from data.changes import insert_rows, update_rows
from data.facts import name_key
from data.importers.identity import Group, ReadRow
from data.importers.report import Difference, LoadReport
from data.importers.rows import Remark, Row
from data.values import unit_in_name

InitiativeKey = tuple[str, str, str, str]


def initiative_key(row: Row) -> InitiativeKey:
    return row.chapter, row.area, row.number, row.initiative


def store_initiatives(
    connection: sa.Connection,
    plan_id: int,
    change_id: int,
    rows: Sequence[Row],
    chapter_names: Sequence[str],
    report: LoadReport,
) -> dict[InitiativeKey, int]:
    """Ids of the initiatives that the rows name; those that are no longer named are withdrawn."""
    chapter_ids = _store_chapters(connection, plan_id, rows, chapter_names)
    area_keys = list(dict.fromkeys((chapter_ids[row.chapter], row.area) for row in rows))
    area_ids = _upsert(connection, t.areas, ("chapter_id", "title"), area_keys)
    first: dict[tuple[int, str, str], Row] = {}
    for row in rows:
        first.setdefault((area_ids[chapter_ids[row.chapter], row.area], row.number, row.initiative), row)
    i = t.initiatives.c
    known = {
        (row.area_id, row.number, row.title): row
        for row in connection.execute(
            sa.select(t.initiatives)
            .join(t.areas, i.area_id == t.areas.c.id)
            .join(t.chapters, t.areas.c.chapter_id == t.chapters.c.id)
            .where(t.chapters.c.plan_id == plan_id)
        )
    }
    new = [key for key in first if key not in known]
    values = [
        {"area_id": key[0], "number": key[1], "title": key[2], "position": first[key].line, "line": first[key].line}
        for key in new
    ]
    ids = dict(zip(new, insert_rows(connection, t.initiatives, values), strict=True))
    moved: list[dict[str, Any]] = []
    withdrawn: list[dict[str, Any]] = []
    for key, stored in known.items():
        if key in first:
            ids[key] = stored.id
            line = first[key].line
            if (stored.line, stored.withdrawn_by) != (line, None):
                moved.append({"id": stored.id, "position": line, "line": line, "withdrawn_by": None})
            if stored.withdrawn_by is not None:
                report.added.append(Difference(f"取組項目「{key[2]}」"))
        elif stored.withdrawn_by is None:
            withdrawn.append({"id": stored.id, "withdrawn_by": change_id})
            report.removed.append(Difference(f"取組項目「{key[2]}」"))
    update_rows(connection, t.initiatives, moved)
    update_rows(connection, t.initiatives, withdrawn)
    if not report.is_new:
        report.added += [Difference(f"取組項目「{key[2]}」") for key in new]
    return {
        initiative_key(row): ids[area_ids[chapter_ids[row.chapter], row.area], row.number, row.initiative]
        for row in rows
    }


def _store_chapters(
    connection: sa.Connection, plan_id: int, rows: Sequence[Row], chapter_names: Sequence[str]
) -> dict[str, int]:
    """Ids by the titles that the rows give; a list without a printed title takes the name that it was given."""
    c = t.chapters.c
    known = list(connection.execute(sa.select(t.chapters).where(c.plan_id == plan_id).order_by(c.position)))
    given = [row.title for row in known if not row.printed] or list(chapter_names)
    ids = {row.title: row.id for row in known}
    chapter_ids: dict[str, int] = {}
    for position, printed in enumerate(dict.fromkeys(row.chapter for row in rows)):
        title = printed or (given[0] if given else "")
        if title not in ids:
            values = {"plan_id": plan_id, "position": position, "title": title, "printed": bool(printed)}
            ids[title] = insert_rows(connection, t.chapters, [values])[0]
        chapter_ids[printed] = ids[title]
    return chapter_ids


def _upsert(
    connection: sa.Connection, table: sa.Table, columns: tuple[str, str], keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """Ids of the rows with these (parent, title) keys, made where they are missing."""
    parent, title = (table.c[column] for column in columns)
    found = connection.execute(sa.select(table.c.id, parent, title).where(parent.in_({key[0] for key in keys})))
    ids = {(row[1], row[2]): row[0] for row in found}
    new = {key: position for position, key in enumerate(keys) if key not in ids}
    values = [dict(zip(columns, key, strict=True)) | {"position": position} for key, position in new.items()]
    return ids | dict(zip(new, insert_rows(connection, table, values), strict=True))


_COLUMN_NAMES = {"name": "指標名", "unit": "単位", "direction": "方向", "aggregation": "集計"}
_TEXT_NAMES = {"owner": "担当課", "remark": "備考"}


def _first_of(group: Group, attribute: str) -> Any:
    return next((value for read in group.rows if (value := getattr(read.row, attribute))), None)


def store_indicators(
    connection: sa.Connection,
    plan_id: int,
    groups: Sequence[Group],
    initiative_ids: Mapping[InitiativeKey, int],
    is_long_form: bool,
    report: LoadReport,
) -> list[int]:
    """Ids of the indicators, one a group: a stored one of that name that shares most initiatives, else a new one.

    In the long form one that stands under other initiatives only is another one in any case.
    """
    places: dict[int, set[int]] = defaultdict(set)
    stored: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    query = sa.select(t.indicators).where(t.indicators.c.plan_id == plan_id).order_by(t.indicators.c.id)
    for row in connection.execute(query):
        stored[name_key(row.name)].append(row)
    for row in connection.execute(
        sa.select(t.listings.c.indicator_id, t.listings.c.initiative_id)
        .join(t.indicators, t.listings.c.indicator_id == t.indicators.c.id)
        .where(t.indicators.c.plan_id == plan_id)
    ):
        places[row.indicator_id].add(row.initiative_id)
    names = Counter(name_key(group.name) for group in groups)
    taken: set[int] = set()
    ids: list[int | None] = []
    new: list[dict[str, Any]] = []
    for group in groups:
        own = {initiative_ids[initiative_key(read.row)] for read in group.rows}
        key = name_key(group.name)
        candidates = [row for row in stored[key] if row.id not in taken]
        match = max(candidates, key=lambda row: (len(places[row.id] & own), row.name == group.name), default=None)
        has_namesakes = is_long_form or max(len(stored[key]), names[key]) > 1
        if match is not None and not places[match.id] & own and has_namesakes:
            match = None  # with namesakes about, one that stands nowhere here is another one
        values = {
            "name": group.name,
            "unit": _first_of(group, "unit") or unit_in_name(group.name),
            "direction": _first_of(group, "direction"),
            "aggregation": _first_of(group, "aggregation"),
        }
        if match is None:
            ids.append(None)
            new.append({"plan_id": plan_id, **values})
            continue
        taken.add(match.id)
        ids.append(match.id)
        # A file without a column for it does not take away what the store knows.
        if changed := {key: value for key, value in values.items() if value and getattr(match, key) != value}:
            connection.execute(sa.update(t.indicators).where(t.indicators.c.id == match.id).values(changed))
            report.changed += [
                Difference(group.name, _COLUMN_NAMES[key], getattr(match, key) or "", value)
                for key, value in changed.items()
            ]
    made = iter(insert_rows(connection, t.indicators, new))
    return [next(made) if known is None else known for known in ids]


def store_listings(
    connection: sa.Connection,
    plan_id: int,
    change_id: int,
    groups: Sequence[Group],
    indicator_ids: Sequence[int],
    initiative_ids: Mapping[InitiativeKey, int],
    report: LoadReport,
) -> dict[tuple[int, int], int]:
    """Ids by (indicator, initiative); listings that the file no longer has are withdrawn."""
    rows: dict[tuple[int, int], ReadRow] = {}
    for group, indicator_id in zip(groups, indicator_ids, strict=True):
        for read in group.rows:
            key = indicator_id, initiative_ids[initiative_key(read.row)]
            if key in rows:
                text = f"{rows[key].row.line}行目と同じ取組項目の同じ指標です。一つとして扱いました。"
                report.repairs.append(Remark(read.row.line, text))
            rows.setdefault(key, read)
    x = t.listings.c
    query = sa.select(t.listings, t.indicators.c.name).join(t.indicators, x.indicator_id == t.indicators.c.id)
    found = connection.execute(query.where(t.indicators.c.plan_id == plan_id))
    known = {(row.indicator_id, row.initiative_id): row for row in found}
    changed: list[dict[str, Any]] = []
    withdrawn: list[dict[str, Any]] = []
    new = [key for key in rows if key not in known]
    ids = dict(zip(new, insert_rows(connection, t.listings, [_listing(key, rows[key]) for key in new]), strict=True))
    for key, row in known.items():
        if key in rows:
            ids[key] = row.id
            own = _listing(key, rows[key])
            texts = {column: own[column] or getattr(row, column) for column in _TEXT_NAMES}
            own |= texts
            if any(getattr(row, column) != value for column, value in own.items()):
                changed.append({"id": row.id, **own})
            if row.withdrawn_by is not None:
                report.added.append(Difference(row.name, _where(rows[key].row)))
            report.changed += [
                Difference(row.name, _TEXT_NAMES[column], getattr(row, column), text)
                for column, text in texts.items()
                if getattr(row, column) != text
            ]
        elif row.withdrawn_by is None:
            withdrawn.append({"id": row.id, "withdrawn_by": change_id})
            report.removed.append(Difference(row.name))
    update_rows(connection, t.listings, changed)
    update_rows(connection, t.listings, withdrawn)
    if not report.is_new:
        report.added += [Difference(rows[key].row.indicator, _where(rows[key].row)) for key in new]
    return ids


def _listing(key: tuple[int, int], read: ReadRow) -> dict[str, Any]:
    row = read.row
    place = {"indicator_id": key[0], "initiative_id": key[1], "line": row.line}
    return {**place, "owner": row.owner, "remark": row.remark, "withdrawn_by": None}


def _where(row: Row) -> str:
    return f"{row.number} {row.initiative}".strip()

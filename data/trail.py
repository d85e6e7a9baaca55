"""The audit trail: every write to the store with who made it, when, from where, and what it was about."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data import tables as t
from data.engine import in_batches
from data.facts import Change, Measure
from data.fiscal_year import FiscalYear
from data.importers.report import place_name
from data.roles import ROLE_NAMES, Role

# So many values of one change are told one by one.
_TOLD = 3

_i = t.indicators.c


@dataclass(frozen=True, slots=True)
class Entry:
    """A change with what it was about: 「slack:U0123 → 登録者」; "" where its kind says all."""

    change: Change
    about: str


def read_trail(connection: sa.Connection, organisation: str, last: int | None = None, before: int = 0) -> list[Entry]:
    """Every write of an organisation, oldest first; the `last` ones before so many newer ones if a number is given."""
    c = t.changes.c
    query = (
        sa.select(t.changes)
        .join(t.organisations, c.organisation_id == t.organisations.c.id)
        .where(t.organisations.c.name == organisation)
        .order_by(c.id.desc())
        .limit(last)
        .offset(before)
    )
    changes = {row.id: Change(row.kind, row.by, row.at, row.file) for row in connection.execute(query)}
    about: dict[int, list[str]] = defaultdict(list)
    for ids in in_batches(changes):
        for read in (_roles, _aliases, _proposals, _subscriptions, _workspaces, _figures):
            for number, text in read(connection, ids):
                about[number].append(text)
    return [Entry(change, "、".join(about[number])) for number, change in sorted(changes.items())]


def _roles(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    r = t.roles.c
    granted = {row.change_id: row for row in connection.execute(sa.select(t.roles).where(r.change_id.in_(ids)))}
    for number, row in granted.items():
        yield number, f"{row.person} → {ROLE_NAMES[Role(row.role)]}"
    for row in connection.execute(sa.select(t.roles).where(r.ended_by.in_(ids))):
        if row.ended_by not in granted:
            yield row.ended_by, f"{row.person} → {ROLE_NAMES[Role.VIEWER]}"


def _aliases(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    a = t.aliases.c
    query = sa.select(a.change_id, a.withdrawn_by, a.text, _i.name).join(t.indicators, a.indicator_id == _i.id)
    loads = sa.select(t.changes.c.id).where(t.changes.c.kind == "load")
    for row in connection.execute(query.where(a.change_id.in_(ids), a.change_id.not_in(loads)).order_by(a.id)):
        yield row.change_id, f"「{row.text}」→ {row.name}"
    for row in connection.execute(query.where(a.withdrawn_by.in_(ids)).order_by(a.id)):
        yield row.withdrawn_by, f"「{row.text}」（{row.name}）"


def _proposals(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    p = t.proposals.c
    query = sa.select(p.change_id, p.decided_by, p.is_accepted, p.id, p.text, _i.name)
    query = query.join(t.indicators, p.indicator_id == _i.id).where(p.change_id.in_(ids) | p.decided_by.in_(ids))
    for row in connection.execute(query):
        told = f"番号{row.id}「{row.text}」→ {row.name}"
        if row.change_id in ids:
            yield row.change_id, told
        if row.decided_by in ids and not row.is_accepted:  # an accepted one is told by its alias
            yield row.decided_by, told


def _subscriptions(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    s = t.subscriptions.c
    for row in connection.execute(sa.select(t.subscriptions).where(s.change_id.in_(ids) | s.ended_by.in_(ids))):
        for number in {row.change_id, row.ended_by} & set(ids):
            yield number, f"番号{row.id} {row.channel}:{row.recipient}"


def _workspaces(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    for row in connection.execute(sa.select(t.workspaces).where(t.workspaces.c.change_id.in_(ids))):
        yield row.change_id, f"{row.channel}:{row.external_id}"


def _figures(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    f = t.figures.c
    counts = sa.select(f.change_id, sa.func.count()).where(f.change_id.in_(ids)).group_by(f.change_id)
    few = []
    for number, count in connection.execute(counts):
        if count > _TOLD:
            yield number, f"値{count}件"
        else:
            few.append(number)
    query = sa.select(f.change_id, _i.name, f.measure, f.fiscal_year, f.raw).join(t.indicators, f.indicator_id == _i.id)
    for row in connection.execute(query.where(f.change_id.in_(few)).order_by(_i.id, f.fiscal_year, f.id)):
        year = FiscalYear(row.fiscal_year) if row.fiscal_year else None
        yield row.change_id, f"{row.name} {place_name(Measure(row.measure), year)} {row.raw}"

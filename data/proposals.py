"""Proposed aliases: anyone may propose one, an administrator decides."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from data import tables as t
from data.aliases import alias_text, aliases_of, insert_alias
from data.changes import Author, add_change, insert_rows, lock_organisation
from data.facts import ChangeKind, name_key
from data.history import moment
from data.store import indicator_name

_p, _o = t.proposals.c, t.organisations.c


@dataclass(frozen=True, slots=True)
class Proposal:
    """An alias proposed for an indicator, with who did so and when (UTC)."""

    id: int
    text: str
    indicator_id: int
    indicator: str
    by: str
    at: datetime


def propose(connection: sa.Connection, organisation: str, text: str, indicator_id: int, author: Author) -> int:
    """Proposes an alias for one indicator and gives the number of the proposal.

    Raises ValueError for what is no alias (alias_text), for an indicator that does not stand in a plan of the
    organisation, and where the indicator is called so already or is to be.
    """
    text = alias_text(text)
    organisation_id = lock_organisation(connection, organisation)
    name = indicator_name(connection, organisation, indicator_id)
    if name is None:
        raise ValueError("この指標は今の計画にありません。指標を選び直してください。")
    key = name_key(text)
    if key in map(name_key, (name, *aliases_of(connection, indicator_id))):
        raise ValueError(f"「{name}」は、もう「{text}」で聞けます。")
    for waiting in read_proposals(connection, organisation):
        if waiting.indicator_id == indicator_id and name_key(waiting.text) == key:
            raise ValueError(
                f"「{text}」を「{name}」の別名にする提案はもうあります（番号{waiting.id}、{waiting.by}さん）。"
                "管理者の判断をお待ちください。"
            )
    values = {
        "organisation_id": organisation_id,
        "text": text,
        "indicator_id": indicator_id,
        "change_id": add_change(connection, organisation_id, ChangeKind.PROPOSE, author),
    }
    return insert_rows(connection, t.proposals, [values])[0]


def read_proposals(connection: sa.Connection, organisation: str) -> list[Proposal]:
    """The proposals of an organisation that wait for a decision, oldest first."""
    query = _proposals(organisation).where(_p.decided_by.is_(None)).order_by(_p.id)
    return [_proposal(row) for row in connection.execute(query)]


def read_proposal(connection: sa.Connection, organisation: str, number: int) -> Proposal:
    """One that waits; raises ValueError where there is none of this number, or it has been decided (by whom, when)."""
    row = connection.execute(_proposals(organisation).where(_p.id == number)).first()
    if row is None:
        raise ValueError(f"番号{number}の提案はありません。")
    if row.decided_by is not None:
        c = t.changes.c
        who, at = connection.execute(sa.select(c.by, c.at).where(c.id == row.decided_by)).one()
        done = "登録しました" if row.is_accepted else "見送りました"
        raise ValueError(f"番号{number}の提案「{row.text}」は、{who}さんが {moment(at)} にもう{done}。")
    return _proposal(row)


def decide(connection: sa.Connection, organisation: str, number: int, accept: bool, author: Author) -> Proposal:
    """Makes of a proposal an alias of exactly its indicator, or declines it; gives the proposal.

    Raises ValueError as read_proposal does, and where an alias is to be given to an indicator that no plan lists any
    more. Of two who decide at once the second is told of the first.
    """
    organisation_id = lock_organisation(connection, organisation)
    proposal = read_proposal(connection, organisation, number)
    if accept and indicator_name(connection, organisation, proposal.indicator_id) is None:
        raise ValueError(f"指標「{proposal.indicator}」は今の計画にないので、別名を登録できません。見送ってください。")
    change_id = add_change(connection, organisation_id, ChangeKind.ACCEPT if accept else ChangeKind.DECLINE, author)
    values = {"decided_by": change_id, "is_accepted": accept}
    connection.execute(sa.update(t.proposals).where(_p.id == number).values(values))
    # It may have been added by hand meanwhile.
    if accept and proposal.text not in aliases_of(connection, proposal.indicator_id):
        insert_alias(connection, proposal.text, [proposal.indicator_id], change_id)
    return proposal


def _proposals(organisation: str) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(t.proposals, t.indicators.c.name, t.changes.c.by, t.changes.c.at)
        .join(t.organisations, _p.organisation_id == _o.id)
        .join(t.indicators, _p.indicator_id == t.indicators.c.id)
        .join(t.changes, _p.change_id == t.changes.c.id)
        .where(_o.name == organisation)
    )


def _proposal(row: sa.Row[tuple[object, ...]]) -> Proposal:
    return Proposal(row.id, row.text, row.indicator_id, row.name, row.by, row.at)

"""Followed indicators: what a person keeps an eye on. It is their own business, so that no change tells of it."""

from contextlib import suppress

import sqlalchemy as sa

from data import tables as t
from data.store import indicator_name

_f, _o = t.follows.c, t.organisations.c


def follow(connection: sa.Connection, organisation: str, person: str, indicator_id: int) -> bool:
    """Lets a person follow an indicator; False if they do already.

    Raises ValueError for an indicator that does not stand in a plan of the organisation.
    """
    if indicator_name(connection, organisation, indicator_id) is None:
        raise ValueError("この指標は今の計画にありません。指標を選び直してください。")
    organisation_id = sa.select(_o.id).where(_o.name == organisation).scalar_subquery()
    values = {"organisation_id": organisation_id, "person": person, "indicator_id": indicator_id}
    # The database refuses the second: there is nothing to be done twice, nor a writer to wait for.
    with suppress(sa.exc.IntegrityError), connection.begin_nested():
        connection.execute(sa.insert(t.follows).values(values))
        return True
    return False


def unfollow(connection: sa.Connection, organisation: str, person: str, indicator_id: int) -> bool:
    """Ends that; False if they do not follow it."""
    own = _own(organisation, person)
    return connection.execute(sa.delete(t.follows).where(own, _f.indicator_id == indicator_id)).rowcount == 1


def followed(connection: sa.Connection, organisation: str, person: str) -> list[int]:
    """The ids of the indicators that a person follows, in the order in which they began to.

    Those that no plan lists any more are among them: they are not in the catalogue, but may come back.
    """
    query = sa.select(_f.indicator_id).where(_own(organisation, person)).order_by(_f.id)
    return list(connection.execute(query).scalars())


def _own(organisation: str, person: str) -> sa.ColumnElement[bool]:
    of_organisation = _f.organisation_id.in_(sa.select(_o.id).where(_o.name == organisation))
    return sa.and_(of_organisation, _f.person == person)

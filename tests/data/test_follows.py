"""Followed indicators and votes on answers, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa

from data import tables as t
from data.engine import writing
from data.follows import follow, followed, unfollow
from data.store import Store
from data.votes import Votes, count_votes, vote
from tests.data.stores import count_rows, indicators, load

PERSON, OTHER = "slack:U1", "slack:U2"
DAY = date(2026, 12, 1)


def _id(store: Store, name: str, organisation: str = "default") -> int:
    return indicators(store, name, organisation)[0].id


def _follow(engine: sa.Engine, indicator: int, person: str = PERSON, organisation: str = "default") -> bool:
    with writing(engine) as connection:
        return follow(connection, organisation, person, indicator)


def _unfollow(engine: sa.Engine, indicator: int, person: str = PERSON, organisation: str = "default") -> bool:
    with writing(engine) as connection:
        return unfollow(connection, organisation, person, indicator)


def _followed(engine: sa.Engine, person: str = PERSON, organisation: str = "default") -> list[int]:
    with engine.connect() as connection:
        return followed(connection, organisation, person)


def _vote(
    engine: sa.Engine, answer: str, is_good: bool, person: str = PERSON, organisation: str = "default", day: date = DAY
) -> None:
    with writing(engine) as connection:
        vote(connection, organisation, answer, person, is_good, day)


def _votes(engine: sa.Engine, organisation: str = "default", since: date | None = None) -> Votes:
    with engine.connect() as connection:
        return count_votes(connection, organisation, since)


# Follows


def test_followed_in_the_order_followed(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", "Y | 6", "Z | 7")
    x, y, z = (_id(store, name) for name in "XYZ")
    changes, revision = count_rows(engine, t.changes), store.revision("default")
    assert [_follow(engine, one) for one in (z, x, y, x)] == [True, True, True, False]
    assert _followed(engine) == [z, x, y]
    assert _unfollow(engine, x)
    assert not _unfollow(engine, x)
    assert _followed(engine) == [z, y]
    assert _follow(engine, x)
    assert _followed(engine) == [z, y, x]
    assert _followed(engine, OTHER) == []
    assert (count_rows(engine, t.changes), store.revision("default")) == (changes, revision)


def test_indicator_of_another_organisation_cannot_be_followed(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    load(engine, "指標名 | R4", "Y | 5", organisation="県")
    x, y = _id(store, "X"), _id(store, "Y", "県")
    for organisation, indicator in (("default", y), ("県", x), ("市", x), ("default", 999)):
        with pytest.raises(ValueError, match="この指標は今の計画にありません"):
            _follow(engine, indicator, organisation=organisation)
    _follow(engine, y, organisation="県")
    assert (_followed(engine), _followed(engine, organisation="県")) == ([], [y])
    assert not _unfollow(engine, y)
    assert count_rows(engine, t.follows) == [1]


def test_indicator_that_was_withdrawn(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5", "Y | 6")
    x = _id(store, "X")
    _follow(engine, x)
    load(engine, "指標名 | R4", "Y | 6")
    assert _followed(engine) == [x]
    with pytest.raises(ValueError, match="今の計画にありません"):
        _follow(engine, x, OTHER)
    assert _unfollow(engine, x)


def test_eight_clicks_at_once_follow_once(engine: sa.Engine, store: Store) -> None:
    load(engine, "指標名 | R4", "X | 5")
    x = _id(store, "X")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: _follow(engine, x), range(8))) == 1
    assert _followed(engine) == [x]


# Votes


def test_one_vote_for_each_person_and_answer(engine: sa.Engine) -> None:
    load(engine, "指標名 | R4", "X | 5")
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    changes = count_rows(engine, t.changes)
    assert _votes(engine) == Votes(0, 0)
    _vote(engine, "C1:1.0", True)
    _vote(engine, "C1:1.0", True)
    assert _votes(engine) == Votes(1, 0)
    _vote(engine, "C1:1.0", False)
    assert _votes(engine) == Votes(0, 1)
    _vote(engine, "C1:1.0", True, OTHER)
    _vote(engine, "C1:2.0", True)
    _vote(engine, "C1:1.0", True, organisation="県")
    assert _votes(engine) == Votes(2, 1)
    assert _votes(engine, "県") == Votes(1, 0)
    assert _votes(engine, "市") == Votes(0, 0)
    assert count_rows(engine, t.changes) == changes


def test_votes_since_a_day(engine: sa.Engine) -> None:
    for at, is_good in enumerate((True, True, False)):
        _vote(engine, f"{at}", is_good, day=date(2026, 12, 1 + at))
    assert _votes(engine, since=date(2026, 12, 2)) == Votes(1, 1)
    _vote(engine, "0", False, day=date(2026, 12, 5))
    assert _votes(engine, since=date(2026, 12, 2)) == Votes(1, 2)


def test_ballot_tells_neither_person_nor_answer(engine: sa.Engine) -> None:
    _vote(engine, "C1:1.0", True)
    _vote(engine, "C1:1.", True, "0slack:U1")
    with engine.connect() as connection:
        rows = connection.execute(sa.select(t.votes)).all()
    assert len({row.ballot for row in rows}) == 2
    assert all(len(row.ballot) == 64 for row in rows)
    assert not any(word in repr(rows) for word in ("U1", "C1", "slack"))


def test_eight_clicks_at_once_are_one_vote(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: _vote(engine, "C1:1.0", at % 2 == 0), range(8)))
    votes = _votes(engine)
    assert votes.good + votes.bad == 1

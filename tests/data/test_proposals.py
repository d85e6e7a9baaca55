"""Aliases that are proposed, accepted and declined, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from data import tables as t
from data.aliases import add_alias
from data.changes import Author
from data.engine import writing
from data.proposals import Proposal, decide, propose, read_proposals
from data.store import Store
from data.trail import read_trail
from tests.data.stores import count_rows, indicators, load

ASKER = Author("slack:U1", datetime(2026, 11, 1, tzinfo=UTC))
JUDGE = Author("佐藤", datetime(2026, 11, 2, 0, 30, tzinfo=UTC))


@pytest.fixture
def child(engine: sa.Engine, store: Store) -> int:
    """The id of 待機児童数, of a plan that has been loaded."""
    load(engine, "指標名 | R4", "待機児童数 | 5", "整備率 | 6")
    return indicators(store, "待機児童数")[0].id


def _propose(engine: sa.Engine, text: str, indicator: int, organisation: str = "default") -> int:
    with writing(engine) as connection:
        return propose(connection, organisation, text, indicator, ASKER)


def _decide(
    engine: sa.Engine, number: int, accept: bool, organisation: str = "default", author: Author = JUDGE
) -> Proposal:
    with writing(engine) as connection:
        return decide(connection, organisation, number, accept, author)


def _waiting(engine: sa.Engine, organisation: str = "default") -> list[Proposal]:
    with engine.connect() as connection:
        return read_proposals(connection, organisation)


def _kinds(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return [entry.change.kind for entry in read_trail(connection, "default")]


def test_proposal_waits_and_is_no_alias_yet(engine: sa.Engine, store: Store, child: int) -> None:
    revision = store.revision("default")
    number = _propose(engine, " 待機 ", child)
    assert _waiting(engine) == [Proposal(number, "待機", child, "待機児童数", "slack:U1", ASKER.at)]
    assert _waiting(engine, "県") == []
    assert indicators(store, "待機児童数")[0].aliases == ()
    assert store.revision("default") == revision
    assert _kinds(engine) == ["load", "propose"]


def test_accepted_proposal_is_an_alias_of_exactly_its_indicator(engine: sa.Engine, store: Store) -> None:
    load(engine, "項目 | 指標名 | R4", "甲 | 参加者数 | 5", "乙 | 参加者数 | 6")
    first, second = indicators(store, "参加者数")
    number, revision = _propose(engine, "参加", second.id), store.revision("default")
    assert _decide(engine, number, True).text == "参加"
    assert [one.aliases for one in indicators(store, "参加者数")] == [(), ("参加",)]
    assert store.revision("default") > revision
    assert _waiting(engine) == []
    assert _kinds(engine) == ["load", "propose", "accept"]
    assert _propose(engine, "参加", first.id) != number


def test_declined_proposal_changes_nothing_and_can_be_made_again(engine: sa.Engine, store: Store, child: int) -> None:
    revision = store.revision("default")
    number = _propose(engine, "待機", child)
    assert _decide(engine, number, False).indicator == "待機児童数"
    assert _waiting(engine) == []
    assert store.revision("default") == revision
    assert _kinds(engine) == ["load", "propose", "decline"]
    again = _propose(engine, "待機", child)
    assert [one.id for one in _waiting(engine)] == [again]
    with engine.connect() as connection:
        decided = connection.execute(sa.select(t.proposals.c.is_accepted).order_by(t.proposals.c.id)).scalars().all()
    assert decided == [False, None]


@pytest.mark.parametrize("text", ["", " ", "甲、乙", "甲,乙", "甲\n乙", "あ" * 101, "甲\u202e乙", "\u200b"])
def test_text_that_is_no_alias(text: str, engine: sa.Engine, child: int) -> None:
    with pytest.raises(ValueError, match="別名は"):
        _propose(engine, text, child)
    with pytest.raises(ValueError, match="別名は"), writing(engine) as connection:
        add_alias(connection, "default", text, "待機児童数", JUDGE)
    assert count_rows(engine, t.proposals, t.changes) == [0, 1]


def test_what_it_is_called_already_is_not_proposed(engine: sa.Engine, store: Store, child: int) -> None:
    with writing(engine) as connection:
        add_alias(connection, "default", "ＴＪ", "待機児童数", JUDGE)
    rows = count_rows(engine, t.proposals, t.changes)
    for text in ("待機児童数", "ＴＪ", "tj", "待機 児童数"):
        with pytest.raises(ValueError, match=f"「待機児童数」は、もう「{text}」で聞けます"):
            _propose(engine, text, child)
    assert count_rows(engine, t.proposals, t.changes) == rows
    # Two indicators may share an alias: the bot asks back then.
    assert _propose(engine, "ＴＪ", indicators(store, "整備率")[0].id)


def test_proposal_that_waits_is_not_made_again(engine: sa.Engine, child: int) -> None:
    number = _propose(engine, "ＴＪ", child)
    with pytest.raises(ValueError, match=f"提案はもうあります（番号{number}、slack:U1さん）"):
        _propose(engine, "tj", child)
    assert count_rows(engine, t.proposals, t.changes) == [1, 2]


def test_indicator_that_is_not_there(engine: sa.Engine, store: Store, child: int) -> None:
    load(engine, "指標名 | R4", "X | 5", organisation="県")
    other = indicators(store, "X", "県")[0].id
    for organisation, indicator in (("default", other), ("県", child), ("default", 999)):
        with pytest.raises(ValueError, match="この指標は今の計画にありません"):
            _propose(engine, "別名", indicator, organisation)
    assert count_rows(engine, t.proposals) == [0]


def test_indicator_that_is_withdrawn_before_the_decision(engine: sa.Engine, child: int) -> None:
    number = _propose(engine, "待機", child)
    load(engine, "指標名 | R4", "整備率 | 6")
    with pytest.raises(ValueError, match=r"指標「待機児童数」は今の計画にない.*見送ってください"):
        _decide(engine, number, True)
    assert [one.id for one in _waiting(engine)] == [number]
    _decide(engine, number, False)
    assert (_waiting(engine), count_rows(engine, t.aliases)) == ([], [0])


def test_alias_that_was_added_by_hand_meanwhile(engine: sa.Engine, store: Store, child: int) -> None:
    number = _propose(engine, "待機", child)
    with writing(engine) as connection:
        add_alias(connection, "default", "待機", "待機児童数", JUDGE)
    _decide(engine, number, True)
    assert indicators(store, "待機児童数")[0].aliases == ("待機",)
    assert _waiting(engine) == []


def test_only_one_s_own_proposal_can_be_decided_and_once(engine: sa.Engine, child: int) -> None:
    number = _propose(engine, "待機", child)
    for organisation, wrong in (("県", number), ("default", number + 1), ("default", -1)):
        with pytest.raises(ValueError, match=f"番号{wrong}の提案はありません"):
            _decide(engine, wrong, True, organisation)
    _decide(engine, number, True)
    rows = count_rows(engine, t.changes, t.aliases)
    for accept in (True, False):
        with pytest.raises(ValueError, match="「待機」は、佐藤さんが 2026/11/02 09:30 にもう登録しました"):
            _decide(engine, number, accept)
    assert count_rows(engine, t.changes, t.aliases) == rows
    declined = _propose(engine, "待ち", child)
    _decide(engine, declined, False)
    with pytest.raises(ValueError, match="もう見送りました"):
        _decide(engine, declined, True)


def test_eight_who_decide_at_once(engine: sa.Engine, child: int) -> None:
    number = _propose(engine, "待機", child)

    def attempt(at: int) -> str:
        try:
            _decide(engine, number, at % 2 == 0, author=Author(f"人{at}", JUDGE.at))
        except ValueError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(attempt, range(8)))
    winner = told.index("")
    assert all(f"、人{winner}さんが" in one for at, one in enumerate(told) if at != winner)
    assert count_rows(engine, t.aliases, t.changes) == [1 - winner % 2, 3]


def test_eight_who_propose_the_same_at_once(engine: sa.Engine, child: int) -> None:
    def attempt(_: int) -> bool:
        try:
            return bool(_propose(engine, "待機", child))
        except ValueError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert count_rows(engine, t.proposals) == [1]

"""The audit trail tells of every kind of write who made it and what it was about, on both databases."""

from datetime import timedelta

import sqlalchemy as sa

from data.aliases import add_alias
from data.changes import Author
from data.engine import writing
from data.proposals import decide, propose
from data.roles import Role, grant
from data.store import Store
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription, end_subscription
from data.trail import Entry, read_trail
from data.workspaces import bind_workspace
from tests.data.stores import FIRST_DAY, load, record

PLAN = ("指標名 | 単位 | R4 | R5", "植樹の面積 | ha | 20 | 30", "朝市の来場者 | 人 | 5 | 6")


def _told(engine: sa.Engine, last: int | None = None) -> list[str]:
    with engine.connect() as connection:
        return [_line(entry) for entry in read_trail(connection, "default", last)]


def _line(entry: Entry) -> str:
    return f"{entry.change.by} {entry.change.kind}: {entry.about}"


def test_every_kind_of_write_says_what_it_was_about(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    record(engine, "指標名 | 年度 | 実績値", "植樹の面積 | R4 | 21", "朝市の来場者 | R4 | 4")
    record(engine, "指標名 | 年度 | 実績値", *(f"植樹の面積 | R{year} | {year}0" for year in (4, 5)))
    (first, _) = Store(engine).catalogue("default").indicators
    wish = Wish("slack", "C1", DigestKind.SUMMARY, "", Rhythm.MONTHLY, 9)
    author = Author("田中（slack:U1）", FIRST_DAY, "Slack")
    with writing(engine) as connection:
        add_alias(connection, "default", "植樹", "植樹の面積", author)
        grant(connection, "default", "slack:U1", Role.RECORDER, author)
        grant(connection, "default", "slack:U1", Role.VIEWER, author)
        bind_workspace(connection, "slack", "T1", "default", author)
        number = add_subscription(connection, "default", wish, author)
        end_subscription(connection, "default", number, author)
        for name, accept in (("木", True), ("林", False)):
            decide(connection, "default", propose(connection, "default", name, first.id, author), accept, author)
    assert _told(engine) == [
        "佐藤 load: 値4件",
        "鈴木 record: 植樹の面積 R4の実績値 21、朝市の来場者 R4の実績値 4",
        "鈴木 record: 植樹の面積 R4の実績値 40、植樹の面積 R5の実績値 50",
        "田中（slack:U1） alias: 「植樹」→ 植樹の面積",
        "田中（slack:U1） grant: slack:U1 → 登録者",
        "田中（slack:U1） grant: slack:U1 → 閲覧者",
        "田中（slack:U1） workspace: slack:T1",
        "田中（slack:U1） subscribe: 番号1 slack:C1",
        "田中（slack:U1） unsubscribe: 番号1 slack:C1",
        "田中（slack:U1） propose: 番号1「木」→ 植樹の面積",
        "田中（slack:U1） accept: 「木」→ 植樹の面積",
        "田中（slack:U1） propose: 番号2「林」→ 植樹の面積",
        "田中（slack:U1） decline: 番号2「林」→ 植樹の面積",
    ]
    assert _told(engine, 2) == _told(engine)[-2:]


def test_trail_is_of_one_organisation_and_in_order(engine: sa.Engine) -> None:
    load(engine, *PLAN)
    load(engine, *PLAN, organisation="みどり市", author=Author("高橋", FIRST_DAY + timedelta(days=1)))
    assert [line.partition(" ")[0] for line in _told(engine)] == ["佐藤"]
    with engine.connect() as connection:
        assert read_trail(connection, "ない市") == []

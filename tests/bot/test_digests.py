"""What digests say, over a plan of its own, and that each goes out once, on SQLite and as real processes."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answer import Answer, Kind
from bot.digests.delivery import Deliver, HandedOut, hand_out
from bot.digests.scope import resolve_scope
from data.changes import Author
from data.digests import LEASE, claim_digest
from data.engine import ensure_schema, open_engine, writing
from data.fiscal_year import TOKYO
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.store import Store
from data.subscriptions import DigestKind, Rhythm, Subscription, Wish, add_subscription

ROOT = Path(__file__).parents[2]
AUTHOR = Author("佐藤", datetime(2024, 9, 15, tzinfo=UTC))
HEAD = "章|分野|指標名|単位|担当課|基準値|R4|R5|R6|R7".split("|")
ROWS = [
    "本編|1 くらし|灯油の使用量|L|環境課|40|36|32|28|24",
    "本編|1 くらし|植樹の面積|ha|環境課|10|20|30|40|50",
    "本編|2 しごと|朝市の来場者|人||100|200|300|400|500",
    "別冊|3 しごとの場|空き店舗|件|商工課|50|40|30|20|10",
]
OCTOBER, NOVEMBER = (datetime(2024, month, 1, 9, 5, tzinfo=TOKYO) for month in (10, 11))
DECEMBER = datetime(2024, 12, 2, 9, 5, tzinfo=TOKYO)  # the 1st is a Sunday
SUMMARY = Wish("terminal", "財政課", DigestKind.SUMMARY, "", Rhythm.MONTHLY, 9)
REMINDER = replace(SUMMARY, kind=DigestKind.REMINDER)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'shirube.db'}")
    ensure_schema(engine)
    _load(engine, *ROWS)
    _record(engine, "植樹の面積 R5 28", "灯油の使用量 R5 31", "空き店舗 R5 52")
    yield Store(engine)
    engine.dispose()


def _load(engine: sa.Engine, *rows: str, title: str = "村づくり計画") -> None:
    grid = Grid("", [HEAD, *(row.split("|") for row in rows)])
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([grid]), Details(title=title), AUTHOR)


def _record(engine: sa.Engine, *results: str) -> None:
    """Each 「植樹の面積 R5 28」, or with a remark 「植樹の面積 R6 35 R6.9月末時点」."""
    rows = [ResultRow(line, name, "", *rest) for line, (name, *rest) in enumerate(map(_parts, results), 2)]
    with writing(engine) as connection:
        store_results(connection, "default", rows, AUTHOR)


def _parts(result: str) -> list[str]:
    parts = result.split(maxsplit=3)
    return [*parts, *[""] * (4 - len(parts))]


def _subscribe(store: Store, *wishes: Wish) -> None:
    with writing(store.engine) as connection:
        for wish in wishes:
            add_subscription(connection, "default", wish, AUTHOR)


def _hand_out(store: Store, now: datetime, deliver: Deliver | None = None) -> tuple[HandedOut, list[Answer]]:
    out: list[Answer] = []

    def keep(subscription: Subscription, digest: Answer, key: str) -> None:
        out.append(digest)

    return hand_out(store, "default", "terminal", lambda: now, deliver or keep), out


def _only(store: Store, now: datetime) -> list[str]:
    """The lines of the one digest that is handed out."""
    handed, (digest,) = _hand_out(store, now)
    assert handed == HandedOut(delivered=1)
    return digest.text.plain().splitlines()


# What a digest says


def test_first_digest_tells_how_things_stand(store: Store) -> None:
    _subscribe(store, SUMMARY)
    assert _only(store, OCTOBER) == [
        "計画全体の状況のお知らせです（2024年10月1日9時現在）。",
        "はじめてのお知らせです。次からは、変わったところを先にお伝えします。",
        "令和5年度（2023年4月〜2024年3月）の状況（標準の判定基準）: "
        "達成 1件 ／ 概ね順調 1件 ／ 後退 1件 ／ 実績未登録 1件",
        "目標か実績のある4指標のうち、実績が登録されているのは3指標です。",
        "「達成」は3指標のうち1指標（33.3%）です。",
        "まず見るべきもの:",
        "・後退 空き店舗: 実績 52、目標 30（単位は件）",
        "「達成」のもの:",
        "・達成 灯油の使用量: 実績 31、目標 32（単位はL）",
        "出典: 村づくり計画、本編・別冊",
    ]


def test_nothing_changed_is_skipped_and_not_looked_at_again(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    _record(store.engine, "植樹の面積 R5 28")  # as it was
    assert _hand_out(store, NOVEMBER) == (HandedOut(skipped=1), [])
    assert _hand_out(store, NOVEMBER + timedelta(hours=1)) == (HandedOut(), [])


def test_what_changed_since_the_last_one_stands_on_top(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    assert _hand_out(store, NOVEMBER)[0] == HandedOut(skipped=1)
    _record(store.engine, "植樹の面積 R5 30", "朝市の来場者 R5 320", "灯油の使用量 R6 30 R6.9月末時点")
    _load(store.engine, ROWS[0].replace("|24", "|22"), *ROWS[1:])
    assert _only(store, DECEMBER)[:7] == [
        "計画全体の状況のお知らせです（2024年12月2日9時現在）。",
        "前回（10月1日）から: 実績の登録 2件、実績の変更 1件、目標の変更 1件",
        "・灯油の使用量 R6 実績（途中経過） 30（概ね順調）",
        "・植樹の面積 R5 実績 28 → 30（概ね順調 → 達成）",
        "・朝市の来場者 R5 実績 320（達成）",
        "・灯油の使用量 R7 目標 24 → 22",
        "令和5年度（2023年4月〜2024年3月）の状況（標準の判定基準）: 達成 3件 ／ 後退 1件",
    ]


def test_change_that_was_taken_back_is_none(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    _record(store.engine, "植樹の面積 R5 30")
    _record(store.engine, "植樹の面積 R5 28")
    assert _hand_out(store, NOVEMBER)[0] == HandedOut(skipped=1)


def test_remark_that_changed_is_told(store: Store) -> None:
    _record(store.engine, "植樹の面積 R6 35 R6.9月末時点")
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    _record(store.engine, "植樹の面積 R6 35 R7.3月末時点")
    line = "・植樹の面積 R6 実績 35（R6.9月末時点） → 35（R7.3月末時点）（概ね順調のまま）"
    assert _only(store, datetime(2025, 6, 2, 9, tzinfo=TOKYO))[2] == line


def test_indicators_that_came_and_went_are_told(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    _load(store.engine, *ROWS[:3], "本編|2 しごと|空き家の活用|件||1|2|3|4|5")
    assert _only(store, NOVEMBER)[1:4] == [
        "前回（10月1日）から: 新しい指標 1件、なくなった指標 1件",
        "・新しい指標: 空き家の活用",
        "・なくなった指標: 空き店舗",
    ]


def test_many_changes_are_counted(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, OCTOBER)
    _record(store.engine, *(f"{row.split('|')[2]} {year} 1" for row in ROWS for year in ("R4", "R3")))
    lines = _only(store, NOVEMBER)
    assert lines[1] == "前回（10月1日）から: 実績の登録 8件"
    assert [line.startswith("・") for line in lines[2:10]] == [True] * 7 + [False]
    assert lines[8] == "・ほか2件"


def test_last_year_s_digest_is_named_with_its_year(store: Store) -> None:
    _subscribe(store, SUMMARY)
    _only(store, DECEMBER)
    _record(store.engine, "朝市の来場者 R5 320")
    assert _only(store, datetime(2025, 1, 6, 9, tzinfo=TOKYO))[1].startswith("前回（2024年12月2日）から: ")


def test_change_in_another_area_is_none(store: Store) -> None:
    _subscribe(store, replace(SUMMARY, scope="1 くらし"), replace(SUMMARY, scope="別冊"))
    assert _hand_out(store, OCTOBER)[0] == HandedOut(delivered=2)
    _record(store.engine, "空き店舗 R5 20")
    handed, (digest,) = _hand_out(store, NOVEMBER)
    assert handed == HandedOut(delivered=1, skipped=1)
    assert digest.text.statement.startswith("「別冊」の状況")
    assert digest.text.lines[1] == "・空き店舗 R5 実績 52 → 20（後退 → 達成）"
    assert [one.indicator.name for one in digest.statuses] == ["空き店舗"]


def test_what_comes_while_a_digest_goes_out_is_told_by_the_next(store: Store) -> None:
    _subscribe(store, SUMMARY)

    def deliver(subscription: Subscription, digest: Answer, key: str) -> None:
        _record(store.engine, "朝市の来場者 R5 320")

    assert _hand_out(store, OCTOBER, deliver)[0] == HandedOut(delivered=1)
    assert _only(store, NOVEMBER)[2] == "・朝市の来場者 R5 実績 320（達成）"


def test_scope_that_is_gone_is_told(store: Store) -> None:
    _subscribe(store, replace(SUMMARY, scope="9 なかった分野"))
    _, (digest,) = _hand_out(store, OCTOBER)
    assert digest.kind is Kind.NO_DATA
    assert "「9 なかった分野」の指標は、今の計画にありません" in digest.text.plain()


# Reminders


def test_reminder_groups_by_owner(store: Store) -> None:
    _subscribe(store, REMINDER)
    assert _only(store, OCTOBER) == [
        "実績の登録のお願いです。実績が未登録か、途中経過のままの指標が4件あります（2024年10月1日9時現在）。",
        "環境課: 2件",
        "・灯油の使用量: 令和4年度",
        "・植樹の面積: 令和4年度",
        "商工課: 1件",
        "・空き店舗: 令和4年度",
        "担当課の記載なし: 1件",
        "・朝市の来場者: 令和4年度・令和5年度",
        "年度の実績は、翌年度の5月31日までのものとして数えています。",
        "登録のしかた: python -m data template で照会様式を書き出し、実績値を書き入れて、"
        "python -m data record ファイル名 で登録してください。",
    ]


def test_reminder_of_one_owner_and_what_changed_since(store: Store) -> None:
    _subscribe(store, replace(REMINDER, scope="環境課"))
    assert "朝市" not in "".join(_only(store, OCTOBER))
    assert _only(store, NOVEMBER)[1] == "前回（10月1日）から、変わったところはありません。"
    _record(store.engine, "植樹の面積 R4 20")
    lines = _only(store, DECEMBER)
    assert lines[0].startswith("実績の登録のお願いです。実績が未登録か、途中経過のままの「環境課」の指標が1件")
    assert lines[1] == "前回（11月1日）から: 済んだもの 1件（指標の年度ごとに数えています）"


def test_part_year_result_is_still_overdue(store: Store) -> None:
    _record(store.engine, "植樹の面積 R4 20 R4.9月末時点", "灯油の使用量 R4 30 年度末")
    _subscribe(store, replace(REMINDER, scope="環境課"))
    assert _only(store, OCTOBER)[1:3] == ["環境課: 1件", "・植樹の面積: 令和4年度（途中経過）"]


def test_results_are_due_from_june(store: Store) -> None:
    _record(store.engine, *(f"{row.split('|')[2]} R4 1" for row in ROWS), "朝市の来場者 R5 1")
    _subscribe(store, replace(REMINDER, rhythm=Rhythm.WEEKLY))
    assert _hand_out(store, datetime(2025, 5, 31, 9, tzinfo=TOKYO))[0] == HandedOut(skipped=1)
    assert _only(store, datetime(2025, 6, 2, 9, tzinfo=TOKYO))[0].startswith("実績の登録のお願いです。")


# Scopes


@pytest.mark.parametrize(
    ("kind", "words", "title"),
    [
        (DigestKind.SUMMARY, "1 くらし", "1 くらし"),
        (DigestKind.SUMMARY, "くらし", "1 くらし"),
        (DigestKind.SUMMARY, "しごと", "2 しごと"),
        (DigestKind.SUMMARY, "しごとの", "3 しごとの場"),
        (DigestKind.SUMMARY, "村づくり", "村づくり計画"),
        (DigestKind.SUMMARY, "別冊", "別冊"),
        (DigestKind.SUMMARY, " ", ""),
        (DigestKind.REMINDER, "環境", "環境課"),
    ],
)
def test_scope_is_found(kind: DigestKind, words: str, title: str, store: Store) -> None:
    assert resolve_scope(store.catalogue("default"), kind, words) == title


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        (DigestKind.SUMMARY, "ごと", "2件あります: 「2 しごと」、「3 しごとの場」"),
        (DigestKind.SUMMARY, "くらしい", "「くらしい」という分野・章・計画はありません。近い名前: 「1 くらし」"),
        (DigestKind.SUMMARY, "xyz", "今ある分野・章・計画: 「1 くらし」、「本編」、「村づくり計画」"),
        (DigestKind.REMINDER, "くらし", "という担当課はありません。今ある担当課: 「環境課」、「商工課」"),
        (DigestKind.SUMMARY, "<script>", "「<script>」という分野・章・計画はありません"),
    ],
)
def test_scope_that_is_none_or_several(kind: DigestKind, words: str, said: str, store: Store) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        resolve_scope(store.catalogue("default"), kind, words)


# When and how often


def test_digest_waits_for_its_hour_and_for_the_first_moment_after_subscribing(store: Store) -> None:
    _subscribe(store, SUMMARY)
    assert _hand_out(store, datetime(2024, 9, 30, 18, tzinfo=TOKYO))[0] == HandedOut()
    assert _hand_out(store, OCTOBER - timedelta(minutes=6))[0] == HandedOut()
    assert _hand_out(store, OCTOBER)[0] == HandedOut(delivered=1)


def test_of_several_missed_digests_the_latest_goes_out(store: Store) -> None:
    _subscribe(store, replace(SUMMARY, rhythm=Rhythm.WEEKLY))
    assert _hand_out(store, DECEMBER)[0] == HandedOut(delivered=1)
    assert _hand_out(store, DECEMBER)[0] == HandedOut()
    assert _hand_out(store, NOVEMBER)[0] == HandedOut()  # a clock that was set back


def test_digest_that_fails_does_not_stop_the_others_and_is_tried_again(store: Store) -> None:
    _subscribe(store, replace(SUMMARY, recipient="だめな課"), SUMMARY)
    keys: list[str] = []

    def deliver(subscription: Subscription, digest: Answer, key: str) -> None:
        keys.append(key)
        if len(keys) == 1:
            raise ConnectionError

    assert _hand_out(store, OCTOBER, deliver)[0] == HandedOut(delivered=1, failed=1)
    assert _hand_out(store, OCTOBER + LEASE / 2, deliver)[0] == HandedOut()
    assert _hand_out(store, OCTOBER + LEASE, deliver)[0] == HandedOut(delivered=1)
    assert keys == ["1:20241001T0000Z", "2:20241001T0000Z", "1:20241001T0000Z"]


def test_worker_that_was_only_slow_delivers_nothing(store: Store) -> None:
    _subscribe(store, SUMMARY)
    times = iter([OCTOBER, OCTOBER, OCTOBER])
    due = OCTOBER.replace(minute=0)

    def clock() -> datetime:
        """Stands still, until another worker takes the digest over."""
        now = next(times, None)
        if now is None:
            now = OCTOBER + 2 * LEASE
            claim_digest(store.engine, 1, due, "other", now)
        return now

    out: list[str] = []
    handed = hand_out(store, "default", "terminal", clock, lambda subscription, digest, key: out.append(key))
    assert (handed, out) == (HandedOut(), [])


def test_other_channels_are_left_alone(store: Store) -> None:
    _subscribe(store, replace(SUMMARY, channel="slack"))
    assert _hand_out(store, OCTOBER)[0] == HandedOut()


# The command line


def _start(database: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _bot(database: str, *arguments: str) -> tuple[int, str, str]:
    process = _start(database, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_command_line(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'shirube.db'}"
    code, out, _ = _bot(database, "digest", "--preview", "--scope", "産業振興", "--now", "2024-12-01T09:00")
    assert code == 0
    assert out.startswith("「4 産業振興」の状況のお知らせです（2024年12月1日9時現在）。")
    assert _bot(database, "digest", "--due", "--print")[:2] == (0, "今、配るものはありません。\n")
    code, out, _ = _bot(
        database, "subscribe", "terminal", "財政課", "--scope", "産業振興", "--every", "四半期", "--hour", "10"
    )
    assert code == 0
    assert out.startswith("購読を登録しました（番号1）: 財政課 へ、「4 産業振興」の状況、四半期10時。最初は")
    assert _bot(database, "subscribe", "terminal", "企画課", "--reminder", "--every", "weekly")[0] == 0
    code, out, _ = _bot(database, "subscriptions")
    assert [line[:8] for line in out.splitlines()] == ["1. 財政課（端", "2. 企画課（端"]
    assert _bot(database, "subscriptions", "--end", "2")[1] == "番号2の購読をやめました。\n"
    code, _, err = _bot(database, "subscribe", "terminal", "財政課", "--scope", "産業しんこう")
    assert (code, err) == (1, "「産業しんこう」という分野・章・計画はありません。近い名前: 「4 産業振興」\n")
    assert _bot(database, "subscribe", "terminal", "課", "--every", "毎日")[0] == 1
    assert _bot(database, "subscriptions", "--end", "2")[0] == 1
    assert _bot(database, "digest", "--due")[0] == 1


def test_four_processes_print_each_digest_once(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'shirube.db'}"
    engine = open_engine(database)
    ensure_schema(engine)
    _load(engine, *ROWS)
    _subscribe(Store(engine), *(replace(SUMMARY, recipient=f"課{at:02}") for at in range(12)))
    engine.dispose()
    due = ("digest", "--due", "--print", "--now", "2024-10-01T09:05")
    workers = [_start(database, *due) for _ in range(4)]
    printed = "".join(worker.communicate(timeout=120)[0] for worker in workers)
    assert [worker.returncode for worker in workers] == [0] * 4
    assert Counter(re.findall("^■ (課..)", printed, re.MULTILINE)) == {f"課{at:02}": 1 for at in range(12)}
    assert _bot(database, *due)[1] == "今、配るものはありません。\n"

"""The commands grant, roles, changes, forget, alias and unanswered, as real processes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.changes import Author
from data.engine import migrate, open_engine, writing
from data.history import moment
from data.proposals import propose
from data.shipped import load_shipped_plans
from data.store import Store
from data.turns import Turn, keep_turn
from data.votes import vote

ROOT = Path(__file__).parents[2]
PERSON = "slack:U0123ABCD"
AT = datetime(2024, 11, 23, 0, 30, tzinfo=UTC)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with the shipped plan; each test uses what is its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('administration') / 'shirube.db'}"
    engine = open_engine(url)
    migrate(engine)
    load_shipped_plans(engine, "default", Author("shirube", AT))
    engine.dispose()
    return url


@pytest.fixture
def run(shipped: str) -> Run:
    def run(
        *arguments: str, typed: str = "", folder: Path = ROOT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Elsewhere than in the project's folder its dialogues are not found, which take their time to be replayed."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SHIRUBE_", "DATABASE_"))}
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            env={**own, "PYTHONPATH": str(ROOT), "DATABASE_URL": shipped, **environment},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def engine(shipped: str) -> Iterator[sa.Engine]:
    engine = open_engine(shipped)
    yield engine
    engine.dispose()


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _failure(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def _propose(engine: sa.Engine, text: str, indicator: str) -> int:
    (found,) = (one.id for one in Store(engine).catalogue("default").indicators if one.name == indicator)
    with writing(engine) as connection:
        return propose(connection, "default", text, found, Author("slack:U1", AT))


def _aliases(engine: sa.Engine, indicator: str) -> tuple[str, ...]:
    (found,) = (one for one in Store(engine).catalogue("default").indicators if one.name == indicator)
    return found.aliases


def test_roles_are_granted_and_listed(run: Run) -> None:
    own = {"SHIRUBE_ORGANISATION": "役割の市"}
    assert "まだ一人もいません" in run("data", "roles", **own).stdout
    assert _lines(run("data", "grant", PERSON, "登録者", "--by", "佐藤", **own)) == [
        f"{PERSON} を登録者にしました（前は閲覧者）。"
    ]
    assert _lines(run("data", "grant", PERSON, "recorder", **own)) == [
        f"{PERSON} はもう登録者です。何も書き込みませんでした。"
    ]
    (line,) = _lines(run("data", "roles", **own))
    assert line.startswith(f"- {PERSON} 登録者（佐藤さんが 20")
    assert _lines(run("data", "grant", PERSON, "viewer", **own)) == [f"{PERSON} を閲覧者にしました（前は登録者）。"]
    assert "まだ一人もいません" in run("data", "roles", **own).stdout
    changes = _lines(run("data", "changes", **own))
    assert [line.partition("（")[2] for line in changes] == [
        f"役割の変更）: {PERSON} → 登録者",
        f"役割の変更）: {PERSON} → 閲覧者",
    ]
    assert "佐藤" in changes[0]
    assert _lines(run("data", "changes", "--last", "1", **own)) == changes[1:]


def test_grant_that_is_refused(run: Run) -> None:
    assert "役割「部長」がありません" in _failure(run("data", "grant", PERSON, "部長"))
    assert "slack:U0123ABCD のように" in _failure(run("data", "grant", "U0123ABCD", "管理者"))


def test_changes(run: Run) -> None:
    first = _lines(run("data", "changes"))[0]
    assert re.fullmatch(rf"- {re.escape(moment(AT))} shirube（計画の読み込み）: 値\d+件", first)
    assert _lines(run("data", "changes", SHIRUBE_ORGANISATION="ない市")) == ["まだ何も書き込まれていません。"]
    assert "--last には1以上" in _failure(run("data", "changes", "--last", "0"))


def test_forget(run: Run, engine: sa.Engine) -> None:
    today = date.today()  # noqa: DTZ011 — days before it are far enough from it in every time zone
    keep_turn(engine, "default", Turn(today - timedelta(days=40), unanswered=(("choose", "昔の質問"),)))
    keep_turn(engine, "default", Turn(today - timedelta(days=40), (("t1", {"targets": []}),)))
    assert _lines(run("data", "forget")) == [
        "消したもの: 答えられなかった質問0件、答え終えた問い合わせ0件、対話の記憶1件、"
        "番号のついた答えの質問の文0件、確認を待つファイル0件",
        "残す期間: 質問は90日、対話の記憶は最後の質問の日から1日",
    ]
    assert "昔の質問" in run("bot", "unanswered").stdout
    assert _lines(run("data", "forget", SHIRUBE_QUESTION_DAYS="30", SHIRUBE_CONVERSATION_DAYS="7")) == [
        "消したもの: 答えられなかった質問1件、答え終えた問い合わせ0件、対話の記憶0件、"
        "番号のついた答えの質問の文0件、確認を待つファイル0件",
        "残す期間: 質問は30日、対話の記憶は最後の質問の日から7日",
    ]
    assert "昔の質問" not in run("bot", "unanswered").stdout
    assert "SHIRUBE_QUESTION_DAYS には1以上" in _failure(run("data", "forget", SHIRUBE_QUESTION_DAYS="0"))
    wrong = run("bot", "ask", "コピー用紙 R6", SHIRUBE_CONVERSATION_DAYS="長め")
    assert "SHIRUBE_CONVERSATION_DAYS には1以上" in _failure(wrong)


def test_votes_are_told_beside_the_open_questions(run: Run, engine: sa.Engine) -> None:
    assert "評価" not in run("bot", "unanswered").stdout
    with writing(engine) as connection:
        for at in range(3):
            vote(connection, "default", "C1:1.0", f"slack:U{at}", at != 0, date(2026, 12, 1))
    assert _lines(run("bot", "unanswered"))[-1] == "答えへの評価: 役に立った2件、役に立たなかった1件"


PAPER = "コピー用紙購入量（本庁（知事部局））"


def test_proposals_are_listed_accepted_and_declined(run: Run, engine: sa.Engine, tmp_path: Path) -> None:
    assert _lines(run("bot", "alias", "proposals")) == ["決めていない提案はありません。"]
    keep_turn(engine, "default", Turn(date(2026, 12, 1), unanswered=(("not_understood", "ペパゼロのR6目標は?"),)))
    good, bad = _propose(engine, "ペパゼロ", PAPER), _propose(engine, "紙", PAPER)
    assert _lines(run("bot", "alias", "proposals")) == [
        f"{good}. 「ペパゼロ」を「{PAPER}」の別名に（slack:U1さんが 2024/11/23 09:30 に提案）",
        f"{bad}. 「紙」を「{PAPER}」の別名に（slack:U1さんが 2024/11/23 09:30 に提案）",
    ]
    for typed, folder in (("", ROOT), ("n\n", tmp_path)):
        asked = _lines(run("bot", "alias", "accept", str(good), typed=typed, folder=folder))
        assert asked[0] == f"「ペパゼロ」を「{PAPER}」の別名に"
        assert asked[1].endswith("答えが変わるのは1件です。")
        assert asked[2] == "- ペパゼロのR6目標は?"
        assert asked[4].startswith("    後: 20万枚")
        assert asked[-1].endswith("登録しませんでした。")
    before = _aliases(engine, PAPER)
    assert "ペパゼロ" not in before
    done = _lines(run("bot", "alias", "accept", str(good), typed="はい\n", folder=tmp_path))
    assert done[-1].endswith("別名を登録しました。")
    assert _aliases(engine, PAPER) == (*before, "ペパゼロ")
    assert _lines(run("bot", "alias", "decline", str(bad))) == [f"見送りました: 「紙」を「{PAPER}」の別名に"]
    assert "にもう登録しました" in _failure(run("bot", "alias", "accept", str(good), "--yes"))
    assert "にもう見送りました" in _failure(run("bot", "alias", "decline", str(bad)))
    assert "番号99の提案はありません" in _failure(run("bot", "alias", "decline", "99"))
    assert _lines(run("bot", "alias", "proposals")) == ["決めていない提案はありません。"]
    assert [line.split("（")[1].partition("）")[0] for line in _lines(run("data", "changes", "--last", "2"))] == [
        "提案された別名の登録",
        "別名の提案の見送り",
    ]


def test_alias_is_tried_and_added(run: Run, engine: sa.Engine, tmp_path: Path) -> None:
    name = next(one.name for one in Store(engine).catalogue("default").indicators if "防犯" in one.name)
    before = _aliases(engine, name)
    assert _lines(run("bot", "alias", "propose", " ぼうアプ ", name, "--yes"))[-1] == "別名を登録しました。"
    assert _aliases(engine, name) == (*before, "ぼうアプ")
    again = _lines(run("bot", "alias", "propose", "ぼうアプ", name, "--yes", folder=tmp_path))
    assert again[-1] == "その別名はもう登録されています。"
    kept = _lines(run("bot", "alias", "withdraw", "ぼうアプ", name, folder=tmp_path))
    assert kept[-1].endswith("外しませんでした。")
    assert _lines(run("bot", "alias", "withdraw", "ぼうアプ", name, typed="はい\n", folder=tmp_path))[-1].endswith(
        "別名を外しました。"
    )
    assert _aliases(engine, name) == before
    assert f"「{name}」に「ぼうアプ」という別名はありません" in _failure(
        run("bot", "alias", "withdraw", "ぼうアプ", name)
    )
    assert "「ない指標」という指標はありません" in _failure(run("bot", "alias", "propose", "別名", "ない指標"))
    assert "別名は空にできません" in _failure(run("bot", "alias", "propose", "甲、乙", name, "--yes"))

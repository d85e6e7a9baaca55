"""`python -m bot` as a real process, on a new store."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('terminal') / 'shirube.db'}"


def _bot(database: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_first_question_on_a_new_machine(database: str) -> None:
    done = _bot(database, "ask", "マイナンバーカードの取得率のR6目標は?")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ほぼ100% — 県民のマイナンバーカードの取得率、令和6年度")
    assert "出典: 資料3-3" in done.stdout


def test_today_sets_the_clock(database: str) -> None:
    done = _bot(database, "ask", "来年度のコピー用紙", "--today", "2023-03-31", "--json")
    assert json.loads(done.stdout)["facts"][0]["period"] == "R5"


def test_explain_shows_rules_candidates_and_why_the_others_lost(database: str) -> None:
    done = _bot(database, "ask", "電子申請の割合のR6は?", "--explain")
    tree = done.stdout.split("---\n")[1].splitlines()
    assert any("規則 year_of_era" in line for line in tree)
    first = next(at for at, line in enumerate(tree) if "候補1: 県及び市町村の行政手続のオンライン利用率" in line)
    assert "選んだ" in tree[first + 1]
    assert "候補2: " in tree[first + 2]
    assert "× 説明できない語: 申請、割合。点数が0.68に届かない" in tree[first + 3]
    assert "---" not in _bot(database, "ask", "コピー用紙 R6").stdout


def test_explain_shows_how_the_thread_was_continued(database: str) -> None:
    done = _bot(database, "ask", "じゃあ次の年は?", "--explain")
    assert "続き: 規則 step、continues" in done.stdout


def test_json_lines_keep_order_and_survive_bad_ones(database: str) -> None:
    requests = [
        {"id": "a", "question": "コピー用紙 R6", "context": [], "today": None, "unknown": 1},
        {"id": "b", "question": "来年度の防犯アプリ", "today": "2024-05-01", "context": ["コピー用紙 R4"]},
        {"id": "c", "question": "天気は?"},
    ]
    lines = [json.dumps(request, ensure_ascii=False) for request in requests]
    lines[2:2] = ["これはJSONではない", '{"id": "x"}', '{"question": 5}', "[]", '{"question": "a", "today": "きのう"}']
    done = _bot(database, "ask", "--jsonl", typed="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == ["a", "b", None, None, None, None, None, "c"]
    assert answers[0]["facts"][0]["raw"] == "20万枚"
    assert answers[1]["facts"][0]["period"] == "R7"
    assert all(answer["kind"] == "not_understood" and answer["facts"] == [] for answer in answers[2:])
    assert "3行目は、質問の形" in answers[2]["text"]


def test_chat_answers_and_takes_a_number_for_a_choice(database: str) -> None:
    typed = "農業先端技術の発表件数 R7\n2\nヘルプ\n\n終了\nコピー用紙\n"
    done = _bot(database, "chat", typed=typed)
    assert done.returncode == 0, done.stderr
    assert "どちらの指標ですか" in done.stdout
    assert "4 — 農業先端技術に係る研究成果発表件数" in done.stdout.replace("\n", "")
    assert "聞き方の例" in done.stdout
    assert "コピー用紙購入量" not in done.stdout.split("聞き方の例")[1].split("年度は")[1]


def test_pictures_are_written_beside_the_reply(database: str, tmp_path: Path) -> None:
    files = tmp_path / "図.png", tmp_path / "図.svg"
    done = _bot(database, "ask", "--json", "--png", str(files[0]), "--svg", str(files[1]), "コピー用紙の目標")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["chart"]["direction"] == "lower"
    assert files[0].read_bytes().startswith(b"\x89PNG")
    assert "コピー用紙購入量" in files[1].read_text(encoding="utf-8")


def test_no_picture_is_said_plainly(database: str, tmp_path: Path) -> None:
    none = _bot(database, "ask", "--png", str(tmp_path / "図.png"), "ありがとう")
    assert none.returncode == 1
    assert none.stderr.startswith("この答えにはグラフがありません。")
    assert not list(tmp_path.iterdir())
    nowhere = _bot(database, "ask", "--svg", str(tmp_path / "ない" / "図.svg"), "コピー用紙")
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith("グラフをファイルに書き出せません")


def test_chat_shows_the_chart_of_the_last_answer(database: str) -> None:
    done = _bot(database, "chat", typed="グラフ\nコピー用紙 R6\nグラフ\n終了\n")
    before, after = done.stdout.split("20万枚 — ")
    assert "この答えにはグラフがありません。" in before
    assert "  = 目標値: R4 40万枚、R5 32万枚、R6 20万枚、R7 12万枚" in after.splitlines()


@pytest.mark.parametrize(
    "arguments", [(), ("ask",), ("ask", "a", "--today", "x"), ("ask", "--jsonl", "--chart"), ("fly",)]
)
def test_wrong_arguments_are_explained_in_japanese(database: str, arguments: tuple[str, ...]) -> None:
    done = _bot(database, *arguments)
    assert done.returncode == 2
    assert "使い方" in done.stderr
    assert "usage" not in done.stderr


def test_a_store_that_cannot_be_opened_is_named_without_secrets(tmp_path: Path) -> None:
    done = _bot("postgresql://user:himitsu@127.0.0.1:1/db", "ask", "コピー用紙")
    assert done.returncode == 1
    assert "データベースを開けません" in done.stderr
    assert "himitsu" not in done.stderr
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database at all" * 100)
    done = _bot(f"sqlite:///{broken}", "ask", "コピー用紙")
    assert done.returncode == 1
    assert "データベースを開けません" in done.stderr
    assert "Traceback" not in done.stderr

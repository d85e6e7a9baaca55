"""Forms, digests and the home through a bot that runs, from the menu to what stands in the store and the channel."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.changes import Author
from data.engine import open_engine, writing
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription
from tests.slack.elements import Json
from tests.slack.gateway import Gateway
from tests.slack.process import StartBot, Way
from tests.slack.slack import Slack
from tests.slack.workspace import Workspace
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
PAPER = "コピー用紙購入量（本庁（知事部局））"


def _grant(url: str, user: str, role: str) -> None:
    command = [sys.executable, "-m", "data", "grant", f"slack:{user}", role, "--by", "運用担当"]
    subprocess.run(command, check=True, cwd=ROOT, env={"DATABASE_URL": url, "PATH": ""}, capture_output=True)


def _shown(view: Json | None) -> str:
    return json.dumps(view, ensure_ascii=False)


@pytest.mark.parametrize("way", ["http", "socket"])
def test_recorder_records_a_result_from_the_menu(
    start_bot: StartBot, workspace: Workspace, gateway: Gateway, sqlite_url: str, way: Way
) -> None:
    slack = start_bot(way).slack
    slack.global_shortcut("record")
    assert "実績を登録できるのは、登録者と管理者です。" in _shown(slack.views())

    _grant(sqlite_url, workspace.people["tanaka"], "登録者")
    slack.global_shortcut("record")
    form = slack.views(number=2)
    (found,) = slack.suggest("indicator", "コピー用紙", view=form)
    filled = {"indicator": found["value"], "year": "R5", "value": "三十万くらい"}
    broken = slack.submit(form, filled)
    assert "数値として読めません" in broken.body["errors"]["value"]
    confirmation = slack.submit(form, {**filled, "value": "30万枚"}).body["view"]
    assert "判定: 実績未登録 → 達成" in _shown(confirmation)
    done = slack.submit({**confirmation, "id": form["id"]})
    assert "実績を登録しました。" in _shown(done.body["view"])

    conversation = workspace.open_dm("tanaka", "shirube")
    asked = slack.say(conversation, "コピー用紙のR5の実績は?")
    (answer,) = slack.replies(asked, reader="tanaka")
    assert answer["text"].startswith("30万枚")
    receipt = wait_for(
        lambda: [c for c in gateway.calls_of("chat.postMessage") if "登録しました" in c.params["text"]], 5
    )
    assert receipt[0].params["channel"] == conversation


def test_channel_subscribes_and_gets_its_digest_once(
    start_bot: StartBot, workspace: Workspace, gateway: Gateway, sqlite_url: str
) -> None:
    channel = workspace.make_channel("tanaka", "suzuki")
    slack = start_bot().slack
    slack.global_shortcut("subscribe")
    filled = {"where": channel, "kind": "summary", "rhythm": "monthly", "hour": "9"}
    _submit_subscription(slack, filled)
    (welcome,) = wait_for(lambda: workspace.history(channel), 10)
    assert "毎月9時" in welcome["text"]

    engine = open_engine(sqlite_url)
    with writing(engine) as connection:  # one that has been due since this month's first business day
        wish = Wish("slack", channel, DigestKind.SUMMARY, "4 産業振興", Rhythm.WEEKLY, 0)
        add_subscription(connection, "default", wish, Author("佐藤", datetime.now(UTC) - timedelta(days=30)))
    start_bot()  # a second worker hands out, too, and begins with it
    digests = wait_for(lambda: [m for m in workspace.history(channel) if "のお知らせです" in m["text"]], 40)
    assert "「4 産業振興」の状況のお知らせです" in digests[0]["text"]
    wait_for(lambda: _finished(engine), 10)
    assert len([c for c in gateway.calls_of("chat.postMessage") if "のお知らせです" in c.params["text"]]) == 1


def _submit_subscription(slack: Slack, filled: dict[str, str]) -> None:
    form = slack.views()
    reply = slack.submit(form, filled)
    assert not reply.body.get("errors"), reply.body


def _finished(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        left: int = connection.execute(sa.text("SELECT count(*) FROM event WHERE finished_at IS NULL")).scalar_one()
    return left == 0


def test_proposed_name_waits_for_an_administrator_and_is_understood_then(
    start_bot: StartBot, workspace: Workspace, gateway: Gateway, sqlite_url: str
) -> None:
    _grant(sqlite_url, workspace.people["sato"], "管理者")
    slack = start_bot().slack
    channel = workspace.make_channel("tanaka", "suzuki")
    slack.global_shortcut("propose")
    form = slack.views()
    (found,) = slack.suggest("indicator", "コピー用紙", view=form)
    confirmation = slack.submit(form, {"indicator": found["value"], "text": "むらさき帳"}).body["view"]
    slack.submit({**confirmation, "id": form["id"]})
    conversation = workspace.open_dm("sato", "shirube")
    posts = gateway.calls_of
    (asking,) = wait_for(lambda: [c for c in posts("chat.postMessage") if c.params["channel"] == conversation], 10)
    assert "むらさき帳" in asking.params["text"]
    message = {**asking.answer["message"], "ts": asking.answer["ts"]}
    slack.press(conversation, message, "proposal:accept", "sato")

    def understood() -> bool:
        asked = slack.mention(channel, "むらさき帳のR6目標は?")
        return str(slack.replies(asked)[0]["text"]).startswith("20万枚")

    assert wait_for(understood, 20)


def test_home_follows_ends_and_opens(start_bot: StartBot, workspace: Workspace, gateway: Gateway) -> None:
    slack = start_bot().slack
    channel = workspace.make_channel("tanaka", "suzuki")
    asked = slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = slack.replies(asked)
    _, followed = slack.press(channel, answer, "follow")
    wait_for(lambda: gateway.responses_to(followed), 10)
    slack.open_home()
    home = wait_for(slack.home, 10)
    assert PAPER in _shown(home)
    slack.press_in_view(home, "open:propose")
    assert "別名" in _shown(slack.views())
    slack.press_in_view(home, "unfollow")
    wait_for(lambda: "unfollow" not in _shown(slack.home()), 10)

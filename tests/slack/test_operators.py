"""What operators have in hand: the manifest, the doctor, the logs, and an end that leaves nothing undone."""

import ast
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bolt import App, BoltRequest, BoltResponse

from bot.ask import open_door
from bot.channels.backlog import Backlog
from bot.channels.slack.app import make_app
from bot.channels.slack.desk import Desk
from bot.channels.slack.modals import MODALS
from bot.channels.slack.modals.options import OPTIONS
from bot.channels.slack.running import slack_client
from bot.channels.slack.settings import SlackSettings
from data.engine import open_engine
from data.store import Store
from tests.data.stores import PostgresServer
from tests.faults import Fault
from tests.slack import events
from tests.slack.elements import Json
from tests.slack.forwarding import forward_proxy
from tests.slack.gateway import Gateway
from tests.slack.process import StartBot
from tests.slack.standing import Standing, standing
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, BOT_USER, SIGNING_SECRET, TEAM, Workspace
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[2]
QUESTION = "コピー用紙のR6目標は?"
SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)

# What Slack's documentation asks for each method that we call (docs.slack.dev/reference/methods).
_SCOPES: dict[str, set[str]] = {
    "auth_test": set(),
    "apps_connections_open": set(),  # connections:write, of the app's own token
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "assistant_threads_setStatus": {"assistant:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
}
# The same for events.
_EVENTS = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
}


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def manifest() -> Json:
    done = _run("slack", "manifest")
    assert (done.returncode, done.stderr) == (0, "")
    found: Json = json.loads(done.stdout)
    return found


def test_the_manifest_over_http_differs_by_its_addresses(manifest: Json) -> None:
    done = _run("slack", "manifest", "--url", "https://kpi.example.jp/")
    served = json.loads(done.stdout)
    address = "https://kpi.example.jp/slack/events"
    assert served["settings"]["event_subscriptions"].pop("request_url") == address
    assert served["settings"]["interactivity"].pop("request_url") == address
    assert served["settings"]["interactivity"].pop("message_menu_options_url") == address
    assert [command.pop("url") for command in served["features"]["slash_commands"]] == [address]
    assert served["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["socket_mode_enabled"] is True
    served["settings"]["socket_mode_enabled"] = True
    assert served == manifest
    assert "http" not in json.dumps(manifest)


def test_the_manifest_asks_for_what_is_used_and_no_more(manifest: Json) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == set(_EVENTS)
    called = set(_called_methods())
    assert called == set(_SCOPES), "another method: its scopes belong into the table"
    needed = set().union(*_EVENTS.values(), *_SCOPES.values()) | {"commands"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def _called_methods() -> Iterator[str]:
    """The methods of Slack's client that are called anywhere in the channel."""
    folder = ROOT / "bot" / "channels" / "slack"
    trees = [ast.parse(path.read_text()) for path in folder.rglob("*.py")]
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, group = call.func.attr, call.func.attr.partition("_")[0]
        if name == "api_call":
            assert isinstance(call.args[0], ast.Constant)
            yield str(call.args[0].value)
        elif group in ("chat", "views", "users", "conversations", "files", "assistant", "auth", "apps", "reactions"):
            yield name


@pytest.fixture
def app(gateway: Gateway, sqlite_url: str) -> Iterator[App]:
    """The app as the program makes it."""
    settings = SlackSettings(BOT_TOKEN, SIGNING_SECRET, api_url=gateway.api_url)
    store = Store(engine := open_engine(sqlite_url))
    desk = Desk(
        store, "default", "", open_door(store), slack_client(settings), settings, TEAM, BOT_USER, lambda _: True
    )
    yield make_app(desk, Backlog(store, lambda: None, lambda _: None))
    engine.dispose()


def test_listeners_are_those_of_the_manifest(app: App, manifest: Json) -> None:
    subscribed = [_event(name) for name in manifest["settings"]["event_subscriptions"]["bot_events"]]
    commands = [_command(one["command"]) for one in manifest["features"]["slash_commands"]]
    shortcuts = [_shortcut(one["callback_id"], one["type"]) for one in manifest["features"]["shortcuts"]]
    interactive = [
        _interaction("block_actions", actions=[{"action_id": "x", "block_id": "b", "type": "button"}]),
        *(_interaction("view_submission", view={"type": "modal", "callback_id": one}) for one in MODALS),
        *(_interaction("block_suggestion", action_id=one, block_id="b", value="x") for one in OPTIONS),
    ]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    listened = [_listeners(app, payload) for payload in (*subscribed, *commands, *shortcuts, *interactive)]
    assert [len(found) for found in listened] == [1] * len(listened)
    assert {number for found in listened for number in found} == set(range(len(app._listeners)))
    strange = [
        _event("reaction_added"),
        _command("/other"),
        _shortcut("other", "global"),
        _shortcut("other", "message"),
    ]
    assert [_listeners(app, payload) for payload in strange] == [[]] * 4


def _listeners(app: App, payload: Json) -> list[int]:
    request = BoltRequest(body=payload, mode="socket_mode")
    response = BoltResponse(status=200)
    return [number for number, one in enumerate(app._listeners) if one.matches(req=request, resp=response)]


def _event(name: str) -> Json:
    kind, _, where = name.partition(".")
    inner: Json = {"type": kind, "user": "U1", "channel": "C1", "ts": "1790000000.000100"}
    return events.event({**inner, **({"channel_type": where.rstrip("s")} if where else {})})


def _command(name: str) -> Json:
    return events.command("x", "C1", {"id": "U1", "name": "x"}, "http://x/", "1.1", name)


def _shortcut(callback_id: str, kind: str) -> Json:
    return _interaction({"message": "message_action", "global": "shortcut"}[kind], callback_id=callback_id)


def _interaction(kind: str, **beside: object) -> Json:
    return events.interaction(kind, {"id": "U1", "name": "x", "team_id": TEAM}, "1.1", **beside)


def _doctor(**environment: str) -> tuple[int, str]:
    """The exit code and what it said: in Japanese lines, and never a token."""
    done = _run("doctor", **environment)
    assert done.stderr == ""
    assert not [secret for secret in SECRETS if secret in done.stdout]
    assert "xoxb-" not in done.stdout.replace("「xoxb-」", "")
    assert all(re.match(r"[○×] .+: .+", line) for line in done.stdout.splitlines())
    assert (done.returncode == 1) == ("×" in done.stdout)
    return done.returncode, done.stdout


def test_doctor_with_nothing_set(tmp_path: Path) -> None:
    code, said = _doctor(DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert code == 0
    assert "○ Slack: Slackは使いません" in said
    assert "○ データベース: SQLiteにつながります" in said


def test_doctor_with_good_settings(gateway: Gateway, sqlite_url: str) -> None:
    code, said = _doctor(
        DATABASE_URL=sqlite_url,
        SLACK_API_URL=gateway.api_url,
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
    )
    assert code == 0, said
    assert "○ SLACK_BOT_TOKEN: ワークスペース「しるべ村」" in said
    assert "○ SLACK_APP_TOKEN: ソケットモードで使えます" in said
    assert "○ 権限: すべてあります" in said
    assert "デジタル" in said


def test_slack_is_reached_through_a_proxy(gateway: Gateway, sqlite_url: str) -> None:
    """HTTPS_PROXY is all that an operator behind one sets; nothing goes past it."""
    with forward_proxy() as (address, seen):
        own = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "HTTPS_PROXY": address}
        code, said = _doctor(DATABASE_URL=sqlite_url, SLACK_API_URL=gateway.api_url, **own)
    assert code == 0, said
    assert {f"{gateway.api_url}auth.test", f"{gateway.api_url}apps.connections.open"} <= set(seen)


def test_doctor_with_refused_tokens(gateway: Gateway, sqlite_url: str) -> None:
    own = {"SLACK_BOT_TOKEN": f"{BOT_TOKEN}-old", "SLACK_APP_TOKEN": f"{APP_TOKEN}-old"}
    code, said = _doctor(DATABASE_URL=sqlite_url, SLACK_API_URL=gateway.api_url, **own)
    assert code == 1
    assert "× SLACK_BOT_TOKEN: Slackが受け付けません（invalid_auth）" in said
    assert "× SLACK_APP_TOKEN: Slackが受け付けません（invalid_auth）" in said


def test_doctor_with_missing_scopes(gateway: Gateway, sqlite_url: str) -> None:
    gateway.scopes -= {"users:read", "commands"}
    code, said = _doctor(DATABASE_URL=sqlite_url, SLACK_API_URL=gateway.api_url, SLACK_BOT_TOKEN=BOT_TOKEN)
    assert code == 1
    assert "× 権限: 足りません: commands、users:read" in said
    assert "× SLACK_SIGNING_SECRET: ありません" in said


def test_doctor_without_slack_or_a_store(postgres: PostgresServer) -> None:
    code, said = _doctor(
        DATABASE_URL=postgres.create("not_migrated"),
        SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/",
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
    )
    assert code == 1
    assert "× データベース: データベースの形がこのプログラムと合いません" in said
    assert "python -m data migrate" in said
    assert "× SLACK_BOT_TOKEN: Slackにつながらない" in said
    assert "× SLACK_APP_TOKEN: Slackにつながらない" in said


def test_doctor_with_tokens_in_each_others_place(sqlite_url: str) -> None:
    code, said = _doctor(DATABASE_URL=sqlite_url, SLACK_BOT_TOKEN=APP_TOKEN, SLACK_APP_TOKEN=BOT_TOKEN)
    assert code == 1
    assert "× Slack: SLACK_BOT_TOKEN が「xoxb-」で始まっていません" in said


@pytest.mark.parametrize(
    ("command", "settings", "sentence"),
    [
        ("serve", {"SLACK_SIGNING_SECRET": SIGNING_SECRET}, "SLACK_BOT_TOKEN がありません"),
        ("serve", {"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_SIGNING_SECRET がありません"),
        ("slack", {"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN がありません"),
        ("slack", {"SLACK_BOT_TOKEN": f"{BOT_TOKEN}-old", "SLACK_APP_TOKEN": APP_TOKEN}, "（invalid_auth）"),
        ("slack", {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": f"{APP_TOKEN}-old"}, "invalid_auth"),
    ],
    ids=["no token", "no secret", "no app token", "refused", "app token refused"],
)
def test_a_start_without_what_it_needs_ends_with_a_sentence(
    gateway: Gateway, sqlite_url: str, command: str, settings: dict[str, str], sentence: str
) -> None:
    done = _run(command, DATABASE_URL=sqlite_url, SLACK_API_URL=gateway.api_url, **settings)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not [secret for secret in SECRETS if secret in done.stderr + done.stdout]


@pytest.fixture(scope="module")
def bot(workspace: Workspace, file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("operators")
    shutil.copy(file_with_plan, folder / "plan.db")
    with standing(workspace, folder, f"sqlite:///{folder / 'plan.db'}") as standing_bot:
        yield standing_bot


def _lines(bot: Standing) -> list[Json]:
    greeting, *lines = bot.bot.text().splitlines()  # the greeting on standard output, the log on standard error
    assert greeting.startswith("しるべが動いています: http://127.0.0.1:")
    return [json.loads(line) for line in lines]


def test_logs_tell_ids_and_durations_and_no_words(bot: Standing) -> None:
    said = bot.slack.mention(bot.workspace.make_channel(), QUESTION)
    bot.slack.replies(said)
    _, url = bot.slack.command("コピー用紙のR7目標は?", said.channel)
    wait_for(lambda: bot.gateway.responses_to(url))
    bot.slack.command("知りたいこと", said.channel, name="/other")
    bot.slack.event({"type": "made_up", "user": "U1", "text": "コピー用紙"})
    wait_for(lambda: len([line for line in _lines(bot) if line["message"] == "event"]) == 2)
    first, second = (line for line in _lines(bot) if line["message"] == "event")
    assert first["event"] == said.sent[0].payload["event_id"]
    assert second["event"].startswith("command:")
    for line in (first, second):
        assert (line["kind"], line["ended"], line["attempt"], line["level"]) == ("question", "answered", 1, "info")
        assert 0 <= line["waited_ms"] < 10_000
        assert 0 < line["took_ms"] < 10_000
    written = bot.bot.text()
    assert not [word for word in ("コピー", "用紙", "20万枚", "知りたい") if word in written]


def test_logs_hold_questions_where_that_is_wanted(start_bot: StartBot, workspace: Workspace) -> None:
    bot = start_bot(SHIRUBE_LOG_QUESTIONS="1")
    bot.slack.replies(bot.slack.mention(workspace.make_channel(), QUESTION))
    wait_for(lambda: QUESTION in bot.text())
    line = json.loads(next(line for line in bot.text().splitlines() if QUESTION in line))
    assert (line["message"], line["question"]) == ("event", QUESTION)


def test_no_token_in_the_logs_whatever_fails(bot: Standing) -> None:
    before = len(_lines(bot))
    leaking = Fault(error=f"no_such_thing {BOT_TOKEN} {APP_TOKEN}")
    bot.gateway.fail("users.info", leaking, 2)
    bot.slack.global_shortcut("propose", "sato")
    said = bot.slack.mention(bot.workspace.make_channel(), QUESTION, "suzuki")
    bot.slack.replies(said)
    bot.gateway.fail("views.open", leaking)
    bot.slack.global_shortcut("propose")
    wait_for(lambda: [line for line in _lines(bot)[before:] if line["level"] == "error"])
    written = bot.bot.text()
    assert "no_such_thing" in written
    assert "（トークン）" in written
    assert not [secret for secret in SECRETS if secret in written]


@pytest.mark.parametrize("way", ["http", "socket"])
def test_asked_to_end_it_finishes_what_it_has_begun(
    start_bot: StartBot, gateway: Gateway, workspace: Workspace, sqlite_url: str, way: str
) -> None:
    bot = start_bot("http" if way == "http" else "socket")
    hold = gateway.hold("chat.postMessage")
    said = bot.slack.mention(workspace.make_channel(), QUESTION)
    assert hold.reached.wait(10)
    bot.process.send_signal(signal.SIGTERM)
    start = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        bot.process.wait(0.5)
    hold.release.set()
    assert bot.process.wait(15) == 0
    assert time.monotonic() - start < 10
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        ((key, outcome),) = connection.exec_driver_sql("SELECT key, outcome FROM event").all()
    engine.dispose()
    assert (key, outcome) == (said.sent[0].payload["event_id"], "answered")
    assert "Traceback" not in bot.text()

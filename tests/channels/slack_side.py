"""Slack as a loopback service that takes and keeps what is shown in each conversation, without an emulator behind."""

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import count

from aiohttp import web

from tests.slack.calls import decoded
from tests.slack.elements import Json
from tests.slack.limits import message_faults
from tests.slack.workspace import BOT_ID, BOT_TOKEN, BOT_USER, TEAM
from tests.teams.loopback import Loopback


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it stands there now. `to` is the one person who sees it, "" for all."""

    ts: str
    thread_ts: str
    text: str
    blocks: list[Json]
    to: str = ""
    is_changed: bool = False

    @property
    def payload(self) -> Json:
        """As the payload of a pressed button has it."""
        return {"ts": self.ts, "thread_ts": self.thread_ts, "text": self.text, "blocks": self.blocks}


class SlackSide:
    """`mistakes` are what Slack would refuse. With `knows_no_blocks` it refuses them all, as one from before them."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.knows_no_blocks = False
        self._shown: dict[str, list[Shown]] = defaultdict(list)
        self._numbers = count(1)
        self._server = Loopback("slack-side")

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self._server.url}/api/"

    def start(self) -> None:
        app = web.Application(client_max_size=10 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        self._server.start(app)

    def stop(self) -> None:
        self._server.stop()

    def shown(self, channel: str) -> list[Shown]:
        """What the bot shows in a conversation, the oldest first."""
        return list(self._shown[channel])

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = decoded(request.content_type, await request.read(), request.query_string)
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response(self._answer(method, params))

    def _answer(self, method: str, params: Json) -> Json:
        match method:
            case "auth.test":
                return {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "しるべ村"}
            case "users.info":
                return {"ok": True, "user": {"id": params["user"], "team_id": TEAM, "name": "tanaka"}}
            case "assistant.threads.setStatus":
                return {"ok": True}
            case "conversations.replies":  # asked where an answer took so long that it was claimed again
                return {"ok": True, "messages": []}
            case "chat.postMessage" | "chat.postEphemeral" | "chat.update":
                return self._refusal(params) or self._take(method, params)
        self.mistakes.append(f"{method}: not expected")
        return {"ok": False, "error": "unknown_method"}

    def _refusal(self, params: Json) -> Json | None:
        if self.knows_no_blocks and params.get("blocks"):
            return {"ok": False, "error": "invalid_blocks"}
        self.mistakes += message_faults(params)
        return None

    def _take(self, method: str, params: Json) -> Json:
        shown = self._shown[params["channel"]]
        text, blocks = str(params["text"]), list(params.get("blocks") or [])
        if method == "chat.update":
            (at,) = (at for at, one in enumerate(shown) if one.ts == params["ts"])
            shown[at] = replace(shown[at], text=text, blocks=blocks, is_changed=True)
            return {"ok": True, "ts": params["ts"], "channel": params["channel"]}
        ts = f"{int(time.time())}.{next(self._numbers):06}"
        shown.append(Shown(ts, str(params.get("thread_ts", "")), text, blocks, str(params.get("user", ""))))
        return {"ok": True, "ts": ts, "channel": params["channel"], "message": {"ts": ts}}

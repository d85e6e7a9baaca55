"""Slack's side for a measurement: it takes messages without an emulator behind, so that it is not what is measured."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from tests.slack.calls import Call, decoded
from tests.slack.elements import Json
from tests.slack.workspace import BOT_ID, BOT_TOKEN, BOT_USER, TEAM

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Post:
    """A message that was taken: the key of the event that it answers, time.monotonic() as it came in and was taken."""

    key: str
    channel: str
    text: str
    came: float
    at: float


class SlackSide:
    """A server in a thread of its own. `takes` is how many seconds each call takes, `posts` what was posted."""

    def __init__(self, takes: float = 0.0) -> None:
        self.takes = takes
        self.url = ""
        self.posts: list[Post] = []
        self.calls: list[Call] = []
        self._messages: list[Json] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-side", daemon=True)

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self.url}/api/"

    def start(self) -> None:
        self._thread.start()
        self._run(self._open())

    def stop(self) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    async def _open(self) -> None:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = decoded(request.content_type, await request.read(), request.query_string)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        call = Call(method, params, token, time.monotonic())
        self.calls.append(call)
        if token != BOT_TOKEN:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        await asyncio.sleep(self.takes)
        return web.json_response(self._answer(call))

    def _answer(self, call: Call) -> Json:
        params = call.params
        if call.method == "auth.test":
            return {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "しるべ村"}
        if call.method == "users.info":
            return {"ok": True, "user": {"id": params["user"], "team_id": TEAM, "name": "tanaka"}}
        if call.method == "chat.postMessage":
            return self._take(call)
        if call.method in ("conversations.replies", "conversations.history"):
            channel, thread = params["channel"], params.get("ts")
            found = [one for one in self._messages if one["channel"] == channel]
            return {"ok": True, "messages": [one for one in found if not thread or one["thread_ts"] == thread]}
        if call.method.startswith("assistant.threads."):
            return {"ok": True}
        return {"ok": False, "error": "unknown_method"}

    def _take(self, call: Call) -> Json:
        params = call.params
        key = str((params.get("metadata") or {}).get("event_payload", {}).get("event", ""))
        ts = f"{time.time():.6f}"
        kept = {"ts": ts, "channel": params["channel"], "thread_ts": params.get("thread_ts")}
        self._messages.append({**kept, "text": params.get("text"), "metadata": params.get("metadata")})
        self.posts.append(Post(key, str(params["channel"]), str(params.get("text")), call.at, time.monotonic()))
        return {"ok": True, "ts": ts, "channel": params["channel"], "message": {"ts": ts}}

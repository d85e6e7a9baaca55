"""A gateway in front of the emulator that adds what it lacks of Slack: limits, 429, Socket Mode, response_urls, faults.

An app reaches it as `base_url`; everything it calls is kept in `calls`. It runs in a thread of its own.
"""

import asyncio
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from aiohttp import ClientSession, web

from tests.faults import Fault, Hold
from tests.slack import methods
from tests.slack.calls import Call, Response, decoded
from tests.slack.elements import Json
from tests.slack.limits import message_faults
from tests.slack.sockets import MOST_CONNECTIONS, Sockets
from tests.slack.workspace import APP, APP_TOKEN, BOT_SCOPES, BOT_TOKEN, PEOPLE, Workspace

# A message a second and channel; some come a little early by the network.
_PACE = 0.9
_RESPONSES_PER_URL = 5
# Seconds within which the emulator answers.
_NOTED = 2.0

Result = TypeVar("Result")


class Gateway:
    """Switches to set, records to read; `start` and `stop` are for the fixture."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.url = ""  # http://127.0.0.1:PORT
        self.calls: list[Call] = []
        self.responses: list[Response] = []
        self.mistakes: list[str] = []  # what Slack would take without a word though it does not work
        self.too_fast: list[Call] = []  # more than one message a second to a channel
        self.uploads: dict[str, bytes] = {}
        self.sockets = Sockets()
        self.tokens = {BOT_TOKEN}
        self.scopes = set(BOT_SCOPES)  # of the token, as Slack tells with every answer
        self.refuse_block_types: set[str] = set()  # as an old Slack does
        self.refuse_too_fast = False
        self.users = {workspace.people[name]: about for name, about in PEOPLE.items()}  # beside the emulator's fields
        self.channels: dict[str, Json] = {}  # the same for conversations.info
        self.delays: dict[str, float] = {}
        self._underway = 0  # calls that the emulator may have carried out, and that are not noted yet
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._holds: dict[str, list[Hold]] = defaultdict(list)
        self._last_message: dict[str, float] = {}
        self._used: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self.url}/api/"

    def calls_of(self, method: str) -> list[Call]:
        """The calls of a method; where the emulator shows already what a call did, that call is among them."""
        end = time.monotonic() + _NOTED
        while self._underway and time.monotonic() < end:
            time.sleep(0.002)
        return [call for call in self.calls if call.method == method]

    @property
    def refused(self) -> list[Call]:
        """The calls that were answered with an error."""
        return [call for call in self.calls if call.answer and not call.ok]

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """Lets the next calls of a method go wrong."""
        self._faults[method] += [fault] * times

    def limit_rate(self, method: str, times: int = 1, retry_after: int = 1) -> None:
        """Answers the next calls of a method with 429."""
        self.fail(method, Fault(error="ratelimited", status=429, retry_after=retry_after), times)

    def hold(self, method: str) -> Hold:
        """Keeps back the answer to the next call of a method that was carried out, until it is released."""
        hold = Hold()
        self._holds[method].append(hold)
        return hold

    def new_response_url(self) -> str:
        token = secrets.token_hex(8)
        self._used[token] = 0
        return f"{self.url}/response/{token}"

    def responses_to(self, response_url: str) -> list[Response]:
        return [response for response in self.responses if response_url.endswith(f"/{response.token}")]

    def run(self, coroutine: Coroutine[Any, Any, Result], seconds: float = 10) -> Result:
        """Runs something in the gateway's loop and waits for it."""
        future: Future[Result] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(seconds)

    def forget(self) -> None:
        """What was called and answered so far, and the blocks that are refused: for the next test of a standing bot."""
        self.calls.clear()
        self.responses.clear()
        self.refuse_block_types = set()

    def start(self) -> None:
        self._thread.start()
        self.run(self._open())

    def stop(self) -> None:
        for holds in self._holds.values():
            for hold in holds:
                hold.release.set()
        self.run(self._close(), seconds=20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_post("/response/{token}", self._response)
        app.router.add_post("/upload/v1/{file}", self._upload)
        self._session = ClientSession()
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def _close(self) -> None:
        await self.sockets.close()
        await self._runner.cleanup()
        await self._session.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}  # of connections that an app has left open
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        at = time.monotonic()
        params = decoded(request.content_type, await request.read(), request.query_string)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(params.get("token", ""))
        call = Call(method, params, token, at)
        await asyncio.sleep(self.delays.get(method, 0))
        fault = self._faults[method].pop(0) if self._faults[method] else None
        if fault and not fault.after:
            return self._go_wrong(request, call, fault)
        self._underway += 1
        try:
            answer = self._refusal(call) or await self._carry_out(call)
            if fault:
                return self._go_wrong(request, call, fault)
            self._note(call, answer)
        finally:
            self._underway -= 1
        if answer["ok"] and self._holds[method]:
            hold = self._holds[method].pop(0)
            hold.reached.set()
            while not hold.release.is_set():
                await asyncio.sleep(0.01)
        if answer.get("error") == "ratelimited":
            return web.json_response(answer, status=429, headers={"Retry-After": "1"})
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    def _note(self, call: Call, answer: Json) -> None:
        self.calls.append(Call(call.method, call.params, call.token, call.at, answer))

    def _go_wrong(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.cut:
            self._note(call, {})
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        answer = {"ok": False, "error": fault.error or "internal_error"}
        self._note(call, answer)
        headers = {"Retry-After": str(fault.retry_after)} if fault.status == 429 else {}
        return web.json_response(answer, status=fault.status, headers=headers)

    def _refusal(self, call: Call) -> Json | None:
        """What is answered in place of carrying a call out, if anything."""
        known = {APP_TOKEN} if call.method == "apps.connections.open" else self.tokens
        if call.token not in known and not call.method.startswith("oauth."):
            return {"ok": False, "error": "invalid_auth" if call.token else "not_authed"}
        self.mistakes += methods.mistakes(call)
        faults = methods.call_faults(call)
        faults += self._refused_blocks(call.params.get("blocks"))
        if faults:
            return methods.refusal(call, faults)
        if call.method == "chat.postMessage":
            channel = str(call.params.get("channel"))
            last = self._last_message.get(channel, float("-inf"))
            if call.at - last < _PACE:
                self.too_fast.append(call)
                if self.refuse_too_fast:
                    return {"ok": False, "error": "ratelimited"}
            self._last_message[channel] = call.at
        return None

    def _refused_blocks(self, blocks: object) -> list[str]:
        return [
            f"unsupported type: {block['type']} [json-pointer:/blocks/{index}/type]"
            for index, block in enumerate(blocks if isinstance(blocks, list) else [])
            if isinstance(block, dict) and block.get("type") in self.refuse_block_types
        ]

    async def _carry_out(self, call: Call) -> Json:
        if call.method == "apps.connections.open":
            if len(self.sockets.connections) >= MOST_CONNECTIONS:
                return {"ok": False, "error": "too_many_websockets"}
            query = f"ticket={self.sockets.ticket()}&app_id={APP}"
            return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/link?{query}"}
        if call.method.startswith("assistant.threads."):
            return methods.assistant(call)
        if call.method == "chat.postMessage" and not await self._is_member(call):
            return {"ok": False, "error": "not_in_channel"}
        params = call.params
        if call.method in ("conversations.history", "conversations.replies"):
            params = {**params, **methods.WHOLE}
        method = "conversations.list" if call.method == "users.conversations" else call.method
        answer = await self._ask(method, call.token, params)
        if answer["ok"] and call.method in methods.AMENDED:
            beside = self.users if call.method.startswith("users.") else self.channels
            beside = self.channels if call.method == "users.conversations" else beside
            answer = methods.AMENDED[call.method](call, answer, beside)
        if call.method == "files.getUploadURLExternal" and answer["ok"]:
            answer["upload_url"] = f"{self.url}/upload/v1/{answer['file_id']}"
        if call.method == "oauth.v2.access" and answer["ok"]:
            self.tokens.add(answer["access_token"])
        return answer

    async def _ask(self, method: str, token: str, params: Json) -> Json:
        """The emulator's answer: always by POST, as it knows few methods by GET."""
        headers = {"Authorization": f"Bearer {token}"}
        body = {name: value for name, value in params.items() if value is not None and name != "token"}
        async with self._session.post(f"{self.workspace.url}/api/{method}", json=body, headers=headers) as response:
            if response.status == 404:
                return {"ok": False, "error": "unknown_method"}
            answer: Json = await response.json()
            return answer

    async def _is_member(self, call: Call) -> bool:
        """Slack refuses messages to a channel that the app is not in; the emulator takes those to public ones."""
        channel = str(call.params.get("channel"))
        if not channel.startswith("C"):
            return True
        about = await self._ask("conversations.info", call.token, {"channel": channel})
        return not about["ok"] or bool(about["channel"].get("is_member"))

    async def _response(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if token not in self._used or self._used[token] >= _RESPONSES_PER_URL:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self._used[token] += 1
        body = decoded(request.content_type, await request.read(), "")
        faults = () if body.get("delete_original") else tuple(message_faults(body))
        faults += tuple(self._refused_blocks(body.get("blocks")))
        self.responses.append(Response(token, body, time.monotonic(), faults))
        if faults:
            return web.json_response(methods.refusal(Call("chat.postMessage", body, "", 0), faults))
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> web.Response:
        file, body = request.match_info["file"], await request.read()
        self.uploads[file] = body
        headers = {"Content-Type": request.headers.get("Content-Type", "application/octet-stream")}
        async with self._session.post(f"{self.workspace.url}/upload/v1/{file}", data=body, headers=headers) as response:
            return web.Response(text=await response.text(), status=response.status)

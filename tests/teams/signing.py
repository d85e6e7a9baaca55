"""A proxy between the Playground and the bot: what the Playground sends gets the token that Teams would send along.

So the bot stays on its production path. On the way back the bot's token and what it sends are checked, as by Teams.
"""

import json
from pathlib import Path

from aiohttp import ClientSession, web

from tests.teams.elements import Json
from tests.teams.issuer import Issuer
from tests.teams.limits import action_faults, activity_faults, extension_faults
from tests.teams.loopback import Loopback

_HOP_BY_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "authorization"})
_CHECKS = {
    "adaptiveCard/action": action_faults,
    "composeExtension/query": extension_faults,
    "composeExtension/selectItem": extension_faults,
}


class SigningProxy:
    """`/api/messages` leads to the bot, `/_connector` to the Playground; what passes is written to a log."""

    def __init__(self, issuer: Issuer, bot: str, playground: str, log: Path) -> None:
        self._issuer, self._bot, self._playground, self._log = issuer, bot, playground, log
        self._server = Loopback("signing proxy")

    @property
    def endpoint(self) -> str:
        """For the Playground: where it reaches the bot."""
        return f"{self._server.url}/api/messages"

    @property
    def service_url(self) -> str:
        """For the Playground, which tells it the bot: where the bot reaches it."""
        return f"{self._server.url}/_connector"

    def start(self) -> None:
        app = web.Application(client_max_size=10 * 2**20)
        app.router.add_post("/api/messages", self._inbound)
        app.router.add_route("*", "/_connector/{rest:.*}", self._outbound)
        self._log.touch()
        self._server.start(app)

    def stop(self) -> None:
        self._server.stop()

    async def _inbound(self, request: web.Request) -> web.Response:
        body = await request.read()
        activity = json.loads(body)
        headers = _headers(request) | {"Authorization": self._issuer.bearer(str(activity.get("serviceUrl")))}
        async with ClientSession() as session, session.post(self._bot, data=body, headers=headers) as answer:
            told, status = await answer.read(), answer.status
        check = _CHECKS.get(str(activity.get("name")))
        faults = check(_json(told)) if check else []
        self._note("in", request, activity, status, told, faults)
        return web.Response(body=told, status=status, headers={"Content-Type": "application/json"})

    async def _outbound(self, request: web.Request) -> web.Response:
        body = await request.read()
        known = self._issuer.knows(request.headers.get("Authorization"))
        faults = [] if known else ["without a token of the bot"]
        if request.method in ("POST", "PUT") and "/activities" in request.path:
            faults += activity_faults(_json(body))
        url = self._playground + str(request.rel_url)
        async with (
            ClientSession() as session,
            session.request(request.method, url, data=body, headers=_headers(request)) as answer,
        ):
            told, status = await answer.read(), answer.status
        self._note("out", request, _json(body), status, told, faults)
        return web.Response(body=told, status=status, headers={"Content-Type": "application/json"})

    def _note(
        self, way: str, request: web.Request, body: object, status: int, answer: bytes, faults: list[str]
    ) -> None:
        line = {"way": way, "method": request.method, "path": request.path, "body": body, "status": status}
        line |= {"answer": _json(answer), "faults": faults}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def _headers(request: web.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}


def _json(body: bytes) -> Json:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

"""The Bot Connector of Teams on loopback: what the bot sends, puts in place of another or deletes arrives here.

Every call is checked (token, limits of Teams) and kept in `calls`; `messages` is what people see of a conversation.
"""

import asyncio
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Literal

from aiohttp import web

from tests.faults import Fault, Hold
from tests.teams.elements import Json
from tests.teams.issuer import TENANT, Issuer
from tests.teams.limits import activity_faults
from tests.teams.loopback import Loopback
from tests.waiting import wait_for

Kind = Literal["send", "reply", "update", "delete", "members", "other"]

# So many messages a conversation takes in so many seconds.
_PACES = ((7, 1.0), (60, 30.0))
_CODES = {
    403: "BotNotInConversationRoster",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    429: "TooManyRequests",
    502: "BadGateway",
    504: "GatewayTimeout",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot with what was answered; status 0 is a cut connection."""

    kind: Kind
    conversation: str
    body: Json
    at: float  # time.monotonic() as it came in
    path: str
    activity: str = ""  # whose place is taken, or what is replied to
    status: int = 0
    answer: object = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Connector:
    """Switches to set, records to read; `start` and `stop` are for the fixture."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.calls: list[Call] = []
        self.mistakes: list[str] = []  # calls that Teams would refuse, or show badly
        self.too_fast: list[Call] = []
        self.refuse_too_fast = False
        self.refuse_cards = False  # whatever carries a card is no good, as where a card is malformed
        self.gone: dict[str, int] = {}  # conversations whose calls get this status, such as 403 or 404
        self.delays: dict[Kind, float] = {}
        self.members: dict[str, list[Json]] = {}  # of a conversation
        self._messages: dict[str, dict[str, Json]] = defaultdict(dict)
        self.spared: set[str] = set()  # conversations whose calls neither go wrong nor are held
        self._faults: dict[Kind, list[Fault]] = defaultdict(list)
        self._holds: dict[Kind, list[Hold]] = defaultdict(list)
        self._numbers = count(1)
        self._server = Loopback("connector")

    @property
    def service_url(self) -> str:
        """What activities tell as serviceUrl, with a path and a slash at the end as in Teams."""
        return f"{self._server.url}/jp/{TENANT}/"

    def calls_of(self, kind: Kind) -> list[Call]:
        return [call for call in self.calls if call.kind == kind]

    def messages(self, conversation: str) -> list[Json]:
        """What the bot shows in a conversation now, the oldest first, without what it has deleted; typing aside."""
        return list(self._messages[conversation].values())

    def message(self, conversation: str, activity: str) -> Json:
        return self._messages[conversation][activity]

    def typings(self, conversation: str) -> list[Call]:
        sends = [*self.calls_of("send"), *self.calls_of("reply")]
        return [call for call in sends if call.conversation == conversation and call.body.get("type") == "typing"]

    def await_message(self, conversation: str, after: int = 0, seconds: float = 10.0) -> Json:
        """The first message of the bot in a conversation beyond so many."""
        return wait_for(lambda: self.messages(conversation)[after:], seconds, f"in {conversation}")[0]

    def show(self, conversation: str, activity: str, message: Json) -> None:
        """Puts a message in place of another, as Teams itself does with the answer to a button."""
        self._messages[conversation][activity] = {**message, "id": activity}

    def fail(self, kind: Kind, fault: Fault, times: int = 1) -> None:
        """Lets the next calls of a kind go wrong."""
        self._faults[kind] += [fault] * times

    def refuse(self, kind: Kind, status: int, times: int = 1, retry_after: int = 1) -> None:
        """Answers the next calls of a kind with a status, such as 429 with Retry-After."""
        self.fail(kind, Fault(_CODES.get(status, "ServiceError"), status, retry_after=retry_after), times)

    def cut(self, kind: Kind, times: int = 1, after: bool = False) -> None:
        """Cuts the connections of the next calls, before or after they were carried out."""
        self.fail(kind, Fault(cut=True, after=after), times)

    def hold(self, kind: Kind) -> Hold:
        """Keeps back the answer to the next call of a kind that was carried out, until it is released."""
        hold = Hold()
        self._holds[kind].append(hold)
        return hold

    def start(self) -> None:
        app = web.Application(client_max_size=10 * 2**20)
        app.router.add_route("*", "/{anything:.*}", self._answer)
        self._server.start(app)

    def stop(self) -> None:
        for holds in self._holds.values():
            for hold in holds:
                hold.release.set()
        self._server.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = _read(request, await request.read())
        await asyncio.sleep(self.delays.get(call.kind, 0))
        can_go_wrong = call.conversation not in self.spared
        fault = self._faults[call.kind].pop(0) if can_go_wrong and self._faults[call.kind] else None
        if fault and not fault.after:
            return self._go_wrong(request, call, fault)
        status, answer = self._refusal(request, call) or self._carry_out(call)
        if fault:
            return self._go_wrong(request, call, fault)
        self.calls.append(replace(call, status=status, answer=answer))
        if can_go_wrong and status < 300 and self._holds[call.kind]:
            hold = self._holds[call.kind].pop(0)
            hold.reached.set()
            while not hold.release.is_set():
                await asyncio.sleep(0.01)
        headers = {"Retry-After": "1"} if status == 429 else {}
        return web.json_response(answer, status=status, headers=headers)

    def _go_wrong(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.cut:
            self.calls.append(call)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        answer = _error(fault.error, f"as told: {fault.status}")
        self.calls.append(replace(call, status=fault.status, answer=answer))
        headers = {"Retry-After": str(fault.retry_after)} if fault.status in (412, 429, 502, 503, 504) else {}
        return web.json_response(answer, status=fault.status, headers=headers)

    def _refusal(self, request: web.Request, call: Call) -> tuple[int, object] | None:
        """What is answered in place of carrying a call out, if anything."""
        if not self.issuer.knows(request.headers.get("Authorization")):
            self.mistakes.append(f"{call.path}: without a token of the bot")
            return 401, _error("Unauthorized", "Authorization has been denied for this request.")
        if not request.path.startswith(f"/jp/{TENANT}/v3/") or call.kind == "other":
            self.mistakes.append(f"{request.method} {call.path}: no such address")
            return 404, _error("NotFound", call.path)
        if call.conversation in self.gone:
            status = self.gone[call.conversation]
            return status, _error(_CODES.get(status, "ServiceError"), "The bot is not part of the conversation.")
        if call.kind in ("send", "reply", "update"):
            faults = activity_faults(call.body)
            self.mistakes += [f"{call.kind}: {fault}" for fault in faults]
            too_big = [fault for fault in faults if "bytes" in fault]
            if too_big:
                return 413, _error("MessageSizeTooBig", too_big[0])
            if self.refuse_cards and call.body.get("attachments"):
                return 400, _error("BadSyntax", "Invalid card")
        if call.kind in ("send", "reply") and self._is_too_fast(call):
            self.too_fast.append(call)
            if self.refuse_too_fast:
                return 429, _error("TooManyRequests", "API calls quota exceeded!")
        return None

    def _is_too_fast(self, call: Call) -> bool:
        sends = [*self.calls_of("send"), *self.calls_of("reply")]
        times = [one.at for one in sends if one.conversation == call.conversation and one.ok]
        return any(sum(call.at - at < seconds for at in times) >= most for most, seconds in _PACES)

    def _carry_out(self, call: Call) -> tuple[int, object]:
        id = f"{time.time_ns() // 1_000_000}{next(self._numbers):03}"
        match call.kind:
            case "send" | "reply":
                if call.body["type"] == "message":
                    self._messages[call.conversation][id] = {**call.body, "id": id}
                return 201, {"id": id}
            case "update":
                if _would_split(call.body):
                    return 400, _error("BadSyntax", "Activity resulted into multiple skype activities")
                if call.activity not in self._messages[call.conversation]:
                    return 404, _error("ActivityNotFoundInConversation", call.activity)
                self.show(call.conversation, call.activity, call.body)
                return 200, {"id": call.activity}
            case "delete":
                if self._messages[call.conversation].pop(call.activity, None) is None:
                    return 404, _error("ActivityNotFoundInConversation", call.activity)
                return 200, {}
            case _:
                return self._tell_members(call)

    def _tell_members(self, call: Call) -> tuple[int, object]:
        found = self.members.get(call.conversation, [])
        if call.activity:
            one = [member for member in found if call.activity in (member.get("id"), member.get("aadObjectId"))]
            return (200, one[0]) if one else (404, _error("MemberNotFoundInConversation", call.activity))
        if call.path.partition("?")[0].endswith("/pagedMembers"):
            return 200, {"members": found}
        return 200, found


def personal_id(user: str) -> str:
    """The id of the personal chat with a person."""
    return f"a:{sha256(user.encode()).hexdigest()[:40]}"


_PATHS: tuple[tuple[str, str, Kind], ...] = (
    ("POST", r"/v3/conversations/([^/]+)/activities", "send"),
    ("POST", r"/v3/conversations/([^/]+)/activities/([^/]+)", "reply"),
    ("PUT", r"/v3/conversations/([^/]+)/activities/([^/]+)", "update"),
    ("DELETE", r"/v3/conversations/([^/]+)/activities/([^/]+)", "delete"),
    ("GET", r"/v3/conversations/([^/]+)/(?:members|pagedMembers)", "members"),
    ("GET", r"/v3/conversations/([^/]+)/members/([^/]+)", "members"),
)


def _read(request: web.Request, body: bytes) -> Call:
    at = time.monotonic()
    try:
        decoded = json.loads(body or b"{}")
    except ValueError:
        decoded = {"malformed": body.decode(errors="replace")}
    for method, pattern, kind in _PATHS:
        match = re.search(pattern + "$", request.path) if request.method == method else None
        if match:
            conversation, activity = (*match.groups(), "", "")[:2]
            return Call(kind, conversation, decoded, at, request.path_qs, activity or str(decoded.get("replyToId", "")))
    return Call("other", "", decoded, at, request.path_qs)


def _would_split(activity: Json) -> bool:
    """Teams makes several messages of a text with a card: in the place of one they cannot be put."""
    return len(activity.get("attachments") or []) + bool(str(activity.get("text") or "").strip()) > 1


def _error(code: str, message: str) -> Json:
    return {"error": {"code": code, "message": message}}

"""Teams over HTTP: one address for activities, which are kept and acknowledged, or answered at once (invokes)."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.channels.bodies import read_body
from bot.channels.phrases import IS_BROKEN
from bot.channels.teams.arrivals import CHANNEL, Activity, Invoking, read_activity, read_invoke, read_tenants
from bot.channels.teams.auth import Authenticate, CannotTell, NotAuthentic
from bot.channels.teams.invokes import NOTHING, invoke_note
from bot.channels.teams.invokes import Response as InvokeResponse
from bot.channels.teams.settings import TeamsSettings, may_speak_to
from bot.logs import note
from data.engine import is_store_fault
from data.events import Arrival

PATH = "/api/messages"
LARGEST = 256 * 1024

#: Keeps an event of an organisation; a fault of the store goes through it.
Keep = Callable[[str, Arrival], None]
#: Answers an invoke: status and JSON. It runs in a thread, with seconds to answer in.
Invoke = Callable[[Invoking], InvokeResponse]

_log = logging.getLogger(__name__)
_MALFORMED = (TypeError, ValueError, RecursionError)
_IS_AWAY = "データベースにつながらないため、お答えできません。しばらくしてから、もう一度お試しください。"


def teams_route(settings: TeamsSettings, authenticate: Authenticate, keep: Keep, invoke: Invoke) -> Route:
    """POST /api/messages: 401 for what is not the Bot Framework's, 413 for what is too large, 400 for what is no
    activity, 503 where it cannot be kept or its sender cannot be judged now; else 200, or what the invoke is answered.

    What is none of our business (unknown kinds, foreign tenants, other channels) is acknowledged, and nothing more.
    """

    async def receive(request: Request) -> Response:
        try:
            caller = await authenticate(request.headers.get("authorization", ""))
        except NotAuthentic as reason:
            note(_log, "refused", reason=str(reason))
            return PlainTextResponse("not authentic", 401, {"WWW-Authenticate": "Bearer"})
        except CannotTell as reason:
            _log.warning("the keys of the Bot Framework cannot be had: %s", reason)
            return PlainTextResponse("try again", 503, {"Retry-After": "5"})
        try:
            body = await read_body(request, LARGEST)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            activity = _activity(body)
        except _MALFORMED:
            return PlainTextResponse("not an activity", 400)
        if not caller.is_of(activity.get("serviceUrl")):
            note(_log, "refused", reason="another serviceUrl than the token's")
            return PlainTextResponse("not authentic", 401, {"WWW-Authenticate": "Bearer"})
        if not may_speak_to(settings, caller.service_url):
            return PlainTextResponse("not an activity", 400)
        # In a thread: what arrives is written to the store before Teams is answered.
        return await run_in_threadpool(_take, settings, activity, keep, invoke)

    return Route(PATH, receive, methods=["POST"])


def _take(settings: TeamsSettings, activity: Activity, keep: Keep, invoke: Invoke) -> Response:
    now, is_invoke = datetime.now(UTC), activity["type"] == "invoke"
    try:
        organisation = _organisation(settings, activity)
        if organisation is None or not _is_of_teams(activity):
            return _ignored(activity)
        invoking = read_invoke(activity, organisation, now) if is_invoke else None
        arrival = None if is_invoke else read_activity(activity, now)
    except _MALFORMED:
        return PlainTextResponse("not an activity", 400)
    if invoking:
        status, answer = _answer(invoke, invoking)
        return JSONResponse(answer, status)
    if arrival is None:
        return _ignored(activity)
    try:
        keep(organisation, arrival)
    except Exception as error:
        if not is_store_fault(error):
            _log.exception("event %s cannot be kept", arrival.key)
        return PlainTextResponse("try again", 503, {"Retry-After": "5"})
    return Response(status_code=200)


def _ignored(activity: Activity) -> Response:
    note(_log, "ignored", kind=str(activity["type"])[:64], name=str(activity.get("name", ""))[:64])
    return JSONResponse(NOTHING[1]) if activity["type"] == "invoke" else Response(status_code=200)


def _answer(invoke: Invoke, invoking: Invoking) -> InvokeResponse:
    """What an invoke is answered, an apology where something is wrong on our side: an error status would let Teams
    show its own words, and in the end stop asking us."""
    try:
        return invoke(invoking)
    except Exception as error:
        metrics.failed(CHANNEL)
        if is_store_fault(error):
            return invoke_note(invoking.name, _IS_AWAY)
        number = token_hex(4)
        _log.exception("invoke %s failed", number)
        return invoke_note(invoking.name, IS_BROKEN.format(number))


def _organisation(settings: TeamsSettings, activity: Activity) -> str | None:
    """Whose data may be told: the one organisation of all tenants that an activity names; None for foreign ones."""
    owners = {settings.tenants.get(tenant) for tenant in read_tenants(activity)}
    return owners.pop() if len(owners) == 1 else None


def _is_of_teams(activity: Activity) -> bool:
    """In other channels that a bot can be given (web chat…) anybody may claim to be anybody."""
    channel = activity.get("channelId")
    return isinstance(channel, str) and channel.partition(":")[0] == "msteams"


def _activity(body: bytes) -> Mapping[str, Any]:
    activity = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    if not isinstance(activity, dict) or not isinstance(activity.get("type"), str):
        raise ValueError("not an activity")
    return activity


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")

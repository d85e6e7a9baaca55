"""POST /api/ask: a request of ANSWER.md in, its answer object out; and the document that describes it."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import Message
from secrets import token_hex
from time import perf_counter
from typing import Any

from anyio import CapacityLimiter, Lock, to_thread
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import metrics
from bot.answer_json import to_json
from bot.channels.bodies import read_body
from bot.channels.phrases import IS_BROKEN
from bot.channels.requests import AskRequest, ask_in_context, read_request
from bot.channels.web.desk import Desk
from bot.channels.web.openapi import document
from bot.question import Question
from bot.turn import turn_of
from data.engine import is_store_fault, writing
from data.fiscal_year import TOKYO
from data.turns import Turn, write_turn

CHANNEL, PATH = "api", "/api/ask"
#: A question may be long, and a context of fifty messages longer.
LARGEST = 1_000_000
# So many questions are answered at a time: a slow one keeps no other waiting, and each finds a connection to the store.
_AT_ONCE = 4

_log = logging.getLogger(__name__)
_IS_AWAY = "データベースにつながらないため、お答えできません。しばらくしてから、もう一度お試しください。"


def api_routes(desk: Desk) -> list[Route]:
    """POST /api/ask and GET /openapi.json; who may come is decided before (access.py)."""
    limiter, log = CapacityLimiter(_AT_ONCE), _Log(desk)

    async def ask(request: Request) -> Response:
        began = perf_counter()
        if not _is_json(request):
            return _refuse(415, "Content-Type を application/json にして、UTF-8のJSONを送ってください。")
        try:
            body = await read_body(request, LARGEST)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return _refuse(413, f"長すぎます。{LARGEST:,}バイトまで送れます。")
        try:
            asked = read_request(body.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return _refuse(400, "UTF-8として読めません。")
        except ValueError as reason:
            return _refuse(400, str(reason))
        response, unanswered = await to_thread.run_sync(_answer, desk, asked, began, limiter=limiter)
        if unanswered:
            response.background = BackgroundTask(log.keep, unanswered)
        return response

    async def describe(request: Request) -> Response:
        return _json(document())

    return [Route(PATH, ask, methods=["POST"]), Route("/openapi.json", describe, methods=["GET"])]


def _answer(desk: Desk, asked: AskRequest, began: float) -> tuple[Response, Turn | None]:
    """The response, and the question if it found no answer; with context it would say little to who reads it."""
    now = desk.clock()
    empty = Question("", now.astimezone(TOKYO).date(), desk.organisation, plan=desk.plan)
    try:
        answer = ask_in_context(desk.ask, asked, empty)
        turn = turn_of(replace(empty, text=asked.question), answer, log=not asked.context)
        response = _json(to_json(answer, asked.id))
    except Exception as error:
        metrics.failed(CHANNEL)
        if is_store_fault(error):
            return _refuse(503, _IS_AWAY), None
        number = token_hex(4)
        _log.exception("question failed, id %s", number)
        return _refuse(500, IS_BROKEN.format(number)), None
    metrics.answered(CHANNEL, answer.counted_as, perf_counter() - began)
    return response, turn if turn.unanswered else None


@dataclass(slots=True)
class _Log:
    """Writes questions that found no answer after their reply has gone: nobody waits for the disk, and those that come
    while it is busy are written together."""

    desk: Desk
    _waiting: list[Turn] = field(default_factory=list)
    _writing: Lock = field(default_factory=Lock)

    async def keep(self, turn: Turn) -> None:
        self._waiting.append(turn)
        async with self._writing:
            turns, self._waiting = self._waiting, []
            if turns:
                await to_thread.run_sync(self._write, turns)

    def _write(self, turns: Sequence[Turn]) -> None:
        try:
            with writing(self.desk.store.engine) as connection:
                for turn in turns:
                    write_turn(connection, self.desk.organisation, turn)
        except Exception as error:
            metrics.failed(CHANNEL)
            _log.error(
                "%d questions that found no answer were not kept", len(turns), exc_info=not is_store_fault(error)
            )


def _is_json(request: Request) -> bool:
    """Other media types and charsets are no JSON; only this one needs a page's leave to be sent from another site."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    charset = header.get_content_charset("utf-8")
    is_plain = request.headers.get("content-encoding", "identity") == "identity"
    return is_plain and header.get_content_type() == "application/json" and charset in ("utf-8", "utf8")


def _refuse(status: int, reason: str) -> Response:
    return _json({"error": reason}, status)


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return Response(body, status, {"Cache-Control": "no-store"}, "application/json; charset=utf-8")

"""Slack over HTTP: one address for events, commands and everything that is pressed or filled in."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.bodies import read_body

PATH = "/slack/events"
# Slack's payloads stay far below: a view may have 250 KB.
_LARGEST = 1_000_000
# What Bolt itself raises for a body whose parts are of other types than Slack's, or nested too deeply; what the
# listeners raise stays inside of it.
_NO_PAYLOAD = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


def slack_route(app: App, signing_secret: str) -> Route:
    """POST /slack/events: 401 for what Slack has not signed within five minutes, 400 for what is no payload, 413 for
    what is too large; else what the app says."""
    verifier = SignatureVerifier(signing_secret)

    async def receive(request: Request) -> Response:
        try:
            body = await read_body(request, _LARGEST)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not _is_signed(verifier, body, request.headers):
            return PlainTextResponse("not signed by Slack", 401)
        if not _is_payload(body, request.headers.get("content-type", "")):
            return PlainTextResponse("not a payload", 400)
        try:
            # In a thread: what arrives is written to the store before Slack is answered.
            answer = await run_in_threadpool(app.dispatch, to_bolt_request(request, body))
        except _NO_PAYLOAD:
            return PlainTextResponse("not a payload", 400)
        return to_starlette_response(answer)

    return Route(PATH, receive, methods=["POST"])


def _is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    # The verifier compares ASCII only, and raises ValueError for bytes that are no text and for endless numbers.
    if not stamp.isdecimal() or not signature.isascii():
        return False
    try:
        return verifier.is_valid(body, stamp, signature)
    except ValueError:
        return False


def _is_payload(body: bytes, content_type: str) -> bool:
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            return _is_object(json.loads(text))
        fields = parse_qs(text, strict_parsing=True)
        if "payload" in fields:
            return _is_object(json.loads(fields["payload"][0]))
        return "command" in fields or "ssl_check" in fields
    except (ValueError, RecursionError):
        return False


def _is_object(document: Any) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return False
    return document["type"] != "event_callback" or isinstance(document.get("event"), dict)

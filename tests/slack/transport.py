"""How Slack's side reaches an app: requests of HTTP with a signature, or envelopes through the gateway's socket."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Protocol
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.slack.elements import Json
from tests.slack.events import Kind
from tests.slack.gateway import Gateway
from tests.slack.workspace import SIGNING_SECRET

# Slack waits so long for an acknowledgement.
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What an app has answered in time. Over a socket an acknowledgement counts as 200; 0 is no answer at all."""

    status: int
    body: Json
    seconds: float
    text: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.status == 200


class Transport(Protocol):
    def __call__(self, kind: Kind, payload: Json, retry: int = 0, reason: str = "http_timeout") -> Reply: ...


def over_http(port: Callable[[], int]) -> Transport:
    """Signed requests to /slack/events of an app that listens on a port."""

    def deliver(kind: Kind, payload: Json, retry: int = 0, reason: str = "http_timeout") -> Reply:
        form = "application/x-www-form-urlencoded"
        if kind == "events_api":
            body, content_type = json.dumps(payload, ensure_ascii=False), "application/json"
        elif kind == "slash_commands":
            body, content_type = urlencode(payload), form
        else:
            body, content_type = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}), form
        headers = signed(body, content_type)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        return post(port(), body, headers)

    return deliver


def over_socket(gateway: Gateway) -> Transport:
    """Envelopes to the latest of an app's connections."""

    def deliver(kind: Kind, payload: Json, retry: int = 0, reason: str = "timeout") -> Reply:
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason if retry else ""}
        start = time.monotonic()
        ack = gateway.run(gateway.sockets.deliver(envelope, PATIENCE, None), PATIENCE + 5)
        seconds = time.monotonic() - start
        return Reply(200, ack.payload or {}, seconds) if ack else Reply(0, {}, seconds)

    return deliver


def signed(body: str, content_type: str, at: float | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers of a request of Slack; at another time or with another secret they are no good."""
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature
    return {"Content-Type": content_type, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def post(port: int, body: str, headers: dict[str, str], path: str = "/slack/events") -> Reply:
    """Posts to the app on this port."""
    start = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        text = response.read().decode()
        status = response.status
    except (OSError, HTTPException):
        return Reply(0, {}, time.monotonic() - start)
    finally:
        connection.close()
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = {}
    return Reply(status, found if isinstance(found, dict) else {}, time.monotonic() - start, text)

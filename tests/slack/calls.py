"""What the gateway keeps of the calls that an app makes."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.slack.elements import Json

# Arguments that are JSON even where the rest of the call is a form.
_STRUCTURED = frozenset("blocks attachments metadata view files prompts".split())


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method with its arguments decoded. The answer is empty where the connection was cut."""

    method: str
    params: Json
    token: str
    at: float  # time.monotonic() as it came in
    answer: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass(frozen=True, slots=True)
class Response:
    """What an app has posted to a response_url, with what Slack would refuse of it."""

    token: str
    body: Json
    at: float
    faults: tuple[str, ...] = ()


def decoded(content_type: str, body: bytes, query: str) -> Json:
    """The arguments of a call, from JSON, a form or the query."""
    params: Json = dict(parse_qsl(query, keep_blank_values=True))
    if content_type.startswith("application/json"):
        params |= json.loads(body or b"{}")
    else:
        params |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return {name: _value(name, value) for name, value in params.items()}


def _value(name: str, value: object) -> object:
    if name in _STRUCTURED and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value

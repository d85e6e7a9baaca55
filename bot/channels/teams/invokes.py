"""What Teams expects in the response to an invoke: each kind has its own form, for answers and for apologies."""

from typing import Any

CARD_ACTION = "adaptiveCard/action"
SEARCH = "composeExtension/query"
FEEDBACK = "message/submitAction"

#: Status and JSON of a response; no JSON for an empty one.
Response = tuple[int, Any]
#: To what is none of our business: taken note of, and nothing to be seen.
NOTHING: Response = (200, {})

_MESSAGE = "application/vnd.microsoft.activity.message"


def invoke_note(name: str, text: str) -> Response:
    """A sentence as the answer to an invoke, where it can be shown; the card that was pressed stays as it is."""
    if name == CARD_ACTION:
        return 200, {"statusCode": 200, "type": _MESSAGE, "value": text}
    if name.startswith("composeExtension/"):
        return 200, {"composeExtension": {"type": "message", "text": text}}
    if name.startswith("task/"):
        return 200, {"task": {"type": "message", "value": text}}
    return NOTHING

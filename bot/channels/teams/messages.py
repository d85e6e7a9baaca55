"""A reply as the activities that Teams shows: a text, and a card below it."""

from dataclasses import dataclass

from bot.channels.teams.arrivals import PERSONAL, Place
from bot.channels.teams.cards import Citation, Reply
from bot.channels.teams.connector import Json

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
_MESSAGE = {"type": "message", "textFormat": "plain", "locale": "ja-JP"}


@dataclass(frozen=True, slots=True)
class Forms:
    """`text` is the first line with its citations, `card` the message below it that holds all of the answer; `plain`
    all of it as text, for where the card is not taken. `summary` is what notifications show."""

    text: Json
    card: Json | None
    plain: Json
    summary: str


def forms_of(reply: Reply, place: Place | None, *, is_judged: bool = False) -> Forms:
    """`is_judged` where people may say whether it was useful. Suggestions are only for personal chats; None for a place
    that is not known yet."""
    plain = {**_MESSAGE, "text": reply.text}
    text: dict[str, object] = {**_MESSAGE, "text": reply.caption if reply.card else reply.text}
    if reply.citations:
        text["entities"] = [_cited(reply.citations)]
    if is_judged:
        text["channelData"] = {"feedbackLoop": {"type": "default"}}
    if reply.card is None:
        return Forms(text, None, plain, reply.caption)
    card: dict[str, object] = {
        "type": "message",
        "locale": "ja-JP",
        "summary": reply.caption,
        "attachments": [{"contentType": ADAPTIVE, "content": reply.card}],
    }
    if reply.suggestions and place and place.kind == PERSONAL:
        offered = [{"type": "imBack", "title": one, "value": one} for one in reply.suggestions]
        card["suggestedActions"] = {"to": [], "actions": offered}
    return Forms(text, card, plain, reply.caption)


def _cited(citations: tuple[Citation, ...]) -> Json:
    claims = [
        {
            "@type": "Claim",
            "position": one.position,
            "appearance": {"@type": "DigitalDocument", "name": one.name, "abstract": one.abstract},
        }
        for one in citations
    ]
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        "citation": claims,
    }

"""A reply as Teams' message activities, from the richest to the plainest."""

from bot.channels.teams.arrivals import PERSONAL, Place
from bot.channels.teams.cards import Citation, Reply
from bot.channels.teams.connector import Json

ADAPTIVE = "application/vnd.microsoft.card.adaptive"


def forms_of(reply: Reply, place: Place | None, *, is_judged: bool = False) -> list[Json]:
    """The caption over the card; then all of it as plain text, for where a card is refused.

    `is_judged` where people may say whether it was useful. Suggestions are only for personal chats; None for a place
    that is not known yet.
    """
    rich: dict[str, object] = {"type": "message", "text": reply.caption, "textFormat": "plain", "locale": "ja-JP"}
    if reply.card:
        rich["attachments"] = [{"contentType": ADAPTIVE, "content": reply.card}]
    if reply.citations:
        rich["entities"] = [_cited(reply.citations)]
    if reply.suggestions and place and place.kind == PERSONAL:
        offered = [{"type": "imBack", "title": one, "value": one} for one in reply.suggestions]
        rich["suggestedActions"] = {"to": [], "actions": offered}
    if is_judged:
        rich["channelData"] = {"feedbackLoop": {"type": "default"}}
    plain = {"type": "message", "text": reply.text, "textFormat": "plain", "locale": "ja-JP"}
    return [rich, plain]


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

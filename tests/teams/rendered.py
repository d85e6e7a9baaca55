"""What holds for every reply that is rendered: Teams takes it, it says all that the answer says, nothing in it is read
as markup; and a card as the lines that a reader sees."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from bot.answer import Answer
from bot.channels.teams.buttons import read_action
from bot.channels.teams.cards import Reply
from bot.channels.teams.elements import CARD, size
from bot.channels.teams.escape import JOINER
from tests.teams.elements import actions, parts, texts
from tests.teams.limits import ADAPTIVE, MESSAGE_ENTITY, activity_faults, card_faults

with warnings.catch_warnings(action="ignore"):  # ExperimentalWarning
    from microsoft_teams.cards import AdaptiveCard

Json = dict[str, Any]


def activity(reply: Reply, text: str) -> Json:
    """A reply as an activity that Teams would be sent."""
    claims = [
        {
            "@type": "Claim",
            "position": one.position,
            "appearance": {"@type": "DigitalDocument", "name": one.name, "abstract": one.abstract},
        }
        for one in reply.citations
    ]
    message: Json = {"type": "message", "text": text, "textFormat": "plain"}
    if reply.card:
        message["attachments"] = [{"contentType": ADAPTIVE, "content": reply.card}]
    if claims:
        entity = {"type": MESSAGE_ENTITY, "@type": "Message", "@context": "https://schema.org", "citation": claims}
        message["entities"] = [entity]
    if reply.suggestions:
        offered = [{"type": "imBack", "title": one, "value": one} for one in reply.suggestions]
        message["suggestedActions"] = {"to": [], "actions": offered}
    return message


def check(reply: Reply) -> None:
    """Fails where Teams would refuse a reply or find markup in it."""
    assert reply.text
    assert activity_faults(activity(reply, reply.caption)) == []
    assert len(reply.citations) <= 10
    assert reply.card
    check_card(reply.card)
    for said in (reply.text, reply.caption):
        assert not has_markup(said)


def has_markup(said: str) -> bool:
    """Is there anything in a text that some client may make something of?"""
    return re.search(r"<[A-Za-z/!?]|&#?\w+;|\]\(|://|\{\{", said) is not None


def check_card(card: Json) -> None:
    assert card_faults(card) == []
    assert size(card) <= CARD
    assert card["lang"] == "ja"
    assert {part.kind for part in parts(card)} <= {
        *("RichTextBlock", "TextRun", "Table", "TableRow", "TableCell", "ActionSet"),
        *("Action.Execute", "Action.OpenUrl", "Chart.Line", "Chart.VerticalBar", "Chart.VerticalBar.Grouped"),
        "Chart.HorizontalBar",
    }
    for one in actions(card):
        assert one["type"] == "Action.OpenUrl" or read_action(one["verb"], one["data"])
    for said in [*texts(card), card["speak"], card["fallbackText"]]:
        assert not has_markup(said)
    _second_opinion(card)


def _second_opinion(card: Json) -> None:
    """Microsoft's own model takes the card, and writes the very same: nothing in it is unknown to it."""
    assert AdaptiveCard.model_validate(card).model_dump(by_alias=True, exclude_none=True, mode="json") == card


def labels(card: Json) -> list[str]:
    return [one["title"] for one in actions(card)]


def lines(card: Json) -> list[str]:
    """A card as it is read: 「# 値」, 「~ small print」, 「| cell | cell」, 「[button]」."""
    buttons = [f"[{one['title']}]" for one in card.get("actions", [])]
    return [*_lines(card["body"]), *([" ".join(buttons)] if buttons else [])]


def _lines(elements: list[Json]) -> Iterator[str]:
    for one in elements:
        match one["type"]:
            case "RichTextBlock":
                (run,) = one["inlines"]
                is_value = run.get("size") in ("ExtraLarge", "Large")
                mark = (
                    "# " if is_value else "* " if run.get("weight") == "Bolder" else "~ " if "isSubtle" in run else ""
                )
                yield mark + run["text"]
            case "Table":
                for row in one["rows"]:
                    yield "| " + " | ".join("".join(_lines(cell["items"])).removeprefix("* ") for cell in row["cells"])
            case "ActionSet":
                yield " ".join(f"[{button['title']}]" for button in one["actions"])
            case kind:
                yield f"<{kind}> {one['title']}"


def untold(answer: Answer, cards: list[Json]) -> list[str]:
    """The words of an answer that none of its cards says."""
    said = "\n".join(text for card in cards for text in texts(card)).replace(JOINER, "")
    told = [answer.text.lead, answer.text.statement, *answer.text.details, answer.text.receipt, answer.text.sources]
    lines = [line.removeprefix("・") for text in told for line in text.splitlines()]
    return [word for line in lines for word in re.findall(r"[^\s／→（）]+", line) if word not in said]

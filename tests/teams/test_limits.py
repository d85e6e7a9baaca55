"""The checks of cards and messages: a good one passes, and each fault is told."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.teams.elements import Json, actions, texts
from tests.teams.limits import action_faults, activity_faults, card_faults, cards, citations, extension_faults


def text(value: str, **beside: object) -> Json:
    return {"type": "TextBlock", "text": value, "wrap": True, **beside}


def row(*values: str) -> Json:
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": [text(value)]} for value in values]}


def press(title: str = "他の年度") -> Json:
    return {"type": "Action.Execute", "title": title, "verb": "ask", "data": {"again": "R5"}}


CARD: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "lang": "ja",
    "body": [
        text("ごみの減量率", style="heading"),
        {"type": "FactSet", "facts": [{"title": "R6", "value": "12.3%"}]},
        {"type": "Table", "columns": [{"width": 1}, {"width": 2}], "rows": [row("年度", "値"), row("R6", "12.3")]},
        {
            "type": "Chart.Line",
            "title": "推移",
            "data": [{"legend": "実績値", "values": [{"x": "R5", "y": 1}, {"x": "R6", "y": 2.5}]}],
            "fallback": text("R5 1、R6 2.5"),
        },
        {"type": "ActionSet", "actions": [press("推移")]},
    ],
    "actions": [press()],
}
CLAIM: Json = {
    "@type": "Claim",
    "position": 1,
    "appearance": {"@type": "DigitalDocument", "name": "総合計画", "abstract": "基本目標1"},
}
MESSAGE: Json = {
    "type": "message",
    "text": "R6は12.3%です。[1]",
    "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
    "entities": [
        {
            "type": "https://schema.org/Message",
            "@type": "Message",
            "@context": "https://schema.org",
            "citation": [CLAIM],
        }
    ],
    "suggestedActions": {"to": [], "actions": [{"type": "imBack", "title": "推移", "value": "推移は?"}]},
    "channelData": {"feedbackLoop": {"type": "default"}},
}


def test_good_ones_pass() -> None:
    assert card_faults(CARD) == []
    assert activity_faults(MESSAGE) == []
    assert activity_faults({"type": "typing"}) == []
    assert cards(MESSAGE) == [CARD]
    assert citations(MESSAGE) == [CLAIM]
    assert action_faults({"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": CARD}) == []
    preview = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {"title": "ごみ"}}
    result = {"type": "result", "attachmentLayout": "list"}
    found = [{**MESSAGE["attachments"][0], "preview": preview}]
    assert extension_faults({"composeExtension": {**result, "attachments": found}}) == []


def test_what_a_card_shows_is_read() -> None:
    shown = texts(CARD)
    assert "12.3" in shown
    assert "12.3%" in shown
    assert "R5 1、R6 2.5" not in shown
    assert [action["title"] for action in actions(CARD)] == ["推移", "他の年度"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda card: card.update(version="1.6"), "/version"),
        (lambda card: card.update(lang="en"), "/lang"),
        (lambda card: card.update(body=[]), "/body: empty"),
        (lambda card: card.update(colour="red"), "has no 'colour'"),
        (lambda card: card["body"].append({"type": "Badge", "text": "達成"}), "Badge breaks"),
        (lambda card: card["body"].append({"type": "Container", "items": [{"type": "ProgressBar"}]}), "ProgressBar"),
        (lambda card: card["body"].append({"type": "Chart.Bar"}), "no such type"),
        (lambda card: card["body"][0].pop("wrap"), "wrap"),
        (lambda card: card["body"][0].update(text=""), "no text"),
        (lambda card: card["body"][0].update(size="large"), "size is 'large'"),
        (lambda card: card["body"][0].update(color=None), "null"),
        (lambda card: card["body"][2]["rows"][1]["cells"].pop(), "/rows/1: not as many cells"),
        (lambda card: card["body"][2].pop("columns"), "no columns"),
        (lambda card: card["body"][2]["rows"].append(text("値")), "no place"),
        (lambda card: card["body"][3].pop("fallback"), "without fallback"),
        (lambda card: card["body"][3].update(fallback="drop"), "without fallback"),
        (lambda card: card["body"][3]["data"][0]["values"][0].update(y="1"), "y is no number"),
        (lambda card: card["body"][3]["data"][0]["values"][0].update(y=float("nan")), "y is no number"),
        (lambda card: card["actions"][0].pop("verb"), "no verb"),
        (lambda card: card["actions"][0].update(data={}), "no data"),
        (lambda card: card["actions"][0].update(title="長" * 41), "41 characters"),
        (lambda card: card.update(actions=[press()] * 7), "7, no more than 6"),
        (lambda card: card["body"].append(text("長" * 9000)), "bytes"),
        (lambda card: card["body"].extend([text("一", id="a"), text("二", id="a")]), "stands twice"),
        (lambda card: card.update(refresh={"userIds": []}), "/refresh"),
    ],
)
def test_faults_of_a_card_are_told(change: Callable[[Any], object], told: str) -> None:
    card = deepcopy(CARD)
    change(card)
    faults = card_faults(card)
    assert any(told in fault for fault in faults), faults
    assert any(
        told in fault
        for fault in activity_faults({**MESSAGE, "attachments": [{**MESSAGE["attachments"][0], "content": card}]})
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.update(type="event"), "does not send"),
        (lambda one: one.update(text="", attachments=[]), "neither text"),
        (lambda one: one.update(text=""), "/summary"),
        (lambda one: one.update(text="長" * 60_000), "bytes"),
        (lambda one: one.update(attachments=[{"contentType": "image/png"}]), "contentType"),
        (lambda one: one.update(text="R6は12.3%です。"), "[1] does not stand"),
        (lambda one: one["entities"][0].update(citation=[CLAIM] * 11), "no more than 10"),
        (lambda one: one["entities"][0].update(citation=[CLAIM] * 2), "position stands twice"),
        (lambda one: one["entities"][0]["citation"][0]["appearance"].update(name="長" * 81), "81 characters"),
        (lambda one: one["suggestedActions"].update(actions=one["suggestedActions"]["actions"] * 7), "7, no more"),
        (lambda one: one["suggestedActions"]["actions"][0].update(type="openUrl"), "imBack only"),
        (lambda one: one.update(conversation={"conversationType": "channel"}), "personal chats only"),
        (lambda one: one["channelData"].update(feedbackLoop={"type": "thumbs"}), "feedbackLoop"),
        (lambda one: one["entities"].append({"type": "mention", "text": "<at>田中</at>"}), "the mention does not"),
    ],
)
def test_faults_of_a_message_are_told(change: Callable[[Any], object], told: str) -> None:
    message = deepcopy(MESSAGE)
    change(message)
    faults = activity_faults(message)
    assert any(told in fault for fault in faults), faults

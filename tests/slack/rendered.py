"""What holds for every message that is rendered: Slack takes it, all forms say the same, nobody is mentioned by it."""

import json
from collections.abc import Iterator
from typing import Any

import slackblocks as second

from bot.channels.slack.buttons import read_value
from bot.channels.slack.messages import Message
from tests.slack.limits import faults, message_faults

#: What may carry text, and how: nothing of it is parsed by Slack.
_PLAIN = {"plain_text", "raw_text", "text"}
#: The blocks of the plainest form, which every Slack takes.
PLAINEST = {"section", "actions"}
NEW = {"data_table", "data_visualization", "context_actions"}


def check(message: Message) -> None:
    """Fails where Slack would refuse a form of the message, or would find markup in it."""
    assert message.text
    assert len(message.text) <= 12_000
    assert "<" not in message.text
    assert ">" not in message.text
    assert message.forms
    for form in message.forms:
        assert faults(list(form)) == []
        assert message_faults({"text": message.text, "blocks": list(form)}) == []
        assert sum(len(text) for text in texts(list(form))) <= 30_000
        for one in objects(list(form)):
            if "text" in one and isinstance(one["text"], str):
                assert one["type"] in _PLAIN
        for value in values(list(form)):
            assert value in ("good", "bad") or read_value(value)
            assert not set(value) & set("<>&")
        json.dumps(form, ensure_ascii=False).encode()  # no halves of letters
        _second_opinion(form)
    assert {block["type"] for block in message.forms[-1]} <= PLAINEST | (
        {"rich_text"} if len(message.forms) < 2 else set()
    )
    assert not any(block["type"] in NEW for form in message.forms[1:] for block in form)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from objects(one)
    elif isinstance(value, dict):
        yield value
        yield from objects(list(value.values()))


def texts(form: list[dict[str, Any]]) -> Iterator[str]:
    """All that a form shows."""
    for one in objects(form):
        if isinstance(one.get("text"), str):
            yield one["text"]


def shown(form: tuple[dict[str, Any], ...]) -> str:
    return "".join(texts(list(form)))


def values(form: list[dict[str, Any]]) -> Iterator[str]:
    for one in objects(form):
        if isinstance(one.get("value"), str):
            yield one["value"]


def buttons(form: tuple[dict[str, Any], ...]) -> dict[str, str]:
    """Labels of the buttons by their action_id."""
    return {
        one["action_id"]: one["text"]["text"]
        for block in form
        if block["type"] == "actions"
        for one in block["elements"]
    }


def _second_opinion(form: tuple[dict[str, Any], ...]) -> None:
    """slackblocks refuses what it takes for too long, too many or malformed."""
    for block in form:
        match block["type"]:
            case "data_table":
                rows: list[Any] = [[second.RawText(cell["text"]) for cell in row] for row in block["rows"]]
                second.DataTableBlock(rows, block["caption"], block["page_size"], block["row_header_column_index"])
            case "table":
                second.TableBlock([[second.RawText(cell["text"]) for cell in row] for row in block["rows"]])
            case "data_visualization":
                second.DataVisualizationBlock(block["title"], _chart(block["chart"]))
            case "section":
                second.SectionBlock.from_dict(block)
            case "actions":
                for one in block["elements"]:
                    second.Button(one["text"]["text"], one["action_id"], value=one.get("value"), url=one.get("url"))


def _chart(chart: dict[str, Any]) -> Any:
    kind = {"line": second.LineChart, "bar": second.BarChart}[chart["type"]]
    series = [
        second.DataSeries(one["name"], [second.DataPoint(point["label"], point["value"]) for point in one["data"]])
        for one in chart["series"]
    ]
    return kind(series, second.AxisConfig(**chart["axis_config"]))

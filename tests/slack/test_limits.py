"""The limits themselves, each at its edge: what just fits has no fault, one more has one."""

from collections.abc import Callable

import pytest

from tests.slack.elements import Json
from tests.slack.limits import faults, message_faults, view_faults


def _plain(size: int) -> Json:
    return {"type": "plain_text", "text": "あ" * size}


def _section(size: int) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "あ" * size}}


def _actions(number: int, text: int = 1, value: int = 1, action: int = 2) -> Json:
    buttons = [
        {"type": "button", "text": _plain(text), "value": "v" * value, "action_id": f"{n:02}".ljust(action, "a")}
        for n in range(number)
    ]
    return {"type": "actions", "elements": buttons}


def _menu(number: int, text: int = 1, value: int = 1) -> Json:
    options = [{"text": _plain(text), "value": "v" * value} for _ in range(number)]
    return {"type": "section", "text": _plain(1), "accessory": {"type": "static_select", "options": options}}


def _table(rows: int, columns: int, text: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "あ" * text}] * columns] * rows}


def _grid(rows: int, columns: int, page: int = 5) -> Json:
    header: list[Json] = [{"type": "raw_text", "text": "年度"}] * columns
    body: list[Json] = [{"type": "raw_number", "value": 1.5, "text": "1.5%"}] * columns
    return {"type": "data_table", "caption": "表", "page_size": page, "rows": [header, *[body] * (rows - 1)]}


def _chart(series: int, points: int = 2, title: int = 1, label: int = 3) -> Json:
    categories = [f"{n:03}".ljust(label, "x") for n in range(points)]
    data = [{"label": category, "value": 1} for category in categories]
    several = [{"name": f"系列{n}", "data": data} for n in range(series)]
    chart = {"type": "line", "series": several, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "あ" * title, "chart": chart}


@pytest.mark.parametrize(
    ("build", "fits"),
    [
        (_section, 3000),
        (lambda n: {"type": "header", "text": _plain(n)}, 150),
        (lambda n: {"type": "section", "fields": [_plain(1)] * n}, 10),
        (lambda n: {"type": "section", "fields": [_plain(n)]}, 2000),
        (lambda n: {"type": "context", "elements": [_plain(1)] * n}, 10),
        (lambda n: {"type": "markdown", "text": "あ" * n}, 12_000),
        (_actions, 25),
        (lambda n: _actions(1, text=n), 75),
        (lambda n: _actions(1, value=n), 2000),
        (lambda n: _actions(1, action=n), 255),
        (_menu, 100),
        (lambda n: _menu(1, text=n), 75),
        (lambda n: _menu(1, value=n), 150),
        (lambda n: _table(n, 1), 100),
        (lambda n: _table(1, n), 20),
        (lambda n: _table(1, 1, n), 10_000),
        (lambda n: _grid(n, 1), 101),
        (lambda n: _grid(2, n), 20),
        (lambda n: _grid(2, 1, n), 100),
        (_chart, 6),
        (lambda n: _chart(1, n), 101),
        (lambda n: _chart(1, title=n), 50),
        (lambda n: _chart(1, label=n), 20),
    ],
)
def test_what_just_fits_has_no_fault(build: Callable[[int], Json], fits: int) -> None:
    assert faults([build(fits)]) == []
    assert faults([build(fits + 1)])


def test_numbers_of_blocks() -> None:
    assert faults([_section(1)] * 50) == []
    assert faults([_section(1)] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert faults([_chart(1)] * 2) == []
    assert faults([_chart(1)] * 3)
    assert faults([_table(1, 1)] * 2) == ["only one table is allowed [json-pointer:/blocks]"]
    assert view_faults({"type": "home", "blocks": [_section(1)] * 100}) == []
    assert view_faults({"type": "home", "blocks": [_section(1)] * 101})


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section"},
        {"type": "section", "text": {"type": "mrkdwn", "text": ""}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "*見出し*"}},
        {"type": "unheard_of"},
        {"type": "actions", "elements": [{"type": "button", "text": _plain(1), "action_id": "a"}] * 2},
        {"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "a"}]},
        {"type": "data_table", "caption": "表", "rows": [[{"type": "raw_text", "text": "年度"}]]},
        {"type": "data_table", "caption": "表", "rows": [*_grid(2, 2)["rows"], *_grid(2, 1)["rows"]]},
        {"type": "data_table", "rows": _grid(2, 2)["rows"]},
        {
            "type": "data_visualization",
            "title": "図",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
        },
        {"type": "rich_text", "elements": [{"type": "text", "text": "あ"}]},
        "section",
        None,
    ],
)
def test_refused_blocks(block: object) -> None:
    assert faults([block])


def test_a_chart_needs_a_point_for_every_category() -> None:
    block = _chart(2)
    block["chart"]["series"][1]["data"] = block["chart"]["series"][1]["data"][:1]
    assert faults([block]) == [
        "exactly one point for every category required [json-pointer:/blocks/0/chart/series/1/data]"
    ]


def test_messages() -> None:
    assert message_faults({"text": "あ" * 40_000}) == []
    assert message_faults({"text": "あ" * 40_001})
    assert message_faults({"text": ""})
    assert message_faults({"text": "あ", "metadata": {"event_type": "x", "event_payload": {}}}) == []
    assert message_faults({"text": "あ", "metadata": {"event_payload": {}}})


def test_views() -> None:
    modal: Json = {"type": "modal", "title": _plain(24), "blocks": [_section(1)]}
    field = {"type": "input", "label": _plain(1), "element": {"type": "plain_text_input", "max_length": 3000}}
    assert view_faults(modal) == []
    assert view_faults({**modal, "title": _plain(25)})
    assert view_faults({**modal, "private_metadata": "x" * 3000}) == []
    assert view_faults({**modal, "private_metadata": "x" * 3001})
    assert view_faults({**modal, "submit": _plain(24), "blocks": [field]}) == []
    assert view_faults({**modal, "blocks": [field]}), "an input needs a way to submit"
    assert view_faults({**modal, "blocks": [_grid(2, 2)]}), "tables stand in messages only"

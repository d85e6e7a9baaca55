"""The buttons of a card, and what they carry (bot/channels/asked.py) as the data of an Action.Execute.

`{"act": "years", "q": "コピー用紙 R6", "d": "2024-11-20", "p": "indicator:12", "n": 1, "b": "", "bq": "…"}`: p is left
out where nothing is picked, n on the first page, b (what is picked on the way back) where there is no way back, bq
where the way back is to the same question.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answer import Answer, Kind
from bot.channels.asked import Asked, Press, about, again, candidates, shows_all_years, sole_indicator
from bot.channels.letters import clean
from bot.channels.phrases import PERMANENT
from bot.channels.teams.elements import Element, button

PICK, YEARS, CHART, WRONG, PAGE, ASK, BACK = "pick", "years", "chart", "wrong", "page", "ask", "back"
ACTS = frozenset({PICK, YEARS, CHART, WRONG, PAGE, ASK, BACK})

#: Bytes of a button's data; a longer question has no buttons.
DATA = 700
_MOST_OFFERED = 6
_MOST_PAGES = 1_000
_KEY = re.compile(r"(?:(?:indicator|initiative):[0-9]{1,18})?")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for: `press` is what it is about. `back` asks for the card that it stands on again, at `page`;
    None where that cannot be made again. For PAGE and BACK `page` is the page to be shown."""

    act: str
    press: Press
    page: int = 0
    back: Press | None = None


def to_data(action: Action) -> dict[str, Any]:
    """The data of a button, empty where they are too long for one."""
    press, back = action.press, action.back
    data: dict[str, Any] = {"act": action.act, "q": clean(press.text), "d": press.asked_on.isoformat()}
    data |= {"p": press.picked} if press.picked else {}
    data |= {"n": action.page} if action.page else {}
    if back:
        data |= {"b": back.picked} | ({"bq": clean(back.text)} if back.text != press.text else {})
    return data if len(json.dumps(data, ensure_ascii=False).encode()) <= DATA else {}


def read_action(verb: object, data: object) -> Action | None:
    """What a button was pressed for; None for anything that `to_data` has not written."""
    if not isinstance(data, Mapping) or not isinstance(verb, str) or verb not in ACTS or data.get("act") != verb:
        return None
    text, picked, page, back = (
        data.get(name, empty) for name, empty in (("q", None), ("p", ""), ("n", 0), ("b", None))
    )
    asked_on = _day(data.get("d"))
    if asked_on is None or not _is_question(text) or not _is_key(picked):
        return None
    if not isinstance(page, int) or isinstance(page, bool) or not 0 <= page < _MOST_PAGES:
        return None
    press = Press(text, asked_on, picked)
    if back is None:
        return Action(verb, press, page)
    question = data.get("bq", text)
    if not _is_question(question) or not _is_key(back):
        return None
    return Action(verb, press, page, Press(question, asked_on, back))


def way_back(action: Action) -> Action | None:
    """What 「戻る」 carries on the card that an action is answered with."""
    return Action(BACK, action.back, action.page) if action.back else None


def answer_buttons(answer: Answer, asked: Asked, page: int, back: Action | None) -> list[Element]:
    """What can be done with an answer, and the way back from it."""
    found: list[Element] = []
    if asked.text.strip() and answer.kind in (Kind.ANSWER, Kind.NO_DATA):
        is_about_one = sole_indicator(answer) is not None
        press, repeated = about(asked, answer), again(asked)
        origin, at = (back.press, back.page) if back else (repeated, page)
        drawn = press if is_about_one else repeated
        if answer.chart and drawn:
            found += _button("推移" if is_about_one else "グラフ", Action(CHART, drawn, at, origin))
        if is_about_one and not shows_all_years(answer):
            found += _button("他の年度", Action(YEARS, press, at, origin))
        found += _button("違う", Action(WRONG, press))
        if asked.link:
            found.append({"type": "Action.OpenUrl", "title": PERMANENT, "url": asked.link})
    return [*found, *back_button(back)]


def back_button(back: Action | None) -> list[Element]:
    return _button("戻る", back) if back else []


def offers(answer: Answer, asked: Asked) -> list[Element]:
    """A button for each candidate where it asks back, for each question where it tells how to ask."""
    if answer.kind is Kind.CHOOSE:
        found = [(label, Action(PICK, press, 0, again(asked))) for label, press in candidates(asked, answer)]
    elif answer.kind in (Kind.HELP, Kind.NOT_UNDERSTOOD):
        found = [(one, Action(ASK, Press(one, asked.asked_on))) for one in answer.examples]
    else:
        found = []
    return [one for label, action in found[:_MOST_OFFERED] for one in _button(label, action)]


def can_turn(asked: Asked) -> bool:
    """Is there a button for another page of a list: can it be asked for again?"""
    press = again(asked)
    return press is not None and bool(to_data(Action(PAGE, press, _MOST_PAGES - 1)))


def page_buttons(asked: Asked, page: int, of: int, size: int, last: int) -> list[Element]:
    """「前の10件」 and 「次の3件」: there are `of` pages, of `size` but for the last one, which has `last`."""
    press = again(asked)
    if press is None:
        return []
    ways = []
    if page > 0:
        ways.append((f"前の{size}件", page - 1))
    if page + 1 < of:
        ways.append((f"次の{last if page + 2 == of else size}件", page + 1))
    return [one for label, to in ways for one in _button(label, Action(PAGE, press, to))]


def _button(label: str, action: Action) -> list[Element]:
    data = to_data(action)
    return button(label, action.act, data) if data else []


def _is_question(text: object) -> bool:
    return isinstance(text, str) and len(text) <= DATA


def _is_key(key: object) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def _day(text: object) -> date | None:
    """The day of a question, None for what is none or could not have been."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None

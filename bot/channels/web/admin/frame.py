"""What the pages of administration share: their frame, what is said after a write, pages of long lists."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse

from bot.channels.web.desk import Desk, Visit
from bot.channels.web.pages import render

#: As many lines as one page of a list has.
LINES = 50
_MOST_PAGES = 100_000

# What a page says that one was sent to after a write, by the key in its address.
_DONE: Mapping[str, str] = {
    "alias": "別名を登録しました。すぐに使えます。",
    "withdrawn": "別名を外しました。この名前ではもう答えません。",
    "declined": "提案を見送りました。",
    "results": "実績を登録しました。",
    "plans": "計画を読み込みました。",
    "dropped": "ファイルを捨てました。何も書き込んでいません。",
    "subscribed": "購読を登録しました。",
    "ended": "購読をやめました。",
    "role": "役割を変えました。",
}


def show(desk: Desk, visit: Visit, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page of administration; after a write it says what has been done."""
    done = _DONE.get(visit.query.get("done", ""), "") if status == 200 else ""
    return render(desk, visit, f"admin/{template}", status, done=done, **values)


def go_to(path: str, done: str = "", **values: object) -> RedirectResponse:
    """On to another page, after a write with what it is to say (a key of _DONE)."""
    given = {name: str(value) for name, value in ({"done": done} | values).items() if value}
    return RedirectResponse(f"{path}?{urlencode(given)}" if given else path, 303)


def page_of(visit: Visit) -> int:
    """Which page of a long list is asked for, from 1."""
    text = visit.query.get("page", "")
    return min(max(int(text), 1), _MOST_PAGES) if text.isdecimal() and len(text) < 10 else 1


def number_in(text: str) -> int:
    """A number of the store as a form or an address gives it, 0 for what is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0

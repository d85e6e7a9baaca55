"""Plain answers, which need no visitor and no store: a page, for the page's own script a piece of one, or JSON."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.channels.web.pages import html_of

# What programs read.
_JSON = ("/api/", "/openapi.json")
#: Titles of refusals, by status.
TITLES = {
    400: "送られた内容を読めません",
    401: "ログインが必要です",
    403: "この操作は受け付けられません",
    404: "ページが見つかりません",
    405: "この操作はできません",
    408: "送られてくるまでに時間がかかりすぎました",
    413: "送られた内容が大きすぎます",
    415: "送られた内容の形式が違います",
    429: "短い時間に多くの操作がありました",
    500: "お答えできませんでした",
    503: "いまはお答えできません",
}


def plain(
    connection: HTTPConnection,
    status: int,
    lines: tuple[str, ...] = (),
    *,
    title: str = "",
    headers: Mapping[str, str] | None = None,
    link: tuple[str, str] = ("/", "質問のページへ"),
) -> Response:
    """One thing said, in the form in which it was asked; `link` is where a page leads to from there."""
    title = title or TITLES.get(status, TITLES[400])
    if is_for_programs(connection):
        return JSONResponse(
            {"error": "。".join((title, *(line.rstrip("。") for line in lines))) + "。"}, status, headers
        )
    is_fragment = connection.headers.get("shirube-fragment") == "1"
    template = "notice_fragment.html" if is_fragment else "plain.html"
    return HTMLResponse(html_of(template, title=title, lines=lines, link=link), status, headers)


def is_for_programs(connection: HTTPConnection) -> bool:
    """Does a program ask, not a browser?"""
    return str(connection.scope["path"]).startswith(_JSON)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    lines = () if error.detail.isascii() else (error.detail,)  # our own words, not Starlette's
    return plain(request, error.status_code, lines, headers=error.headers)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # nobody reads it any more


#: For Starlette: what it refuses itself (unknown paths, methods), what forms and limits do, and who has gone away.
HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _refused,
    ClientDisconnect: _gone,
}

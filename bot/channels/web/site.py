"""The site: every page in one application, behind the checks of who may in and how much they may send."""

import logging
from collections.abc import Awaitable, Callable
from secrets import token_hex, token_urlsafe

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.phrases import IS_BROKEN
from bot.channels.web import board, chat, given, samples
from bot.channels.web.access import is_open_to
from bot.channels.web.api import api_routes
from bot.channels.web.desk import Desk, SentFile, Visit, role_in
from bot.channels.web.health import health_routes
from bot.channels.web.pages import STATIC, Page, render_notice
from bot.channels.web.sessions import COOKIE, LASTS, holds_token, visitor_of

_log = logging.getLogger(__name__)

PAGES: tuple[Page, ...] = (*board.PAGES, *chat.PAGES, *given.PAGES, *samples.PAGES)
# A form of ours has a few fields; a question may be long.
_FIELDS, _FIELD = 60, 100_000

Endpoint = Callable[[Request], Awaitable[Response]]


def site(desk: Desk) -> Starlette:
    """The application with all pages of one organisation."""
    routes: list[BaseRoute] = [
        *(Route(one.path, _endpoint(desk, one), methods=[one.method]) for one in PAGES),
        *api_routes(desk),
        *health_routes(desk),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    secret = desk.settings.session_secret or token_urlsafe(32)
    session = Middleware(
        SessionMiddleware,
        secret_key=secret,
        session_cookie=COOKIE,
        max_age=LASTS,
        https_only=desk.settings.is_secure,
    )
    return Starlette(routes=routes, middleware=[session])


def _endpoint(desk: Desk, page: Page) -> Endpoint:
    async def answer(request: Request) -> Response:
        visitor = visitor_of(request, is_open_to(request, desk.settings))
        if visitor is None:
            raise HTTPException(404)
        visit = Visit(request, visitor, desk.clock())
        if page.method == "POST":
            form = await request.form(max_files=1, max_fields=_FIELDS, max_part_size=_FIELD)
            visit = await _with_form(visit, form)
        return await run_in_threadpool(_answer, desk, page, visit)

    return answer


async def _with_form(visit: Visit, form: FormData) -> Visit:
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    files = {
        name: SentFile(value.filename or "", await value.read())
        for name, value in form.multi_items()
        if isinstance(value, UploadFile)
    }
    return Visit(visit.request, visit.visitor, visit.at, fields, files)


def _answer(desk: Desk, page: Page, visit: Visit) -> Response:
    if page.method == "POST" and not holds_token(visit.visitor, visit.form.get("token", "")):
        lines = ("開いてから時間がたっています。ページを読み込み直して、もう一度お試しください。",)
        return render_notice(desk, visit, "このページからは送れませんでした", lines, status=403)
    if page.needs and not page.needs(role_in(desk, visit.visitor)):
        lines = (f"必要な役割を、管理者に頼んでください。あなたのIDは {visit.visitor.person} です。",)
        return render_notice(desk, visit, "このページを使う役割がありません", lines, status=403)
    try:
        return page.handle(desk, visit)
    except Exception:
        number = token_hex(4)
        _log.exception("page %s failed: %s", page.path, number)
        return render_notice(desk, visit, "お答えできませんでした", (IS_BROKEN.format(number),), status=500)

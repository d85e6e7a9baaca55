"""The site: every page in one application, behind the checks of who may in and how much they may send."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from secrets import token_urlsafe

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, compile_path
from starlette.staticfiles import StaticFiles

from bot.channels.web import admin, api, board, chat, exports, given, indicator, samples
from bot.channels.web.access import SIGN_INS, Bearer, is_closed, visitor_in, with_admission
from bot.channels.web.desk import Desk, Visit, role_in
from bot.channels.web.forms import read_form
from bot.channels.web.guards import FORM, counting, with_headers, with_limited_bodies, with_plain_errors
from bot.channels.web.health import health_routes
from bot.channels.web.pages import STATIC, Page, render_notice
from bot.channels.web.plain import HANDLERS
from bot.channels.web.sessions import LASTS, cookie_name, holds_token
from bot.channels.web.settings import OWN_RATE, RATE, WebSettings
from data.roles import Role

_log = logging.getLogger(__name__)

PAGES: tuple[Page, ...] = (
    *admin.PAGES,
    *board.PAGES,
    *chat.PAGES,
    *exports.PAGES,
    *given.PAGES,
    *indicator.PAGES,
    *samples.PAGES,
)

Endpoint = Callable[[Request], Awaitable[Response]]


def site(desk: Desk) -> Starlette:
    """The application with all pages of one organisation."""
    pages = PAGES
    bearer = None
    entries: list[Route] = []
    if desk.settings.provider:
        from bot.channels.web import signing_in  # whose libraries are only for who signs people in

        pages += signing_in.PAGES
        entries, bearer = signing_in.entrance(desk, desk.settings.provider)
    routes: list[BaseRoute] = [
        *entries,
        *(Route(one.path, _endpoint(desk, one), methods=[one.method]) for one in pages),
        *api.api_routes(desk),
        *health_routes(desk),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    if is_closed(desk.settings):
        _log.warning("the page is closed: it is not for this machine alone, and OIDC_ISSUER is not set")
    app = Starlette(routes=routes, middleware=_guards(desk, bearer), exception_handlers=HANDLERS)
    app.router.redirect_slashes = False
    return app


def _guards(desk: Desk, bearer: Bearer | None) -> list[Middleware]:
    """From the outermost on."""
    own = desk.settings
    session = Middleware(
        SessionMiddleware,
        secret_key=own.session_secret or token_urlsafe(32),
        session_cookie=cookie_name(own.is_secure),
        max_age=LASTS,
        https_only=own.is_secure,
    )
    return [
        Middleware(with_headers, own.is_secure),
        Middleware(with_plain_errors),
        Middleware(with_limited_bodies, _most_of(own)),
        session,
        Middleware(
            with_admission,
            desk,
            counting(own.rate or (RATE if own.provider else OWN_RATE)),
            counting(SIGN_INS),
            bearer,
        ),
    ]


def _most_of(settings: WebSettings) -> Callable[[str], int]:
    """How large a body may be, by its path."""
    uploads = [compile_path(page.path)[0] for page in PAGES if page.takes_files]

    def most(path: str) -> int:
        if path == api.PATH:
            return api.LARGEST
        return FORM + (settings.upload if any(one.match(path) for one in uploads) else 0)

    return most


def _endpoint(desk: Desk, page: Page) -> Endpoint:
    async def answer(request: Request) -> Response:
        visit = Visit(request, visitor_in(request), desk.clock())
        if page.needs and (refusal := await run_in_threadpool(_lacks_role, desk, page.needs, visit)):
            return refusal
        if page.method == "POST":
            fields, files = await read_form(request, page.takes_files)
            visit = replace(visit, form=fields, files=files)
        return await run_in_threadpool(_answer, desk, page, visit)

    return answer


def _lacks_role(desk: Desk, needs: Callable[[Role], bool], visit: Visit) -> Response | None:
    if needs(role_in(desk, visit.visitor)):
        return None
    lines = (f"必要な役割を、管理者に頼んでください。あなたのIDは {visit.visitor.person} です。",)
    return render_notice(desk, visit, "このページを使う役割がありません", lines, status=403)


def _answer(desk: Desk, page: Page, visit: Visit) -> Response:
    if page.method == "POST" and not holds_token(visit.visitor, visit.form.get("token", "")):
        lines = ("開いてから時間がたっています。ページを読み込み直して、もう一度お試しください。",)
        return render_notice(desk, visit, "このページからは送れませんでした", lines, status=403)
    return page.handle(desk, visit)

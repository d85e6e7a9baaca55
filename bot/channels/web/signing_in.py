"""Signing in and out, where the page is not open to this machine alone.

Whoever the provider lets in may look; what else they may do the store's roles say, at every request:
`python -m data grant web:SUB administrator` makes an administrator of who has signed in as `SUB` (Entra ID: the object
ID). Somebody who misses a role is told their ID.
"""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.access import CALLBACK, LOGIN, LOGOUT, Bearer, CannotTell, own_path
from bot.channels.web.desk import Desk, Visit, Visitor
from bot.channels.web.oidc import NoProvider, NotAdmitted, bearer_of, claims_of_code, client_of, identity_of
from bot.channels.web.pages import Page
from bot.channels.web.plain import plain
from bot.channels.web.sessions import going_to, remember_going_to, sign_in, sign_out, visitor_of
from bot.channels.web.settings import Provider
from bot.logs import note

_log = logging.getLogger(__name__)

_IS_AWAY = "ログインのサーバーにつながりません"
_LATER = ("しばらくしてから、もう一度お試しください。続くときは、管理者に連絡してください。",)
_REFUSED = "ログインできませんでした"
_WHY = (
    "途中でやめたか、時間がたったか、このページを使えないアカウントです。",
    "続くときは、管理者に確認してください。",
)
_AGAIN = (LOGIN, "もう一度ログインする")
_SHARED = ("共用の端末では、ログインに使ったサービスからもログアウトしてください。",)


def entrance(desk: Desk, provider: Provider) -> tuple[list[Route], Bearer]:
    """The addresses for signing in, and who scripts speak for that send a token of the provider."""
    client = client_of(provider)
    claims_of = bearer_of(client)

    async def login(request: Request) -> Response:
        remember_going_to(request, own_path(request.query_params.get("next", going_to(request))))
        response: Response = await (await client()).authorize_redirect(request, f"{desk.settings.public_url}{CALLBACK}")
        return response

    async def arrive(request: Request) -> Response:
        path = going_to(request)
        identity = identity_of(await claims_of_code(client, request), provider)
        sign_in(request, identity.person, identity.name, desk.clock())
        note(_log, "signed in", person=identity.person)
        return RedirectResponse(path, 303)

    async def say_goodbye(request: Request) -> Response:
        if visitor_of(request, is_open=False, at=desk.clock()):
            return RedirectResponse("/", 303)
        return plain(request, 200, _SHARED, title="ログアウトしました", link=_AGAIN)

    async def bearer(header: str) -> Visitor | None:
        try:
            claims = await claims_of(header)
            identity = identity_of(claims, provider) if claims else None
        except NoProvider as reason:
            _log.warning("the provider cannot be used: %s", reason)
            raise CannotTell from None
        except NotAdmitted as reason:
            note(_log, "refused", reason=str(reason))
            return None
        return Visitor(identity.person, identity.name) if identity else None

    routes = [Route(LOGIN, _told(login)), Route(CALLBACK, _told(arrive)), Route(LOGOUT, say_goodbye)]
    return routes, bearer


def leave(desk: Desk, visit: Visit) -> Response:
    """Signs out, in this browser."""
    sign_out(visit.request)
    return RedirectResponse(LOGOUT, 303)


PAGES = (Page(LOGOUT, leave, method="POST"),)


def _told(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same, with a plain page where nobody can be let in."""

    async def answer_plainly(request: Request) -> Response:
        try:
            return await answer(request)
        except NoProvider as reason:
            _log.warning("the provider cannot be used: %s", reason)
            return plain(request, 503, _LATER, title=_IS_AWAY, headers={"retry-after": "10"}, link=_AGAIN)
        except NotAdmitted as reason:
            note(_log, "refused", reason=str(reason))
            return plain(request, 403, _WHY, title=_REFUSED, link=_AGAIN)

    return answer_plainly

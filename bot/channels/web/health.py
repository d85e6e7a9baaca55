"""What a platform asks a server: does it live, is it ready, what has it counted. No visitor, no limit, no session."""

import asyncio
import logging
from concurrent.futures import Future
from dataclasses import dataclass
from hmac import compare_digest
from threading import Thread

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.channels.phrases import HELP
from bot.channels.web.access import is_open_to
from bot.channels.web.desk import Desk
from bot.channels.web.settings import WebSettings
from bot.question import Question
from data.engine import is_store_fault
from data.fiscal_year import TOKYO

#: Seconds after which something that has not answered is not ready.
PATIENCE = 1.5
STORE, INDEX = "store", "index"

_log = logging.getLogger(__name__)


def health_routes(desk: Desk) -> list[Route]:
    """GET /healthz, /readyz and /metrics."""
    check = _Check(desk)

    async def live(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        """503 with the part that is not ready: the store, or the index of the newest revision."""
        missing = await check.missing()
        return JSONResponse({"status": "waiting", "part": missing}, 503) if missing else JSONResponse({"status": "ok"})

    async def counts(request: Request) -> Response:
        if not (is_open_to(request, desk.settings) or _holds_token(request, desk.settings)):
            raise HTTPException(404)
        return Response(metrics.exposition(), media_type=metrics.MEDIA_TYPE)

    return [Route("/healthz", live), Route("/readyz", ready), Route("/metrics", counts)]


@dataclass(slots=True)
class _Check:
    """Looks whether the organisation can be answered, in a thread that may hang with the store: never two of them."""

    desk: Desk
    part: str = STORE
    _found: Future[str] | None = None

    async def missing(self) -> str:
        """The part that is not ready, "" where all is."""
        found = self._found
        if found is None or found.done():
            found = self._found = Future()
            Thread(target=self._look, args=(found,), name="readiness", daemon=True).start()
        done, _ = await asyncio.wait([asyncio.wrap_future(found)], timeout=PATIENCE)
        return done.pop().result() if done else self.part

    def _look(self, found: Future[str]) -> None:
        desk, self.part = self.desk, STORE
        try:
            desk.store.revision(desk.organisation)
            self.part = INDEX  # built by the question, where it is not
            desk.ask(Question(HELP, desk.clock().astimezone(TOKYO).date(), desk.organisation, plan=desk.plan))
            self.part = ""
        except Exception as error:
            if not is_store_fault(error):
                _log.exception("not ready")
        found.set_result(self.part)


def _holds_token(request: Request, settings: WebSettings) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_token = compare_digest(token.strip().encode(), settings.metrics_token.encode())
    return bool(settings.metrics_token) and scheme.lower() == "bearer" and is_token

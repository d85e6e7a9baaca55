"""Our route, or the bare SDK's app, under uvicorn in a thread of the test: reached over HTTP as Teams does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as WebRoute
from starlette.types import ASGIApp

from bot.channels.teams.arrivals import Invoking
from bot.channels.teams.auth import authenticator
from bot.channels.teams.http import teams_route
from bot.channels.teams.invokes import Response
from bot.channels.teams.settings import TeamsSettings, teams_settings
from data.events import Arrival
from tests.teams.connector import Connector
from tests.teams.issuer import Issuer
from tests.teams.process import settings
from tests.teams.teams import Teams
from tests.waiting import free_port, wait_for

ORGANISATION = "default"
_NAP = 0.005


def settings_of(issuer: Issuer, **environment: str) -> TeamsSettings:
    return teams_settings({**settings(issuer), **environment}, ORGANISATION)


@dataclass(slots=True)
class Route:
    """What has come through the route: events to be kept and invokes. `fault` is raised in their place."""

    teams: Teams
    kept: list[tuple[str, Arrival]] = field(default_factory=list)
    invoked: list[Invoking] = field(default_factory=list)
    fault: Exception | None = None

    def keep(self, organisation: str, arrival: Arrival) -> None:
        if self.fault:
            raise self.fault
        self.kept.append((organisation, arrival))

    def invoke(self, invoking: Invoking) -> Response:
        if self.fault:
            raise self.fault
        self.invoked.append(invoking)
        return 200, {"name": invoking.name}


@contextmanager
def route_served(issuer: Issuer, connector: Connector, **environment: str) -> Iterator[Route]:
    """Our route, without a bot behind it."""
    port = free_port()
    route = Route(Teams(issuer, connector, lambda: port))
    own = settings_of(issuer, **environment)
    with served(teams_route(own, authenticator(own), route.keep, route.invoke), port):
        yield route


@contextmanager
def served(app: BaseRoute | ASGIApp, port: int) -> Iterator[None]:
    """Serves it, with /tick beside, which answers as fast as the loop is free."""
    below = app if isinstance(app, BaseRoute) else Mount("/", app=app)
    app = Starlette(routes=[WebRoute("/tick", _tick), below])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started, 10, "server")
    yield
    server.should_exit = True
    thread.join(10)


async def _tick(request: Request) -> PlainTextResponse:
    return PlainTextResponse("tick")


def longest_stall(port: int, seconds: float) -> float:
    """The longest that the loop of a server kept anybody waiting in the next seconds, beyond what the machine itself
    kept a thread waiting that only sleeps: other tests run beside this one."""
    end, longest, overslept = time.monotonic() + seconds, 0.0, 0.0

    def sleep_on() -> None:
        nonlocal overslept
        while time.monotonic() < end:
            start = time.monotonic()
            time.sleep(_NAP)
            overslept = max(overslept, time.monotonic() - start - _NAP)

    sleeper = Thread(target=sleep_on)
    sleeper.start()
    with httpx.Client(trust_env=False, timeout=seconds + 5) as client:
        while time.monotonic() < end:
            start = time.monotonic()
            client.get(f"http://127.0.0.1:{port}/tick")
            longest = max(longest, time.monotonic() - start)
    sleeper.join()
    return longest - overslept

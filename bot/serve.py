"""The web server: what the channels answer at, under uvicorn, on 127.0.0.1 unless told otherwise."""

import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.config import cannot_listen


def listen(host: str, port: int) -> socket.socket:
    """Takes the address, so that whoever asks from here on waits for an answer; raises CannotStart where it cannot."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=2048)
        # Every connection inherits it: an answer's body does not wait until its head has been acknowledged (40 ms).
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except (OSError, OverflowError) as error:
        raise cannot_listen(host, port, error, "--port") from None


def serve(routes: Sequence[BaseRoute], listening: socket.socket) -> None:
    """Serves until it is asked to end; requests that have begun are answered first.

    uvicorn passes the signal on when it is done: ignored then, it lets the caller come to its own end.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        Starlette(routes=list(routes)),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listening])


def show_page(url: str) -> None:
    """Opens the page before whoever sits at this machine, where there is a screen."""
    has_screen = sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if has_screen and sys.stdout.isatty():
        webbrowser.open(url)

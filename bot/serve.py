"""The web server: what the channels answer at, under uvicorn, on 127.0.0.1 unless told otherwise."""

import signal
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

HOST, PORT = "127.0.0.1", 8000


def serve(routes: Sequence[BaseRoute], host: str, port: int) -> None:
    """Serves until it is asked to end; requests that have begun are answered first.

    uvicorn passes the signal on when it is done: ignored then, it lets the caller come to its own end.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.run(
        Starlette(routes=list(routes)),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )

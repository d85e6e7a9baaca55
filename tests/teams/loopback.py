"""A web server of the tests on 127.0.0.1, with a loop and a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from aiohttp import web

Result = TypeVar("Result")


class Loopback:
    """Serves an application between `start` and `stop`."""

    def __init__(self, name: str) -> None:
        self.url = ""  # http://127.0.0.1:PORT
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)

    def start(self, app: web.Application, port: int = 0) -> None:
        self._thread.start()
        self.run(self._open(app, port))

    def stop(self) -> None:
        self.run(self._close(), 20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, coroutine: Coroutine[Any, Any, Result], seconds: float = 10) -> Result:
        """Runs something in the server's loop and waits for it."""
        future: Future[Result] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(seconds)

    async def _open(self, app: web.Application, port: int) -> None:
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"

    async def _close(self) -> None:
        await self._runner.cleanup()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

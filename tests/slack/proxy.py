"""A door before the tests' PostgreSQL that can be shut: for the bot the database is away then, for others it is not."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

_SOCKET = ".s.PGSQL.5432"


class Proxy:
    """Hands what comes in at a socket of its own on to the server's; `url` is the store's through this door."""

    def __init__(self, folder: Path, url: str) -> None:
        parsed = sa.make_url(url)
        host = parsed.query["host"]
        assert isinstance(host, str)
        self.url = parsed.set(query={**parsed.query, "host": str(folder)}).render_as_string(hide_password=False)
        self._server, self._own = str(Path(host) / _SOCKET), folder / _SOCKET
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._listener: socket.socket | None = None

    def open(self) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._own))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Breaks every connection and takes no new ones."""
        listener, self._listener = self._listener, None
        self._own.unlink(missing_ok=True)
        with self._lock:
            broken, self._sockets = self._sockets, []
        for one in [*broken, *([listener] if listener else [])]:
            with suppress(OSError):  # it may have ended by itself
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            with self._lock:
                self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while part := source.recv(65_536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return

"""A forward proxy of HTTP, as organisations have one between their machines and the world."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener


@contextmanager
def forward_proxy() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the addresses that were asked for through it."""
    seen: list[str] = []
    direct = build_opener(ProxyHandler({}))

    class Forward(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
            }
            try:
                with direct.open(Request(self.path, body, headers, method=self.command), timeout=10) as answer:  # noqa: S310
                    status, own, content = answer.status, answer.headers, answer.read()
            except HTTPError as error:
                status, own, content = error.code, error.headers, error.read()
            self.send_response(status)
            for name, value in own.items():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()

"""What every response carries, how much may be sent, how often: in the site, and at a real server's socket."""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.channels.web.access import with_admission
from bot.channels.web.desk import Desk
from bot.channels.web.forms import read_form
from bot.channels.web.guards import FORM, counting, with_headers, with_limited_bodies, with_plain_errors
from bot.channels.web.plain import HANDLERS
from bot.channels.web.settings import Provider, WebSettings
from data.engine import open_engine
from data.store import Store
from tests.waiting import free_port, wait_for
from tests.web.visiting import client_of, desk_over, token_in

MOST = 1024 * 1024
HUGE = 100 * 1024 * 1024
#: Seconds in which a body has to be there, in these tests.
PATIENCE = 0.5
_CHUNK = b"x" * 65_536


@pytest.fixture(scope="module")
def site_desk(file_with_village: Path) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{file_with_village}")
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture(scope="module")
def visitor(site_desk: Desk) -> TestClient:
    return client_of(site_desk)


async def _take(request: Request) -> Response:
    """Says what was in a form."""
    fields, files = await read_form(request, takes_file=True)
    sizes = {name: [file.name, len(file.content)] for name, file in files.items()}
    return JSONResponse({"fields": dict(fields), "files": sizes})


async def _read(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _fail(request: Request) -> Response:
    raise RuntimeError("secret words")


async def _stream(request: Request) -> Response:
    """Takes longer than a body may."""

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            await asyncio.sleep(PATIENCE / 2)
            yield b"part"

    return StreamingResponse(parts())


@pytest.fixture(scope="module")
def guarded() -> Starlette:
    """What the guards guard is of the tests, the guards are not."""
    every = ["GET", "POST"]
    paths = {"/take": _take, "/read": _read, "/fail": _fail, "/stream": _stream, "/api/fail": _fail}
    routes = [Route(path, handler, methods=every) for path, handler in paths.items()]
    guards = [
        Middleware(with_headers, True),
        Middleware(with_plain_errors),
        Middleware(with_limited_bodies, lambda path: MOST, PATIENCE),
    ]
    return Starlette(routes=routes, middleware=guards, exception_handlers=HANDLERS)


@pytest.fixture(scope="module")
def client(guarded: Starlette) -> TestClient:
    return TestClient(guarded)


@pytest.fixture(scope="module")
def address(guarded: Starlette) -> Iterator[tuple[str, int]]:
    """The same at a real socket."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(guarded, port=port, log_config=None, access_log=False, server_header=False))
    thread = threading.Thread(target=server.run, name="guarded", daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield "127.0.0.1", port
    server.should_exit = True
    thread.join(10)


def check_headers(response: httpx2.Response, caching: str = "no-store") -> None:
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    for directive in ("frame-ancestors", "base-uri"):
        assert policy.pop(directive) == "'none'"
    assert set(policy) == {f"{name}-src" for name in ("script", "style", "img", "connect", "font")} | {"form-action"}
    assert set(policy.values()) == {"'self'"}
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in response.headers["permissions-policy"]
    assert response.headers["cache-control"] == caching
    assert "server" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/board", 200),
        ("GET", "/no-such-page", 404),
        ("GET", "/board/", 404),
        ("GET", "/static/../site.py", 404),
        ("GET", "/static/%2e%2e/site.py", 404),
        ("GET", "/static/none.css?v=1", 404),
        ("GET", "/%00", 400),
        ("GET", "/?q=%00", 400),
        ("POST", "/", 405),
        ("DELETE", "/board", 405),
        ("TRACE", "/", 405),
        ("POST", "/samples", 415),
        ("GET", "/api/none", 404),
        ("GET", "/api/ask", 405),
        ("GET", "/healthz", 200),
        ("POST", "/healthz", 405),
    ],
)
def test_every_response_carries_the_headers(visitor: TestClient, method: str, path: str, status: int) -> None:
    response = visitor.request(method, path)
    assert response.status_code == status
    check_headers(response)
    assert "strict-transport-security" not in response.headers
    if status >= 400 and path.startswith("/api/"):
        assert response.json()["error"]
    elif status >= 400:
        assert '<html lang="ja">' in response.text
        assert "Not Found" not in response.text


def test_redirects_carry_the_headers(visitor: TestClient) -> None:
    answer = visitor.post("/samples", data={"token": token_in(visitor.get("/").text), "on": "0"})
    assert answer.status_code == 303
    check_headers(answer)


def test_static_files_may_be_kept_by_their_version(visitor: TestClient) -> None:
    check_headers(visitor.get("/static/style.css?v=1"), "public, max-age=31536000, immutable")
    plain = visitor.get("/static/style.css")
    check_headers(plain, "no-cache")
    assert "set-cookie" not in plain.headers
    same = visitor.get("/static/style.css", headers={"if-none-match": plain.headers["etag"]})
    assert same.status_code == 304


def test_https_stays_https(client: TestClient) -> None:
    assert client.get("/read").headers["strict-transport-security"] == "max-age=31536000"


def test_the_cookie_of_this_machine(site_desk: Desk) -> None:
    cookie = client_of(site_desk).get("/").headers["set-cookie"].lower()
    assert cookie.startswith("shirube=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # it is reached by http


@pytest.mark.parametrize("path", ["/fail", "/api/fail"])
def test_failures_tell_a_number_alone(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, "secret words" in answer.text, "番号" in answer.text) == (500, False, True)
    assert answer.headers["content-type"].startswith("application/json" if "api" in path else "text/html")
    check_headers(answer)


def test_a_store_that_is_away_is_told(tmp_path: Path, site_desk: Desk) -> None:
    away = Store(open_engine(f"sqlite:///{tmp_path / 'none' / 'away.db'}"))
    answer = client_of(replace(site_desk, store=away)).get("/board")
    assert (answer.status_code, "データベースにつながりません" in answer.text) == (503, True)
    check_headers(answer)


def test_forms_are_read(client: TestClient) -> None:
    files = {"file": ("実績.xlsx", b"x" * 1000)}
    read = client.post("/take", data={"a": "1", "b": "二\r\n"}, files=files).json()
    assert read == {"fields": {"a": "1", "b": "二\r\n"}, "files": {"file": ["実績.xlsx", 1000]}}
    assert client.post("/take", data={"a": ["1", "2"]}).json()["fields"] == {"a": "2"}


def _part(head: str, body: bytes = b"1") -> bytes:
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n"


_FIELD = 'Content-Disposition: form-data; name="a"'
_FILE = 'Content-Disposition: form-data; name="f"; filename="a.csv"'
_END = b"--b--\r\n"
_MULTIPART = "multipart/form-data; boundary=b"
_URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (_MULTIPART, _part(_FIELD) + _END, 200),
        (_MULTIPART, _part(_FIELD) * 60 + _END, 200),
        (_MULTIPART, _part(_FIELD) * 61 + _END, 400),
        (_MULTIPART, _part(_FILE) * 2 + _END, 400),
        (_MULTIPART, _part(_FIELD, b"x" * 100_001) + _END, 400),
        (_MULTIPART, b"garbage", 400),
        (_MULTIPART, b"--b\r\nno header\r\n\r\n1\r\n" + _END, 400),
        (_MULTIPART, _part("Content-Disposition: form-data") + _END, 400),
        (_MULTIPART, _part("Content-Type: text/plain") + _END, 400),
        (_MULTIPART, _part(_FIELD, b"a\0b") + _END, 400),
        (_MULTIPART, _part('Content-Disposition: form-data; name="f"; filename="a\0.csv"') + _END, 400),
        (_MULTIPART, _part("Content-Disposition: form-data; name=a; filename*=bogus''%ff%zz") + _END, 200),
        (_MULTIPART, _part("Content-Disposition: form-data; name*=idna''%ff") + _END, 400),
        ("multipart/form-data", b"--b--", 400),
        ("multipart/form-data; boundary=" + "b" * 5000, b"--b--", 400),
        (f"{_MULTIPART}; charset=utf-7", _part(_FIELD, b"+2AA-") + _END, 415),
        (f"{_MULTIPART}; charset=punycode", _part(_FIELD, b"\xff") + _END, 415),
        (f"{_URLENCODED}; charset=UTF-8", b"a=1", 200),
        (_URLENCODED, b"&".join([b"a=1"] * 61), 400),
        (_URLENCODED, b"a=" + b"x" * 100_001, 400),
        (_URLENCODED, b"a=%00", 400),
        (_URLENCODED, b"%%%=%ZZ&&&;;==", 200),
        (_URLENCODED, b"a=%ED%A0%80", 200),
        (_URLENCODED, b"", 200),
        ("text/plain", b"a=1", 415),
        ("application/json", b"{}", 415),
        ("nonsense", b"a=1", 415),
        ("", b"a=1", 415),
        (";;;=", b"a=1", 415),
    ],
)
def test_malformed_forms_are_refused(client: TestClient, kind: str, body: bytes, status: int) -> None:
    answer = client.post("/take", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    if status != 200:
        assert "<h1>" in answer.text
        piece = client.post("/take", content=body, headers={"content-type": kind, "shirube-fragment": "1"})
        assert (piece.status_code, 'role="alert"' in piece.text, "<html" in piece.text) == (status, True, False)


@pytest.mark.parametrize(("size", "status"), [(MOST, 200), (MOST + 1, 413)])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_bodies_have_a_size(client: TestClient, size: int, status: int, is_chunked: bool) -> None:
    content = iter([b"x" * (size // 2), b"x" * (size - size // 2)]) if is_chunked else b"x" * size
    answer = client.post("/read", content=content)
    assert answer.status_code == status
    if status == 413:
        assert "一度に送れるのは1MBまでです。" in answer.text
        check_headers(answer)


def test_forms_of_pages_are_small(visitor: TestClient) -> None:
    answer = visitor.post("/samples", data={"token": "x" * FORM})
    assert (answer.status_code, "256KB" in answer.text) == (413, True)
    asked = visitor.post("/api/ask", content=b"x" * 2_000_000, headers={"content-type": "application/json"})
    assert (asked.status_code, "error" in asked.json()) == (413, True)


@contextmanager
def _connected(address: tuple[str, int], head: str) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode())
        yield connection


def _status_of(connection: socket.socket) -> int:
    return int(connection.recv(65_536).split(b" ", 2)[1])


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.parametrize("head", [f"Content-Length: {HUGE}", "Transfer-Encoding: chunked"])
def test_a_hundred_megabytes_fill_nothing(address: tuple[str, int], head: str) -> None:
    """What somebody goes on sending after they were refused is thrown away: they can read why."""
    files, before, peak, sent = _files(), _memory(), 0, 0
    piece = b"%x\r\n%b\r\n" % (len(_CHUNK), _CHUNK) if "chunked" in head else _CHUNK
    post = f"POST /take HTTP/1.1\nHost: x\nContent-Type: {_MULTIPART}\n{head}\n\n"
    start = b"--b\r\n" + _FILE.encode() + b"\r\n\r\n"
    with _connected(address, post) as connection:
        connection.sendall(b"%x\r\n%b\r\n" % (len(start), start) if "chunked" in head else start)
        while sent < HUGE - len(_CHUNK):
            connection.sendall(piece)
            sent += len(_CHUNK)
            peak = max(peak, _memory())
        assert _status_of(connection) == 413
    assert peak - before < 30 * 1024 * 1024
    assert _files() <= files


def _files() -> set[str]:
    """Open files that stand in no folder any more, as those of uploads do."""
    links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    return {target for link in links if os.path.lexists(link) if "(deleted)" in (target := os.readlink(link))}


def test_a_refusal_waits_for_no_body(address: tuple[str, int]) -> None:
    with _connected(address, f"POST /read HTTP/1.1\nHost: x\nContent-Length: {HUGE}\n\n") as connection:
        assert _status_of(connection) == 413
    with _connected(
        address, f"POST /read HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: {HUGE}\n\n"
    ) as connection:
        assert _status_of(connection) == 413


@pytest.mark.parametrize("length", ["abc", "-1", "1, 2", "9" * 30])
def test_a_wrong_length_is_refused(address: tuple[str, int], length: str) -> None:
    with _connected(address, f"POST /read HTTP/1.1\nHost: x\nContent-Length: {length}\n\n") as connection:
        assert _status_of(connection) in (400, 413)


def test_slow_bodies_are_refused(address: tuple[str, int]) -> None:
    with _connected(address, "POST /read HTTP/1.1\nHost: x\nContent-Length: 10\n\nx") as connection:
        assert _status_of(connection) == 408


def test_slow_answers_are_not(address: tuple[str, int]) -> None:
    assert httpx2.post(f"http://{address[0]}:{address[1]}/stream", content=b"x").text == "part" * 3


def test_who_goes_away_harms_nobody(address: tuple[str, int], caplog: pytest.LogCaptureFixture) -> None:
    for path in ("/take", "/read"):
        head = f"POST {path} HTTP/1.1\nHost: x\nContent-Type: {_MULTIPART}\nContent-Length: 1000\n\n--b\n"
        with _connected(address, head):
            pass
    response = httpx2.get(f"http://{address[0]}:{address[1]}/read")
    assert response.status_code == 200
    assert "server" not in response.headers
    assert not caplog.records


def test_so_many_a_minute_each() -> None:
    count = counting(3)
    assert [count("web:a") for _ in range(3)] == [0, 0, 0]
    assert 1 <= count("web:a") <= 60
    assert count("web:b") == 0


def test_too_many_are_told_when_to_come_again(site_desk: Desk) -> None:
    visitor = client_of(replace(site_desk, settings=WebSettings(rate=2)))
    assert [visitor.get("/board").status_code for _ in range(3)] == [200, 200, 429]
    page = visitor.get("/")
    assert 1 <= int(page.headers["retry-after"]) <= 60
    assert "秒ほど待ってから" in page.text
    check_headers(page)
    asked = visitor.post("/api/ask", json={"question": "使い方"})
    assert (asked.status_code, "error" in asked.json()) == (429, True)
    piece = visitor.post("/ask", headers={"shirube-fragment": "1"})
    assert (piece.status_code, 'role="alert"' in piece.text) == (429, True)
    for path in ("/static/style.css", "/healthz"):
        assert visitor.get(path).status_code == 200  # never counted


def test_attempts_to_sign_in_are_counted(site_desk: Desk) -> None:
    provider = Provider("https://login.example.jp", "id", "secret")
    settings = WebSettings("https://shirube.example.jp", True, provider, "s" * 32)
    guards = [
        Middleware(SessionMiddleware, secret_key="s" * 32),
        Middleware(with_admission, replace(site_desk, settings=settings), counting(9), counting(2), None),
    ]
    stranger = TestClient(Starlette(routes=[Route("/login", _read)], middleware=guards), settings.public_url)
    assert [stranger.get("/login").status_code for _ in range(3)] == [200, 200, 429]

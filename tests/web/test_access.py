"""Who may in where nobody signs in: this machine and nobody else; and which settings cannot be right."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from bot.channels.web.access import is_open_to
from bot.channels.web.checkup import examine_web
from bot.channels.web.desk import Desk
from bot.channels.web.settings import UPLOAD, Provider, WebSettings, web_settings
from data.engine import open_engine
from data.store import Store
from tests.waiting import free_port
from tests.web import provider as providers
from tests.web.visiting import client_of, desk_over

SECRET = "s" * 32
PUBLIC = {"SHIRUBE_PUBLIC_URL": "https://shirube.example.jp"}
LOGIN = {"OIDC_ISSUER": "https://login.example.jp/realm", "OIDC_CLIENT_ID": "id", "OIDC_CLIENT_SECRET": "hush-hush"}
SIGNED = {**PUBLIC, **LOGIN, "SHIRUBE_SESSION_SECRET": SECRET}


@pytest.fixture(scope="module")
def open_desk(file_with_village: Path) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{file_with_village}")
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture(scope="module")
def visitor(open_desk: Desk) -> TestClient:
    return client_of(open_desk)


def _status(client: TestClient, path: str = "/static/style.css", **headers: str) -> int:
    return int(client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}).status_code)


@pytest.mark.parametrize(
    ("host", "is_open"),
    [
        ("127.0.0.1:8000", True),
        ("127.0.0.1", True),
        ("localhost:8000", True),
        ("LOCALHOST", True),
        ("[::1]:8000", True),
        ("127.8.9.10:1", True),
        ("shirube.example.jp", False),  # a name that was pointed here
        ("127.0.0.1.example.jp:8000", False),
        ("localhost.example.jp", False),
        ("192.168.0.5:8000", False),
        ("0.0.0.0:8000", False),
        ("2130706433", False),
        ("localhost@example.jp", False),
        ("127.0.0.1:8000:80", False),
        ("127.0.0.1:", False),
        ("", False),
    ],
)
def test_only_the_names_of_this_machine_are_open(visitor: TestClient, host: str, is_open: bool) -> None:
    assert _status(visitor, host=host) == (200 if is_open else 404)


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "x-forwarded-prefix", "X-Real-IP", "CF-Connecting-IP"],
)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_nothing_is_open_through_a_proxy(visitor: TestClient, header: str, value: str) -> None:
    assert visitor.get("/static/style.css", headers={header: value}).status_code == 404


def test_two_hosts_are_none(visitor: TestClient) -> None:
    headers = [("host", "127.0.0.1:8000"), ("host", "localhost")]
    assert visitor.get("/static/style.css", headers=headers).status_code == 404


def test_silent_proxies_speak_an_old_http() -> None:
    scope = {"type": "http", "headers": [(b"host", b"127.0.0.1:8000")], "http_version": "1.1"}
    assert is_open_to(HTTPConnection(scope), WebSettings())
    assert not is_open_to(HTTPConnection(scope | {"http_version": "1.0"}), WebSettings())


@pytest.mark.parametrize(
    "settings", [WebSettings("https://shirube.example.jp"), WebSettings(is_loopback=False), WebSettings("", False)]
)
def test_where_nobody_can_sign_in_nothing_is_there(
    open_desk: Desk, settings: WebSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        closed = client_of(replace(open_desk, settings=settings))
    assert caplog.text.count("the page is closed") == 1
    nothing = closed.get("/no-such-page")
    assert nothing.status_code == 404
    for path in ("/", "/board", "/admin", "/static/style.css", "/static/none", "/login", "/logout", "/a/1"):
        answer = closed.get(path)
        assert (answer.status_code, answer.text) == (404, nothing.text)
        assert "set-cookie" not in answer.headers
    assert closed.post("/ask", data={"q": "使い方"}).status_code == 404
    assert closed.post("/api/ask", json={"question": "使い方"}).status_code == 404
    assert _status(closed, "/openapi.json") == 404
    assert _status(closed, "/healthz") == 200


def test_with_a_provider_this_machine_signs_in_too(open_desk: Desk) -> None:
    provider = Provider("https://login.example.jp", "id", "secret")
    client = client_of(replace(open_desk, settings=WebSettings("http://localhost:8000", True, provider, SECRET)))
    for path in ("/", "/board", "/no-such-page"):
        assert client.get(path).headers["location"].startswith("/login?next=")
    assert client.post("/ask", data={"q": "使い方"}).headers["location"] == "/login?next=/"
    assert _status(client) == 200  # the style of the page that says why signing in failed
    assert _status(client, "/openapi.json") == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),  # without the token of a form
        ({"origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, "elsewhere"),
        ({"origin": "https://evil.example"}, "elsewhere"),
        ({"origin": "null"}, "elsewhere"),
        ({"sec-fetch-site": "cross-site"}, "elsewhere"),
        ({"sec-fetch-site": "same-site"}, "elsewhere"),
    ],
)
def test_other_sites_send_nothing(visitor: TestClient, headers: Mapping[str, str], status: int | str) -> None:
    answer = visitor.post("/samples", data={"on": "1"}, headers=headers)
    assert answer.status_code == 403
    assert ("しるべのページから" in answer.text) is (status == "elsewhere")


def test_other_sites_ask_nothing(visitor: TestClient) -> None:
    """A browser sends these without asking first; JSON it may send elsewhere only if it is told so."""
    body = '{"question": "使い方"}'.encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert visitor.post("/api/ask", content=body, headers={"content-type": kind}).status_code == 415
    assert visitor.options("/api/ask").status_code == 405
    headers = {"content-type": "application/json"}
    assert visitor.post("/api/ask", content=body, headers=headers).status_code == 200
    assert visitor.post("/api/ask", content=body, headers=headers | {"origin": "https://a.example"}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_hosts_of_this_machine(host: str) -> None:
    assert web_settings({}, host) == WebSettings()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.5", "shirube.example.jp", ""])  # noqa: S104
def test_hosts_for_others(host: str) -> None:
    assert web_settings({}, host).is_loopback is False


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://shirube.example.jp/", "https://shirube.example.jp"),
        (" HTTPS://Shirube.Example.JP:443 ", "https://shirube.example.jp"),
        ("https://shirube.example.jp:8443", "https://shirube.example.jp:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("", ""),
    ],
)
def test_public_addresses(address: str, read: str) -> None:
    own = web_settings({"SHIRUBE_PUBLIC_URL": address}, "127.0.0.1")
    assert (own.public_url, own.is_secure) == (read, read.startswith("https"))


@pytest.mark.parametrize(
    "environment",
    [
        *(
            {"SHIRUBE_PUBLIC_URL": address}
            for address in (
                "http://shirube.example.jp",
                "shirube.example.jp",
                "https://",
                "https://shirube.example.jp/app",
                "https://shirube.example.jp?",
                "https://shirube.example.jp/?a=b",
                "https://me:secret@shirube.example.jp",
                "https://shirube.example.jp:99999",
                "https://[::1",
                "https://しるべ.example.jp",
                "https://shirube.example.jp evil",
                "ftp://shirube.example.jp",
            )
        ),
        *({**SIGNED, name: ""} for name in ("SHIRUBE_PUBLIC_URL", "SHIRUBE_SESSION_SECRET", *LOGIN)),
        {**SIGNED, "SHIRUBE_SESSION_SECRET": "hush-hush"},
        {"SHIRUBE_SESSION_SECRET": "hush-hush"},
        {"OIDC_CLIENT_SECRET": "hush-hush"},
        {"OIDC_REQUIRED_CLAIM": "hd=pref.example.jp"},
        {**SIGNED, "OIDC_REQUIRED_CLAIM": "pref.example.jp"},
        {**SIGNED, "OIDC_REQUIRED_CLAIM": "=pref.example.jp"},
        {**SIGNED, "OIDC_REQUIRED_CLAIM": "hd="},
        *(
            {**SIGNED, "OIDC_ISSUER": issuer}
            for issuer in (
                "http://login.example.jp",
                "login.example.jp",
                "https://login.example.jp?a=b",
                "https://[::1",
                "https://me:hush-hush@login.example.jp",
                "https://login.microsoftonline.com/common/v2.0",
                "https://login.microsoftonline.com/organizations/v2.0",
                "https://login.microsoftonline.com",
            )
        ),
        *({"SHIRUBE_RATE": rate} for rate in ("0", "-1", "many", "1.5", "10000000")),
        {"SHIRUBE_MAX_FILE_MB": "0"},
    ],
    ids=str,
)
def test_what_cannot_be_right_is_refused(environment: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^(SHIRUBE|OIDC)_") as refused:
        web_settings(environment, "127.0.0.1")
    assert "hush-hush" not in str(refused.value)


def test_settings_are_read() -> None:
    entra = "https://login.microsoftonline.com/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/v2.0"
    given = {**SIGNED, "OIDC_ISSUER": entra, "OIDC_REQUIRED_CLAIM": "groups = a=b", "SHIRUBE_RATE": "7"}
    own = web_settings({**given, "SHIRUBE_MAX_FILE_MB": "3"}, "0.0.0.0")  # noqa: S104
    provider = Provider(entra, "id", "hush-hush", ("groups", "a=b"))
    assert own == WebSettings(PUBLIC["SHIRUBE_PUBLIC_URL"], False, provider, SECRET, "", 7, 3 * 1024 * 1024)
    assert "hush" not in repr(own)
    assert web_settings({"SHIRUBE_MAX_FILE_MB": "500"}, "127.0.0.1").upload == UPLOAD


def _found(**environment: str) -> list[tuple[str, bool]]:
    return [(finding.name, finding.is_wrong) for finding in examine_web(environment)]


def test_the_doctor_looks_at_the_page() -> None:
    assert _found() == [("Web", False)]
    assert _found(SHIRUBE_PUBLIC_URL="nowhere") == [("Web", True)]
    assert _found(**PUBLIC) == [("SHIRUBE_PUBLIC_URL", False), ("Web", False)]


def test_the_doctor_asks_the_provider() -> None:
    provider = providers.Provider()
    provider.start()
    given = {**SIGNED, "OIDC_ISSUER": provider.url, "OIDC_REQUIRED_CLAIM": "hd=pref.example.jp"}
    try:
        assert _found(**given) == [
            ("SHIRUBE_PUBLIC_URL", False),
            ("OIDC_ISSUER", False),
            ("OIDC_CLIENT_ID", False),
            ("OIDC_REQUIRED_CLAIM", False),
            ("SHIRUBE_SESSION_SECRET", False),
        ]
        assert not any("hush" in str(finding) or SECRET in str(finding) for finding in examine_web(given))
        provider.document = {"issuer": "https://login.example.com"}
        told = [str(finding) for finding in examine_web(given) if finding.is_wrong]
        assert len(told) == 1
        assert "発行者が OIDC_ISSUER と違います（https://login.example.com）" in told[0]
    finally:
        provider.stop()
    assert ("OIDC_ISSUER", True) in _found(**{**SIGNED, "OIDC_ISSUER": f"http://127.0.0.1:{free_port()}"})

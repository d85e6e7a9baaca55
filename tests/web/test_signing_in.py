"""Signing in with OpenID Connect, against a provider of the tests: who gets in, who does not, and for how long."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from bot.channels.web.oidc import Identity, identity_of
from bot.channels.web.settings import Provider as Settings
from bot.channels.web.settings import WebSettings
from data.changes import Author
from data.engine import open_engine
from data.roles import Role, grant
from data.store import Store
from tests.web import provider as signing
from tests.web.provider import NAME, SUB, Json, Provider, Sign
from tests.web.visiting import NOON, client_of, desk_over, token_in

URL = "https://shirube.example.jp"
PERSON = f"web:{SUB}"
SECRET = "a-secret-of-the-tests-for-the-cookies"  # noqa: S105
_OUTSIDE = httpx2.Client()
#: A page that only administrators may use; a press of its button answers 303.
SWITCH = "/samples"
# Moments of 2001 and 2096, the same for every worker that collects the tests.
LONG_AGO, FAR_OFF = 1_000_000_000, 4_000_000_000


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.reset()
    return running_provider


@pytest.fixture(scope="module")
def module_desk(file_with_village: object) -> Iterator[Desk]:
    """Nothing but roles is written to its store, and those are taken away again."""
    engine = open_engine(f"sqlite:///{file_with_village}")
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture
def guarded(module_desk: Desk, provider: Provider) -> Desk:
    """A desk that asks people to sign in."""
    return replace(module_desk, settings=WebSettings(URL, True, provider.settings, SECRET))


@pytest.fixture
def browser(guarded: Desk) -> TestClient:
    return client_of(guarded, URL)


def come_back(browser: TestClient, path: str = "/login") -> str:
    """Goes to the provider and signs in there; the address that it sends the browser to then."""
    asked = browser.get(path)
    assert asked.status_code == 302, asked.text
    answered = _OUTSIDE.get(asked.headers["location"])
    assert answered.status_code == 307, answered.text
    return str(answered.headers["location"])


def sign_in(browser: TestClient, path: str = "/login") -> httpx2.Response:
    response: httpx2.Response = browser.get(come_back(browser, path))
    return response


def is_in(browser: TestClient) -> bool:
    status: int = browser.get("/").status_code
    assert status in (200, 303)
    return status == 200


def test_who_signs_in_gets_where_they_wanted_to_go(browser: TestClient) -> None:
    sent_away = browser.get("/board?year=R5")
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/login?next=/board%3Fyear%3DR5")
    arrived = sign_in(browser, sent_away.headers["location"])
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/board?year=R5")
    page = browser.get("/")
    assert page.status_code == 200
    assert NAME in page.text


def test_the_page_asks_for_what_the_protocol_wants(browser: TestClient) -> None:
    query = httpx2.URL(browser.get("/login").headers["location"]).params
    assert query["redirect_uri"] == f"{URL}/login/callback"
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 20


def _at(seconds: int) -> int:
    return int(time.time()) + seconds


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": "another", "azp": "shirube"},
        {"aud": ["shirube", "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://login.example.com"},
        {"iss": None},
        {"exp": LONG_AGO, "iat": LONG_AGO},
        {"exp": None},
        {"nbf": FAR_OFF},
        {"exp": "soon"},
        {"sub": None},
        {"sub": ""},
        {"sub": "two words"},
        {"sub": "x" * 200},
        {"sub": "line\nfeed"},
        {"sub": "turned\u202e"},
        {"sub": 7},
        {"sub": "local"},
    ],
    ids=str,
)
def test_a_wrong_token_lets_nobody_in(browser: TestClient, provider: Provider, claims: Json) -> None:
    provider.claims = claims
    _check_refused(browser)


@pytest.mark.parametrize(
    "sign",
    [
        signing.with_a_foreign_key,
        signing.with_alg_none,
        signing.with_hs256_by_the_public_key,
        signing.with_changed_claims,
        signing.as_no_token,
    ],
)
def test_a_wrong_signature_lets_nobody_in(browser: TestClient, provider: Provider, sign: Sign) -> None:
    provider.sign = sign
    _check_refused(browser)


def test_claims_beside_the_token_let_nobody_in(browser: TestClient, provider: Provider) -> None:
    provider.token = {"id_token": None, "userinfo": {"sub": SUB, "iss": provider.issuer, "aud": "shirube"}}
    _check_refused(browser)


def _check_refused(browser: TestClient) -> None:
    refused = sign_in(browser)
    assert (refused.status_code, "ログインできませんでした" in refused.text) == (403, True)
    assert not is_in(browser)


def test_another_state_lets_nobody_in(browser: TestClient, provider: Provider) -> None:
    provider.state = "another"
    _check_refused(browser)


def test_a_code_of_another_browser_lets_nobody_in(guarded: Desk, browser: TestClient) -> None:
    address = come_back(client_of(guarded, URL))  # of whoever wants somebody else to be signed in as them
    assert browser.get(address).status_code == 403
    assert not is_in(browser)


def test_a_code_serves_once(browser: TestClient) -> None:
    address = come_back(browser)
    assert browser.get(address).status_code == 303
    browser.cookies.clear()
    assert browser.get(address).status_code == 403
    assert not is_in(browser)


def test_a_replayed_cookie_and_code_let_nobody_in(browser: TestClient) -> None:
    address = come_back(browser)
    cookies = dict(browser.cookies)
    assert browser.get(address).status_code == 303
    browser.cookies.clear()
    browser.cookies.update(cookies)
    assert browser.get(address).status_code == 403  # the provider does not take the code again
    assert not is_in(browser)


def test_who_was_refused_there_is_told_and_may_try_again(browser: TestClient, provider: Provider) -> None:
    provider.refusal = "access_denied"
    assert sign_in(browser, "/login?next=/board").status_code == 403
    assert not is_in(browser)
    provider.refusal = ""
    assert sign_in(browser).headers["location"] == "/board"


@pytest.mark.parametrize(
    "path", ["/login/callback", "/login/callback?code=1", "/login/callback?code=1&state=%E7%84%A1"]
)
def test_who_comes_from_nowhere_is_told(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 403


@pytest.mark.parametrize(
    ("claim", "said", "gets_in"),
    [
        (("hd", "pref.example.jp"), {"hd": "pref.example.jp"}, True),
        (("hd", "pref.example.jp"), {"hd": "example.jp"}, False),
        (("hd", "pref.example.jp"), {}, False),
        (("groups", "企画課"), {"groups": ["人事課", "企画課"]}, True),
        (("groups", "企画課"), {"groups": "企画課ではない"}, False),
        (("email_verified", "true"), {"email_verified": True}, True),
        (("hd", "null"), {"hd": None}, False),
    ],
)
def test_a_claim_may_be_required(
    guarded: Desk, provider: Provider, claim: tuple[str, str], said: Json, gets_in: bool
) -> None:
    wanting = replace(guarded.settings, provider=replace(provider.settings, claim=claim))
    browser, provider.claims = client_of(replace(guarded, settings=wanting), URL), said
    assert sign_in(browser).status_code == (303 if gets_in else 403)
    assert is_in(browser) is gets_in


@pytest.mark.parametrize(
    ("issuer", "claims", "person"),
    [
        ("https://login.microsoftonline.com/aaaa/v2.0", {"sub": "pairwise", "oid": "object-id"}, "web:object-id"),
        ("https://login.microsoftonline.com/aaaa/v2.0", {"sub": "pairwise"}, "web:pairwise"),
        ("https://login.example.jp", {"sub": "sub", "oid": "chosen-by-the-person"}, "web:sub"),
        ("https://login.microsoftonline.com.example.jp", {"sub": "sub", "oid": "chosen"}, "web:sub"),
    ],
)
def test_entra_names_people_by_their_object(issuer: str, claims: Json, person: str) -> None:
    assert identity_of(claims, Settings(issuer, "id", "secret")) == Identity(person, "")


@pytest.mark.parametrize(
    ("document", "is_usable"),
    [
        ({"issuer": "https://login.example.com"}, False),
        ({"token_endpoint": "http://login.example.com/token"}, False),
        ({"jwks_uri": None}, False),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, False),
        ({"id_token_signing_alg_values_supported": None}, True),
    ],
)
def test_a_document_of_another_provider_is_not_believed(
    browser: TestClient, provider: Provider, document: Json, is_usable: bool
) -> None:
    provider.document = document
    assert browser.get("/login").status_code == (302 if is_usable else 503)


@pytest.mark.parametrize("status", [500, 503, 404])
def test_a_provider_that_fails_before_is_told(browser: TestClient, provider: Provider, status: int) -> None:
    provider.status = status
    away = browser.get("/login")
    assert (away.status_code, "ログインのサーバーにつながりません" in away.text) == (503, True)
    provider.status = 200
    assert sign_in(browser).status_code == 303


def test_a_provider_that_fails_meanwhile_is_told(browser: TestClient, provider: Provider) -> None:
    address, provider.status = come_back(browser), 500
    assert browser.get(address).status_code == 503
    assert not is_in(browser)


def test_a_provider_that_is_away_is_told(guarded: Desk) -> None:
    nowhere = Provider()  # it was never started
    away = replace(guarded, settings=replace(guarded.settings, provider=nowhere.settings))
    assert client_of(away, URL).get("/login").status_code == 503


def test_keys_may_change(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser).status_code == 303
    provider.rotate()
    browser.cookies.clear()
    assert sign_in(browser).status_code == 303
    assert provider.calls.count("document") == 1


def test_a_session_begins_anew(browser: TestClient) -> None:
    """Whatever stood in the cookie before may have been put there by somebody else."""
    sign_in(browser)
    first = token_in(browser.get("/").text)
    assert token_in(browser.get("/").text) == first
    sign_in(browser)
    assert token_in(browser.get("/").text) != first


def test_a_session_ends_after_eight_hours(guarded: Desk, browser: TestClient) -> None:
    sign_in(browser)
    now = NOON
    later = client_of(replace(guarded, clock=lambda: now), URL)
    later.cookies = browser.cookies
    for hours, stays in ((7.9, True), (8.1, False), (-1, False)):
        now = NOON + timedelta(hours=hours)
        assert is_in(later) is stays


def test_signing_out_needs_the_token_and_ends_the_session(browser: TestClient) -> None:
    sign_in(browser)
    assert browser.post("/logout").status_code == 415
    assert browser.post("/logout", data={"token": "guessed"}).status_code == 403
    assert is_in(browser)
    assert browser.get("/logout").headers["location"] == "/"  # a link alone signs nobody out
    out = browser.post("/logout", data={"token": token_in(browser.get("/").text)})
    assert (out.status_code, out.headers["location"]) == (303, "/logout")
    assert "ログアウトしました" in browser.get("/logout").text
    assert dict(browser.cookies) == {}
    assert not is_in(browser)


def test_the_cookie_is_for_the_page_alone(browser: TestClient) -> None:
    cookie = sign_in(browser).headers["set-cookie"]
    assert cookie.startswith("__Host-shirube=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "max-age=28800",
        "httponly",
        "samesite=lax",
        "secure",
    }


def test_a_changed_cookie_is_none(guarded: Desk, browser: TestClient) -> None:
    sign_in(browser)
    (name, value), *_ = browser.cookies.items()
    data, at, signature = value.strip('"').rsplit(".", 2)
    for changed in (f"{data}x.{at}.{signature}", f"{data}.{at}.{signature[:-2]}AA", f"{data}.{at}", data, "", "\xff"):
        request = {b"cookie": f"{name}={changed}".encode("latin-1")}
        assert client_of(guarded, URL).get("/", headers=request).status_code == 303
    elsewhere = replace(guarded, settings=replace(guarded.settings, session_secret="another-" + SECRET))
    stranger = client_of(elsewhere, URL)
    stranger.cookies = browser.cookies
    assert not is_in(stranger)


def test_a_role_counts_at_once(guarded: Desk, browser: TestClient) -> None:
    sign_in(browser)

    def press() -> httpx2.Response:
        response: httpx2.Response = browser.post(SWITCH, data={"token": token_in(browser.get("/").text), "on": "0"})
        return response

    refused = press()
    assert (refused.status_code, PERSON in refused.text) == (403, True)
    for role, status in ((Role.ADMINISTRATOR, 303), (Role.RECORDER, 403), (Role.VIEWER, 403)):
        with guarded.store.engine.begin() as connection:
            grant(connection, guarded.organisation, PERSON, role, Author("test", NOON))
        assert press().status_code == status


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:%20a=b",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/login",
        "/login/callback?code=1",
        "/logout",
        "/" + "x" * 2000,
        "/" + "長" * 500,
    ],
)
def test_nobody_is_led_elsewhere(browser: TestClient, elsewhere: str) -> None:
    location = sign_in(browser, str(httpx2.URL("/login", params={"next": elsewhere}))).headers["location"]
    target = httpx2.URL(URL).join(location)
    assert (target.scheme, target.host) == ("https", "shirube.example.jp")
    assert location in ("/", elsewhere)
    assert not location.startswith("//")  # with however many more of them: browsers go elsewhere then
    assert urlsplit(location).path not in ("/login", "/logout")


def test_a_long_way_back_finds_room_in_the_cookie(browser: TestClient) -> None:
    """Browsers drop a cookie of more than 4,096 bytes without a word."""
    path = "/board?" + "x" * 993
    begun = browser.get("/login", params={"next": path})
    assert len(begun.headers["set-cookie"]) < 4000
    assert sign_in(browser, "/login").headers["location"] == path


def test_names_are_cleaned(browser: TestClient, provider: Provider) -> None:
    provider.claims = {"name": "<b>佐藤</b>\u202e\n" + "長" * 100}
    sign_in(browser)
    page = browser.get("/").text
    assert "&lt;b&gt;佐藤&lt;/b&gt;" in page
    assert "\u202e" not in page
    assert "長" * 60 not in page


def test_programs_are_told_to_sign_in(browser: TestClient) -> None:
    asked = browser.post("/api/ask", json={"question": "コピー用紙のR6目標は?"})
    assert (asked.status_code, asked.headers["www-authenticate"]) == (401, "Bearer")
    assert "error" in asked.json()
    piece = browser.get("/", headers={"shirube-fragment": "1"})
    assert (piece.status_code, "<html" in piece.text) == (401, False)


def _ask(browser: TestClient, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return int(browser.post("/api/ask", json={"question": "使い方"}, headers=headers).status_code)


def test_scripts_ask_with_a_token_of_the_provider(browser: TestClient, provider: Provider) -> None:
    assert _ask(browser, provider.id_token()) == 200
    for claims in ({"aud": "another"}, {"iss": "https://login.example.com"}, {"exp": _at(-3600)}, {"sub": "local"}):
        assert _ask(browser, provider.id_token(**claims)) == 401
    assert _ask(browser, signing.with_a_foreign_key(provider, {})) == 401
    for token in ("", "abc", "abc.def.ghi", "e30.e30.", "bnVsbA.e30.", "x" * 20_000):
        assert _ask(browser, token) == 401
    page = browser.get("/", headers={"authorization": f"Bearer {provider.id_token()}"})
    assert page.status_code == 303  # pages are for people


def test_unknown_keys_of_scripts_keep_the_provider_in_peace(browser: TestClient, provider: Provider) -> None:
    assert _ask(browser, provider.id_token()) == 200
    provider.rotate()
    assert _ask(browser, provider.id_token()) == 200
    asked = provider.calls.count("keys")
    for _ in range(5):
        provider.kid = f"invented-{_}"
        assert _ask(browser, provider.id_token()) == 401
    assert provider.calls.count("keys") == asked


def test_scripts_hear_that_the_provider_is_away(browser: TestClient, provider: Provider) -> None:
    token, provider.status = provider.id_token(), 500
    assert _ask(browser, token) == 503

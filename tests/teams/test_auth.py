"""Who is let in at /api/messages: the SDK's validator, as we mend it, against an issuer of the tests."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.channels.teams.settings import SWITCH, TeamsSettings, is_configured, is_loopback, may_speak_to, teams_settings
from tests.teams.activities import message, personal
from tests.teams.connector import Connector
from tests.teams.issuer import CLIENT_ID, CLIENT_SECRET, HOUR, TENANT, WRONG, Issuer
from tests.teams.process import settings
from tests.teams.routes import Route, longest_stall, route_served, settings_of

URL = "https://smba.trafficmanager.net/jp/"


@pytest.fixture
def route(issuer: Issuer, connector: Connector) -> Iterator[Route]:
    with route_served(issuer, connector) as route:
        yield route


def test_a_right_token_is_let_in(route: Route) -> None:
    assert route.teams.say("R6の目標は?").reply.status == 200
    assert len(route.kept) == 1


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_tokens_are_not(wrong: str, route: Route, issuer: Issuer, connector: Connector) -> None:
    activity = message(personal(), "tanaka", "R6の目標は?", connector.service_url, mention=False)
    reply = route.teams.post(json.dumps(activity), WRONG[wrong](issuer, connector.service_url))
    assert (reply.status, reply.text) == (401, "not authentic")
    assert route.kept == []


@pytest.mark.parametrize("service_url", [None, "", 5, "https://smba.example.com/"])
def test_an_activity_names_the_service_of_its_token(service_url: object, route: Route, connector: Connector) -> None:
    activity = message(personal(), "tanaka", "R6の目標は?", connector.service_url, mention=False)
    assert route.teams.deliver({**activity, "serviceUrl": service_url}, personal()).reply.status == 401
    assert route.kept == []


def test_without_a_right_token_nothing_of_the_body_is_judged(route: Route) -> None:
    assert [route.teams.post(body, "Bearer x").status for body in (b"{", b"x" * 300_000)] == [401, 401]


def test_audiences_of_this_bot(route: Route, issuer: Issuer, connector: Connector) -> None:
    for audience in (CLIENT_ID, f"api://{CLIENT_ID}", f"api://botid-{CLIENT_ID}", [CLIENT_ID, "other"]):
        activity = message(personal(), "tanaka", "R6の目標は?", connector.service_url, mention=False)
        bearer = issuer.bearer(connector.service_url, aud=audience)
        assert route.teams.deliver(activity, personal(), bearer).reply.status == 200


def test_strange_claims_of_a_right_signature(route: Route, issuer: Issuer, connector: Connector) -> None:
    later = int(time.time()) + HOUR
    strange: list[dict[str, object]] = [{"exp": [later]}, {"exp": "soon"}, {"exp": {}}, {"serviceurl": 5}, {"aud": 5}]
    for claims in strange:
        activity = message(personal(), "tanaka", "R6の目標は?", connector.service_url, mention=False)
        bearer = issuer.bearer(connector.service_url, **claims)
        assert route.teams.deliver(activity, personal(), bearer).reply.status == 401, claims


def test_keys_are_fetched_once_for_many(route: Route, issuer: Issuer) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert {one.reply.status for one in pool.map(route.teams.say, ["R6の目標は?"] * 16)} == {200}
    assert len(issuer.key_requests) == 1


def test_the_loop_goes_on_while_keys_are_fetched_slowly(route: Route, issuer: Issuer) -> None:
    issuer.keys_delay = 2.0
    with ThreadPoolExecutor(24) as pool:
        waiting = [pool.submit(route.teams.say, "R6の目標は?") for _ in range(24)]
        assert longest_stall(route.teams.port(), 1.5) < 0.3
        assert {one.result().reply.status for one in waiting} == {200}


def test_keys_that_do_not_come_are_no_verdict(route: Route, issuer: Issuer) -> None:
    issuer.keys_status = 500
    assert route.teams.say("R6の目標は?").reply.status == 503
    issuer.keys_status = 200
    assert route.teams.say("R6の目標は?").reply.status == 200


# Settings


def _environment(**changed: str) -> dict[str, str]:
    own = {"TEAMS_CLIENT_ID": CLIENT_ID, "TEAMS_CLIENT_SECRET": CLIENT_SECRET, "TEAMS_TENANT_ID": TENANT, **changed}
    return {name: value for name, value in own.items() if value}


def test_one_tenant_of_this_organisation_where_nothing_else_is_set() -> None:
    own = teams_settings(_environment(), "県")
    assert own.tenants == {TENANT: "県"}
    assert not own.allows_loopback


def test_tenants_with_their_organisations() -> None:
    own = teams_settings(_environment(TEAMS_ALLOWED_TENANTS=f"{TENANT.upper()}, b-2=市 ,"), "県")
    assert own.tenants == {TENANT: "県", "b-2": "市"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({SWITCH: "true"}, SWITCH),
        ({SWITCH: "false"}, SWITCH),
        ({"TEAMS_CLIENT_ID": ""}, "TEAMS_CLIENT_ID"),
        ({"TEAMS_TENANT_ID": ""}, "TEAMS_TENANT_ID"),
        ({"TEAMS_TENANT_ID": "../common"}, "TEAMS_TENANT_ID"),
        ({"TEAMS_CLIENT_SECRET": ""}, "TEAMS_CLIENT_SECRET"),
        ({"TEAMS_MANAGED_IDENTITY_CLIENT_ID": CLIENT_ID}, "TEAMS_CLIENT_SECRET"),
        ({"TEAMS_ALLOWED_TENANTS": "a=県,a=市"}, "TEAMS_ALLOWED_TENANTS"),
        ({"TEAMS_ALLOWED_TENANTS": "a="}, "TEAMS_ALLOWED_TENANTS"),
        ({"TEAMS_ALLOWED_TENANTS": "*"}, "TEAMS_ALLOWED_TENANTS"),
        ({"TEAMS_OPENID_METADATA_URL": "https://login.example.com/keys"}, "TEAMS_OPENID_METADATA_URL"),
        ({"TEAMS_TOKEN_URL": "http://10.0.0.1/token"}, "TEAMS_TOKEN_URL"),
    ],
)
def test_what_cannot_be_right_does_not_start(changed: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named) as refusal:
        teams_settings(_environment(**changed), "県")
    assert CLIENT_SECRET not in str(refusal.value)


def test_the_switch_counts_even_if_it_is_empty() -> None:
    with pytest.raises(ValueError, match=SWITCH):
        teams_settings({**_environment(), SWITCH: ""}, "県")


def test_wanted_or_not(issuer: Issuer) -> None:
    assert is_configured(settings(issuer))
    assert not is_configured({"SLACK_BOT_TOKEN": "xoxb-1", "TEAMS_CLIENT_ID": " "})


def test_the_secret_is_not_shown(issuer: Issuer) -> None:
    assert CLIENT_SECRET not in repr(settings_of(issuer))


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("http://127.0.0.1:8080/keys", True),
        ("http://[::1]/keys", True),
        ("http://localhost:1/keys", True),
        ("http://127.0.0.1.example.com/", False),
        ("http://127.0.0.1@example.com/", False),
        ("http://example.com/?127.0.0.1", False),
        ("file:///etc/passwd", False),
        ("http://[::1/", False),
        ("http://0.0.0.0/", False),
    ],
)
def test_loopback(address: str, is_ours: bool) -> None:
    assert is_loopback(address) is is_ours


def test_services_that_may_see_our_token(issuer: Issuer) -> None:
    outside, inside = TeamsSettings(CLIENT_ID, TENANT), settings_of(issuer)
    assert may_speak_to(outside, URL)
    assert may_speak_to(inside, "http://127.0.0.1:5/")
    for address in ("http://127.0.0.1:5/", "http://smba.example.com/", "https://a@smba.example.com/", "ftp://x/", ""):
        assert not may_speak_to(outside, address), address


# The code


_BOT = Path(__file__).parents[2] / "bot"
# What would let somebody in unseen, in the words of the SDK and of PyJWT.
_SKIPS = re.compile(
    r"dangerously_allow_unauthenticated_requests|skip_auth|"
    r"verify_(?:signature|exp|aud|iss|nbf)[\"']?\s*[:=]\s*False|InboundActivityTokenValidator|algorithms=",
)


def test_no_line_of_the_bot_skips_authentication() -> None:
    modules = sorted(_BOT.rglob("*.py"))
    assert len(modules) > 50
    assert [str(path) for path in modules if _SKIPS.search(path.read_text())] == []
    naming = [path.name for path in modules if SWITCH in path.read_text()]
    assert naming == ["settings.py"]

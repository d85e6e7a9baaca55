"""What the doctor says of Teams, what a managed identity needs, and what logs do not tell."""

import io
import logging
import os
import subprocess
import sys

import pytest
from aiohttp import web

from bot.channels.teams.connector import open_connector
from bot.channels.teams.settings import SWITCH, teams_settings
from bot.channels.teams.tokens import NoToken
from bot.logs import JsonLines
from tests.teams.issuer import CLIENT_ID, CLIENT_SECRET, TENANT, Issuer
from tests.teams.loopback import Loopback
from tests.teams.process import settings


def _doctor(url: str, **environment: str) -> tuple[int, str]:
    given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATABASE_URL": url, **environment}
    command = [sys.executable, "-m", "bot", "doctor"]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert CLIENT_SECRET not in done.stdout
    return done.returncode, done.stdout


def test_doctor_without_teams(sqlite_url: str) -> None:
    code, said = _doctor(sqlite_url)
    assert code == 0
    assert "○ Teams: Teamsは使いません" in said


def test_doctor_with_good_settings(sqlite_url: str, issuer: Issuer) -> None:
    code, said = _doctor(sqlite_url, **settings(issuer))
    assert code == 0
    for words in (
        f"○ テナント: {TENANT} には、組織「default」",
        "○ TEAMS_CLIENT_SECRET: 送信用のトークンを得られます",
        "○ 認証の鍵: 1個を得られます",
        "テスト用の設定です",
    ):
        assert words in said


def test_doctor_with_a_wrong_secret(sqlite_url: str, issuer: Issuer) -> None:
    code, said = _doctor(sqlite_url, **{**settings(issuer), "TEAMS_CLIENT_SECRET": "wrong-secret"})
    assert code == 1
    assert "× TEAMS_CLIENT_SECRET: Entra IDが受け付けません（401 invalid_client）" in said
    assert "wrong-secret" not in said


def test_doctor_without_a_way_to_microsoft(sqlite_url: str, issuer: Issuer) -> None:
    issuer.keys_status = issuer.token_status = 503
    code, said = _doctor(sqlite_url, **settings(issuer))
    assert code == 1
    assert "× TEAMS_CLIENT_SECRET: Microsoftのサーバー" in said
    assert "× 認証の鍵: Microsoftのサーバー" in said


@pytest.mark.parametrize(("name", "value"), [(SWITCH, "true"), ("TEAMS_TENANT_ID", "")])
def test_doctor_with_what_does_not_start(name: str, value: str, sqlite_url: str, issuer: Issuer) -> None:
    code, said = _doctor(sqlite_url, **{**settings(issuer), name: value})
    assert code == 1
    assert "× Teams: " in said
    assert name in said


@pytest.mark.parametrize("identity", [CLIENT_ID, "99999999-2222-4333-8444-555555555555"])
def test_a_managed_identity(identity: str, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure gives a token at an address of its own (here that of an App Service): the bot's, or one to be exchanged."""
    asked: list[str] = []
    forms: list[dict[str, object]] = []

    async def give(request: web.Request) -> web.Response:
        asked.append(f"{request.query['resource']} {request.query['client_id']} {request.headers['X-IDENTITY-HEADER']}")
        return web.json_response({"access_token": "of-azure", "expires_on": "4102444800", "resource": "x"})

    async def exchange(request: web.Request) -> web.Response:
        forms.append(dict(await request.post()))
        return web.json_response({"access_token": "exchanged", "expires_in": 3600})

    app, azure = web.Application(), Loopback("azure")
    app.router.add_get("/token", give)
    app.router.add_post("/exchange", exchange)
    azure.start(app)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{azure.url}/token")
    monkeypatch.setenv("IDENTITY_HEADER", "of-this-machine")
    own = {name: value for name, value in settings(issuer).items() if name != "TEAMS_CLIENT_SECRET"}
    own |= {"TEAMS_MANAGED_IDENTITY_CLIENT_ID": identity, "TEAMS_TOKEN_URL": f"{azure.url}/exchange"}
    try:
        token = open_connector(teams_settings(own, "default")).tokens.current()
    finally:
        azure.stop()
    if identity == CLIENT_ID:
        assert (token, forms) == ("of-azure", [])
        assert asked == [f"https://api.botframework.com {identity} of-this-machine"]
    else:
        assert (token, len(forms)) == ("exchanged", 1)
        assert asked == [f"api://AzureADTokenExchange {identity} of-this-machine"]
        assert (forms[0]["client_assertion"], forms[0]["client_id"]) == ("of-azure", CLIENT_ID)


def test_no_managed_identity_here(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/token")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    own = {name: value for name, value in settings(issuer).items() if name != "TEAMS_CLIENT_SECRET"}
    with pytest.raises(NoToken):
        open_connector(teams_settings({**own, "TEAMS_MANAGED_IDENTITY_CLIENT_ID": CLIENT_ID}, "x")).tokens.current()


def test_logs_hold_no_token(issuer: Issuer) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    token = issuer.sign("https://smba.example.com/")
    handler.emit(logging.LogRecord("x", logging.ERROR, "", 1, "refused: Bearer %s!", (token,), None))
    assert token[:20] not in written.getvalue()
    assert "refused: Bearer （トークン）!" in written.getvalue()

"""The app package: by Microsoft's rules, from the store's own examples, the same file for the same settings."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.teams.manifest import NO_PAGE, english, manifest, package
from bot.channels.teams.package_rules import package_faults
from tests.teams.issuer import CLIENT_ID
from tests.teams.teams import SEARCH

EXAMPLES = ("コピー用紙のR6の目標は?", "BPRの基準値は?", "BPRの基準値は?")


def _files(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def _changed(change: Callable[[Any], object]) -> list[str]:
    """What is wrong with the package after a change of its manifest."""
    files = _files(package(CLIENT_ID, NO_PAGE, EXAMPLES))
    document = json.loads(files["manifest.json"])
    change(document)
    return package_faults(_packed({**files, "manifest.json": json.dumps(document).encode()}))


def test_by_the_rules() -> None:
    assert package_faults(package(CLIENT_ID, NO_PAGE, EXAMPLES, ["https://kpi.example.jp/record"])) == []
    assert package_faults(package(CLIENT_ID, NO_PAGE, ())) == []
    assert package_faults(package(CLIENT_ID, NO_PAGE, ["あ" * 3000] + [f"{number}?" for number in range(40)])) == []


def test_what_it_says() -> None:
    made = manifest(CLIENT_ID, NO_PAGE, EXAMPLES, ["https://kpi.example.jp/record"])
    assert made["localizationInfo"]["defaultLanguageTag"] == "ja"
    (bot,), (extension,) = made["bots"], made["composeExtensions"]
    assert (bot["botId"], bot["scopes"]) == (CLIENT_ID, ["personal", "team", "groupChat"])
    assert [one["scopes"] for one in bot["commandLists"]] == [["personal"], ["team"], ["groupChat"]]
    assert [one["prompt"] for one in bot["commandLists"][0]["commands"]] == list(EXAMPLES[:2])
    assert {one["type"] for one in bot["commandLists"][0]["commands"]} == {"prompt"}
    assert [(one["id"], one["initialRun"]) for one in extension["commands"]] == [(SEARCH, True)]
    assert made["validDomains"] == ["kpi.example.jp"]
    assert made["id"] != CLIENT_ID


def test_the_same_settings_make_the_same_file() -> None:
    assert package(CLIENT_ID, NO_PAGE, EXAMPLES) == package(CLIENT_ID, NO_PAGE, EXAMPLES)


def test_the_english_is_english() -> None:
    told = [text for key, text in english().items() if not key.endswith("parameters[0].description")]
    assert all(text.isascii() for text in told)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda made: made.update(manifestVersion="1.0"), "/manifestVersion: 1.0"),
        (lambda made: made.update(colour="red"), "/colour: unknown"),
        (lambda made: made.pop("accentColor"), "/accentColor: missing"),
        (lambda made: made["name"].update(short="あ" * 31), "/name/short: 31 characters of 30"),
        (lambda made: made["developer"].update(websiteUrl="www"), "/developer/websiteUrl: www"),
        (lambda made: made["bots"][0].update(botId="x"), "/bots[0]/botId: x"),
        (lambda made: made["bots"][0].update(scopes=["groupchat"]), "/bots[0]/scopes[0]: groupchat"),
        (lambda made: made["bots"][0]["commandLists"].append({}), "/bots[0]/commandLists: 4 of 3"),
        (lambda made: made["composeExtensions"][0].update(commands=[]), "/composeExtensions[0]/commands: 0 of 10"),
        (lambda made: made["icons"].update(color="outline.png"), "color: not 192 × 192"),
        (lambda made: made["icons"].update(outline="en.json"), "outline: no PNG"),
        (lambda made: made["name"].pop("full"), "en.json/name.full: translates nothing"),
        (lambda made: made["localizationInfo"]["additionalLanguages"][0].update(file="x.json"), "x.json: no JSON"),
    ],
)
def test_what_is_wrong_is_told(change: Callable[[Any], object], fault: str) -> None:
    assert fault in _changed(change)


def test_no_package_at_all() -> None:
    assert package_faults(b"x") == ["manifest.json: BadZipFile"]
    assert package_faults(_packed({"en.json": b"{}"})) == ["manifest.json: KeyError"]


def _run(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATABASE_URL": url, **environment}
    command = [sys.executable, "-m", "bot", "teams", "manifest", *arguments]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_the_command_writes_what_the_store_can_answer(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "shirube.zip"
    done = _run(sqlite_url, str(out), TEAMS_CLIENT_ID=CLIENT_ID.upper())
    assert (done.returncode, done.stderr) == (0, "")
    assert "仮のもの" in done.stdout
    assert package_faults(out.read_bytes()) == []
    commands = json.loads(_files(out.read_bytes())["manifest.json"])["bots"][0]["commandLists"][0]["commands"]
    assert 3 <= len(commands) <= 12
    assert all("?" in one["prompt"] or "つ" in one["prompt"] for one in commands)


def test_the_command_says_what_is_missing(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "shirube.zip"
    for environment, arguments, words in (
        ({}, (str(out),), "TEAMS_CLIENT_ID がありません"),
        ({"TEAMS_CLIENT_ID": "abc"}, (str(out),), "TEAMS_CLIENT_ID に"),
        ({"TEAMS_CLIENT_ID": CLIENT_ID}, (str(out), "--url", "www"), "--url には"),
        ({"TEAMS_CLIENT_ID": CLIENT_ID}, (str(tmp_path / "no" / "x.zip"),), "フォルダーがありません"),
    ):
        done = _run(sqlite_url, *arguments, **environment)
        assert done.returncode != 0
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert not out.exists()

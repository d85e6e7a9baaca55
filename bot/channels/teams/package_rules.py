"""What an app package has to be, by the rules of Microsoft's schema v1.28 for the parts that we use.

Teams checks a package only as it is uploaded, and says little; here it is checked before it is written, offline.
"""

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.channels.teams.manifest import SCHEMA

#: Gives what is wrong with a value, each with its place.
Rule = Callable[[object, str], Iterator[str]]

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_SEMVER = re.compile(r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)")
_ADDRESS = re.compile(r"https?://\S{1,2040}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,2}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_TEXTS = re.compile(
    r"name\.(?:short|full)|description\.(?:short|full)|"
    r"bots\[0\]\.commandLists\[[0-2]\]\.commands\[(?:\d|1[01])\]\.(?:title|description)|"
    r"composeExtensions\[0\]\.commands\[\d\]\.(?:title|description)|"
    r"composeExtensions\[0\]\.commands\[\d\]\.parameters\[[0-4]\]\.(?:title|description|value)"
)
_LENGTHS = {"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000}
_ICONS = {"color": 192, "outline": 32}


def package_faults(package: bytes) -> list[str]:
    """Everything that is wrong with a package: with its manifest, its texts in other languages, its icons."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files["manifest.json"])
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        return [f"manifest.json: {type(error).__name__}"]
    found = list(_MANIFEST(manifest, ""))
    return found or [*_icon_faults(manifest, files), *_language_faults(manifest, files)]


def _text(most: int, pattern: re.Pattern[str] | None = None) -> Rule:
    def faults(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, str) or not value:
            yield f"{place}: no text"
        elif len(value) > most:
            yield f"{place}: {len(value)} characters of {most}"
        elif pattern and not pattern.fullmatch(value):
            yield f"{place}: {value}"

    return faults


def _one_of(*known: str) -> Rule:
    def faults(value: object, place: str) -> Iterator[str]:
        if value not in known:
            yield f"{place}: {value}"

    return faults


def _flag(value: object, place: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{place}: no boolean"


def _list(rule: Rule, most: int, least: int = 0) -> Rule:
    def faults(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: no list"
            return
        if not least <= len(value) <= most:
            yield f"{place}: {len(value)} of {most}"
        for number, one in enumerate(value):
            yield from rule(one, f"{place}[{number}]")

    return faults


def _object(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    def faults(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: no object"
            return
        known = {**required, **(optional or {})}
        for name in required.keys() - value.keys():
            yield f"{place}/{name}: missing"
        for name, one in value.items():
            if name in known:
                yield from known[name](one, f"{place}/{name}")
            else:
                yield f"{place}/{name}: unknown"

    return faults


_URL, _ID, _FILE = _text(2048, _ADDRESS), _text(36, _GUID), _text(2048)
_SCOPES = _list(_one_of("team", "personal", "groupChat", "copilot"), 4, 1)
_COMMAND = _object(
    {"title": _text(128)}, {"description": _text(4000), "type": _one_of("basic", "prompt"), "prompt": _text(4000)}
)
_BOT = _object(
    {"botId": _ID, "scopes": _SCOPES},
    {
        "supportsFiles": _flag,
        "isNotificationOnly": _flag,
        "commandLists": _list(_object({"scopes": _SCOPES, "commands": _list(_COMMAND, 12)}), 3),
    },
)
_PARAMETER = _object(
    {"name": _text(64), "title": _text(32)}, {"description": _text(128), "inputType": _one_of("text", "textarea")}
)
_EXTENSION_COMMAND = _object(
    {"id": _text(64), "title": _text(32)},
    {
        "type": _one_of("query", "action"),
        "context": _list(_one_of("compose", "commandBox", "message"), 3),
        "description": _text(128),
        "initialRun": _flag,
        "parameters": _list(_PARAMETER, 5, 1),
    },
)
_EXTENSION = _object(
    {"botId": _ID, "commands": _list(_EXTENSION_COMMAND, 10, 1)}, {"composeExtensionType": _one_of("botBased")}
)
_LANGUAGES = _object(
    {"defaultLanguageTag": _text(26, _LANGUAGE)},
    {"additionalLanguages": _list(_object({"languageTag": _text(26, _LANGUAGE), "file": _FILE}), 100)},
)
_MANIFEST = _object(
    {
        "manifestVersion": _one_of(SCHEMA),
        "version": _text(256, _SEMVER),
        "id": _ID,
        "developer": _object(
            {"name": _text(32), "websiteUrl": _URL, "privacyUrl": _URL, "termsOfUseUrl": _URL}, {"mpnId": _text(10)}
        ),
        "name": _object({"short": _text(30)}, {"full": _text(100)}),
        "description": _object({"short": _text(80), "full": _text(4000)}),
        "icons": _object({"color": _FILE, "outline": _FILE}),
        "accentColor": _text(7, _COLOUR),
    },
    {
        "$schema": _URL,
        "localizationInfo": _LANGUAGES,
        "bots": _list(_BOT, 1),
        "composeExtensions": _list(_EXTENSION, 1),
        "permissions": _list(_one_of("identity", "messageTeamMembers"), 2),
        "validDomains": _list(_text(2048), 16),
    },
)


def _icon_faults(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    for name, size in _ICONS.items():
        icon = files.get(manifest["icons"][name], b"")
        if icon[:8] != b"\x89PNG\r\n\x1a\n" or len(icon) < 24:
            yield f"{name}: no PNG"
        elif struct.unpack(">II", icon[16:24]) != (size, size):
            yield f"{name}: not {size} × {size}"


def _language_faults(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    for language in manifest.get("localizationInfo", {}).get("additionalLanguages", []):
        name = language["file"]
        try:
            texts = json.loads(files[name])
        except (KeyError, ValueError):
            yield f"{name}: no JSON"
            continue
        for needed in ("name.short", "description.short", "description.full"):
            if needed not in texts:
                yield f"{name}/{needed}: missing"
        for key, text in texts.items():
            if key == "$schema":
                continue
            if not _TEXTS.fullmatch(key) or _at(manifest, key) is None:
                yield f"{name}/{key}: translates nothing"
            most = _LENGTHS.get(key, 32 if key.endswith(".title") else 128)
            yield from _text(most)(text, f"{name}/{key}")


def _at(manifest: Mapping[str, Any], key: str) -> object:
    """The text of the manifest that a key of a language file is for, None for nothing: 「bots[0].scopes[1]」."""
    value: Any = manifest
    for part in re.findall(r"\w+", key):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value if isinstance(value, str) else None

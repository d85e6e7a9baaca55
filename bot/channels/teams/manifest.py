"""The app package that an administrator uploads to Teams: manifest, English strings and icons in one ZIP file."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from bot.channels.letters import cut
from bot.channels.teams.icons import COLOUR, colour_icon, outline_icon

#: The schema of the manifest, and our own version: raised with every change of the manifest.
SCHEMA, VERSION = "1.28", "1.0.0"
#: The command of the message extension, by which Teams names a search.
SEARCH = "search"
#: Stands where the developer's page has to be named and nobody has named one.
NO_PAGE = "https://example.com/"

_SCOPES = ("personal", "team", "groupChat")
_MOST_EXAMPLES, _TITLE = 12, 128
_LONG = (
    "行政計画のKPI（目標値・基準値・実績値・達成状況）を日本語で聞くと、出典つきで答えます。"
    "年度の書き方は R6、令和6年度、2024年度 のどれでも読み、はっきりしないときは候補を示して聞き返します。"
    "一覧・条件・順位・計算・グラフにも答えます。生成AIは使わず、登録されている計画と実績だけから答えます。"
)
# A moment that every package has, so that the same settings make the same file.
_WRITTEN = (2026, 1, 1, 0, 0, 0)


def package(client_id: str, page: str, examples: Sequence[str], domains: Sequence[str] = ()) -> bytes:
    """The ZIP file. `page` tells staff about the app, `examples` are questions that the store can answer, `domains`
    the hosts that cards link to."""
    files = {
        "manifest.json": _json(manifest(client_id, page, examples, domains)),
        "en.json": _json(english()),
        "color.png": colour_icon(),
        "outline.png": outline_icon(),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _WRITTEN), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def manifest(client_id: str, page: str, examples: Sequence[str], domains: Sequence[str] = ()) -> dict[str, Any]:
    """The manifest (learn.microsoft.com/microsoft-365/extensibility/schema), in Japanese."""
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": VERSION,
        "id": str(uuid5(NAMESPACE_URL, f"shirube:{client_id}")),
        "localizationInfo": {
            "defaultLanguageTag": "ja",
            "additionalLanguages": [{"languageTag": "en", "file": "en.json"}],
        },
        "developer": {"name": "しるべ", "websiteUrl": page, "privacyUrl": page, "termsOfUseUrl": page},
        "name": {"short": "しるべ", "full": "しるべ：行政計画のKPIに答えるボット"},
        "description": {"short": "行政計画のKPIの目標・実績・達成状況に、出典つきで答えます", "full": _LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": COLOUR,
        "bots": [
            {
                "botId": client_id,
                "scopes": list(_SCOPES),
                "supportsFiles": False,
                "isNotificationOnly": False,
                **_commands(examples),
            }
        ],
        "composeExtensions": [{"botId": client_id, "composeExtensionType": "botBased", "commands": [_search()]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": sorted({host for domain in domains if (host := urlsplit(domain).hostname)}),
    }


def _commands(examples: Sequence[str]) -> Mapping[str, Any]:
    """The examples for each kind of conversation, as prompts that are put into the box to be sent."""
    commands = [
        {"title": cut(one, _TITLE), "description": "この質問を入力欄に入れます", "type": "prompt", "prompt": one}
        for one in dict.fromkeys(examples)
    ][:_MOST_EXAMPLES]
    return {"commandLists": [{"scopes": [scope], "commands": commands} for scope in _SCOPES]} if commands else {}


def _search() -> Mapping[str, Any]:
    return {
        "id": SEARCH,
        "type": "query",
        "context": ["compose", "commandBox"],
        "title": "指標を探す",
        "description": "指標を探して、カードをメッセージに入れます",
        "initialRun": True,
        "parameters": [
            {
                "name": "query",
                "title": "指標の名前か質問",
                "description": "例: マイナンバーカードの取得率、コピー用紙のR6の目標",
                "inputType": "text",
            }
        ],
    }


def english() -> dict[str, str]:
    """What English-speaking users see of the app before they ask; questions and answers are in Japanese."""
    command = "composeExtensions[0].commands[0]"
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/"
        "MicrosoftTeams.Localization.schema.json",
        "name.short": "Shirube",
        "name.full": "Shirube: answers about the KPIs of public plans",
        "description.short": "Answers in Japanese about the KPIs of public plans, with sources",
        "description.full": "Ask in Japanese for the targets, baselines, results and status of the KPIs in public "
        "plans. Every answer names its source. It uses no generative AI: all numbers come from the registered plans.",
        f"{command}.title": "Find an indicator",
        f"{command}.description": "Finds an indicator and puts its card into the message",
        f"{command}.parameters[0].title": "Indicator or question",
        f"{command}.parameters[0].description": "In Japanese: マイナンバーカードの取得率",
    }


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"

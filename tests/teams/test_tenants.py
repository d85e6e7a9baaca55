"""Whose data is told to whom in Teams: tenants with their organisations, foreign tenants, and what does not start."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.teams.arrivals import CHANNEL
from bot.channels.teams.settings import SWITCH
from data.changes import DEFAULT_ORGANISATION
from data.engine import open_engine
from data.references import read_references
from data.store import Store
from data.votes import Votes, count_votes
from tests.data.stores import load
from tests.teams import activities
from tests.teams.activities import BOT, PEOPLE, Place, channel, group_chat, personal
from tests.teams.elements import Json, actions, texts
from tests.teams.issuer import CLIENT_SECRET, OTHER_TENANT, TENANT
from tests.teams.limits import cards
from tests.teams.rendered import check_card, has_markup
from tests.teams.standing import Standing, key_of, standing
from tests.teams.teams import Sent
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
QUESTION, ANSWER = "コピー用紙のR6目標は?", "20万枚"
CITY, ROUGH = "市", "荒れた組織"
ROUGH_TENANT, FOREIGN = "cccccccc-0000-4111-8222-333333333333", "dddddddd-0000-4111-8222-333333333333"

# Names as no plan should have them; a bar parts the cells of the tests' plans.
_NAMES = [
    "<at>全員</at> @channel の講座の受講者数",
    "<script>alert(1)</script><img src=x onerror=y>の講座の受講者数",
    "[ここ](https://example.com)と https://example.com www.example.com の講座の受講者数",
    "**太字** _斜体_ `符号` # 見出しの講座の受講者数",
    "{{DATE(2017-02-14T06:00:00Z, SHORT)}} ${x} の講座の受講者数",
    "&lt;b&gt; &#60; &amp;amp; の講座の受講者数",
    '{"type":"AdaptiveCard"} "\\ の講座の受講者数',
    "とても長い名前の" * 40 + "講座の受講者数",
    "\u202e逆の\u202c\u200f講座の受講者数",
    "か\u3099き\u3099く\u3099の講座の受講者数",
    "1. ・ の講座の受講者数",
    "'; DROP TABLE event; --の講座の受講者数",
    "図書館の来館者数（<b>本館</b> {{DATE(2017-02-14T06:00:00Z, SHORT)}}）",
    "図書館の来館者数（[東館](https://example.com)）",
    "図書館の来館者数（&lt;at&gt;西館&lt;/at&gt;）",
]


@pytest.fixture(scope="module")
def bot(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("tenants")
    url = f"sqlite:///{shutil.copy(file_with_plan, folder / 'plan.db')}"
    engine = open_engine(url)
    load(engine, "指標名|単位|R6|R7", "市道の舗装率|%|61|64", organisation=CITY, title="市の計画")
    rough = [f"{name}|件|{number}|{number + 1}" for number, name in enumerate(_NAMES, 10)]
    load(engine, "指標名|単位|R6|R7", *rough, organisation=ROUGH, title="<b>荒れた</b>[計画](x) {{DATE(x)}}")
    with engine.connect() as connection:
        title = Store(engine).plan_titles(DEFAULT_ORGANISATION)[0]
        assert connection
    engine.dispose()
    tenants = f"{TENANT},{OTHER_TENANT}={CITY},{ROUGH_TENANT}={ROUGH}"
    with standing(folder, url, TEAMS_ALLOWED_TENANTS=tenants, SHIRUBE_PLAN=title) as standing_bot:
        yield standing_bot


def _rows(bot: Standing) -> dict[str, int]:
    """How many rows each table of the store holds."""
    with sqlite3.connect(f"file:{bot.engine.url.database}?mode=ro", uri=True) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_two_tenants_see_only_their_own_plans(bot: Standing) -> None:
    ours, theirs = group_chat(), group_chat(OTHER_TENANT)
    assert bot.ask(QUESTION, ours)["text"].startswith(ANSWER)
    assert bot.ask("市道の舗装率 R6", theirs, "stranger")["text"].startswith("61 — ")
    assert bot.ask("じゃあR7は?", theirs, "stranger")["text"].startswith("64 — ")
    for place, user, text, secret in (
        (theirs, "stranger", QUESTION, ANSWER),
        (ours, "tanaka", "市道の舗装率 R6", "61 — "),
        (theirs, "stranger", "指標の一覧", "コピー用紙"),
        (ours, "tanaka", "「市の計画」の指標の一覧", "舗装率"),
    ):
        answer = bot.ask(text, place, user)
        said = [line for card in cards(answer) for line in texts(card)]
        told = "\n".join([answer["text"], *said]).replace(text, "")
        assert secret not in told, text


def test_searches_find_only_their_own(bot: Standing) -> None:
    theirs = personal("stranger")
    assert [one["preview"]["content"]["title"] for one in bot.teams.search(None, theirs, "stranger")] == [
        "市道の舗装率"
    ]
    assert bot.teams.search("コピー用紙", theirs, "stranger") == []
    assert bot.teams.search("舗装率") == []
    assert "61 — " in json.dumps(bot.teams.search("市道の舗装率 R6", theirs, "stranger"), ensure_ascii=False)


def test_a_button_of_one_tenant_tells_another_nothing(bot: Standing) -> None:
    store = Store(bot.engine)
    (own,) = store.catalogue(CITY).indicators
    shown = bot.ask(QUESTION, place := group_chat())
    for act in ("pick", "years", "chart", "page", "back", "ask", "wrong"):
        data = {"act": act, "q": own.name, "d": "2024-11-20", "p": f"indicator:{own.id}"}
        value = {"action": {"type": "Action.Execute", "verb": act, "data": data}, "trigger": "manual"}
        pressed = bot.teams.execute(value, shown, place)
        told = json.dumps(pressed.card or pressed.text, ensure_ascii=False).replace(own.name, "")
        assert not [secret for secret in ("61", "64", "市の計画") if secret in told], act
    # The same button where it belongs does tell.
    data = {"act": "years", "q": own.name, "d": "2024-11-20", "p": f"indicator:{own.id}"}
    value = {"action": {"type": "Action.Execute", "verb": "years", "data": data}, "trigger": "manual"}
    theirs = group_chat(OTHER_TENANT)
    answer = bot.ask("市道の舗装率 R6", theirs, "stranger")
    assert "64" in json.dumps(bot.teams.execute(value, answer, theirs, "stranger").card)


def test_what_is_kept_belongs_to_the_organisation_of_the_tenant(bot: Standing) -> None:
    theirs = channel(OTHER_TENANT)
    bot.teams.install(theirs, "stranger")
    answer = bot.ask("市道の舗装率 R6", theirs, "stranger")
    bot.teams.rate(answer["above"], "like", place=theirs, user="stranger")

    def found(organisation: str) -> list[str]:
        with bot.engine.connect() as connection:
            return [one.conversation for one in read_references(connection, organisation, CHANNEL)]

    wait_for(lambda: theirs.channel in found(CITY))
    assert theirs.channel not in found(DEFAULT_ORGANISATION)
    with bot.engine.connect() as connection:
        assert count_votes(connection, CITY, None) == Votes(good=1, bad=0)
        assert count_votes(connection, DEFAULT_ORGANISATION, None) == Votes(good=0, bad=0)


_FOREIGN: dict[str, tuple[Place, Json]] = {
    "foreign": (group_chat(FOREIGN), {}),
    "foreign in a chat": (replace(personal("stranger"), tenant=FOREIGN, id="a:foreign"), {}),
    "in the channel's data only": (group_chat(), {"channelData": {"tenant": {"id": FOREIGN}}}),
    "in the conversation only": (group_chat(FOREIGN), {"channelData": {"tenant": {"id": TENANT}}}),
    "of who sends it": (group_chat(), {"from": {**PEOPLE["tanaka"].account, "tenantId": FOREIGN}}),
    "two of ours": (group_chat(), {"channelData": {"tenant": {"id": OTHER_TENANT}}}),
    "nobody's": (replace(group_chat(), tenant=""), {"channelData": {}}),
}


@pytest.mark.parametrize("whose", _FOREIGN)
def test_foreign_tenants_get_nothing_and_leave_nothing(bot: Standing, whose: str) -> None:
    place, beside = _FOREIGN[whose]
    if beside.get("channelData") == {}:
        conversation = {"conversationType": "groupChat", "isGroup": True, "id": place.id}
        beside = {**beside, "conversation": conversation}
    before, calls = _rows(bot), len(bot.connector.calls)
    data = {"act": "years", "q": QUESTION, "d": "2024-11-20"}
    value = {"action": {"type": "Action.Execute", "verb": "years", "data": data}, "trigger": "manual"}
    invokes: list[Sent] = [
        bot.teams.invoke("adaptiveCard/action", value, place, replyToId="1", **beside),
        bot.teams.invoke("composeExtension/query", activities.search("コピー用紙", "search"), place, **beside),
        bot.teams.invoke("composeExtension/query", activities.search(None, "search"), place, **beside),
        bot.teams.invoke("message/submitAction", activities.feedback("like"), place, replyToId="1", **beside),
    ]
    others: list[Sent] = [
        bot.teams.say(QUESTION, place, **beside),
        bot.teams.activity("installationUpdate", place, action="add", **beside),
        bot.teams.activity("conversationUpdate", place, membersAdded=[BOT], **beside),
        bot.teams.activity("installationUpdate", place, action="remove", **beside),
    ]
    assert [one.reply.status for one in (*invokes, *others)] == [200] * 8
    assert [one.reply.body for one in invokes] == [{}] * 4
    assert [one.reply.text for one in others] == [""] * 4
    ours = bot.teams.say(QUESTION, kept := group_chat())  # whatever was kept before has been done when this one is
    bot.answer(ours)
    assert bot.settled({key_of(ours)}) == ["answered"]
    assert [call for call in bot.connector.calls[calls:] if call.conversation != kept.id] == []
    grown = {name for name, rows in _rows(bot).items() if rows != before[name]}
    assert grown <= {"event", "conversation", "conversation_reference"}
    assert all(_rows(bot)[name] == before[name] + 1 for name in grown)


def test_hostile_names_are_only_words(bot: Standing) -> None:
    questions = (
        "指標の一覧",
        "R6が大きい順に12",
        "使い方",
        "全員の講座の受講者数のR7は?",
        "とても長い名前の講座の受講者数 R6",
    )
    asked_back = bot.ask("図書館の来館者数 R6", place := replace(group_chat(), tenant=ROUGH_TENANT), "stranger")
    with ThreadPoolExecutor(4) as pool:
        places = [replace(group_chat(), tenant=ROUGH_TENANT) for _ in questions]
        answers = [asked_back, *pool.map(lambda text, place: bot.ask(text, place, "stranger"), questions, places)]
    shown = [card for answer in answers for card in cards(answer)]
    for answer in answers:
        assert not has_markup(answer["text"])
        assert {one["type"] for one in answer["above"].get("entities", [])} <= {"https://schema.org/Message"}
    candidates = [one["title"] for one in actions(cards(asked_back)[0]) if one.get("verb") == "pick"]
    assert len(candidates) >= 2
    for candidate in candidates:
        pressed = bot.teams.press(asked_back, candidate, place, "stranger")
        assert pressed.card, candidate
        shown.append(pressed.card)
        bot.connector.show(place.id, asked_back["id"], asked_back)
    found = [bot.teams.search(typed, place, "stranger") for typed in (None, "受講者数", "本館", "{{DATE")]
    for result in (one for results in found for one in results):
        shown.append(result["content"])
        preview = result["preview"]["content"]
        assert not has_markup(preview["title"] + preview["text"])
        assert len(preview["title"]) <= 110
    assert [bool(results) for results in found] == [True] * 4
    for card in shown:
        check_card(card)


# What does not start


def _end(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_what_cannot_be_right_does_not_start_and_says_why(bot: Standing) -> None:
    base = bot.bot.environment
    cases: list[tuple[dict[str, str], str]] = [
        ({**base, SWITCH: "true"}, SWITCH),
        ({**base, "TEAMS_CLIENT_ID": ""}, "TEAMS_CLIENT_ID がありません"),
        ({**base, "TEAMS_TENANT_ID": ""}, "TEAMS_TENANT_ID がありません"),
        ({**base, "TEAMS_CLIENT_SECRET": ""}, "TEAMS_CLIENT_SECRET か TEAMS_MANAGED_IDENTITY_CLIENT_ID"),
        ({**base, "TEAMS_ALLOWED_TENANTS": f"{TENANT}={CITY}"}, "もう別の組織のものとして登録されています"),
    ]
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda case: _end(bot.bot.arguments, case[0]), cases))
    for (_, sentence), done in zip(cases, ended, strict=True):
        assert done.returncode == 1, sentence
        assert sentence in done.stderr
        assert "。" in done.stderr
        assert "Traceback" not in done.stderr
        assert CLIENT_SECRET not in done.stderr + done.stdout
    assert DEFAULT_ORGANISATION not in ended[-1].stderr  # not whose it is
    assert bot.ask(QUESTION, group_chat())["text"].startswith(ANSWER)


def test_no_secret_in_what_the_bot_has_written(bot: Standing) -> None:
    bot.connector.refuse("reply", 401, 2)
    assert bot.ask(QUESTION, group_chat())["text"].startswith(ANSWER)
    written = bot.bot.text()
    assert '"event"' in written
    for secret in (CLIENT_SECRET, "Bearer", bot.issuer.sign(bot.connector.service_url)[:20], "コピー"):
        assert secret not in written

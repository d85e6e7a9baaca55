"""Aliases in the browser: proposed for unanswered questions, tried, added, and proposals decided."""

import re
from html import unescape

from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from data.aliases import add_alias
from data.changes import Author
from data.engine import writing
from data.facts import Indicator
from data.proposals import propose, read_proposals
from data.trail import read_trail
from data.turns import Turn, keep_turn
from tests.bot.village import TODAY
from tests.web.visiting import NOON, send

HOSTILE = '<script>alert("1")</script>'


def _ask(desk: Desk, *texts: str, kind: str = "not_understood") -> None:
    keep_turn(desk.store.engine, desk.organisation, Turn(TODAY, unanswered=tuple((kind, text) for text in texts)))


def _indicator(desk: Desk, name: str) -> Indicator:
    return next(one for one in desk.store.catalogue(desk.organisation).indicators if one.name == name)


def _propose(desk: Desk, text: str, name: str) -> int:
    with writing(desk.store.engine) as connection:
        author = Author("佐藤（slack:U1）", NOON)
        return propose(connection, desk.organisation, text, _indicator(desk, name).id, author)


def _changed(html: str) -> list[tuple[str, str, str]]:
    """The answers that would change: question, before, after."""
    found = re.findall(r"<li>「(.*?)」\s*<dl.*?><dt>今</dt><dd>(.*?)</dd><dt>後</dt><dd>(.*?)</dd>", html, re.DOTALL)
    return [(unescape(question), unescape(before), unescape(after)) for question, before, after in found]


def test_a_question_becomes_an_alias_with_two_presses(village_desk: Desk, village_client: TestClient) -> None:
    _ask(village_desk, "灯油の消費のR6は？", "灯油の消費のR6は", "来週の天気は？")
    questions = village_client.get("/admin/questions").text
    assert questions.index("灯油の消費のR6は") < questions.index("来週の天気は？")
    assert "2件、最後は2024-11-20" in questions
    (url,) = re.findall(r'href="(/admin/aliases/new\?[^"]+)"', questions)
    replay = village_client.get(unescape(url))
    assert "足す別名: <strong>灯油の消費</strong>" in replay.text
    changed = {question: after for question, _, after in _changed(replay.text)}
    assert changed["灯油の消費のR6は？"].startswith("28 — 灯油の使用量")
    assert "来週の天気は？" not in changed
    indicator = _indicator(village_desk, "灯油の使用量")
    assert indicator.aliases == ()  # nothing is written by looking
    done = send(village_client, unescape(url), "/admin/aliases", indicator=str(indicator.id), text="灯油の消費")
    assert done.status_code == 303
    assert "別名を登録しました。" in village_client.get(done.headers["location"]).text
    assert _indicator(village_desk, "灯油の使用量").aliases == ("灯油の消費",)
    assert "今は答えられます: 28 — 灯油の使用量" in village_client.get("/admin/questions").text
    with village_desk.store.engine.connect() as connection:
        last = read_trail(connection, village_desk.organisation, 1)[0]
    assert (last.change.kind, last.change.by, last.about) == ("accept", "web:local", "「灯油の消費」→ 灯油の使用量")


def test_another_indicator_is_found_by_search(village_desk: Desk, village_client: TestClient) -> None:
    _ask(village_desk, "きのこ狩りの数")
    questions = village_client.get("/admin/questions").text
    assert "近い指標が見つかりませんでした。" in questions
    (url,) = re.findall(r'href="(/admin/aliases\?text=[^"]+)"', questions)
    page = village_client.get(unescape(url)).text
    assert "「きのこ狩りの数」を別名にする指標" in page
    found = village_client.get("/admin/aliases", params={"text": "きのこ狩りの数", "q": "植樹"}).text
    number = _indicator(village_desk, "植樹の面積").id
    assert f"/admin/aliases/new?indicator={number}&amp;text=%E3%81%8D" in found
    assert "に当たる指標はありません" in village_client.get("/admin/aliases", params={"q": "zzz"}).text


def test_what_is_no_alias_is_refused_and_comes_back(village_desk: Desk, village_client: TestClient) -> None:
    number = str(_indicator(village_desk, "植樹の面積").id)
    for text, told in (("甲、乙", "読点"), ("植樹の 面積", "もう「植樹の 面積」で聞けます"), ("x" * 101, "100字まで")):
        refused = village_client.get("/admin/aliases/new", params={"indicator": number, "text": text})
        assert refused.status_code == 422
        assert told in refused.text
        assert f'value="{text}"' in refused.text
        form = f"/admin/aliases/new?indicator={number}&text=よい名"
        assert send(village_client, form, "/admin/aliases", indicator=number, text=text).status_code == 422
    for number in ("999", "0", "x", "-1", "9" * 30, "²"):
        assert village_client.get("/admin/aliases/new", params={"indicator": number, "text": "x"}).status_code == 404
    assert not any(one.aliases for one in village_desk.store.catalogue(village_desk.organisation).indicators)


def test_a_proposal_is_accepted_once_and_another_declined(village_desk: Desk, village_client: TestClient) -> None:
    first, second = (_propose(village_desk, text, "蛍の観測地点") for text in ("ほたるの里", "ほたる"))
    listed = village_client.get("/admin/aliases").text
    assert "佐藤（slack:U1）さんが 2024/11/20 12:00 に提案" in listed
    page = f"/admin/proposals/{first}"
    assert "変わる答え" in village_client.get(page).text
    assert send(village_client, page, page, decision="maybe").headers["location"] == page
    accepted = send(village_client, page, page, decision="accept")
    assert accepted.headers["location"] == "/admin/aliases?done=alias"
    declined = send(village_client, f"/admin/proposals/{second}", f"/admin/proposals/{second}", decision="decline")
    assert declined.headers["location"] == "/admin/aliases?done=declined"
    assert _indicator(village_desk, "蛍の観測地点").aliases == ("ほたるの里",)
    late = send(village_client, "/admin/roles", page, decision="decline")
    assert late.status_code == 409
    assert "web:localさんが 2024/11/20 12:00 にもう登録しました" in late.text
    assert village_client.get(page).status_code == 404
    with village_desk.store.engine.connect() as connection:
        assert read_proposals(connection, village_desk.organisation) == []


def test_alias_is_withdrawn_once_its_changes_are_seen(village_desk: Desk, village_client: TestClient) -> None:
    _ask(village_desk, "灯油の消費のR6は？")
    indicator = _indicator(village_desk, "灯油の使用量")
    with writing(village_desk.store.engine) as connection:
        for alias in ("灯油の消費", HOSTILE):
            add_alias(connection, village_desk.organisation, alias, indicator.name, Author("佐藤", NOON))
    listed = village_client.get("/admin/aliases").text
    assert "<script" not in listed
    (url, _) = map(unescape, re.findall(r'href="(/admin/aliases/withdraw\?[^"]+)"', listed))
    changed = {question: (before, after) for question, before, after in _changed(village_client.get(url).text)}
    before, after = changed["灯油の消費のR6は？"]
    assert before.startswith("28 — 灯油の使用量")
    assert not after.startswith("28")
    assert "灯油の消費" in _indicator(village_desk, "灯油の使用量").aliases  # nothing is written by looking
    given = {"indicator": str(indicator.id), "text": "灯油の消費"}
    done = send(village_client, url, "/admin/aliases/withdraw", **given)
    assert "別名を外しました。" in village_client.get(done.headers["location"]).text
    assert _indicator(village_desk, "灯油の使用量").aliases == (HOSTILE,)
    assert village_client.get(url).status_code == 404
    late = send(village_client, "/admin/roles", "/admin/aliases/withdraw", **given)
    assert late.status_code == 409
    assert "別名「灯油の消費」は、この指標にはもうありません。" in late.text
    assert village_client.get("/admin/aliases/withdraw", params={"indicator": "9" * 30}).status_code == 404
    with village_desk.store.engine.connect() as connection:
        last = read_trail(connection, village_desk.organisation, 1)[0]
    assert (last.change.kind, last.about) == ("withdraw", "「灯油の消費」（灯油の使用量）")


def test_hostile_questions_and_proposals_are_shown_as_they_are(village_desk: Desk, village_client: TestClient) -> None:
    _ask(village_desk, f"{HOSTILE}の植樹の目標", "\u202e逆さの名前", f"植樹 {'あ' * 5000}")
    number = _propose(village_desk, HOSTILE, "植樹の面積")
    for path in ("/admin/questions", "/admin/aliases", f"/admin/proposals/{number}"):
        page = village_client.get(path).text
        assert "<script" not in page
        assert "\u202e" not in page
        assert "あ" * 1000 not in page
    assert "&lt;script&gt;" in village_client.get("/admin/aliases").text
    hostile = {"q": HOSTILE, "text": HOSTILE, "done": HOSTILE, "page": HOSTILE}
    assert "<script" not in village_client.get("/admin/aliases", params=hostile).text

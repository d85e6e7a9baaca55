"""Administration: who may do what, what waits, roles, subscriptions and the audit trail."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from bot.channels.web.site import PAGES
from data.changes import Author
from data.engine import writing
from data.roles import Role, grant, may_record, read_roles
from data.subscriptions import read_subscriptions
from data.trail import read_trail
from data.turns import Turn, keep_turn
from tests.bot.village import TODAY
from tests.web.staff import signed_in
from tests.web.visiting import NOON, send, token_in

HOSTILE = '<img src=x onerror="alert(1)">'
_ADMIN = [page for page in PAGES if page.path.startswith("/admin")]


def _path(path: str) -> str:
    return path.replace("{number:int}", "1")


def _granted(desk: Desk) -> dict[str, Role]:
    with desk.store.engine.connect() as connection:
        return {one.person: one.role for one in read_roles(connection, desk.organisation)}


def test_a_viewer_may_open_nothing_of_it(village_desk: Desk) -> None:
    client = signed_in(village_desk, Role.VIEWER)
    token = {"token": _token(client)}
    for page in _ADMIN:
        answer = client.request(page.method, _path(page.path), data=token if page.method == "POST" else None)
        assert (page.path, answer.status_code) == (page.path, 403)
        assert "web:viewer" in answer.text
    assert len(_ADMIN) > 20


def test_a_recorder_may_record_results_and_nothing_else(village_desk: Desk) -> None:
    client = signed_in(village_desk, Role.RECORDER)
    token = {"token": _token(client)}
    opened = {}
    for page in _ADMIN:
        answer = client.request(page.method, _path(page.path), data=token if page.method == "POST" else None)
        opened[page.path, page.method] = answer.status_code != 403
    of_recorders = {(page.path, page.method) for page in _ADMIN if page.needs is may_record}
    assert {key for key, is_open in opened.items() if is_open} == of_recorders
    assert all(path.startswith(("/admin/results", "/admin/uploads")) or path == "/admin" for path, _ in of_recorders)
    overview = client.get("/admin").text
    assert "/admin/results" in overview
    assert "/admin/plans" not in overview


def test_nothing_is_done_without_the_token_of_the_page(village_desk: Desk, village_client: TestClient) -> None:
    with village_desk.store.engine.connect() as connection:
        before = read_trail(connection, village_desk.organisation)
    for page in _ADMIN:
        if page.method == "POST":
            fields = {"person": "slack:U1", "role": "recorder", "indicator": "1", "text": "x", "value": "1"}
            assert village_client.post(_path(page.path), data=fields).status_code == 403
            assert village_client.post(_path(page.path), data={**fields, "token": "guessed"}).status_code == 403
    with village_desk.store.engine.connect() as connection:
        assert read_trail(connection, village_desk.organisation) == before


def test_the_overview_counts_what_waits(village_desk: Desk, village_client: TestClient) -> None:
    logged = (("not_understood", "きのこの数"), ("not_understood", "きのこの数？"), ("choose", "木"))
    keep_turn(village_desk.store.engine, village_desk.organisation, Turn(TODAY, unanswered=logged))
    overview = village_client.get("/admin").text
    assert '答えられなかった質問</a></h2>\n    <p><strong class="count">2</strong>種類' in overview
    assert '実績</a></h2>\n    <p><strong class="count">4</strong>件' in overview  # of R4, four are recorded nowhere


def test_roles_are_granted_and_taken_away(village_desk: Desk, village_client: TestClient) -> None:
    done = send(village_client, "/admin/roles", "/admin/roles", person=" slack:U0123 ", role="recorder")
    assert (done.status_code, done.headers["location"]) == (303, "/admin/roles?done=role")
    shown = village_client.get(done.headers["location"]).text
    assert "役割を変えました。" in shown
    assert "slack:U0123" in shown
    assert _granted(village_desk) == {"slack:U0123": Role.RECORDER}
    send(village_client, "/admin/roles", "/admin/roles", person="slack:U0123", role="viewer")
    assert _granted(village_desk) == {}
    with village_desk.store.engine.connect() as connection:
        last = read_trail(connection, village_desk.organisation, 1)[0]
    assert (last.change.by, last.change.at, last.change.file) == ("web:local", NOON, "Web")
    assert last.about == "slack:U0123 → 閲覧者"


@pytest.mark.parametrize(("person", "role"), [(HOSTILE, "recorder"), ("", "recorder"), ("slack:U1", "king")])
def test_what_is_no_person_or_role_is_refused_and_comes_back(
    village_desk: Desk, village_client: TestClient, person: str, role: str
) -> None:
    refused = send(village_client, "/admin/roles", "/admin/roles", person=person, role=role)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert "<img" not in refused.text
    assert _granted(village_desk) == {}


def test_an_administrator_does_not_lock_themselves_out(village_desk: Desk) -> None:
    client = signed_in(village_desk, Role.ADMINISTRATOR)
    refused = send(client, "/admin/roles", "/admin/roles", person="web:administrator", role="viewer")
    assert refused.status_code == 422
    assert "ほかの管理者に頼んでください" in refused.text
    assert _granted(village_desk) == {"web:administrator": Role.ADMINISTRATOR}
    assert send(client, "/admin/roles", "/admin/roles", person="web:other", role="recorder").status_code == 303
    changes = client.get("/admin/changes").text
    assert "佐藤 健（web:administrator）" in changes
    assert "web:other → 登録者" in changes


def test_the_trail_is_paged_newest_first(village_desk: Desk, village_client: TestClient) -> None:
    with writing(village_desk.store.engine) as connection:
        for number in range(60):
            author = Author(f"係{number}", NOON + timedelta(minutes=number))
            grant(connection, village_desk.organisation, f"slack:U{number}", Role.RECORDER, author)
    first, second = (village_client.get(f"/admin/changes?page={page}").text for page in (1, 2))
    assert first.index("係59") < first.index("係10")
    assert "係9、" not in first
    assert second.index("slack:U9 ") < second.index("slack:U0 ") < second.index("鈴木")
    assert 'href="/admin/changes?page=2"' in first
    for odd in ("0", "-1", "x", "999999999999999999999", "٣"):
        assert village_client.get("/admin/changes", params={"page": odd}).status_code == 200


def test_a_subscription_is_added_looked_at_and_ended(village_desk: Desk, village_client: TestClient) -> None:
    fields = {"channel": "slack", "recipient": "C0123ABCD", "kind": "summary", "rhythm": "weekly", "hour": "0"}
    done = send(village_client, "/admin/subscriptions", "/admin/subscriptions", scope="くらし", **fields)
    assert done.headers["location"] == "/admin/subscriptions?done=subscribed"
    with village_desk.store.engine.connect() as connection:
        (one,) = read_subscriptions(connection, village_desk.organisation)
    assert (one.wish.recipient, one.wish.scope, one.wish.hour) == ("C0123ABCD", "くらし", 0)
    assert "「くらし」の状況、毎週0時" in village_client.get("/admin/subscriptions").text
    assert "灯油の使用量" in village_client.get(f"/admin/subscriptions/{one.id}").text
    again = send(village_client, "/admin/subscriptions", "/admin/subscriptions", scope="くらし", **fields)
    assert again.status_code == 422
    assert "同じ購読がもうあります" in again.text
    ended = send(village_client, "/admin/subscriptions", "/admin/subscriptions/end", number=str(one.id))
    assert ended.headers["location"] == "/admin/subscriptions?done=ended"
    twice = send(village_client, "/admin/subscriptions", "/admin/subscriptions/end", number=str(one.id))
    assert twice.status_code == 422
    assert village_client.get(f"/admin/subscriptions/{one.id}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("recipient", "#全体", "チャンネルかメンバーのID"),
        ("recipient", "", "チャンネルかメンバーのID"),
        ("scope", HOSTILE, "という分野・章・計画はありません"),
        ("channel", "fax", "経路を選んでください"),
        ("kind", "x", "内容と間隔を選んでください"),
        ("hour", "24", "時刻は0〜23の整数"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_comes_back(
    village_desk: Desk, village_client: TestClient, field: str, value: str, told: str
) -> None:
    fields = {"channel": "slack", "recipient": "C0123ABCD", "kind": "summary", "rhythm": "weekly", "hour": "9"}
    refused = send(
        village_client, "/admin/subscriptions", "/admin/subscriptions", **{"scope": "", **fields, field: value}
    )
    assert refused.status_code == 422
    assert told in refused.text
    assert "<img" not in refused.text
    if field != "recipient":
        assert 'value="C0123ABCD"' in refused.text
    with village_desk.store.engine.connect() as connection:
        assert read_subscriptions(connection, village_desk.organisation) == []


def _token(client: TestClient) -> str:
    """The token of somebody's forms, from the page of questions."""
    return token_in(client.get("/").text)

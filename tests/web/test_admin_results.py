"""Results in the browser: typed in, and from files, each seen before it is written."""

import io
import re
from html import unescape

import httpx2
import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk, SentFile
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.roles import Role
from data.trail import Entry, read_trail
from tests.bot.village import record
from tests.web.staff import signed_in
from tests.web.visiting import NOON, send

HEADER = "指標名,年度,実績値,備考\n"
SCRIPT = "<script>alert(1)</script>"


def _id(desk: Desk, name: str) -> str:
    return str(next(one.id for one in desk.store.catalogue(desk.organisation).indicators if one.name == name))


def _result(desk: Desk, name: str, year: int) -> str:
    (indicator,) = (one for one in desk.store.catalogue(desk.organisation).indicators if one.name == name)
    place = Measure.ACTUAL, FiscalYear(year)
    return next(fact.cell.raw for fact in desk.store.facts([indicator]) if (fact.measure, fact.fiscal_year) == place)


def _trail(desk: Desk) -> list[Entry]:
    with desk.store.engine.connect() as connection:
        return read_trail(connection, desk.organisation)


def _hidden(html: str, action: str) -> dict[str, str]:
    """The fields of the form that writes what is shown."""
    form = html[html.index(f'action="{action}"') :].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def _typed(client: TestClient, indicator: str, year: str, value: str, note: str = "") -> httpx2.Response:
    page = f"/admin/results/new?indicator={indicator}"
    return send(client, page, "/admin/results/confirm", indicator=indicator, year=year, value=value, note=note)


def _upload(client: TestClient, content: bytes | str, name: str = "results.csv") -> httpx2.Response:
    file = SentFile(name, content.encode() if isinstance(content, str) else content)
    return send(client, "/admin/results", "/admin/results/upload", file=file)


def test_a_result_is_found_typed_seen_and_recorded(village_desk: Desk) -> None:
    client = signed_in(village_desk, Role.RECORDER)
    number = _id(village_desk, "灯油の使用量")
    assert f'/admin/results/new?indicator={number}"' in client.get("/admin/results", params={"q": "灯油"}).text
    form = client.get(f"/admin/results/new?indicator={number}").text
    assert '<option value="R5" selected>' in form  # the year that was over last
    assert '<th scope="row">R5</th><td>32</td><td>34</td>' in form
    seen = _typed(client, number, "R5", "31", "確定")
    assert "実績値: 34 → 31（確定）（前の値は鈴木さんが 2024/10/01 09:00 に results.csv で登録したもの）" in seen.text
    assert "判定: 遅れ → 達成" in seen.text
    assert _result(village_desk, "灯油の使用量", 2023) == "34"
    done = client.post("/admin/results", data=_hidden(seen.text, "/admin/results"))
    assert done.headers["location"] == f"/admin/results/new?done=results&indicator={number}"
    assert "実績を登録しました。" in client.get(done.headers["location"]).text
    assert _result(village_desk, "灯油の使用量", 2023) == "31"
    last = _trail(village_desk)[-1].change
    assert (last.kind, last.by, last.at, last.file) == ("record", "佐藤 健（web:recorder）", NOON, "Web")
    assert "何も変わりません" in _typed(client, number, "R5", "31", "確定").text


def test_what_has_changed_meanwhile_is_shown_before_it_is_recorded(
    village_desk: Desk, village_client: TestClient
) -> None:
    seen = _typed(village_client, _id(village_desk, "灯油の使用量"), "R5", "31")
    record(village_desk.store, ("灯油の使用量", "R5", "33", ""), day=NOON)
    late = village_client.post("/admin/results", data=_hidden(seen.text, "/admin/results"))
    assert late.status_code == 409
    assert "その間に値が変わりました" in late.text
    assert "実績値: 33 → 31" in late.text
    assert _result(village_desk, "灯油の使用量", 2023) == "33"
    assert village_client.post("/admin/results", data=_hidden(late.text, "/admin/results")).status_code == 303
    assert _result(village_desk, "灯油の使用量", 2023) == "31"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("value", "たくさん", "数値として読めません"),
        ("value", "", "実績値を入力してください"),
        ("value", "35%", "%"),
        ("value", "1" * 101, "100字まで"),
        ("value", f"{SCRIPT}", "数値として読めません"),
        ("year", "R7", "まだ始まっていない"),
        ("year", SCRIPT, "年度として読めません"),
        ("year", "", "空です"),
        ("note", "あ" * 201, "200字まで"),
        ("note", "a\u202eb", "見えない文字"),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    village_desk: Desk, village_client: TestClient, field: str, value: str, told: str
) -> None:
    before, number = _trail(village_desk), _id(village_desk, "灯油の使用量")
    typed = {"year": "R5", "value": "33", "note": "速報", field: value}
    refused = _typed(village_client, number, **typed)
    assert refused.status_code == 422
    (wrong,) = re.findall(rf'<span class="wrong" id="{field}-wrong">(.*?)</span>', refused.text)
    assert told in unescape(wrong)
    assert f'aria-describedby="{field}-wrong ' in refused.text
    assert 'value="速報"' in refused.text or field == "note"
    assert "<script>" not in refused.text
    forged = send(
        village_client, "/admin/results", "/admin/results", indicator=number, seen="x", **typed
    )  # straight to writing
    assert forged.status_code == 422
    assert _trail(village_desk) == before


def test_an_indicator_that_is_not_there_is_said_to_be_gone(village_client: TestClient) -> None:
    for number in ("999", "", "x", "1;drop"):
        assert village_client.get("/admin/results/new", params={"indicator": number}).status_code == 404
        for action in ("/admin/results", "/admin/results/confirm"):
            gone = send(village_client, "/admin/results", action, indicator=number, year="R5", value="1")
            assert gone.status_code == 404


def test_results_of_a_file_are_recorded_as_they_were_shown(village_desk: Desk) -> None:
    client = signed_in(village_desk, Role.RECORDER)
    before = _trail(village_desk)
    rows = f"灯油の使用量,R5,31,確定\n渡し船の赤字額,R4,-160,\n植樹の面積,R6,3500,\n朝市の出店割合,R4,,{SCRIPT}\n"
    sent = _upload(client, HEADER + rows, r"C:\結果\実績<b>.csv")
    shown = client.get(sent.headers["location"])
    assert "ファイル: 実績&lt;b&gt;.csv" in shown.text
    assert "新規1件、変更2件、変わらず0件、空欄1件" in shown.text
    assert "実績値: 34 → 31（確定）" in shown.text
    assert "判定: 遅れ → 達成" in shown.text
    assert "実績値: 実績未登録 → -160" in shown.text
    assert "年度がまだ終わっていない1件は、途中経過" in shown.text
    assert "大きく離れています" in shown.text  # 3,500 beside 30
    assert SCRIPT in unescape(shown.text)
    assert "<script>" not in shown.text
    assert _trail(village_desk) == before
    done = client.post("/admin/results/apply", data=_hidden(shown.text, "/admin/results/apply"))
    assert done.headers["location"] == "/admin/results?done=results"
    assert _result(village_desk, "渡し船の赤字額", 2022) == "-160"
    last = _trail(village_desk)[-1].change
    assert (last.kind, last.by, last.file) == ("record", "佐藤 健（web:recorder）", "実績<b>.csv")
    again = client.post("/admin/results/apply", data=_hidden(shown.text, "/admin/results/apply"))
    assert again.status_code == 404


def test_a_file_is_applied_only_as_it_was_shown(village_desk: Desk, village_client: TestClient) -> None:
    shown = village_client.get(_upload(village_client, f"{HEADER}灯油の使用量,R5,31,\n").headers["location"])
    record(village_desk.store, ("灯油の使用量", "R5", "33", ""), day=NOON)
    late = village_client.post("/admin/results/apply", data=_hidden(shown.text, "/admin/results/apply"))
    assert late.status_code == 409
    assert "実績値: 33 → 31" in late.text
    assert _result(village_desk, "灯油の使用量", 2023) == "33"
    record(village_desk.store, ("灯油の使用量", "R5", "31", ""), day=NOON)
    nothing = village_client.post("/admin/results/apply", data=_hidden(late.text, "/admin/results/apply"))
    assert nothing.status_code == 409
    assert "新しく登録する値はありません。" in nothing.text


def test_every_error_of_a_file_is_told_and_nothing_is_recorded(village_desk: Desk, village_client: TestClient) -> None:
    before = _trail(village_desk)
    sent = _upload(village_client, f"{HEADER}灯油,R5,35,\n植樹の面積,R9,30,\n{SCRIPT},R5,1,\n灯油の使用量,R5,x,\n")
    refused = village_client.get(sent.headers["location"])
    assert refused.status_code == 422
    text = unescape(refused.text)
    assert "2行目「指標名」: 「灯油」という指標はありません。近い名前: 「灯油の使用量」" in text
    assert "3行目「年度」: R9はまだ始まっていない" in text
    assert "4行目「指標名」" in text
    assert "5行目「実績値」" in text
    assert "<script>" not in refused.text
    assert _trail(village_desk) == before
    assert village_client.get(sent.headers["location"]).status_code == 404


def test_the_form_to_fill_in_comes_back_as_results(village_desk: Desk, village_client: TestClient) -> None:
    answer = village_client.get("/admin/results/form.xlsx", params={"year": "R4"})
    assert answer.headers["content-disposition"] == 'attachment; filename="results-20241120.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book["照会様式"]
    names = [sheet.cell(row, 4).value for row in range(5, sheet.max_row + 1)]
    assert names == ["灯油の使用量", "渡し船の赤字額", "朝市の出店割合", "①窯の数 ②窯元の数"]
    column = next(cell.column for cell in sheet[4] if cell.value == "実績値")
    sheet.cell(5, column).value = "37"
    content = io.BytesIO()
    book.save(content)
    shown = village_client.get(_upload(village_client, content.getvalue(), "照会様式.xlsx").headers["location"])
    assert "新規1件、変更0件、変わらず0件、空欄3件" in shown.text
    assert "照会様式は作りませんでした" in village_client.get("/admin/results/form.xlsx?year=R9").text


def test_invented_results_are_never_in_what_is_administered(village_desk: Desk, village_client: TestClient) -> None:
    send(village_client, "/admin/roles", "/samples", on="1")
    form = village_client.get(f"/admin/results/new?indicator={_id(village_desk, '渡し船の赤字額')}").text
    assert "架空の実績値を表示しています" in form
    assert '<th scope="row">R4</th><td>-150</td><td>—</td>' in form
    assert '<strong class="count">4</strong>件' in village_client.get("/admin").text

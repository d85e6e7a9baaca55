"""Plans from files in the browser: what a file would change, loading it, and files that cannot be taken."""

import io
import re
import zipfile
from html import unescape

import httpx2
import pytest
from openpyxl import Workbook
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk, SentFile
from data.roles import Role
from data.trail import Entry, read_trail
from tests.web.staff import signed_in
from tests.web.visiting import NOON, send

HOSTILE = '<img src=x onerror="alert(1)">'
HEADER = "分野,指標名,基準値,R4,R5,R6,R7\n"
PLAN = f"{HEADER}くらし,灯油の使用量,40,36,32,27,24\nくらし,{HOSTILE}の数,1,2,3,約たくさん,5\n"


def _send(
    client: TestClient, content: bytes | str, name: str = "計画.csv", title: str = "村づくり計画"
) -> httpx2.Response:
    file = SentFile(name, content.encode() if isinstance(content, str) else content)
    return send(client, "/admin/plans", "/admin/plans", file=file, title=title)


def _trail(desk: Desk) -> list[Entry]:
    with desk.store.engine.connect() as connection:
        return read_trail(connection, desk.organisation)


def _hidden(html: str) -> dict[str, str]:
    """The fields of the form that applies what is shown."""
    form = html[html.index('action="/admin/plans/apply"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)[:3])


def _names(desk: Desk) -> list[str]:
    return [one.name for one in desk.store.catalogue(desk.organisation).indicators]


def test_a_plan_is_loaded_as_it_was_shown(village_desk: Desk, village_client: TestClient) -> None:
    before, names = _trail(village_desk), _names(village_desk)
    sent = _send(village_client, PLAN, "../../etc/計画<b>.csv")
    assert sent.status_code == 303
    shown = village_client.get(sent.headers["location"])
    assert shown.status_code == 200
    assert "ファイル: 計画&lt;b&gt;.csv" in shown.text
    assert re.search(r"灯油の使用量</th><td>R6の目標値</td>\s*<td>28</td><td>27</td>", shown.text)
    assert "なくなるもの" in shown.text
    assert "朝市の出店割合" in shown.text
    assert "約たくさん" in shown.text  # no number: kept as written
    assert HOSTILE in unescape(shown.text)
    assert "<img" not in shown.text
    assert (_trail(village_desk), _names(village_desk)) == (before, names)
    done = village_client.post("/admin/plans/apply", data=_hidden(shown.text))
    assert done.headers["location"] == "/admin/plans?done=plans"
    assert "計画を読み込みました。" in village_client.get(done.headers["location"]).text
    assert _names(village_desk) == ["灯油の使用量", f"{HOSTILE}の数"]
    last = _trail(village_desk)[-1].change
    assert (last.kind, last.by, last.at, last.file) == ("load", "web:local", NOON, "計画<b>.csv")
    again = village_client.post("/admin/plans/apply", data=_hidden(shown.text))
    assert again.status_code == 404  # what is applied waits no more
    for page in ("/admin", "/admin/plans", "/admin/changes", "/admin/aliases?q=img", "/admin/results?q=img"):
        assert "<img" not in village_client.get(page).text


def test_what_has_changed_meanwhile_is_shown_before_it_is_applied(
    village_desk: Desk, village_client: TestClient
) -> None:
    first = village_client.get(_send(village_client, PLAN).headers["location"]).text
    second = village_client.get(_send(village_client, PLAN.replace("27", "26")).headers["location"]).text
    assert village_client.post("/admin/plans/apply", data=_hidden(second)).status_code == 303
    count = len(_trail(village_desk))
    late = village_client.post("/admin/plans/apply", data=_hidden(first))
    assert late.status_code == 409
    assert "その間にデータが変わりました" in late.text
    assert re.search(r"<td>26</td><td>27</td>", late.text)
    assert len(_trail(village_desk)) == count
    assert village_client.post("/admin/plans/apply", data=_hidden(late.text)).status_code == 303
    assert len(_trail(village_desk)) == count + 1


def test_a_plan_without_a_title_is_named_after_its_file(village_desk: Desk, village_client: TestClient) -> None:
    shown = village_client.get(_send(village_client, PLAN, "R6 計画.v2.csv", "").headers["location"]).text
    assert "<h2>R6 計画.v2</h2>" in shown
    assert "新しい計画として登録されます。" in shown
    assert "<li>灯油の使用量</li><li>&lt;img src=x" in shown
    village_client.post("/admin/plans/apply", data=_hidden(shown))
    assert village_desk.store.plan_titles(village_desk.organisation) == ("村づくり計画", "R6 計画.v2")
    same = village_client.get(_send(village_client, PLAN, "R6 計画.v2.csv", "").headers["location"]).text
    assert "変わるところはありません。" in same
    assert "/admin/plans/apply" not in same


def test_a_file_that_is_given_up_is_gone_and_another_persons_is_never_there(
    village_desk: Desk, village_client: TestClient
) -> None:
    before = _trail(village_desk)
    address = _send(village_client, PLAN).headers["location"]
    other = signed_in(village_desk, Role.ADMINISTRATOR)
    assert other.get(address).status_code == 404
    token = address.rpartition("=")[2]
    fields = {"kind": "plan", "file": token}
    send(other, "/admin/roles", "/admin/uploads/drop", **fields)
    assert village_client.get(address).status_code == 200
    dropped = send(village_client, address, "/admin/uploads/drop", **fields)
    assert dropped.headers["location"] == "/admin/plans?done=dropped"
    assert village_client.get(address).status_code == 404
    assert [one.change.kind for one in _trail(village_desk)[len(before) :]] == ["grant"]


def test_every_error_of_a_file_is_told_with_its_place_and_what_was_typed_stays(
    village_desk: Desk, village_client: TestClient
) -> None:
    before = _trail(village_desk)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = HOSTILE.replace("/", "")[:31]
    for row in (["分野", "指標名", "R6"], ["くらし", "灯油", "=1/0"], ["くらし", "植樹", "=A1"]):
        sheet.append(row)
    refused = _send(village_client, _saved(book), "表.xlsx", "わたしの計画")
    assert refused.status_code == 422
    assert "「表.xlsx」は読み込めませんでした。何も書き込んでいません。" in unescape(refused.text)
    assert "2行目「C」: 数式の値が保存されていません。" in unescape(refused.text)
    assert "3行目「C」" in unescape(refused.text)
    assert "<img" not in refused.text
    assert 'value="わたしの計画"' in refused.text
    assert _trail(village_desk) == before


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _zip(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("", b"", "ファイルを選んでください"),
        ("空.csv", b"", "ファイルが空です"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDFは、そのままでは読めません"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "文字コードが分かりません"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "古いExcelの形式"),
        ("a.xlsm", _zip("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "マクロ"),
        ("a.docx", _zip("[Content_Types].xml", "word/document.xml"), "表計算ファイル（.xlsx）として開けません"),
        ("a.xlsx", _zip("../../../../tmp/evil.xml"), "表計算ファイル（.xlsx）として開けません"),
        ("a.csv.gz", b"\x1f\x8bnothing", "圧縮ファイル（.gz）として開けません"),
        ("a.html", b"<script>alert(1)</script>", "見出しの行が見つかりません"),
        (f"{HOSTILE}.csv", b"x", "見出しの行が見つかりません"),
    ],
)
def test_what_is_no_plan_is_refused(
    village_desk: Desk, village_client: TestClient, name: str, content: bytes, told: str
) -> None:
    before = _trail(village_desk)
    for page, action in (("/admin/plans", "/admin/plans"), ("/admin/results", "/admin/results/upload")):
        refused = send(village_client, page, action, file=SentFile(name, content))
        assert refused.status_code == 422
        assert told in unescape(refused.text)
        assert "<script>" not in refused.text
        assert "<img" not in refused.text
    assert _trail(village_desk) == before


def test_a_title_for_several_plans_and_one_that_cannot_be_are_refused(village_client: TestClient) -> None:
    lines = ("plan field indicator kind period value unit", "甲 村 A target 2024 1 件", "乙 村 B target 2024 2 件")
    rows = "\n".join(line.replace(" ", "\t") for line in lines)
    several = _send(village_client, rows)
    assert several.status_code == 422
    assert "計画が2件ある" in several.text
    assert _send(village_client, PLAN, title="x" * 201).status_code == 422
    assert "見えない文字" in _send(village_client, PLAN, title="a\u202eb").text

"""The board over HTTP: where things stand, lists by filter, the pages of indicators, files to take away."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from starlette.requests import Request
from starlette.testclient import TestClient

from bot.channels.web import indicator
from bot.channels.web.desk import Desk, Visit, Visitor
from bot.channels.web.settings import WebSettings
from data.engine import writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from tests.bot.village import ROWS, author, record
from tests.web.hostile_plan import hostile_store
from tests.web.visiting import NOON, client_of, desk_over, send


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = hostile_store(tmp_path_factory.mktemp("hostile") / "hostile.db")
    yield desk_over(store)
    store.engine.dispose()


def _text(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html[html.index("<main") :])).split())


def _get(client: TestClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    text: str = response.text
    assert response.status_code == status, text
    return text


def test_the_overview_counts_by_area_and_names_the_weak_first(village_client: TestClient) -> None:
    html = _get(village_client, "/board")
    text = _text(html)
    assert "村づくり計画 令和5年度 （2023年4月〜2024年3月） 令和6年11月20日現在 標準の判定基準" in text
    assert "目標か実績のある6指標のうち、実績が登録されているのは 6 指標です。" in text
    assert 'aria-label="概ね順調 2件、遅れ 1件、後退 1件、判定不可 2件"' in html
    assert "くらし 1 1 1 0 3 しごと 1 0 0 2 3" in text
    assert text.index("渡し船の赤字額 × 後退 -210") < text.index("灯油の使用量 △ 遅れ 34")
    assert "途中経過" not in text
    assert "うち1指標は途中経過" in _text(_get(village_client, "/board?year=R6"))


def test_without_results_targets_are_shown_and_samples_offered(client: TestClient) -> None:
    text = _text(_get(client, "/board"))
    assert "令和5年度の実績値は、まだ登録されていません。判定の対象は64指標です。" in text
    assert "4 産業振興" in text
    assert "R7の目標値" in text
    assert send(client, "/board", "/samples", on="1", back="board").headers["location"] == "/board"
    text = _text(_get(client, "/board"))
    assert "サンプル（架空の実績値）" in text
    assert "まず見るもの" in text
    assert re.search(r"△ 遅れ [\d,.]+\S* サンプル", text)
    assert "サンプル" in _text(_get(client, "/board/indicators/1"))


@pytest.mark.parametrize("path", ["/board?status=遅れ", "/board/indicators?status=遅れ&order=weak"])
def test_a_filtered_list_says_what_it_holds(village_client: TestClient, path: str) -> None:
    html = _get(village_client, path)
    text = _text(html)
    assert "判定が「遅れ」の指標" in text
    assert "1指標あります。" in text
    assert "灯油の使用量 くらし △ 遅れ 34 32" in text
    assert "判定: 遅れ ✕ （この条件を外す）" in text
    assert '<option value="遅れ" selected>' in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("plan=x", "「x」という計画はありません。"),
        ("year=R99", "令和99年度は、この計画の年度（R4〜R7）の外です。"),
        ("year=<script>", "「<script>」は年度として読めません。例: R5"),
        ("area=うみ", "「うみ」という分野は、この計画にありません。"),
        ("owner=総務課", "「総務課」という担当課は、この計画にありません。"),
        ("page=9", "9ページはありません。1ページまでです。"),
        ("page=" + "9" * 5000, "というページはありません。"),
        ("q=" + "あ" * 5000, "当てはまる指標はありません。"),
        ("q=%e2%80%ae%ff", "当てはまる指標はありません。"),
    ],
)
def test_what_is_not_known_is_said_in_a_sentence(village_client: TestClient, query: str, sentence: str) -> None:
    html = _get(village_client, f"/board/indicators?{query}")
    assert sentence in _text(html)
    assert "<script>" not in html


def test_names_are_found_as_typed_in_any_width(village_client: TestClient) -> None:
    text = _text(_get(village_client, "/board/indicators?q=植樹　面積"))
    assert "名前に「植樹 面積」を含む指標" in text
    assert "1指標あります。" in text


def test_an_indicator_has_its_figures_formulas_and_history(village_desk: Desk) -> None:
    client = client_of(village_desk)
    text = _text(_get(client, "/board/indicators/2"))
    assert "植樹の面積" in text
    assert (
        "R5 30 26 ○ 概ね順調 進捗率 ＝ （26 − 10）÷（30 − 10）＝ 80%（80%以上で「概ね順調」、標準の判定基準）" in text
    )
    assert "R6 40 30 △ 遅れ 途中経過" in text
    assert "備考: R6.9月末時点" in text
    assert "2024/10/01 09:00 R5の実績値 26 鈴木、results.csv" in text
    picture = client.get("/board/indicators/2/chart.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<title>植樹の面積の推移" in picture.text


def test_the_permanent_link_is_the_public_address(village_desk: Desk) -> None:
    desk = replace(village_desk, settings=WebSettings("https://shirube.example.jp"))
    path = "/board/indicators/2"
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "server": ("a", 443)}
    request = Request({**scope, "scheme": "https", "path_params": {"number": "2"}})
    response = indicator.show(desk, Visit(request, Visitor("web:1", "佐藤"), NOON))
    link = "この指標の固定リンク: https://shirube.example.jp/board/indicators/2"
    assert link in _text(bytes(response.body).decode())
    assert "この指標の固定リンク: /board/indicators/2" in _text(_get(client_of(village_desk), path))


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "９", "9" * 5000])
def test_there_is_no_such_indicator(village_client: TestClient, number: str) -> None:
    assert "その番号の指標はありません" in _get(village_client, f"/board/indicators/{number}", 404)
    assert village_client.get(f"/board/indicators/{number}/chart.svg").status_code == 404


def test_an_indicator_that_left_the_plan_keeps_its_page(village_desk: Desk) -> None:
    with writing(village_desk.store.engine) as connection:
        rows = [row for row in ROWS if row[1] != "植樹の面積"]
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details("村づくり計画"), author())
    client = client_of(village_desk)
    assert "植樹の面積" not in _get(client, "/board/indicators")
    text = _text(_get(client, "/board/indicators/2"))
    assert "この指標は、今の計画の表にはありません。" in text
    assert "R5の実績値 26" in text


def test_a_new_result_is_there_at_once(village_desk: Desk) -> None:
    client = client_of(village_desk)
    assert "× 後退 -210" in _text(_get(client, "/board"))
    record(village_desk.store, ("渡し船の赤字額", "R5", "-90", "確定"))
    text = _text(_get(client, "/board"))
    assert "後退" not in text[: text.index("指標を絞り込む")]
    assert "達成" in text


def test_one_plan_is_shown_at_a_time(village_desk: Desk) -> None:
    rows = [["分野", "指標名", "R4", "R5"], ["みなと", "灯台の数", "1", "2"]]
    with writing(village_desk.store.engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", rows)]), Details("港づくり  計画"), author())
    client = client_of(village_desk)
    html = _get(client, "/board")
    assert "灯台" not in html
    (link,) = re.findall(r'href="(/board\?plan=[^"]*)">港づくり', html)
    html = _get(client, unescape(link))
    assert "みなと 1件 1件 1件" in _text(html)
    assert "灯台の数" in _text(
        _get(client, unescape(re.findall(r'href="(/board/indicators\?[^"]*area=[^"]*)"', html)[0]))
    )
    assert "灯台の数" in _text(_get(client_of(replace(village_desk, plan="港づくり  計画")), "/board"))


def _named(client: TestClient, path: str) -> tuple[str, bytes]:
    """The name of a file and what is in it."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    disposition = response.headers["content-disposition"]
    return unquote(disposition.partition("filename*=UTF-8''")[2]), response.content


def _rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_list_can_be_taken_away_as_csv(village_client: TestClient) -> None:
    name, content = _named(village_client, "/board.csv?area=くらし&order=weak")
    assert name == "村づくり計画 令和5年度 達成状況 「くらし」の指標.csv"
    header, *rows = _rows_of(content)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["指標"] for row in found] == ["渡し船の赤字額", "灯油の使用量", "植樹の面積"]
    assert (found[2]["実績値"], found[2]["進捗率"], found[2]["判定"]) == ("26", "80.0%", "概ね順調")


@pytest.mark.parametrize(("query", "sheets"), [("", 3), ("?area=くらし", 3), ("?status=遅れ", 1), ("?q=植樹", 1)])
def test_the_workbook_is_that_for_meetings_or_the_list(village_client: TestClient, query: str, sheets: int) -> None:
    name, content = _named(village_client, f"/board.xlsx{query}")
    assert name.endswith(".xlsx")
    assert len(load_workbook(io.BytesIO(content)).sheetnames) == sheets


def test_files_with_samples_say_so_first(client: TestClient) -> None:
    send(client, "/board", "/samples", on="1", back="board")
    name, content = _named(client, "/board.csv")
    assert name.startswith("サンプル ")
    first, header, *rows = _rows_of(content)
    assert first == ["サンプル（架空の実績値）を含みます。本物の実績値ではありません。"]
    results = [dict(zip(header, row, strict=True))["実績値"] for row in rows]
    assert all(result.endswith("（サンプル）") for result in results if result != "実績未登録")
    _, content = _named(client, "/board.xlsx")
    assert [sheet["A1"].value for sheet in load_workbook(io.BytesIO(content))][:2] == first * 2


def test_nothing_to_take_away_is_said(village_client: TestClient) -> None:
    assert "書き出すものがありません" in _get(village_client, "/board.csv?q=どこにもない", 404)
    assert "書き出すものがありません" in _get(village_client, "/board.xlsx?q=どこにもない", 404)


def test_files_hold_no_formulas(hostile_desk: Desk) -> None:
    client = client_of(hostile_desk)
    _, content = _named(client, "/board.csv")
    cells = [cell for row in _rows_of(content) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and len(cell) > 1]
    for query in ("", "?status=遅れ"):
        _, content = _named(client, f"/board.xlsx{query}")
        book = load_workbook(io.BytesIO(content))
        texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert {cell.data_type for cell in texts} == {"s"}
        assert all(cell.quotePrefix for cell in texts if str(cell.value)[0] in "=+-@")


def test_texts_of_a_plan_run_nowhere(hostile_desk: Desk) -> None:
    client = client_of(hostile_desk)
    for path in (
        "/board",
        "/board?area=%2B1%2B1",
        "/board/indicators",
        *(f"/board/indicators/{n}" for n in range(1, 10)),
    ):
        html = _get(client, path)
        assert not re.search(r"<(script>|img src=x|b>)", html), path
        assert "\u202e" not in _text(html), path  # nothing turns the direction of what stands beside it
        if re.search(r"/\d$", path):
            assert not re.search("<script|<img|\u202e", client.get(f"{path}/chart.svg").text)

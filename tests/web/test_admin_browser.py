"""Administration in Chromium, by people who have signed in: who may do what, plans and results from files and typed."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from data.changes import Author
from data.engine import open_engine, writing
from data.roles import Role, grant
from tests.web.browser import OpenPage, check_looks
from tests.web.chats import Chat
from tests.web.process import PORT, Served, serve
from tests.web.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.web.visiting import NOON

ADMINISTRATOR, RECORDER, VIEWER = "admin-0001", "recorder-0001", "viewer-0001"
PLAN = """\
分野,指標名,基準値,R4,R5,R6,R7
くらし,植樹の面積,10,20,30,40,60
くらし,<img src=x onerror=alert(1)>の数,1,2,3,4,5
"""
HEADER = "指標名,年度,実績値\n"


@dataclass(frozen=True, slots=True)
class Hall:
    """Where people come in by the provider, each in a browser profile of their own."""

    provider: Provider
    open_page: OpenPage

    def enter(self, sub: str, path: str = "/", **options: Any) -> Page:
        self.provider.claims = {"sub": sub, "name": f"{sub}さん"}
        page = self.open_page(**options)
        page.goto(path)
        return page


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def served(provider: Provider, file_with_village: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The village's page, where people sign in and two of them have roles."""
    folder = tmp_path_factory.mktemp("staff")
    database = f"sqlite:///{shutil.copy(file_with_village, folder / 'shirube.db')}"
    engine = open_engine(database)
    with writing(engine) as connection:
        for sub, role in ((ADMINISTRATOR, Role.ADMINISTRATOR), (RECORDER, Role.RECORDER)):
            grant(connection, "default", f"web:{sub}", role, Author("test", NOON))
    engine.dispose()
    server = serve(
        database,
        folder,
        SHIRUBE_PUBLIC_URL=f"http://127.0.0.1:{PORT}",
        SHIRUBE_SESSION_SECRET="a-secret-of-the-tests-for-the-cookies",  # noqa: S106
        OIDC_ISSUER=provider.url,
        OIDC_CLIENT_ID=CLIENT_ID,
        OIDC_CLIENT_SECRET=CLIENT_SECRET,
    )
    yield server
    server.kill()


@pytest.fixture
def hall(provider: Provider, open_page: OpenPage) -> Hall:
    return Hall(provider, open_page)


def test_each_role_finds_what_it_may_do(hall: Hall, mistakes: list[str]) -> None:
    viewer = hall.enter(VIEWER)
    expect(viewer.get_by_role("link", name="一覧")).to_be_visible()
    expect(viewer.get_by_role("link", name="管理")).to_have_count(0)
    expect(viewer.get_by_role("button", name="サンプルの実績値で試す")).to_have_count(0)
    viewer.goto("/admin")
    expect(viewer.get_by_role("main")).to_contain_text(f"あなたのIDは web:{VIEWER} です")
    check_looks(viewer)
    recorder = hall.enter(RECORDER)
    recorder.get_by_role("link", name="管理").click()
    sections = recorder.get_by_role("navigation", name="管理").get_by_role("link")
    expect(sections).to_have_text(["概要", "実績"])
    recorder.goto("/admin/plans")
    expect(recorder.get_by_role("heading", level=1)).to_have_text("このページを使う役割がありません")
    assert [one for one in mistakes if "403" not in one] == []
    mistakes.clear()


def test_a_role_counts_from_the_next_page_on(hall: Hall) -> None:
    colleague = hall.enter("colleague-1")
    expect(colleague.get_by_role("link", name="管理")).to_have_count(0)
    page = hall.enter(ADMINISTRATOR, "/admin/roles")
    page.get_by_label("人", exact=True).fill("web:colleague-1")
    page.get_by_label("役割", exact=True).select_option(label="登録者")
    page.get_by_role("button", name="決める").click()
    expect(page.get_by_role("status")).to_contain_text("役割を変えました")
    colleague.reload()
    expect(colleague.get_by_role("link", name="管理")).to_be_visible()
    page.get_by_role("row", name="web:colleague-1").get_by_role("button", name="外す").click()
    expect(page.get_by_role("row", name="web:colleague-1")).to_have_count(0)
    colleague.reload()
    expect(colleague.get_by_role("link", name="管理")).to_have_count(0)


def test_who_signs_out_leaves_nothing_behind(hall: Hall, mistakes: list[str]) -> None:
    page = hall.enter(ADMINISTRATOR)
    Chat(page).ask("植樹の面積のR5目標は?")
    page.goto("/admin/changes")
    page.get_by_role("button", name="ログアウト").click()
    expect(page.get_by_role("main")).to_contain_text("ログアウトしました")
    hall.provider.claims = {"sub": VIEWER, "name": "別の人"}
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("このページを使う役割がありません")
    page.goto("/")
    expect(page.get_by_text("別の人")).to_be_visible()
    expect(Chat(page).turns).to_have_count(0)
    assert [one for one in mistakes if "403" not in one] == []
    mistakes.clear()


def test_a_plan_that_cannot_be_read_says_where_and_changes_nothing(hall: Hall, mistakes: list[str]) -> None:
    page = hall.enter(ADMINISTRATOR, "/admin/plans")
    page.get_by_label("ファイル", exact=True).set_input_files(_file("こわれた計画.csv", "分野,基準値\nくらし,1\n"))
    page.get_by_role("button", name="何が変わるかを見る").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "「こわれた計画.csv」は読み込めませんでした。何も書き込んでいません。"
    )
    check_looks(page)
    assert [one for one in mistakes if "422" not in one] == []
    mistakes.clear()


def test_results_are_recorded_from_a_file_after_their_changes_were_seen(hall: Hall) -> None:
    page = hall.enter(RECORDER, "/admin/results")
    page.get_by_label("ファイル", exact=True).set_input_files(
        _file("実績.csv", f"{HEADER}灯油の使用量,R5,31\n灯油の使用量,R4,35\n")
    )
    page.get_by_role("button", name="何が変わるかを見る").click()
    expect(page.get_by_role("main")).to_contain_text("新規1件、変更1件")
    check_looks(page)
    page.get_by_role("button", name="やめる").click()
    expect(page.get_by_role("status")).to_contain_text("何も書き込んでいません")
    page.get_by_label("ファイル", exact=True).set_input_files(_file("実績.csv", f"{HEADER}灯油の使用量,R5,31\n"))
    page.get_by_role("button", name="何が変わるかを見る").click()
    page.get_by_role("button", name="適用する").click()
    expect(page.get_by_role("status")).to_contain_text("実績を登録しました")
    expect(Chat(hall.enter(VIEWER)).ask("灯油の使用量のR5実績は?").locator(".lead")).to_have_text("31")


def test_a_result_is_typed_seen_and_recorded(hall: Hall, mistakes: list[str]) -> None:
    page = hall.enter(RECORDER, "/admin/results")
    page.get_by_role("searchbox").fill("渡し船")
    page.get_by_role("button", name="探す").click()
    page.get_by_role("link", name="渡し船の赤字額").click()
    page.get_by_label("年度").select_option("R4")
    page.get_by_label("実績値").fill("赤い")
    page.get_by_role("button", name="確認へ").click()
    expect(page.get_by_role("alert")).to_contain_text("入力を確かめてください")
    expect(page.get_by_label("実績値")).to_have_value("赤い")
    check_looks(page)
    page.get_by_label("実績値").fill("▲140")
    page.get_by_role("button", name="確認へ").click()
    expect(page.get_by_role("main")).to_contain_text("まだ何も書き込んでいません")
    check_looks(page)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("status")).to_contain_text("実績を登録しました")
    expect(page.get_by_role("row", name="R4")).to_contain_text("▲140")
    assert [one for one in mistakes if "422" not in one] == []
    mistakes.clear()


def test_a_plan_is_loaded_after_its_changes_were_seen(hall: Hall) -> None:
    # The last one: what the plan does not list any more is gone from the store of this module.
    page = hall.enter(ADMINISTRATOR, "/admin/plans")
    page.get_by_label("ファイル", exact=True).set_input_files(_file("<b>計画.csv", PLAN))
    page.get_by_label("計画名").fill("村づくり計画")
    page.get_by_role("button", name="何が変わるかを見る").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("まだ何も書き込んでいません")
    expect(main).to_contain_text("<b>計画.csv")
    changed = page.get_by_role("region", name="変わるもの").get_by_role("row", name="植樹の面積")
    expect(changed).to_contain_text("R7の目標値")
    expect(changed.get_by_role("cell")).to_have_text(["R7の目標値", "50", "60"])
    expect(page.get_by_role("region", name="加わるもの")).to_contain_text("<img src=x onerror=alert(1)>の数")
    expect(page.get_by_role("region", name="なくなるもの")).to_contain_text("朝市の出店割合")
    check_looks(page)
    asking = Chat(hall.enter(VIEWER))
    expect(asking.ask("植樹の面積のR7目標は?")).to_contain_text("50")  # nothing is written yet
    page.get_by_role("button", name="適用する").click()
    expect(page.get_by_role("status")).to_contain_text("計画を読み込みました")
    expect(asking.ask("植樹の面積のR7目標は?").locator(".lead")).to_have_text("60")
    asking.page.goto("/board/indicators")
    expect(asking.page.get_by_role("main")).to_contain_text("<img src=x onerror=alert(1)>の数")


def _file(name: str, text: str) -> Any:
    """A file as it is chosen in a dialog."""
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}

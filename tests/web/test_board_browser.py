"""The board in Chromium: without scripts, on paper, on a phone, and with texts that mean harm."""

import re
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from bot.channels.web.site import site
from tests.waiting import free_port, wait_for
from tests.web.browser import OpenPage, check_axe, overflow, page_opener
from tests.web.hostile_plan import hostile_store
from tests.web.visiting import desk_over

_PAPER_PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the hostile plan, served by a thread."""
    store = hostile_store(tmp_path_factory.mktemp("hostile") / "hostile.db")
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(site(desk_over(store)), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    store.engine.dispose()


@pytest.fixture
def hostile_page(browser: Browser, hostile_url: str, mistakes: list[str]) -> Iterator[Page]:
    page = page_opener(browser, hostile_url, mistakes)()
    page.on("dialog", lambda dialog: mistakes.append(dialog.message))
    yield page
    page.context.close()


def test_a_list_is_filtered_and_widened_again_without_scripts(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/board")
    page.get_by_role("link", name="R7", exact=True).click()
    page.get_by_label("分野", exact=True).select_option("4 産業振興")
    page.get_by_label("名前", exact=True).fill("数")
    page.get_by_role("button", name="絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("「4 産業振興」のうち、名前に「数」を含む指標")
    expect(page.get_by_text("令和7年度", exact=True)).to_be_visible()
    page.get_by_role("link", name="名前: 数 （この条件を外す）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("「4 産業振興」の指標")
    page.get_by_role("link", name="すべての条件を外す").click()
    page.get_by_role("link", name="次のページ").click()
    expect(page.get_by_role("row")).to_have_count(21)


@pytest.mark.parametrize("path", ["/board", "/board/indicators", "/board/indicators/1", "/board/indicators/7"])
def test_harmful_texts_stay_texts_and_in_their_place(hostile_page: Page, path: str) -> None:
    hostile_page.set_viewport_size({"width": 360, "height": 740})
    hostile_page.goto(path)
    assert overflow(hostile_page) <= 0
    check_axe(hostile_page)
    paper = hostile_page.pdf(prefer_css_page_size=True)
    assert len(_PAPER_PAGES.findall(paper)) == 1
    hostile_page.emulate_media(media="print")
    expect(hostile_page.get_by_text("画面で見られます").first).to_be_visible(visible=path != "/board/indicators")

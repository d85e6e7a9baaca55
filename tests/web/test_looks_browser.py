"""Every page before the eyes of everyone: with axe-core, in light and dark, on a phone, in large letters, on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import OpenPage, check_looks
from tests.web.chats import Chat

_ADMINISTRATION = (
    *(
        "",
        "/questions",
        "/aliases",
        "/aliases/new?text=紙&indicator=5",
        "/plans",
        "/subscriptions",
        "/roles",
        "/changes",
    ),
    *("/results?q=コピー", "/results/new?indicator=5"),
)
_PAPER_PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("path", ["/", "/board", "/board/indicators"])
def test_pages_with_nothing_recorded(page: Page, path: str) -> None:
    page.goto(path)
    check_looks(page)


@pytest.mark.parametrize("path", ["/", "/board", "/board?year=R5", "/board/indicators", "/board/indicators?q=ない"])
def test_pages_with_samples(page: Page, path: str) -> None:
    _show_samples(page)
    page.goto(path)
    check_looks(page)


def test_an_indicator_and_an_answer(page: Page) -> None:
    chat = Chat(page)
    chat.open()
    chat.ask("コピー用紙のR6目標は?").get_by_role("link", name="この答えのリンク").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("答え")
    check_looks(page)
    _show_samples(page)
    chat.ask("コピー用紙のR6実績は?").get_by_role("link", name="指標のページ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("コピー用紙購入量")
    check_looks(page)


def test_administration(page: Page) -> None:
    page.goto("/")
    Chat(page).ask("知らない指標のR6目標は?")  # something stands among the unanswered
    for path in _ADMINISTRATION:
        page.goto(f"/admin{path}")
        check_looks(page)
    page.goto("/admin/aliases")
    page.get_by_role("link", name="外す").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("別名を外す")
    check_looks(page)


@pytest.mark.parametrize("path", ["/a/999999", "/nowhere"])
def test_what_is_not_there_is_said(page: Page, path: str, mistakes: list[str]) -> None:
    response = page.goto(path)
    assert response
    assert response.status == 404
    check_looks(page)
    assert [one for one in mistakes if "404" not in one] == []
    mistakes.clear()


@pytest.mark.parametrize("path", ["/board", "/board/indicators/1"])
def test_a_view_is_one_sheet_of_paper(page: Page, path: str) -> None:
    _show_samples(page)
    page.goto(path)
    assert len(_PAPER_PAGES.findall(page.pdf(prefer_css_page_size=True, format="A4"))) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="ページ")).to_be_hidden()
    expect(page.get_by_role("main")).to_contain_text("サンプル")  # on paper, too, nobody takes it for the truth


def test_nothing_moves_for_those_who_want_no_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    chat = Chat(page)
    chat.open()
    chat.ask("コピー用紙のR6目標は?").get_by_text("推移グラフ").click()
    moving = page.evaluate("""[...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return [style.transitionDuration, style.animationDuration].some((one) => parseFloat(one) > 0.01)
        || style.scrollBehavior !== "auto";
    }).map((element) => element.outerHTML)""")
    assert moving == []


def _show_samples(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="サンプルの実績値で試す").click()
    expect(page.get_by_text("架空の実績値を表示しています")).to_be_visible()

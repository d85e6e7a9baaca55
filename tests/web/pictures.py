"""Pictures of every page, to be looked at: `python -m tests.web.pictures [NAME…]` puts them into .pictures/web, each in
light and dark, on a desk and on a phone, and as it comes out of a printer."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Page

from tests.web.browser import opened_browser, page_opener
from tests.web.chats import Chat
from tests.web.process import serve

PICTURES = Path(__file__).parents[2] / ".pictures" / "web"
_SHEET = 794 - 2 * 45  # pixels of an A4 sheet between its margins

_TITLE = "デジタル変革（DX）推進基本方針及びデジタル化推進計画"
_PLAN = """\
分野,指標名,基準値,R4,R5,R6,R7
くらし,植樹の面積,10,20,30,40,60
くらし,チャットボット満足度,56%,58%,60%,62%,7割
"""

_Prepare = Callable[[Page], None]


def main(names: Sequence[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    mistakes: list[str] = []
    with tempfile.TemporaryDirectory() as folder, opened_browser() as browser:
        served = serve(f"sqlite:///{folder}/shirube.db", Path(folder))
        try:
            open_page = page_opener(browser, served.url, mistakes)
            for name, prepare in _SCENES.items():
                if not names or name in names:
                    page = open_page()
                    prepare(page)
                    _take(page, name)
                    page.context.close()
        finally:
            served.kill()
    print("\n".join([f"{PICTURES}: {', '.join(names or _SCENES)}", *mistakes]))


def _take(page: Page, name: str) -> None:
    for width, where in ((1280, "desk"), (360, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        high = page.evaluate("document.documentElement.scrollHeight")  # what sticks to the screen is then at its end
        page.set_viewport_size({"width": width, "height": high})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=PICTURES / f"{name}-{where}-{scheme}.png")
    page.emulate_media(color_scheme="light", media="print")
    page.set_viewport_size({"width": _SHEET, "height": 1000})
    page.screenshot(path=PICTURES / f"{name}-print.png", full_page=True)
    page.pdf(path=PICTURES / f"{name}.pdf", prefer_css_page_size=True, format="A4")


def _asked(*texts: str) -> _Prepare:
    def prepare(page: Page) -> None:
        chat = Chat(page)
        chat.open()
        for text in texts:
            chat.ask(text)

    return prepare


def _chart(page: Page) -> None:
    _asked("コピー用紙のR6目標は?")(page)
    page.get_by_text("推移グラフ").click()
    page.get_by_role("log").get_by_role("img").evaluate("image => image.decode()")


def _away(page: Page) -> None:
    _asked("コピー用紙のR6目標は?")(page)
    page.context.set_offline(True)
    page.get_by_role("textbox").fill("R7は?")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.get_by_role("alert").wait_for()
    page.context.set_offline(False)


def _at(path: str) -> _Prepare:
    def prepare(page: Page) -> None:
        page.goto(path)

    return prepare


def _uploaded(path: str, name: str, text: str, **fields: str) -> _Prepare:
    """The preview of a file."""

    def prepare(page: Page) -> None:
        page.goto(path)
        page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
        for field, value in fields.items():
            page.locator(f"#{field}").fill(value)
        page.get_by_role("button", name="何が変わるかを見る").click()

    return prepare


def _typed(page: Page) -> None:
    page.goto("/admin/results/new?indicator=5")
    page.locator("#value").fill("31万枚")
    page.get_by_role("button", name="確認へ").click()


def _sampled(then: _Prepare) -> _Prepare:
    def prepare(page: Page) -> None:
        page.goto("/")
        page.get_by_role("button", name="サンプルの実績値で試す").click()
        then(page)

    return prepare


_SCENES: dict[str, _Prepare] = {
    "chat-empty": _at("/"),
    "chat-answer": _asked("コピー用紙のR6目標は?"),
    "chat-chart": _chart,
    "chat-asking-back": _asked("満足度の目標"),
    "chat-list": _asked("R6に増える指標"),
    "chat-other": _asked(
        "今日の天気は?", "コピー用紙のR2目標は?", "使い方", "コピー用紙とチャットボット満足度を比べて"
    ),
    "chat-long": _asked("長い" * 400, "<img src=x onerror=alert(1)>の目標"),
    "chat-away": _away,
    "chat-sampled": _sampled(_asked("コピー用紙のR6の実績は?", "状況をまとめて", "目標を達成した指標は?")),
    "answer": _at("/a/1"),
    "board-empty": _at("/board"),
    "board": _sampled(_at("/board")),
    "board-early": _sampled(_at("/board?year=R5")),
    "board-list": _sampled(_at("/board/indicators")),
    "board-filtered": _sampled(_at("/board/indicators?q=件数&order=weak")),
    "indicator": _sampled(_at("/board/indicators/5")),
    "indicator-empty": _at("/board/indicators/5"),
    "missing": _at("/a/999999"),
    "admin": _at("/admin"),
    "admin-questions": _at("/admin/questions"),
    "admin-alias": _at("/admin/aliases/new?text=紙&indicator=5"),
    "admin-aliases": _at("/admin/aliases?q=紙"),
    "admin-plans": _at("/admin/plans"),
    "admin-plan-bad": _uploaded("/admin/plans", "こわれた計画.csv", "分野,基準値\nくらし,1\n"),
    "admin-plan": _uploaded("/admin/plans", "計画.csv", _PLAN, title=_TITLE),
    "admin-results": _at("/admin/results?q=コピー"),
    "admin-results-file": _uploaded(
        "/admin/results", "実績.csv", "指標名,年度,実績値\nBPR実施課,R5,3\nBPR実施課,R4,2\n"
    ),
    "admin-result-form": _at("/admin/results/new?indicator=5"),
    "admin-result": _typed,
    "admin-subscriptions": _at("/admin/subscriptions"),
    "admin-roles": _at("/admin/roles"),
    "admin-changes": _at("/admin/changes"),
}


if __name__ == "__main__":
    main(sys.argv[1:])

"""The chat as people use it: in Chromium, before a server of its own, with mouse, keyboard, screen reader and without
its script."""

import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.web.browser import OpenPage, check_looks, overflow
from tests.web.chats import Chat

QUESTION = "コピー用紙のR6目標は?"


@pytest.fixture
def chat(page: Page) -> Chat:
    """The chat with nothing asked yet."""
    chat = Chat(page)
    chat.open()
    return chat


def test_a_question_is_answered_with_its_reading_its_source_and_its_chart(chat: Chat) -> None:
    turn = chat.ask(QUESTION)
    expect(turn).to_contain_text("20万枚")
    expect(turn).to_contain_text("コピー用紙購入量（本庁（知事部局））、令和6年度")
    expect(turn).to_contain_text("読み取り: 「コピー用紙」→ コピー用紙購入量")
    expect(turn).to_contain_text("出典: 資料3-3、デジタル県庁等")
    expect(turn).to_be_in_viewport()
    turn.get_by_text("推移グラフ").click()
    picture = turn.get_by_role("img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(picture).to_have_accessible_name(re.compile("推移（単位は枚）.*R7 12万枚"))


def test_an_example_of_the_empty_page_is_answered(chat: Chat) -> None:
    example = chat.page.get_by_role("main").get_by_role("button").first
    asked = example.inner_text()
    example.click()
    expect(chat.turn(0)).to_contain_text(f"質問: {asked}")
    expect(chat.turn(0)).to_contain_text("出典: ")


def test_a_candidate_is_pressed_where_the_bot_asks_back(chat: Chat) -> None:
    asked_back = chat.ask("満足度の目標")
    expect(asked_back).to_contain_text("どちらの指標ですか")
    chosen = chat.press("チャットボット満足度")
    expect(chosen).to_contain_text("チャットボット満足度の目標値")
    expect(chosen).to_be_focused()  # a screen reader goes on there
    expect(chat.field).to_have_value("")


def test_the_next_question_goes_on_about_the_same_until_a_new_conversation(chat: Chat) -> None:
    chat.ask(QUESTION)
    expect(chat.ask("じゃあR7は?")).to_contain_text("12万枚")
    chat.page.get_by_role("button", name="新しい対話").click()
    expect(chat.turns).to_have_count(0)
    expect(chat.ask("じゃあR7は?")).not_to_contain_text("12万枚")


def test_other_years_and_what_else_was_meant(chat: Chat) -> None:
    chat.ask(QUESTION)
    years = chat.press("他の年度")
    for figure in ("40万枚", "32万枚", "20万枚", "12万枚"):
        expect(years).to_contain_text(figure)
    expect(chat.press("違う")).to_contain_text("質問: 違う")


def test_a_long_list_shows_the_rest_when_asked_to(chat: Chat) -> None:
    turn = chat.ask("R6に増える指標")
    expect(turn).to_contain_text("49件")
    last = turn.locator("tr").last
    expect(last).to_be_hidden()
    turn.get_by_text("残り39件を見る").click()
    expect(last).to_be_visible()


def test_with_the_keyboard_alone(chat: Chat) -> None:
    page = chat.page
    expect(chat.field).to_be_focused()
    page.keyboard.insert_text("満足度のR6目標")
    page.keyboard.press("Enter")
    asked_back = chat.turn(0)
    expect(chat.field).to_be_focused()  # for the next question
    expect(chat.field).to_have_value("")
    _go(page, "Shift+Tab", asked_back.get_by_role("button", name="チャットボット満足度"))
    page.keyboard.press("Enter")
    chosen = chat.turn(1)
    expect(chosen).to_be_focused()
    _go(page, "Tab", chosen.locator("summary"))
    page.keyboard.press("Enter")
    expect(chosen.get_by_role("img")).to_be_visible()
    _go(page, "Tab", chosen.get_by_role("button", name="他の年度"))
    page.keyboard.press("Space")
    expect(chat.turn(2)).to_contain_text("64%")
    _go(page, "Tab", chat.field)
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    expect(chat.turn(3)).to_contain_text("20万枚")


def test_the_first_key_skips_to_what_the_page_is_about(chat: Chat) -> None:
    page = chat.page
    chat.ask(QUESTION).get_by_role("link", name="この答えのリンク").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("答え")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="本文へ")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_screen_reader_is_told_the_answer_and_nothing_twice(chat: Chat) -> None:
    chat.ask(QUESTION)
    told = _live_regions(chat.page)
    assert [(name, how) for _, name, how in told] == [("質問と答え", "polite")]
    assert told[0][0] == "log"
    # What is there already stays as it is: only what is added is read out.
    chat.page.evaluate("globalThis.read = document.querySelector('.turn')")
    chat.ask("じゃあR7は?")
    assert chat.page.evaluate("read.isConnected && read.parentElement.getAttribute('role') === 'log'")


def test_the_same_without_script(open_page: OpenPage) -> None:
    chat = Chat(open_page(java_script_enabled=False))
    chat.open()
    expect(chat.ask(QUESTION)).to_contain_text("20万枚")
    chat.turns.last.get_by_text("推移グラフ").click()
    expect(chat.turns.last.get_by_role("img")).to_be_visible()
    chat.field.fill("満足度の目標")
    chat.page.get_by_role("button", name="聞く", exact=True).click()
    expect(chat.turns).to_contain_text("どちらの指標ですか")
    chat.turns.get_by_role("button", name="チャットボット満足度").click()
    expect(chat.turns).to_contain_text("チャットボット満足度の目標値")


def test_every_kind_of_answer_can_be_read_by_everyone(chat: Chat) -> None:
    chat.ask(QUESTION).get_by_text("推移グラフ").click()
    for text in (
        "満足度の目標",
        "今日の天気は?",
        "コピー用紙のR2目標は?",
        "コピー用紙とチャットボット満足度を比べて",
        "使い方",
    ):
        chat.ask(text)
    chat.ask("R6に増える指標").get_by_text("残り39件を見る").click()
    check_looks(chat.page)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>の目標",
        "</p><script>document.title='run'</script>{{7*7}}",
        "\u202eコピー用紙\u2066の目標\u202c",
        "長い" * 2_500,
        "コピー用紙\x07の\x1b[31m目標",
    ],
    ids=["image", "script", "bidi", "long", "control"],
)
def test_a_hostile_question_is_text(chat: Chat, text: str) -> None:
    dialogs: list[str] = []
    chat.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    turn = chat.ask(text)
    shown = turn.locator(".asked").inner_text()
    assert "49" not in shown
    assert not set(shown) & set("\u202e\u2066\u202c\x07\x1b")
    assert shown.startswith("質問:")
    assert turn.locator("script, img:not([src^='/'])").count() == 0
    assert chat.page.title() == "しるべ — KPIの質問"
    assert overflow(chat.page) <= 0
    chat.page.reload()  # kept by the script, which puts it in once more
    expect(chat.turns).to_have_count(1)
    assert chat.turns.locator("script, img:not([src^='/'])").count() == 0
    assert chat.page.title() == "しるべ — KPIの質問"
    assert dialogs == []


def test_samples_are_marked_wherever_they_show_and_taken_away_again(chat: Chat) -> None:
    page = chat.page
    page.get_by_role("button", name="サンプルの実績値で試す").click()
    banner = page.get_by_text("架空の実績値を表示しています。本物の実績値ではありません。")
    expect(banner).to_be_visible()
    expect(chat.ask("コピー用紙のR6の実績は?")).to_contain_text("※サンプル（架空の実績値）を含みます")
    page.get_by_role("link", name="一覧").click()
    expect(banner).to_be_visible()
    marks = page.get_by_role("main").get_by_text("サンプル", exact=True)
    expect(marks.first).to_be_visible()
    assert "サンプル" in _download(page, "CSV").decode("utf-8-sig")
    assert "サンプル" in _texts(_download(page, "Excel（XLSX）"))
    page.get_by_role("button", name="サンプルを消す").click()
    expect(banner).to_have_count(0)
    expect(chat.turns).to_have_count(0)
    expect(chat.ask("コピー用紙のR6の実績は?")).to_contain_text("登録されていません")
    page.get_by_role("link", name="一覧").click()
    expect(page.get_by_text("まだ登録されていません")).to_be_visible()
    expect(marks).to_have_count(0)
    assert "サンプル" not in _download(page, "CSV").decode("utf-8-sig")
    assert "サンプル" not in _texts(_download(page, "Excel（XLSX）"))


def test_a_reload_and_the_way_back_keep_the_conversation(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.ask("じゃあR7は?")
    chat.page.reload()
    expect(chat.turns).to_have_count(2)
    chat.turns.last.get_by_role("link", name="この答えのリンク").click()
    expect(chat.page.get_by_role("main")).to_contain_text("12万枚")
    chat.page.go_back()
    expect(chat.turns).to_have_count(2)
    assert urlsplit(chat.page.url).path == "/"
    expect(chat.ask("基準値は?")).to_contain_text("40万枚")  # about the same still


def test_nothing_typed_is_lost_where_the_server_cannot_be_reached(chat: Chat, mistakes: list[str]) -> None:
    chat.page.context.set_offline(True)
    chat.field.fill(QUESTION)
    chat.page.get_by_role("button", name="聞く", exact=True).click()
    expect(chat.page.get_by_role("alert")).to_contain_text("送れませんでした")
    expect(chat.field).to_have_value(QUESTION)
    assert [one for one in mistakes if "ERR_INTERNET_DISCONNECTED" not in one] == []
    mistakes.clear()
    chat.page.context.set_offline(False)
    chat.page.get_by_role("button", name="聞く", exact=True).click()
    expect(chat.turn(0)).to_contain_text("20万枚")


def test_a_page_of_a_session_that_has_ended_says_so(chat: Chat, mistakes: list[str]) -> None:
    chat.page.context.clear_cookies()
    chat.field.fill(QUESTION)
    chat.page.get_by_role("button", name="聞く", exact=True).click()
    expect(chat.page.get_by_role("alert")).to_contain_text("ページを読み込み直して")
    expect(chat.field).to_have_value(QUESTION)
    assert [one for one in mistakes if "403" not in one] == []
    mistakes.clear()


def _download(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return waiting.value.path().read_bytes()


def _texts(workbook: bytes) -> str:
    """What the cells of a workbook hold."""
    sheets = load_workbook(BytesIO(workbook)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


def _go(page: Page, key: str, goal: Locator) -> None:
    """Presses a key until the focus is where it is wanted. On the way it is always seen: marked, and under nothing."""
    for _ in range(40):
        page.keyboard.press(key)
        assert page.evaluate(_IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        if goal.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {goal}")


_IS_SEEN = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && element.contains(seen);
}"""


def _live_regions(page: Page) -> list[tuple[str, str, str]]:
    """The live regions as Chromium tells them to a screen reader: role, name, politeness."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in nodes:
        told = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        if told.get("live", "off") != "off":
            found.append((node["role"]["value"], node["name"]["value"], told["live"]))
    return found

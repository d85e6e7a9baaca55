"""A person at the screen of the Playground, in Chromium without a window."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error, Locator, Page, expect, sync_playwright

from tests.teams.stage import Stage

#: The conversations of the Playground, as stage.py names them.
Where = Literal["Personal Chat", "打合せ", "企画課 - General", "企画課 - 指標"]

_PATIENCE = 20.0
_SETTLED = 1000.0  # milliseconds in which what was scrolled to stands still, or is scrolled to again
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person does and sees. Each picture goes into the folder of pictures."""

    page: Page
    url: str
    pictures: Path

    def start_over(self) -> None:
        """Loads the page (again): nothing is said there yet, and the personal chat is open."""
        self.page.goto(self.url)
        self.page.get_by_role("textbox").first.wait_for()
        self.page.get_by_role("button", name="Hide log panel").click()  # it repeats what is said

    def open(self, where: Where) -> None:
        self.page.get_by_role("treeitem", name=where).click()
        self._box().wait_for()

    def say(self, text: str, *, mention: bool = False) -> None:
        """Writes into the conversation that is open; with a mention the bot is chosen from the menu after @."""
        self._box().click()
        if mention:
            self.page.keyboard.type("@")
            self.page.get_by_role("menuitem", name="しるべ").click()
        self.page.keyboard.insert_text(text)
        post = self.page.get_by_role("button", name="Post", exact=True)
        (post if post.count() else self.page.get_by_role("button", name="Send Message").last).click()

    def sees(self, text: str, seconds: float = _PATIENCE) -> Locator:
        """Waits until a text is before the eyes, scrolled to where it must be, and gives its last place.

        The Playground draws messages anew, so that what was found may be gone in the next moment: it is found again.
        """
        found, end = self.page.get_by_text(text).last, time.monotonic() + seconds
        while True:
            expect(found).to_be_visible(timeout=_until(end))
            try:
                found.scroll_into_view_if_needed(timeout=_until(end))
                expect(found).to_be_in_viewport(timeout=min(_SETTLED, _until(end)))
            except (Error, AssertionError):
                if time.monotonic() >= end:
                    raise
            else:
                return found

    def sees_no(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def press(self, title: str) -> None:
        """Presses the last button with a title."""
        self.page.get_by_role("button", name=title).last.click()

    def search(self, text: str) -> None:
        """Opens the message extension and types into it; what it finds is seen by `sees`."""
        self.page.get_by_role("button", name="Trigger Message Extension App").last.click()
        self.page.get_by_role("menuitem", name="Search Command").click()
        field = self.page.get_by_placeholder("Enter a search term")
        field.fill(text)
        field.press("Enter")

    def picture(self, name: str) -> Path:
        """Keeps what is seen now."""
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def _box(self) -> Locator:
        """Where a new message is written: the last one but in a channel, whose threads have boxes of their own."""
        boxes = self.page.get_by_role("textbox").and_(self.page.locator("[contenteditable]"))
        return boxes.first if self.page.get_by_role("button", name="Post", exact=True).count() else boxes.last


def _until(end: float) -> float:
    """Milliseconds, as Playwright takes them; 0 would be for ever."""
    return max(end - time.monotonic(), 0.001) * 1000


@contextmanager
def screen(stage: Stage, pictures: Path) -> Iterator[Screen]:
    """Opens the Playground in the personal chat."""
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=stage.browser, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1100}, locale="ja-JP", timezone_id="Asia/Tokyo")
        page.set_default_timeout(_PATIENCE * 1000)
        expect.set_options(timeout=_PATIENCE * 1000)
        person = Screen(page, stage.url, pictures)
        person.start_over()
        yield person
        browser.close()

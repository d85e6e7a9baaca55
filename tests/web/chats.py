"""Somebody who asks on the page, in Chromium."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat of a page: what is done in it gives the turn that comes of it."""

    page: Page

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="質問")

    @property
    def turns(self) -> Locator:
        return self.page.get_by_role("log").get_by_role("article")

    def open(self) -> None:
        self.page.goto("/")

    def ask(self, text: str) -> Locator:
        before = self.turns.count()
        self.field.fill(text)
        self.page.get_by_role("button", name="聞く", exact=True).click()
        return self.turn(before)

    def press(self, name: str) -> Locator:
        """Presses a button under the last answer."""
        before = self.turns.count()
        self.turns.last.get_by_role("button", name=name).click()
        return self.turn(before)

    def turn(self, number: int) -> Locator:
        """Waits for the turn of a number, from 0 on, to be the last."""
        expect(self.turns).to_have_count(number + 1)
        return self.turns.nth(number)

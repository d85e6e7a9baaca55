"""Chromium without a window before the page, what goes wrong in it, and what axe-core finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal, Protocol

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.chromium import FLAGS, chromium

_PATIENCE = 8_000.0  # milliseconds
_TAGS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
_SCREENS: tuple[tuple[Literal["light", "dark"], int, int], ...] = (("light", 1280, 900), ("dark", 360, 740))
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class OpenPage(Protocol):
    """Opens a page in a browser profile of its own, with options of Playwright's `new_context`: nothing before them,
    they say another width, the dark scheme, no JavaScript."""

    def __call__(self, **options: Any) -> Page: ...


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium, until the end of the block."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        expect.set_options(timeout=_PATIENCE)
        yield browser
        browser.close()


def page_opener(browser: Browser, base_url: str, mistakes: list[str]) -> OpenPage:
    """What opens pages of somebody in Japan; errors in them are noted in `mistakes`."""

    def open_page(**options: Any) -> Page:
        given: dict[str, Any] = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "base_url": base_url}
        context = browser.new_context(**{**given, "viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(_PATIENCE)
        context.add_init_script(_TELL_VIOLATIONS)
        page = context.new_page()

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                mistakes.append(f"{message.text} ({message.location['url']})")

        page.on("console", hear)
        page.on("pageerror", lambda error: mistakes.append(f"script: {error}"))
        return page

    return open_page


def check_looks(page: Page) -> None:
    """What the page shows now can be read by everyone: in light on a desk, in dark on a phone, and twice as large."""
    for scheme, width, height in _SCREENS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        assert overflow(page) <= 0, f"{page.url} is wider than {width} px"
        shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
        assert (max(shade) < 64) is (scheme == "dark"), shade
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) <= 0, f"{page.url} is too wide with large letters"
    page.evaluate("document.documentElement.style.fontSize = ''")


def overflow(page: Page) -> int:
    """How many pixels what the page shows is wider than the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def check_axe(page: Page) -> None:
    """axe-core finds nothing against WCAG 2.2 AA and its own good practice in what the page shows now."""
    options = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
    found = _axe().run(page, options=options).response
    assert found["passes"], "axe-core looked at nothing"
    assert not found["violations"], f"{page.url}\n" + "\n".join(map(_told, found["violations"]))


def _told(violation: dict[str, Any]) -> str:
    """「color-contrast (serious): …」, with the places and what to do there."""
    places = [f"  {' '.join(map(str, node['target']))}: {node['failureSummary']}" for node in violation["nodes"]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *places])


@cache
def _axe() -> Axe:
    return Axe()

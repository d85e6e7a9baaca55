"""The page for the tests: without a network (`client`), and served in earnest before Chromium (`page`)."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from bot.channels.web.desk import Desk
from data.engine import open_engine
from data.store import Store
from tests.bot.village import village
from tests.web.browser import OpenPage, opened_browser, page_opener
from tests.web.process import Served, serve
from tests.web.visiting import client_of, desk_over


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """A desk over a store of the test's own with the shipped plan, at noon on 2024-11-20 in Japan."""
    engine = open_engine(sqlite_url)
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """Somebody at this machine before `desk`; see `send` in visiting.py for forms."""
    return client_of(desk)


@pytest.fixture
def village_desk(file_with_village: Path, tmp_path: Path) -> Iterator[Desk]:
    """The same over the village's plan, which has results (tests/bot/village.py)."""
    engine = open_engine(f"sqlite:///{shutil.copy(file_with_village, tmp_path / 'village.db')}")
    yield desk_over(Store(engine))
    engine.dispose()


@pytest.fixture
def village_client(village_desk: Desk) -> TestClient:
    """Somebody at this machine before `village_desk`."""
    return client_of(village_desk)


@pytest.fixture(scope="session")
def file_with_village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the village's plan and results to copy from."""
    path = tmp_path_factory.mktemp("stores") / "village.db"
    engine = village(path).engine
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def served(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page of a process of its own over a store of the module's own with the shipped plan."""
    folder = tmp_path_factory.mktemp("served")
    server = serve(f"sqlite:///{shutil.copy(file_with_plan, folder / 'shirube.db')}", folder)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the tests of a module: while it is open, no other event loop can run in this worker."""
    if os.environ.get("BROWSER") == "0":
        pytest.skip("left out by BROWSER=0")
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def mistakes() -> Iterator[list[str]]:
    """What went wrong in the browser (errors in its console, of scripts, against the content security policy). It fails
    the test, if it does not clear them."""
    noted: list[str] = []
    yield noted
    assert noted == []


@pytest.fixture
def open_page(browser: Browser, served: Served, mistakes: list[str]) -> Iterator[OpenPage]:
    """Opens pages of `served`, each in a profile of its own."""
    yield page_opener(browser, served.url, mistakes)
    for context in browser.contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of `served` on a screen of 1280×900, nothing opened yet: `page.goto("/board")`."""
    return open_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    server = getattr(item, "funcargs", {}).get("served")
    if report.failed and isinstance(server, Served):
        report.sections.append(("served", server.text()))
    return report

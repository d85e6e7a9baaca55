"""A Slack for the tests: the emulator's workspace, the gateway and the bot as a process."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.slack.gateway import Gateway
from tests.slack.process import Bot, StartBot, bot_starter
from tests.slack.workspace import Workspace, start_workspace

_BOTS = pytest.StashKey[list[Bot]]()


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One emulator for all tests of a worker: each test makes channels of its own in it."""
    workspace = start_workspace(tmp_path_factory.mktemp("emulator"))
    yield workspace
    workspace.process.kill()
    workspace.process.wait()


@pytest.fixture
def gateway(workspace: Workspace) -> Iterator[Gateway]:
    """A gateway for one test. What Slack would pass over in silence fails the test, if it does not clear `mistakes`."""
    gateway = Gateway(workspace)
    gateway.start()
    yield gateway
    gateway.stop()
    assert gateway.mistakes == []


@pytest.fixture
def start_bot(gateway: Gateway, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartBot]:
    """Starts bots, by default on the test's SQLite store; what they wrote is shown if the test fails."""
    started: list[Bot] = []
    request.node.stash[_BOTS] = started
    yield bot_starter(gateway, tmp_path, lambda: request.getfixturevalue("sqlite_url"), started)
    for bot in started:
        bot.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    bots = item.stash.get(_BOTS, None) if report.failed else None
    if bots:
        for number, bot in enumerate(bots, 1):
            report.sections.append((f"bot {number}", bot.text()))
    return report

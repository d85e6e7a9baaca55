"""A Teams for the tests: the issuer of tokens, the connector and the bot as a process."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.teams.connector import Connector
from tests.teams.issuer import Issuer
from tests.teams.process import Bot, StartBot, bot_starter

_BOTS = pytest.StashKey[list[Bot]]()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer for one test."""
    issuer = Issuer()
    issuer.start()
    yield issuer
    issuer.stop()


@pytest.fixture
def connector(issuer: Issuer) -> Iterator[Connector]:
    """A connector for one test. What Teams would refuse fails the test, if it does not clear `mistakes`."""
    connector = Connector(issuer)
    connector.start()
    yield connector
    connector.stop()
    assert connector.mistakes == []


@pytest.fixture
def start_bot(
    issuer: Issuer, connector: Connector, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[StartBot]:
    """Starts bots, by default on the test's SQLite store; what they wrote is shown if the test fails."""
    started: list[Bot] = []
    request.node.stash[_BOTS] = started
    yield bot_starter(issuer, connector, tmp_path, lambda: request.getfixturevalue("sqlite_url"), started)
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

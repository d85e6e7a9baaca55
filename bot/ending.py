"""How a process that keeps running is asked to end."""

import signal
from threading import Event


def until_told() -> Event:
    """A flag that is set when the process is asked to end (SIGTERM, Ctrl+C)."""
    until = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: until.set())
    return until

"""What commands that keep running share: how they are asked to end, and where their counts are shown."""

import signal
from threading import Event

from data.commandline import Parser


def until_told() -> Event:
    """A flag that is set when the process is asked to end (SIGTERM, Ctrl+C)."""
    until = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: until.set())
    return until


def add_metrics(parser: Parser) -> None:
    """Adds the port of a process that serves no page (bot/metrics.py, shown_at)."""
    parser.add_argument(
        "--metrics",
        type=int,
        default=None,
        metavar="ポート",
        help="動き続ける間、このパソコンの中だけに、数えたもの（Prometheus）をこのポートの /metrics で見せます",
    )

"""Counts for Prometheus: questions that were answered, how long they took, and what failed. No words of anybody."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)

from bot.config import cannot_listen

#: The media type of `exposition`.
MEDIA_TYPE = CONTENT_TYPE_LATEST

_HOST = "127.0.0.1"

disable_created_metrics()  # type: ignore[no-untyped-call]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

_questions = Counter("shirube_questions", "答えた質問の数", ("channel", "kind"))
_seconds = Histogram("shirube_answer_seconds", "質問が届いてから答え終わるまでの秒数", ("channel",), buckets=_SECONDS)
_errors = Counter("shirube_errors", "答えられなかった要求の数（あとで再び試みるものも数えます）", ("channel",))


def answered(channel: str, kind: str, seconds: float) -> None:
    """A question was answered, so many seconds after it arrived. `kind` is the answer's (Answer.counted_as); "", for
    what was no question, counts nothing."""
    if kind:
        _questions.labels(channel, kind).inc()
        _seconds.labels(channel).observe(seconds)


def failed(channel: str) -> None:
    """Something that arrived could not be answered, by a fault of ours or of the channel."""
    _errors.labels(channel).inc()


def exposition() -> bytes:
    """All counts of this process in Prometheus' text form, with the memory and CPU seconds that it has used."""
    return generate_latest()


@contextmanager
def shown_at(port: int | None) -> Iterator[None]:
    """Shows the counts at http://127.0.0.1:PORT/metrics until the end of the block, where the process serves no page.

    None shows them nowhere; raises CannotStart where something else has the port.
    """
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port, _HOST)
    except (OSError, OverflowError) as error:
        raise cannot_listen(_HOST, port, error, "--metrics") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

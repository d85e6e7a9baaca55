"""What a service that the tests play can be told to do instead of answering."""

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a call: an error of the service, a status of HTTP or a cut connection.

    With `after` the call is carried out first, so that the app does not learn what it has done.
    """

    error: str = ""
    status: int = 200
    cut: bool = False
    after: bool = False
    retry_after: int = 1  # with statuses that ask for patience


@dataclass(frozen=True, slots=True)
class Hold:
    """A call that was carried out and whose answer waits: `reached` tells when, `release` lets the answer go out."""

    reached: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

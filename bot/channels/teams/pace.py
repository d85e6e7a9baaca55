"""How fast a conversation may be spoken to, so that Teams need not refuse."""

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

#: So many calls in so many seconds, of one bot to one conversation (learn.microsoft.com, rate limiting for bots).
LIMITS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
# Calls arrive a little later than they were made, one more than another.
_JITTER = 0.2
_LONGEST = max(seconds for _, seconds in LIMITS) + _JITTER
# After so many calls the conversations in which nothing happens any more are forgotten.
_TIDY_EVERY = 1000


@dataclass(slots=True)
class Pace:
    """The calls of this process. Of what others send Teams tells with 429."""

    _calls: dict[str, deque[float]] = field(default_factory=dict)
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def claim(self, conversation: str, now: float) -> float:
        """0 where a call may be made now (it counts from here on), else the seconds until one may be."""
        with self._lock:
            calls = self._calls.setdefault(conversation, deque())
            while calls and calls[0] <= now - _LONGEST:
                calls.popleft()
            wait = max((_wait(calls, now, most, seconds) for most, seconds in LIMITS), default=0.0)
            if wait <= 0:
                calls.append(now)
                self._tidy(now)
            return max(wait, 0.0)

    def _tidy(self, now: float) -> None:
        self._count += 1
        if self._count % _TIDY_EVERY == 0:
            self._calls = {name: calls for name, calls in self._calls.items() if calls[-1] > now - _LONGEST}


def _wait(calls: deque[float], now: float, most: int, seconds: float) -> float:
    return 0.0 if len(calls) < most else calls[-most] + seconds + _JITTER - now

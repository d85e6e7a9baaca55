"""What became of a load: what was sent and what was posted, put together."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.slack_deliveries import Load
from tests.bench.slack_side import Post


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a load: seconds of deliveries and answers, and what went wrong.

    `taken_over` are answers of events that a killed worker had claimed, `behind` those of events that came while one of
    these, or one behind it, was still waiting in their lane.
    """

    acknowledged: list[float]
    answered: list[float]
    taken_over: list[float]
    behind: list[float]
    missing: list[str]
    duplicates: list[str]
    others: list[str]  # posted text is not what ask() says
    too_fast: int
    unacknowledged: int
    failed: int


def outcome(load: Load, posts: Sequence[Post], taken_over: Mapping[str, float] | None = None) -> Outcome:
    """Puts what was sent and what was posted together; `taken_over` are the keys of events with a second attempt, with
    the moments (time.monotonic()) at which these were done with."""
    by_key: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_key[post.key].append(post)
    answered: list[float] = []
    held: dict[int, float] = {}  # by lane, until when a lane was held up by an event that was taken over
    over: list[float] = []
    behind: list[float] = []
    for sent in load.sent:
        if not by_key[sent.key]:
            continue
        at = by_key[sent.key][0].at
        lane = sent.question.lane
        if taken_over and sent.key in taken_over:
            over.append(at - sent.planned)
            held[lane] = max(held.get(lane, 0.0), taken_over[sent.key] + 1.0)  # with the pace after it
        elif sent.planned < held.get(lane, 0.0):
            behind.append(at - sent.planned)
            held[lane] = max(held[lane], at + 1.0)
        else:
            answered.append(at - sent.planned)
    known = {sent.key for sent in load.sent}
    return Outcome(
        [seconds for sent in load.sent for seconds in sent.waited],
        answered,
        over,
        behind,
        [sent.question.text for sent in load.sent if not by_key[sent.key]],
        [key for key, found in by_key.items() if len(found) > 1 or key not in known],
        [
            sent.question.text
            for sent in load.sent
            if any(post.text != sent.question.reply for post in by_key[sent.key])
        ],
        _too_fast(posts),
        sum(not sent.waited for sent in load.sent),
        sum(sent.failed for sent in load.sent),
    )


def _too_fast(posts: Sequence[Post]) -> int:
    """How many messages came to a channel less than a second after the one before."""
    last: dict[str, float] = {}
    found = 0
    for post in sorted(posts, key=lambda post: post.came):
        found += post.came - last.get(post.channel, -math.inf) < 1.0
        last[post.channel] = post.came
    return found

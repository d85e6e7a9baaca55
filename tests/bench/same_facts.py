"""Plays every dialogue of tests/dialogues in Slack, in Teams and at the terminal: `python -m tests.bench.same_facts`.

The tests (tests/channels) leave out most dialogues of a single turn, which take the longest. Tells how long each corpus
took, and where the three do not find the same.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.channels.both import serving
from tests.channels.comparing import differences, play
from tests.channels.corpora import MINISTRIES, SHIPPED, VILLAGE, prepare


def main() -> int:
    found: list[str] = []
    for name, corpus in (("shipped", SHIPPED), ("ministries", MINISTRIES), ("village", VILLAGE)):
        with tempfile.TemporaryDirectory() as folder:
            prepared = prepare(corpus, Path(folder))
            start = perf_counter()
            with serving(prepared.url, Path(folder)) as bot:
                played = play(corpus.dialogues, prepared.ask, bot)
        turns = sum(len(one.told) for one in played)
        print(f"{name}: {len(played)} dialogues, {turns} turns in {perf_counter() - start:.1f} s")
        found += differences(played)
    print("\n".join(found) or "the same everywhere")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

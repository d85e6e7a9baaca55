"""Asks the dialogues of tests/dialogues in Slack, in Teams and at the terminal, and finds the same facts.

One bot serves Slack and Teams at once. Of the shipped plan all dialogues of several turns are played, and a sixth of
the others; `python -m tests.bench.same_facts` plays them all.
"""

from pathlib import Path

import pytest

from tests.channels.both import serving
from tests.channels.comparing import differences, play
from tests.channels.corpora import MINISTRIES, SHIPPED, VILLAGE, Corpus, prepare, share

_NTH = 6


@pytest.mark.parametrize(
    ("corpus", "nth"), [(SHIPPED, _NTH), (MINISTRIES, 1), (VILLAGE, 1)], ids=["shipped", "ministries", "village"]
)
def test_all_channels_find_the_same_facts(corpus: Corpus, nth: int, tmp_path: Path) -> None:
    prepared = prepare(corpus, tmp_path)
    with serving(prepared.url, tmp_path) as bot:
        played = play(share(corpus.dialogues, nth), prepared.ask, bot)
    assert differences(played) == []


def test_plain_texts_tell_the_same_where_nothing_richer_is_taken(tmp_path: Path) -> None:
    prepared = prepare(VILLAGE, tmp_path)
    with serving(prepared.url, tmp_path) as bot:
        bot.side.knows_no_blocks = True
        bot.connector.refuse_cards = True
        played = play(VILLAGE.dialogues, prepared.ask, bot)
    assert differences(played, plain=True) == []

"""Asks every dialogue of tests/dialogues in Slack, in Teams and at the terminal, and finds the same facts.

One bot serves Slack and Teams at once.
"""

from pathlib import Path

import pytest

from tests.channels.both import serving
from tests.channels.comparing import differences, play
from tests.channels.corpora import MINISTRIES, SHIPPED, VILLAGE, Corpus, prepare


@pytest.mark.parametrize("corpus", [SHIPPED, MINISTRIES, VILLAGE], ids=["shipped", "ministries", "village"])
def test_all_channels_find_the_same_facts(corpus: Corpus, tmp_path: Path) -> None:
    prepared = prepare(corpus, tmp_path)
    with serving(prepared.url, tmp_path) as bot:
        played = play(corpus.dialogues, prepared.ask, bot)
    assert differences(played) == []


def test_plain_texts_tell_the_same_where_nothing_richer_is_taken(tmp_path: Path) -> None:
    prepared = prepare(VILLAGE, tmp_path)
    with serving(prepared.url, tmp_path) as bot:
        bot.side.knows_no_blocks = True
        bot.connector.refuse_cards = True
        played = play(VILLAGE.dialogues, prepared.ask, bot)
    assert differences(played, plain=True) == []

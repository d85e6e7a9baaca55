"""Every line of the corpora beside the rules is a test of its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nlp import (
    contraries_corpus,
    counted_corpus,
    fillers_corpus,
    followups_corpus,
    indicators_corpus,
    intents_corpus,
    measures_corpus,
    normalize_corpus,
    romaji_corpus,
)
from nlp.contraries import read_contraries
from nlp.counted import counts_another
from nlp.fillers import is_filler, read_courtesy
from nlp.followups import FollowUp, read_followup
from nlp.index import Entry, build_index
from nlp.intents import Intent, read_intent
from nlp.measures import Measure, read_measures
from nlp.normalize import clean, normalize
from nlp.parse import parse
from nlp.romaji import read_romaji
from nlp.tokens import Token, tokenize
from nlp.words import Sought, weigh

INDEX = build_index(indicators_corpus.CATALOGUE)


@pytest.mark.parametrize(("cleaned", "typed"), normalize_corpus.EXAMPLES)
def test_message_is_cleaned(cleaned: str, typed: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize("typed", normalize_corpus.NON_EXAMPLES)
def test_message_stays(typed: str) -> None:
    assert clean(typed) == typed


@pytest.mark.parametrize(("measures", "spelling"), measures_corpus.EXAMPLES)
def test_measures(measures: tuple[Measure, ...], spelling: str) -> None:
    readings = read_measures(normalize(spelling), lambda start, end: False)
    assert tuple(reading.measure for reading in readings) == measures


@pytest.mark.parametrize("spelling", measures_corpus.NON_EXAMPLES)
def test_no_measure(spelling: str) -> None:
    assert read_measures(normalize(spelling), lambda start, end: False) == ()


@pytest.mark.parametrize(("intent", "spelling"), intents_corpus.EXAMPLES)
def test_intent(intent: Intent, spelling: str) -> None:
    text = normalize(spelling)
    assert read_intent(text, tokenize(text)) is intent


def _topic(sentence: str) -> tuple[str, ...]:
    text = normalize(sentence)
    courtesy = read_courtesy(text)
    tokens = [t for t in tokenize(text) if not any(start <= t.start < end for start, end in courtesy)]
    before: list[Token | None] = [None, *tokens]
    return tuple(
        token.surface for previous, token in zip(before, tokens, strict=False) if not is_filler(token, previous)
    )


@pytest.mark.parametrize(("words", "sentence"), fillers_corpus.EXAMPLES)
def test_words_that_carry_a_topic(words: tuple[str, ...], sentence: str) -> None:
    assert _topic(sentence) == words


@pytest.mark.parametrize("sentence", fillers_corpus.NON_EXAMPLES)
def test_nothing_but_filler(sentence: str) -> None:
    assert _topic(sentence) == ()


def _names(question: str) -> set[str]:
    fitting = parse(question, date(2024, 11, 20), INDEX).asked[0].fitting
    return {indicators_corpus.CATALOGUE[candidate.entry].name for candidate in fitting}


@pytest.mark.parametrize(("names", "spelling"), indicators_corpus.EXAMPLES)
@pytest.mark.parametrize("form", ["{}", "{}のR6の目標は?", "すみません、{} 令和6年度っていくつですか"])
def test_indicators(names: set[str], spelling: str, form: str) -> None:
    assert _names(form.format(spelling)) == names


@pytest.mark.parametrize("spelling", indicators_corpus.NON_EXAMPLES)
@pytest.mark.parametrize("form", ["{}", "{}のR6の目標は?"])
def test_no_indicator(spelling: str, form: str) -> None:
    assert _names(form.format(spelling)) == set()


@pytest.mark.parametrize(
    "rule",
    [
        "periods",
        "measures",
        "contraries",
        "counted",
        "followups",
        "intents",
        "fillers",
        "normalize",
        "romaji",
        "indicators",
    ],
)
def test_each_rule_module_has_its_corpus(rule: str) -> None:
    folder = Path(__file__).parents[2] / "nlp"
    assert (folder / f"{rule}.py").exists()
    assert (folder / f"{rule}_corpus.py").exists()


def _followup(message: str) -> FollowUp:
    return replace(read_followup(normalize(message)), spans=())


@pytest.mark.parametrize(("followup", "spelling"), followups_corpus.EXAMPLES)
def test_followup(followup: FollowUp, spelling: str) -> None:
    found = _followup(spelling)
    if followup.pick:
        assert found.pick == followup.pick
    elif followup.contrast or followup.fresh:
        assert (found.contrast, found.fresh, found.rejects) == (followup.contrast, followup.fresh, followup.rejects)
    else:
        assert found == followup


@pytest.mark.parametrize("spelling", followups_corpus.NON_EXAMPLES)
def test_stands_on_its_own(spelling: str) -> None:
    assert _followup(spelling) == FollowUp()


@pytest.mark.parametrize(("kana", "romaji"), romaji_corpus.EXAMPLES)
def test_romaji(kana: str, romaji: str) -> None:
    assert read_romaji(romaji, lambda word: False) == kana


@pytest.mark.parametrize("text", romaji_corpus.NON_EXAMPLES)
def test_no_romaji(text: str) -> None:
    assert read_romaji(text, lambda word: False) == text


def test_known_words_are_no_romaji() -> None:
    assert read_romaji("data kamoku", lambda word: word == "data") == "data かもく"


@pytest.mark.parametrize(("words", "spelling"), contraries_corpus.EXAMPLES)
def test_turned_into_its_contrary(words: str, spelling: str) -> None:
    assert [spelling[start:end] for start, end in read_contraries(spelling)] == [words]


@pytest.mark.parametrize("spelling", contraries_corpus.NON_EXAMPLES)
def test_nothing_is_turned(spelling: str) -> None:
    assert read_contraries(spelling) == ()


def _counts_another(question: str, name: str) -> bool:
    index = build_index([Entry(name)])
    text = normalize(question)
    return counts_another(weigh(Sought(text, tokenize(text), index), []), 0, index)


@pytest.mark.parametrize(("question", "name"), counted_corpus.EXAMPLES)
def test_counts_another(question: str, name: str) -> None:
    assert _counts_another(question, name)


@pytest.mark.parametrize(("question", "name"), counted_corpus.NON_EXAMPLES)
def test_counts_the_same(question: str, name: str) -> None:
    assert not _counts_another(question, name)

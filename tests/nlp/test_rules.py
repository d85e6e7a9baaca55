"""Every line of the corpora beside the rules is a test of its own."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.scales import SCALES
from nlp import (
    amounts_corpus,
    areas_corpus,
    calculations_corpus,
    claims_corpus,
    conditions_corpus,
    contraries_corpus,
    counted_corpus,
    cues_corpus,
    facets_corpus,
    fillers_corpus,
    followups_corpus,
    histories_corpus,
    indicators_corpus,
    intents_corpus,
    judgements_corpus,
    measures_corpus,
    normalize_corpus,
    orders_corpus,
    romaji_corpus,
    scales_corpus,
)
from nlp.amounts import read_amounts
from nlp.areas import find_areas
from nlp.calculations import read_calculation
from nlp.claims import read_claims
from nlp.conditions import read_conditions
from nlp.contraries import read_contraries
from nlp.counted import counts_another
from nlp.criteria import Test
from nlp.cues import Cues, read_cues
from nlp.facets import Facet, read_facets
from nlp.fillers import is_filler, read_courtesy
from nlp.followups import FollowUp, read_followup
from nlp.histories import read_history
from nlp.index import Entry, build_index
from nlp.intents import Intent, read_intent
from nlp.judgements import read_judgement
from nlp.measures import Measure, read_measures
from nlp.normalize import clean, normalize
from nlp.operands import Operation
from nlp.orders import read_order
from nlp.parse import parse
from nlp.readings import read
from nlp.romaji import read_romaji
from nlp.scales import read_scale
from nlp.shape import Shape
from nlp.sought import Sought
from nlp.titles import titles_of
from nlp.tokens import Token, tokenize
from nlp.topics import topical
from nlp.words import weigh

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
        "amounts",
        "areas",
        "calculations",
        "claims",
        "conditions",
        "cues",
        "facets",
        "orders",
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


@pytest.mark.parametrize("spelling", judgements_corpus.EXAMPLES)
def test_asks_for_a_status(spelling: str) -> None:
    assert read_judgement(_shape(spelling)) is not None


@pytest.mark.parametrize("spelling", judgements_corpus.NON_EXAMPLES)
def test_asks_for_no_status(spelling: str) -> None:
    assert read_judgement(_shape(spelling)) is None


@pytest.mark.parametrize("spelling", histories_corpus.EXAMPLES)
def test_asks_for_a_history(spelling: str) -> None:
    assert read_history(_shape(spelling)) is not None


@pytest.mark.parametrize("spelling", histories_corpus.NON_EXAMPLES)
def test_asks_for_no_history(spelling: str) -> None:
    assert read_history(_shape(spelling)) is None


@pytest.mark.parametrize(
    ("key", "spelling"), [(key, one) for key, same in scales_corpus.EXAMPLES.items() for one in same]
)
def test_names_a_scale(key: str, spelling: str) -> None:
    found = read_scale(_shape(spelling))
    assert found is not None
    assert found[0] == key in SCALES


@pytest.mark.parametrize("spelling", scales_corpus.NON_EXAMPLES)
def test_names_no_scale(spelling: str) -> None:
    assert read_scale(_shape(spelling)) is None


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


def _shape(question: str) -> Shape:
    return read(question, date(2024, 11, 20), INDEX).shape


@pytest.mark.parametrize(("value", "unit", "spelling"), amounts_corpus.EXAMPLES)
def test_amount(value: Decimal, unit: str, spelling: str) -> None:
    assert [(amount.value, amount.unit) for amount in read_amounts(normalize(spelling), ())] == [(value, unit)]


@pytest.mark.parametrize("spelling", amounts_corpus.NON_EXAMPLES)
def test_no_amount(spelling: str) -> None:
    assert read_amounts(normalize(spelling), ()) == ()


@pytest.mark.parametrize(("tests", "spelling"), conditions_corpus.EXAMPLES)
def test_condition(tests: tuple[Test, ...], spelling: str) -> None:
    found = read_conditions(_shape(spelling))
    assert tuple(conditions_corpus.anywhere(test) for one in found for test in one.tests) == tests
    assert not any(one.negated for one in found)


@pytest.mark.parametrize("spelling", conditions_corpus.EXCLUDED)
def test_condition_is_excluded(spelling: str) -> None:
    assert [one.negated for one in read_conditions(_shape(spelling))] == [False, True]


@pytest.mark.parametrize("spelling", conditions_corpus.NON_EXAMPLES)
def test_no_condition(spelling: str) -> None:
    assert read_conditions(_shape(spelling)) == ()


def test_either_of_two_conditions() -> None:
    (one,) = read_conditions(_shape("R7の目標がないか、または基準値が0の指標"))
    assert len(one.tests) == 2


@pytest.mark.parametrize(("expected", "spelling"), orders_corpus.EXAMPLES)
def test_order(expected: orders_corpus.Expected, spelling: str) -> None:
    order = read_order(_shape(spelling))
    assert order is not None
    assert (order.operation, order.descending, order.limit) == expected


@pytest.mark.parametrize("spelling", orders_corpus.NON_EXAMPLES)
def test_no_order(spelling: str) -> None:
    assert read_order(_shape(spelling)) is None


@pytest.mark.parametrize(("fields", "spelling"), cues_corpus.EXAMPLES)
def test_cues(fields: cues_corpus.Fields, spelling: str) -> None:
    cues = read_cues(_shape(spelling))
    assert {name: getattr(cues, name) for name in fields} == dict(fields)


@pytest.mark.parametrize("spelling", cues_corpus.NON_EXAMPLES)
def test_asks_for_no_list(spelling: str) -> None:
    assert read_cues(_shape(spelling)) == Cues()


@pytest.mark.parametrize(("operation", "spelling"), calculations_corpus.EXAMPLES)
def test_calculation(operation: Operation, spelling: str) -> None:
    calculation = read_calculation(_shape(spelling), lambda start, end: False)
    assert calculation is not None
    assert calculation.operation is operation


@pytest.mark.parametrize("spelling", calculations_corpus.NON_EXAMPLES)
def test_no_calculation(spelling: str) -> None:
    assert read_calculation(_shape(spelling), lambda start, end: False) is None


@pytest.mark.parametrize(("count", "spelling"), claims_corpus.EXAMPLES)
def test_claims(count: int, spelling: str) -> None:
    assert len(read_claims(_shape(spelling), tokenize(normalize(spelling)))) == count


@pytest.mark.parametrize("spelling", claims_corpus.NON_EXAMPLES)
def test_claims_nothing(spelling: str) -> None:
    assert read_claims(_shape(spelling), tokenize(normalize(spelling))) == ()


@pytest.mark.parametrize(("facet", "spelling"), facets_corpus.EXAMPLES)
def test_facet(facet: Facet, spelling: str) -> None:
    assert facet in [reading.facet for reading in read_facets(_shape(spelling), normalize(spelling))]


@pytest.mark.parametrize("spelling", facets_corpus.NON_EXAMPLES)
def test_no_facet(spelling: str) -> None:
    assert read_facets(_shape(spelling), normalize(spelling)) == ()


def _areas(words: str, *, named: bool) -> tuple[str, ...]:
    index = build_index([Entry("指標", areas=tuple(areas_corpus.TITLES))])
    text = normalize(words)
    found = topical(weigh(Sought(text, tokenize(text), index), []))
    return find_areas(found, titles_of(areas_corpus.TITLES), named=named)


@pytest.mark.parametrize(("title", "words"), areas_corpus.EXAMPLES)
def test_area(title: str, words: str) -> None:
    assert _areas(words, named=False) == (title,)


@pytest.mark.parametrize(("title", "words"), areas_corpus.NAMED)
def test_named_area(title: str, words: str) -> None:
    assert _areas(words, named=True) == (title,)


@pytest.mark.parametrize("words", areas_corpus.NON_EXAMPLES)
def test_no_area(words: str) -> None:
    assert _areas(words, named=False) == ()

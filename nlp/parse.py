"""From a message to a Query: one pass, each step masking what it has read for the next."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from nlp.contraries import read_contraries
from nlp.counted import counts_another
from nlp.fillers import read_courtesy
from nlp.followups import read_followup
from nlp.index import Index
from nlp.indicators import Match, Mention, by_number, by_title, decide, find_mentions, find_plan, rank
from nlp.intents import read_intent
from nlp.kin import find_kin
from nlp.measures import Measure, read_measures
from nlp.normalize import clean, fold, squeeze
from nlp.numbers import read_numbers
from nlp.paraphrases import find_meant
from nlp.periods import read_periods
from nlp.pieces import Span, is_inside, overlaps
from nlp.query import Asked, Query
from nlp.romaji import read_romaji
from nlp.split import split_points
from nlp.tokens import Token, tokenize
from nlp.words import Sought, weigh

_T = TypeVar("_T")


def parse(message: str, asked_on: date, index: Index) -> Query:
    """Reads a message as typed; never raises.

    Names come first (what stands inside an official name is no year and no measure), then years, then measures, and
    the words that are left say which indicator is meant. 「<@U1> ﾏｲﾅｶｰﾄﾞ Ｒ６🙏」 → lookup, R6, マイナカード.
    """
    written = clean(message)
    text = fold(written)
    if (kana := read_romaji(text, lambda word: word in index.words or word in index.lexicon.terms)) != text:
        written = text = kana
    tokens = tokenize(text)
    mentions = find_mentions(text, index)
    names = [(mention.start, mention.end) for mention in mentions if mention.match is Match.EXACT]
    followup = read_followup(text)
    periods = read_periods(text, asked_on, names)
    measures = read_measures(text, _inside_names(text, names, index))
    corrected = _corrected(text)
    periods = tuple(period for period in periods if not any(s <= period.start < e for s, e in corrected))
    measures = tuple(measure for measure in measures if not any(s <= measure.start < e for s, e in corrected))
    masked: list[Span] = [*read_courtesy(text), *followup.spans, *corrected]
    masked += [(period.start, period.end) for period in periods]
    masked += [(measure.start, measure.end) for measure in measures]
    plan = find_plan(text, index)
    if plan:
        masked.append(plan[0])
    numbers = list(read_numbers(text, index))
    masked += [span for span, _ in numbers]
    contraries = [span for span in read_contraries(text) if not is_inside(span, names)]
    masked = [span for span in masked if not overlaps(span, names)]

    sought = Sought(text, tokens, index)
    # Past tense alone (「忘れました」) asks for no figure.
    asks_for_figure = bool(periods) or any(reading.is_word for reading in measures)

    def part(start: int, end: int) -> Asked:
        """What the text asks for between two places; a piece of it has to name its indicator well."""
        is_whole = (start, end) == (0, len(text))
        outside: list[Span] = [(0, start), (end, len(text))]
        inside = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        words = weigh(sought, [*masked, *outside], by_reading=False)
        candidates = rank(words, inside)
        fitting = decide(candidates, words, index)
        if sought.kana_runs or not fitting or fitting[0].unexplained:
            words = weigh(sought, [*masked, *outside])
            candidates = rank(words, inside)
            fitting = decide(candidates, words, index)
        own_periods = tuple(period for period in periods if start <= period.start < end)
        own_measures = tuple(measure for measure in measures if start <= measure.start < end)
        if plan:
            candidates = [c for c in candidates if index.entries[c.entry].plan == plan[1]]
            fitting = decide(candidates, words, index)
        if len(fitting) == 1 and fitting[0].match is not Match.EXACT:
            titled = by_title(words, text, candidates, index)
            fitting = titled if fitting[0] in titled else fitting
        turned = [span for span in contraries if is_inside(span, [(start, end)])]
        # 「廃止した路線数」 has the word in its own name.
        fitting = tuple(c for c in fitting if all(overlaps(span, c.explained) for span in turned))
        fitting = tuple(c for c in fitting if c.match is Match.EXACT or not counts_another(words, c.entry, index))
        scope = [entry for (first, last), found in numbers if start <= first and last <= end for entry in found]
        if scope:
            fitting = by_number(scope, candidates)
        elif (
            not fitting
            and is_whole
            and asks_for_figure
            and not turned
            and (meant := find_meant(words, index))
            and not counts_another(words, meant.entry, index)
        ):
            fitting = (meant,)
        return Asked(tuple(candidates), fitting, own_periods, own_measures, tuple(words))

    whole = part(0, len(text))
    asked = _several(whole, text, tokens, mentions, masked, part, index) or (whole,)
    return Query(text, written, read_intent(text, tokens), asked, followup)


_CORRECTION = re.compile(r"(?:^|(?<=[、。\s]))(?P<wrong>[^、。]{1,12}?)(?:じゃ|では)なく(?:て|、)")


def _corrected(text: str) -> list[Span]:
    """What a message takes back: 「R5」 in 「R5じゃなくてR6」."""
    return [match.span("wrong") for match in _CORRECTION.finditer(text)]


def _inside_names(text: str, names: Sequence[Span], index: Index) -> Callable[[int, int], bool]:
    """Do the words at [start, end) belong to an indicator's own name?"""

    def is_name(start: int, end: int) -> bool:
        if is_inside((start, end), names):
            return True
        # 「補助実績」 stands in a name as it is written here; 「用紙の実績」 does not.
        before = text[max(0, start - 2) : start]
        return len(squeeze(before)) == 2 and squeeze(before + text[start:end]) in index.text

    return is_name


def _several(
    whole: Asked,
    text: str,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    masked: Sequence[Span],
    part: Callable[[int, int], Asked],
    index: Index,
) -> tuple[Asked, ...]:
    """The parts of a message that asks for several indicators, () where it does not.

    It does if it can be cut at 「と」, 「、」, 「あと」 … so that every part with a name fits one indicator of its own.
    Years and measures that only one part has are meant for all.
    """
    if len(whole.fitting) == 1 and not whole.fitting[0].unexplained:
        return ()
    for cuts in split_points(text, tokens, mentions, masked):
        bounds = [0, *cuts, len(text)]
        parts = _with_kin([part(start, end) for start, end in pairwise(bounds)], index)
        named = [one for one in parts if any(word.can_be_asked for word in one.words)]
        targets = {one.fitting[0].entry for one in named if len(one.fitting) == 1}
        if len(named) > 1 and len(targets) == len(named):
            return _shared(parts, whole)
    return ()


def _with_kin(parts: Sequence[Asked], index: Index) -> list[Asked]:
    """A part that does not fit by itself may be a relative of the one before it: 「指導力BとD」."""
    found: list[Asked] = []
    for one in parts:
        if found and len(one.fitting) != 1 and len(found[-1].fitting) == 1:
            kin = find_kin(one.candidates, [found[-1].fitting[0].entry], index)
            found.append(replace(one, fitting=(kin,)) if kin else one)
        else:
            found.append(one)
    return found


def _shared(parts: Sequence[Asked], whole: Asked) -> tuple[Asked, ...]:
    """The named parts; one without years (or measures) of its own takes those that stand apart or with another."""
    named = [one for one in parts if one.fitting]
    return tuple(
        Asked(
            one.candidates,
            one.fitting,
            one.periods or (() if _of_baseline(one) else _common(tuple(p.periods for p in parts), whole.periods)),
            one.measures or _common(tuple(p.measures for p in parts), whole.measures),
            one.words,
        )
        for one in named
    )


def _of_baseline(one: Asked) -> bool:
    """Is a part about the baseline alone, which has no year to share?"""
    return bool(one.measures) and all(reading.measure is Measure.BASELINE for reading in one.measures)


def _common(of_parts: tuple[tuple[_T, ...], ...], whole: tuple[_T, ...]) -> tuple[_T, ...]:
    having = [readings for readings in of_parts if readings]
    return having[-1] if having else whole

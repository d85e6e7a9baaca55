"""The indicators that a message asks for: one, or several where it can be cut into parts that name one each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from nlp.counted import counts_another
from nlp.fillers import LIGHT
from nlp.index import Index
from nlp.indicators import Candidate, by_number, by_title, decide, rank
from nlp.kin import find_kin
from nlp.measures import Measure, MeasureReading
from nlp.mentions import Match
from nlp.normalize import squeeze
from nlp.paraphrases import find_meant
from nlp.periods import PeriodReading
from nlp.pieces import Span, is_inside, overlaps
from nlp.readings import Readings
from nlp.split import split_points
from nlp.whole import Whole
from nlp.words import Word, name_word, weigh

_T = TypeVar("_T")

# Letters beside a name that is misspelt may be part of it.
_SCRAP = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for: which indicator, which years, which measures.

    `candidates` are entries of the index, best first; `fitting` are those of them that fit equally well, if any does.
    `periods` and `measures` keep the words that they were read from; `words` are those that name the indicator.
    `is_doubtful` says that even the one that fits is merely spelled alike, and is to be asked back about.
    """

    candidates: tuple[Candidate, ...]
    fitting: tuple[Candidate, ...]
    periods: tuple[PeriodReading, ...]
    measures: tuple[MeasureReading, ...]
    words: tuple[Word, ...] = ()
    is_doubtful: bool = False


def find_asked(
    read: Readings, also_masked: Sequence[Span] = (), *, most: bool = False, against: bool = False
) -> tuple[Asked, ...]:
    """What a message asks for; nothing from the spans `also_masked` [start, end), which say what is done with it.

    `most` looks for more than a few indicators, as a ranking of them names; `against` also cuts where one is held
    against another (「AはBより」).
    """
    text, index = read.text, read.index
    masked = [*read.masked, *(span for span in also_masked if not overlaps(span, read.names))]
    # Past tense alone (「忘れました」) asks for no figure.
    asks_for_figure = bool(read.periods) or any(reading.is_word for reading in read.measures)

    def part(start: int, end: int) -> Asked:
        """What the text asks for between two places; a piece of it has to name its indicator well."""
        is_whole = (start, end) == (0, len(text))
        outside: list[Span] = [(0, start), (end, len(text))]
        if (whole := read.whole) and start <= whole.start and whole.end <= end:
            named = _by_whole_name(read, whole, [*masked, *outside])
            if named:
                return named
        inside = [mention for mention in read.mentions if start <= mention.start and mention.end <= end]
        words = weigh(read.sought, [*masked, *outside], by_reading=False)
        candidates = rank(words, inside)
        fitting = decide(candidates, words, index)
        if read.sought.kana_runs or not fitting or fitting[0].unexplained:
            words = weigh(read.sought, [*masked, *outside])
            candidates = rank(words, inside)
            fitting = decide(candidates, words, index)
        own_periods = tuple(period for period in read.periods if start <= period.start < end)
        own_measures = tuple(measure for measure in read.measures if start <= measure.start < end)
        if read.plan:
            candidates = [c for c in candidates if index.entries[c.entry].plan == read.plan[1]]
            fitting = decide(candidates, words, index)
        if len(fitting) == 1 and fitting[0].match is not Match.EXACT:
            titled = by_title(words, text, candidates, index)
            fitting = titled if fitting[0] in titled else fitting
        turned = [span for span in read.contraries if is_inside(span, [(start, end)])]
        # 「廃止した路線数」 has the word in its own name.
        fitting = tuple(c for c in fitting if all(overlaps(span, c.explained) for span in turned))
        fitting = tuple(c for c in fitting if c.match is Match.EXACT or not counts_another(words, c.entry, index))
        scope = [entry for (first, last), found in read.numbers if start <= first and last <= end for entry in found]
        if scope:
            fitting = by_number(scope, candidates)
        elif (
            not fitting
            and is_whole
            and asks_for_figure
            and not turned
            and any(word.token.base not in LIGHT for word in words)
            and (meant := find_meant(words, index))
            and not counts_another(words, meant.entry, index)
        ):
            fitting = (meant,)
        doubtful = index.search is not None and not any(_is_named(one, words, read) for one in fitting)
        return Asked(tuple(candidates), fitting, own_periods, own_measures, tuple(words), is_doubtful=doubtful)

    whole = part(0, len(text))
    if read.whole and whole.fitting:
        return (whole,)
    return _several(whole, read, masked, part, most=most, against=against) or (whole,)


def _by_whole_name(read: Readings, whole: Whole, masked: Sequence[Span]) -> Asked | None:
    """What a message asks for that is one name as a whole, None where it says more than the name.

    A name that stands there as it is, or but for particles or kana, is answered; one that is only like what was written
    is asked back about.
    """
    index, span = read.index, (whole.start, whole.end)
    hidden = [*masked, span]
    rest = [token for token in read.topics if not overlaps((token.start, token.end), hidden)]
    if any(whole.is_exact or token.end - token.start > _SCRAP for token in rest):
        return None
    entries = [entry for name in whole.names for entry in name]
    of_plan = [entry for entry in entries if read.plan and index.entries[entry].plan == read.plan[1]]
    match = Match.EXACT if whole.is_exact else Match.SIMILAR
    candidates = tuple(Candidate(entry, 1.0, match, (span,), ()) for entry in of_plan or entries)
    is_clear = (whole.is_exact or whole.is_sure) and (of_plan or not read.plan)
    fitting = tuple(c for c in candidates if c.entry in whole.names[0]) if is_clear else candidates
    word = name_word(read.sought, whole.start, whole.end, entries)
    return Asked(candidates, fitting, read.periods, read.measures, (word,), is_doubtful=not is_clear)


def _is_named(candidate: Candidate, words: Sequence[Word], read: Readings) -> bool:
    """Does a candidate's own name or number stand in the message, and nothing beside it but its initiative's title?"""
    if candidate.match is Match.SIMILAR:
        return False
    starts = {token.start for token in read.tokens}
    own = [(m.start, m.end) for m in read.mentions if candidate.entry in m.entries and m.start in starts]
    beside = [word for word in words if word.can_be_asked and not overlaps((word.start, word.end), own)]
    if not beside:
        return True
    return squeeze(read.text[beside[0].start : beside[-1].end]) in read.index.titles_of(candidate.entry).split("\n")


def _several(
    whole: Asked,
    read: Readings,
    masked: Sequence[Span],
    part: Callable[[int, int], Asked],
    *,
    most: bool,
    against: bool,
) -> tuple[Asked, ...]:
    """The parts of a message that asks for several indicators, () where it does not.

    It does if it can be cut at 「と」, 「、」, 「あと」 … so that every part with a name fits one indicator of its own.
    Years and measures that only one part has are meant for all.
    """
    if len(whole.fitting) == 1 and not whole.fitting[0].unexplained and not against:
        return ()
    for cuts in split_points(read.text, read.tokens, read.mentions, masked, most=most, against=against):
        bounds = [0, *cuts, len(read.text)]
        parts = _with_kin([part(start, end) for start, end in pairwise(bounds)], read.index)
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
        replace(
            one,
            periods=one.periods
            or (() if _of_baseline(one) else _common(tuple(p.periods for p in parts), whole.periods)),
            measures=one.measures or _common(tuple(p.measures for p in parts), whole.measures),
        )
        for one in named
    )


def _of_baseline(one: Asked) -> bool:
    """Is a part about the baseline alone, which has no year to share?"""
    return bool(one.measures) and all(reading.measure is Measure.BASELINE for reading in one.measures)


def _common(of_parts: tuple[tuple[_T, ...], ...], whole: tuple[_T, ...]) -> tuple[_T, ...]:
    having = [readings for readings in of_parts if readings]
    return having[-1] if having else whole

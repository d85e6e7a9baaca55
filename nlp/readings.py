"""Everything that stands in a message by itself: names, years, measures, amounts, and what leans on the thread."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.amounts import Amount, read_amounts
from nlp.contraries import read_contraries
from nlp.fillers import read_courtesy
from nlp.followups import FollowUp, read_followup
from nlp.index import Index
from nlp.measures import MeasureReading, read_measures
from nlp.mentions import Match, Mention, find_mentions, find_plan
from nlp.normalize import clean, fold, squeeze
from nlp.numbers import read_numbers
from nlp.periods import PeriodReading, read_periods
from nlp.pieces import Span, is_inside, overlaps
from nlp.pools import NOWHERE
from nlp.romaji import read_romaji
from nlp.shape import Shape, shape_of
from nlp.sought import Sought
from nlp.tokens import Token, tokenize
from nlp.whole import Whole, find_whole
from nlp.words import carries_topic


@dataclass(frozen=True, slots=True)
class Readings:
    """A message as read; every start and end is a place in `text`.

    `names` are the places of official names, `whole` the name that a message to a large catalogue is about, `plan`
    a plan named with its title, `numbers` those of initiatives with the entries under them, `contraries` words that
    turn a topic round, `corrected` what is taken back, `masked` what names no indicator, `topics` the words that
    could ask for something beside a name (of a large catalogue).
    """

    index: Index
    written: str
    text: str
    tokens: tuple[Token, ...]
    sought: Sought
    mentions: tuple[Mention, ...]
    names: tuple[Span, ...]
    followup: FollowUp
    periods: tuple[PeriodReading, ...]
    measures: tuple[MeasureReading, ...]
    amounts: tuple[Amount, ...]
    plan: tuple[Span, str] | None
    numbers: tuple[tuple[Span, tuple[int, ...]], ...]
    contraries: tuple[Span, ...]
    corrected: tuple[Span, ...]
    masked: tuple[Span, ...]
    is_name: Callable[[int, int], bool]
    whole: Whole | None
    topics: tuple[Token, ...]

    @property
    def beside(self) -> str:
        """The text with the name blanked that a message to a large catalogue is about: what is said beside it."""
        if self.whole is None:
            return self.text
        start, end = self.whole.start, self.whole.end
        return self.text[:start] + _BLANK * (end - start) + self.text[end:]

    @property
    def shape(self) -> Shape:
        words = [measure for measure in self.measures if measure.is_word]
        return shape_of(self.text, [*self.mentions, *self.periods, *words, *self.amounts])


# A sign that no rule looks for.
_BLANK = "〇"


def read(message: str, asked_on: date, index: Index) -> Readings:
    """Reads a message as typed; never raises.

    Names come first (what stands inside an official name is no year and no measure), then years, then measures, then
    amounts. 「<@U1> ﾏｲﾅｶｰﾄﾞ Ｒ６🙏」 → R6 at 「r6」, the alias マイナカード.
    """
    written = clean(message)
    text = fold(written)
    if (kana := read_romaji(text, lambda word: index.knows(word) or word in index.lexicon.terms)) != text:
        written = text = kana
    tokens = tokenize(text)
    mentions = find_mentions(text, index)
    topics: tuple[Token, ...] = ()
    if index.search:
        topics = tuple(token for token in tokens if carries_topic(token))
        spans = [(token.start, token.end) for token in topics]  # some names are none: 「80%以上」
        mentions = tuple(one for one in mentions if overlaps((one.start, one.end), spans))
    names = [(mention.start, mention.end) for mention in mentions if mention.match is Match.EXACT]
    if whole := find_whole(text, tokens, topics, mentions, index):
        names.append((whole.start, whole.end))
        if not any(mention.entries == whole.names[0] for mention in mentions):
            beside = (mention for mention in mentions if not overlaps((mention.start, mention.end), names[-1:]))
            mentions = (*beside, Mention(whole.start, whole.end, whole.names[0], Match.SIMILAR))
    is_name = _inside_names(text, names, index)
    followup = read_followup(text)
    corrected = _corrected(text)
    periods = tuple(
        period for period in read_periods(text, asked_on, names) if not any(s <= period.start < e for s, e in corrected)
    )
    measures = tuple(
        measure for measure in read_measures(text, is_name) if not any(s <= measure.start < e for s, e in corrected)
    )
    numbers = tuple(read_numbers(text, index))
    plan = find_plan(text, index)
    masked: list[Span] = [*read_courtesy(text), *followup.spans, *corrected]
    masked += [(period.start, period.end) for period in periods]
    masked += [(measure.start, measure.end) for measure in measures]
    masked += [span for span, _ in numbers]
    if plan:
        masked.append(plan[0])
    taken = [
        *((mention.start, mention.end) for mention in mentions),
        *((period.start, period.end) for period in periods),
        *(span for span, _ in numbers),
    ]
    return Readings(
        index,
        written,
        text,
        tokens,
        Sought(text, tokens, index, mentions, index.everything or NOWHERE),
        mentions,
        tuple(names),
        followup,
        periods,
        measures,
        read_amounts(text, taken),
        plan,
        numbers,
        tuple(span for span in read_contraries(text) if not is_inside(span, names)),
        tuple(corrected),
        tuple(span for span in masked if not overlaps(span, names)),
        is_name,
        whole,
        topics,
    )


_CORRECTION = re.compile(r"(?:^|(?<=[、。?\s]))(?P<wrong>[^、。]{1,12}?)(?:じゃ|では)なく(?:て|、)")


def _corrected(text: str) -> list[Span]:
    """What a message takes back: 「R5」 in 「R5じゃなくてR6」."""
    return [match.span("wrong") for match in _CORRECTION.finditer(text)]


def _inside_names(text: str, names: Sequence[Span], index: Index) -> Callable[[int, int], bool]:
    """Do the words at [start, end) belong to an indicator's own name?"""

    def is_name(start: int, end: int) -> bool:
        if is_inside((start, end), names):
            return True
        if index.search:  # among so many names nearly everything stands in one
            return False
        # 「補助実績」 stands in a name as it is written here; 「用紙の実績」 does not.
        before = text[max(0, start - 2) : start]
        return len(squeeze(before)) == 2 and index.has_letters(squeeze(before + text[start:end]))

    return is_name

"""From a message to a Query: one pass, each step masking what it has read for the next."""

from datetime import date

from nlp.fillers import read_courtesy
from nlp.index import Index
from nlp.indicators import Match, decide, find_mentions, rank
from nlp.intents import read_intent
from nlp.measures import read_measures
from nlp.normalize import clean, fold, squeeze
from nlp.periods import read_periods
from nlp.query import Query
from nlp.tokens import tokenize


def parse(message: str, asked_on: date, index: Index) -> Query:
    """Reads a message as typed; never raises.

    Names come first (what stands inside an official name is no year and no measure), then years, then measures, and
    the words that are left say which indicator is meant. 「<@U1> ﾏｲﾅｶｰﾄﾞ Ｒ６🙏」 → lookup, R6, マイナカード.
    """
    written = clean(message)
    text = fold(written)
    mentions = find_mentions(text, index)
    names = [(mention.start, mention.end) for mention in mentions if mention.match is Match.EXACT]
    periods = read_periods(text, asked_on, names)

    def is_name(start: int, end: int) -> bool:
        if any(first <= start and end <= last for first, last in names):
            return True
        # 「補助実績」 stands in a name as it is written here; 「用紙の実績」 does not.
        before = text[max(0, start - 2) : start]
        return len(squeeze(before)) == 2 and squeeze(before + text[start:end]) in index.text

    measures = read_measures(text, is_name)
    masked = [*read_courtesy(text)]
    masked += [(period.start, period.end) for period in periods]
    masked += [(measure.start, measure.end) for measure in measures]
    tokens = tokenize(text)
    candidates = rank(text, tokens, index, masked, mentions)
    intent = read_intent(text, tokens)
    return Query(text, written, intent, tuple(candidates), decide(candidates), periods, measures)

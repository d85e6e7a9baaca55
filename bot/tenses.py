"""What a mere tense asks for: 「8割を超えていますか」 means the result where there is one, else the plan."""

from dataclasses import replace

from bot.figures import Row
from bot.knowledge import Knowledge
from bot.reads import ReadRows
from data.facts import Indicator, Measure
from nlp.asked import Asked
from nlp.query import Query


def settle_tenses(query: Query, knowledge: Knowledge, rows: ReadRows) -> Query:
    """The query without the results that a tense asks for, where the indicator has none for the years meant."""
    if not any(reading.if_recorded for asked in query.asked for reading in asked.measures):
        return query
    return replace(query, asked=tuple(_settled(asked, knowledge, rows) for asked in query.asked))


def _settled(asked: Asked, knowledge: Knowledge, rows: ReadRows) -> Asked:
    targets = [knowledge.targets[candidate.entry] for candidate in asked.fitting]
    indicators = [target for target in targets if isinstance(target, Indicator)]
    if any(_has_results(row, asked) for row in rows(indicators)):
        return asked
    return replace(asked, measures=tuple(reading for reading in asked.measures if not reading.if_recorded))


def _has_results(row: Row, asked: Asked) -> bool:
    years = [year for reading in asked.periods for year in row.years(reading.period)]
    return row.latest is not None and (not years or any(row.number(Measure.ACTUAL, year) for year in years))

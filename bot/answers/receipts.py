"""How a question was read, for the reply's line and the JSON."""

from bot.answer import Receipt
from bot.answers import wording
from bot.answers.context import Context
from bot.answers.wanted import asked_years
from bot.knowledge import Target
from data.facts import Indicator, Measure
from nlp.asked import Asked
from nlp.measures import MeasureReading
from nlp.mentions import Match
from nlp.periods import PeriodReading

# A runner-up is named beside an answer by similarity if it scored at least this.
_RUNNER_UP = 0.4
#: Stands for the words where years or a measure come from the thread.
FROM_THREAD = "前の質問"


def read_as(context: Context, asked: Asked, target: Target) -> Receipt:
    """What was taken for the indicator, the years and the measure, and the words that were passed over."""
    written = context.query.written
    best = asked.fitting[0]
    words = written[best.explained[0][0] : best.explained[-1][1]] if best.explained else ""
    years: tuple[tuple[str, str], ...] = ()
    if isinstance(target, Indicator):
        years = tuple((_words(written, reading), wording.years(found)) for reading, found in asked_years(asked, target))
    named = tuple((_words(written, m), wording.MEASURES[Measure(m.measure.value)]) for m in asked.measures)
    return Receipt(
        words,
        wording.name(target),
        best.match.value,
        years,
        named or (("", wording.MEASURES[Measure.TARGET]),),
        tuple(written[start:end] for start, end in best.unexplained),
        tuple(wording.name(other) for other in runners_up(context, asked)),
    )


def runners_up(context: Context, asked: Asked) -> tuple[Target, ...]:
    """What else came near where the match was not exact; at most two."""
    if not asked.fitting or asked.fitting[0].match is not Match.SIMILAR:
        return ()
    fitting = {candidate.entry for candidate in asked.fitting}
    others = [c for c in asked.candidates if c.entry not in fitting and c.score >= _RUNNER_UP]
    return tuple(context.target(candidate) for candidate in others[:2])


def _words(written: str, reading: PeriodReading | MeasureReading) -> str:
    return written[reading.start : reading.end] or FROM_THREAD

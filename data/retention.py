"""Forgetting: what people have asked is kept for a time, then deleted; figures and changes stay for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from data import tables as t
from data.answers import forget_words
from data.engine import writing
from data.fiscal_year import TOKYO
from data.turns import KEPT_DAYS, forget_threads
from data.uploads import drop_old_uploads

#: So many days the texts of questions are kept, where nothing else is set.
QUESTION_DAYS = 90


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many questions without an answer, finished events, threads and uploads were deleted, and how many kept
    answers lost the words of who asked.
    """

    questions: int
    events: int
    threads: int
    answers: int = 0
    uploads: int = 0


def forget(engine: sa.Engine, now: datetime, question_days: int, conversation_days: int = KEPT_DAYS) -> Forgotten:
    """Deletes, of every organisation, what is older than so many days of Japan at the moment `now`.

    The day itself is kept: of 90 days, what was asked on 2 September is deleted on 2 December. An event that is not
    finished is never deleted, however old; of a finished one question and reply go with it. A kept answer stays for
    good, without the words of its question.
    """
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=question_days)
    with writing(engine) as connection:
        questions = connection.execute(sa.delete(t.unanswered).where(t.unanswered.c.day < first.date()))
        events = connection.execute(sa.delete(t.events).where(t.events.c.finished_at < first))
        threads = forget_threads(connection, midnight.date(), conversation_days)
        answers = forget_words(connection, first)
        uploads = drop_old_uploads(connection, now)
    return Forgotten(questions.rowcount, events.rowcount, threads, answers, uploads)

"""One turn at a channel's edge: the answer, then one transaction for what is kept of it."""

from bot.answer import Answer, Kind
from bot.ask import Ask
from bot.question import Question
from data.store import Store
from data.turns import Turn, keep_turn

_OPEN = (Kind.NOT_UNDERSTOOD, Kind.CHOOSE)
#: The kind under which a question is logged that was answered and called wrong by its asker.
REJECTED = "rejected"


def turn_of(question: Question, answer: Answer, *, log: bool) -> Turn:
    """What is to be kept: the thread's memory and, with `log`, a question that found no answer or a wrong one."""
    memories = ((question.thread, answer.memory.state()),) if question.thread and answer.memory is not None else ()
    unanswered: list[tuple[str, str]] = []
    if log and answer.rejected:
        unanswered.append((REJECTED, answer.rejected))
    if log and answer.kind in _OPEN and question.text.strip() and not answer.is_courtesy:
        unanswered.append((answer.kind.value, question.text))
    return Turn(question.asked_on, memories, tuple(unanswered))


def keeping(ask: Ask, store: Store, *, log: bool) -> Ask:
    """The door for channels that answer at once: asks, then keeps the turn."""

    def answer_and_keep(question: Question) -> Answer:
        answer = ask(question)
        keep_turn(store.engine, question.organisation, turn_of(question, answer, log=log), store.kept_days)
        return answer

    return answer_and_keep

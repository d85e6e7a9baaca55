"""Which answers another name of an indicator would change, as far as can be tried while somebody waits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from bot.answer import Answer
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import one_line
from bot.replay import DIALOGUES, Changed, changed_answers, recorded_threads, with_alias
from data.facts import Catalogue, Indicator
from data.fiscal_year import TOKYO
from data.turns import read_unanswered
from nlp.normalize import normalize, squeeze

# Slack waits three seconds: 100 threads take about half a second, the indices of 3,000 indicators as much again.
_THREADS, _INDICATORS = 100, 3_000
_SHOWN = 10
_LINE = 120


@dataclass(frozen=True, slots=True)
class Trial:
    """The answers that would change, of so many threads (and messages in them) out of `known`; `logged` are the
    questions of others that once found no answer. Nothing was tried where `known` is None."""

    changed: tuple[Changed, ...]
    messages: int
    threads: int
    known: int | None
    logged: frozenset[str]

    def lines(self, *, with_logged: bool) -> Iterator[str]:
        """What would change. Questions of others are told to administrators only: somebody asked them."""
        if self.known is None:
            yield f"指標が{_INDICATORS:,}を超えるので、変わる答えは確かめていません。"
            return
        part = (
            f"（記録のある{self.known}件の対話のうち、別名に近い{self.threads}件で確かめました）"
            if self.threads < self.known
            else ""
        )
        if not self.messages:
            yield "確かめるための質問の記録がまだないので、変わる答えは確かめていません。"
            return
        yield f"これまでの{self.messages}の質問のうち、答えが変わるのは{len(self.changed)}件です{part}。"
        shown = [one for one in self.changed if with_logged or one.message not in self.logged]
        for one in shown[:_SHOWN]:
            yield f"・「{one_line(one.message, _LINE)}」 今: {_first(one.before)} → 後: {_first(one.after)}"
        if len(shown) > _SHOWN:
            yield f"ほかに{len(shown) - _SHOWN}件あります。"
        if hidden := len(self.changed) - len(shown):
            these = "残りの" if shown else "その"
            yield f"{these}{hidden}件は、答えられなかった質問です（文面は管理者だけに表示します）。"


def try_alias(desk: Desk, catalogue: Catalogue, text: str, indicator: Indicator, now: datetime) -> Trial:
    """Plays the questions that found no answer, and recorded dialogues, with the alias and without: first those that
    have most of its letters, of these the newest questions."""
    if len(catalogue.indicators) > _INDICATORS:
        return Trial((), 0, 0, None, frozenset())
    with desk.store.engine.connect() as connection:
        asked = [text for _, text, _ in read_unanswered(connection, desk.organisation)]
    logged = list(dict.fromkeys(reversed(asked)))
    known = list(chain(([one] for one in logged), recorded_threads(DIALOGUES)))
    threads = sorted(known, key=_unlike(text))[:_THREADS]
    after = with_alias(catalogue, text, {indicator.id})
    changed = changed_answers(desk.store, catalogue, after, threads, now.astimezone(TOKYO).date())
    return Trial(tuple(changed), sum(map(len, threads)), len(threads), len(known), frozenset(logged))


def _unlike(text: str) -> Callable[[Sequence[str]], int]:
    """The fewer pairs of the letters a thread shares with a text, the more."""
    letters = squeeze(normalize(text))
    pairs = {letters[at : at + 2] for at in range(max(1, len(letters) - 1))}

    def key(messages: Sequence[str]) -> int:
        own = squeeze(normalize(" ".join(messages)))
        return -sum(pair in own for pair in pairs)

    return key


def _first(answer: Answer) -> str:
    return one_line(answer.text.first, _LINE)

"""Which answers another name of an indicator would change, as far as can be tried while Slack waits."""

from collections.abc import Iterator
from datetime import datetime

from bot.answer import Answer
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import one_line
from bot.replay import with_alias
from bot.trials import MOST_INDICATORS, Trial, try_alias
from data.facts import Catalogue, Indicator
from data.fiscal_year import TOKYO

# Slack waits three seconds: 100 threads take about half a second.
_THREADS = 100
_SHOWN = 10
_LINE = 120


def try_alias_in_time(desk: Desk, catalogue: Catalogue, text: str, indicator: Indicator, now: datetime) -> Trial:
    asked_on = now.astimezone(TOKYO).date()
    after = with_alias(catalogue, text, {indicator.id})
    return try_alias(desk.store, desk.organisation, catalogue, after, text, asked_on, _THREADS)


def trial_lines(trial: Trial, *, with_logged: bool) -> Iterator[str]:
    """What would change. Questions of others are told to administrators only: somebody asked them."""
    if trial.known is None:
        yield f"指標が{MOST_INDICATORS:,}を超えるので、変わる答えは確かめていません。"
        return
    part = (
        f"（記録のある{trial.known}件の対話のうち、別名に近い{trial.threads}件で確かめました）"
        if trial.threads < trial.known
        else ""
    )
    if not trial.messages:
        yield "確かめるための質問の記録がまだないので、変わる答えは確かめていません。"
        return
    yield f"これまでの{trial.messages}の質問のうち、答えが変わるのは{len(trial.changed)}件です{part}。"
    shown = [one for one in trial.changed if with_logged or one.message not in trial.logged]
    for one in shown[:_SHOWN]:
        yield f"・「{one_line(one.message, _LINE)}」 今: {_first(one.before)} → 後: {_first(one.after)}"
    if len(shown) > _SHOWN:
        yield f"ほかに{len(shown) - _SHOWN}件あります。"
    if hidden := len(trial.changed) - len(shown):
        these = "残りの" if shown else "その"
        yield f"{these}{hidden}件は、答えられなかった質問です（文面は管理者だけに表示します）。"


def _first(answer: Answer) -> str:
    return one_line(answer.text.first, _LINE)

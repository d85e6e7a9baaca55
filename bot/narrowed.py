"""The question about many that the messages of a thread make together: 「産業振興のKPI」, 「R7の目標がないのは?」."""

import re
from datetime import date

from bot.knowledge import Knowledge
from nlp.narrowing import Asking, narrow, within
from nlp.parse import parse, parse_narrowing

# Words that take up the list before: 「そのうち」, 「じゃあ」.
TAKES_UP = re.compile(
    r"そのうち|その中|この中|これら?の(?:うち|中|指標)|それらの?(?:うち|中)?|上記|さっきの|今の(?:うち|中|リスト|一覧)|うち|^じゃ|^では|^なら|だと[?。]?$|絞|だけ(?:で|に|を|$|[?。]|教|出|見|お願|下さ|くださ|欲し|ほし)|逆に|^あと|なら(?:ば)?|に限る|同じように|同様"
)
_WITHIN_IT = re.compile("うち|その中|この中|これらの|絞|だけ|限")
# Words that ask for more than the list before.
OF_ALL = re.compile(
    r"全体|(?:kpi|指標)は?(?:、)?(?:全部|全て|すべて)で|全指標|すべての指標|全ての指標|全部の指標|計画の中"
)


def fold(before: Asking | None, message: str, asked_on: date, knowledge: Knowledge) -> Asking | None:
    """The question about many that a message makes of the one before it."""
    query = parse(message, asked_on, knowledge.index)
    own = query.selection
    if before is None:
        return (query.intent, own) if own is not None else None
    if own is not None and own.cues.has_noun and not TAKES_UP.search(query.text):
        return within(before, own)
    change = parse_narrowing(message, asked_on, knowledge.index)
    return narrow(before, change, stays_within=bool(_WITHIN_IT.search(query.text))) if change else before

"""What stays unread of a message: a list that passed it over would be of something else."""

import re
from collections.abc import Sequence

from nlp.pieces import Span, overlaps
from nlp.readings import Readings

# 「4指標」 says how many there are.
THINGS = ("指標", "項目", "kpi")


def has_unread_amount(found: Readings, spans: Sequence[Span]) -> bool:
    return any(
        not overlaps((amount.start, amount.end), spans) and amount.unit not in THINGS for amount in found.amounts
    )


def has_unread_quote(text: str, spans: Sequence[Span]) -> bool:
    return any(not overlaps(match.span(), spans) for match in re.finditer(r"「[^」]*」|\([^()]*\)", text))


#: Words that would say more of which indicators are meant.
SAYS_MORE = re.compile(
    r"◇(?:に|の)?(?:だけ|のみ)|◇(?:値)?(?:が|は|も)(?:ある|あり|あって)|以外|以上|以下|未満|超[えすの]|より|前年|前の年|去年|昨年|初めて|唯一|しか|でない|じゃない|ではない|(?<!じゃ)(?<!では)な(?:い(?!です|ます|か[?。]|よ|ね|でしょ)|かった)|ません(?!か|でし)"
    r"|せず|ずに|同じ(?!よう)|同数|同額|違[うっい]|異な|除[いくき]|抜き|外し|増え|増や|減[るらっり]|減少|増加|伸び|上が(?!り下)|(?<!ぶら)下が|下回|上回|届[かいくけ]|追い越|追い抜|越[えし]|こえ|達し|達成|クリア|未達|満た|足り"
    r"|落ち|悪[いくか]|良[いくか]|改善|悪化|平均|合計|合わせて|差[がはをのも]|[<>=≦≧≤≥÷×]|ずつ|担当|所管|市町村は|判定|順調|遅れ|後退|間の|台の|その分野|理由|なぜ|高[いくか]|低[いくか]|大き[いくか]|小さ[いくか]|多[いくか]|少な[いくか]"
)


_TOLD = re.compile(r"[^。?()]*(?:とみな|として(?:見|扱|数え|計算|判定)|扱いで|と読んで|で判定|で見[るて])")


def tells_how(found: Readings) -> bool:
    """Does a clause tell how what it names is to be judged: 「コピー用紙は少ないほうが良いとして見て」?"""
    clauses = [match.span() for match in _TOLD.finditer(found.beside)]
    return any(overlaps((mention.start, mention.end), clauses) for mention in found.mentions)


def is_all_read(found: Readings, spans: Sequence[Span]) -> bool:
    """Is nothing left beside these spans that would say more of which indicators are meant: 「届かなかった」?"""
    signs = list(found.text)
    figures = [(one.start, one.end) for one in found.periods] + [(one.start, one.end) for one in found.measures]
    for start, end in (*spans, *((mention.start, mention.end) for mention in found.mentions)):
        signs[start:end] = ("◇" if (start, end) in figures else "〓") * (end - start)
    return SAYS_MORE.search("".join(signs)) is None

"""How a subscription is told: what, how often, and when next."""

from datetime import datetime

from bot.digests.schedule import next_due
from bot.digests.scope import scope_name
from data.subscriptions import DigestKind, Rhythm, Wish

RHYTHMS = {Rhythm.WEEKLY: "毎週", Rhythm.MONTHLY: "毎月", Rhythm.QUARTERLY: "四半期"}
KINDS = {DigestKind.SUMMARY: "状況", DigestKind.REMINDER: "実績の登録のお願い"}


def told(wish: Wish) -> str:
    """「「4 産業振興」の状況、毎月9時」."""
    scope = f"{scope_name(wish.scope)}の" if wish.scope or wish.kind is DigestKind.SUMMARY else ""
    return f"{scope}{KINDS[wish.kind]}、{RHYTHMS[wish.rhythm]}{wish.hour}時"


def next_told(wish: Wish, now: datetime) -> str:
    """When its first digest after now is due: 「2026年12月1日（火）9時」."""
    due = next_due(wish.rhythm, wish.hour, now)
    return f"{due:%Y}年{due.month}月{due.day}日（{'月火水木金土日'[due.weekday()]}）{due.hour}時"

"""Hands out the digests that are due: each once, whoever else is at it.

A channel calls `hand_out` with its own function to deliver. That function gets a key that is the same for whoever hands
a digest out: a channel that can look whether it has posted this key already makes of it exactly once even where a
worker dies between posting and taking note of it (data/digests.py).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from bot.answer import Answer, Kind, Text
from bot.digests.reminder import reminder
from bot.digests.schedule import latest_due
from bot.digests.scope import scope_name
from bot.digests.situation import Situation, situation_reader
from bot.digests.summary import summary
from data.digests import Outcome, claim_digest, finish_digest, renew_claim
from data.store import Store
from data.subscriptions import DigestKind, Subscription, read_subscriptions

_log = logging.getLogger(__name__)

#: Puts a digest before its recipient; gets the key of the digest. It raises where it could not.
Deliver = Callable[[Subscription, Answer, str], None]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """How many digests were delivered, how many had nothing to say, how many failed and are tried again later."""

    delivered: int = 0
    skipped: int = 0
    failed: int = 0


def hand_out(store: Store, organisation: str, channel: str, clock: Clock, deliver: Deliver) -> HandedOut:
    """Hands out every digest of a channel that is due and not another worker's; of several missed ones the latest.

    One that fails is left to a later run, once the claim has lapsed, and does not keep the others from going out.
    """
    token, now = token_hex(8), clock()
    read = situation_reader(store, organisation)
    delivered = skipped = failed = 0
    for subscription in _of_channel(store, organisation, channel):
        wish = subscription.wish
        due = latest_due(wish.rhythm, wish.hour, now)
        if due <= subscription.at or (subscription.last_due and due <= subscription.last_due):
            continue
        claim = claim_digest(store.engine, subscription.id, due, token, clock())
        if claim is None:
            continue
        try:
            situation = read(wish.kind, wish.scope, clock(), claim.last)
            answer = compose(wish.kind, situation)
            if not renew_claim(store.engine, claim, clock()):
                continue
            if answer:
                deliver(subscription, answer, claim.key)
            outcome = Outcome.DELIVERED if answer else Outcome.SKIPPED
            finish_digest(store.engine, claim, outcome, situation.revision, clock())
        except Exception:
            _log.exception("digest %s failed", claim.key)
            failed += 1
        else:
            delivered += outcome is Outcome.DELIVERED
            skipped += outcome is Outcome.SKIPPED
    return HandedOut(delivered, skipped, failed)


def _of_channel(store: Store, organisation: str, channel: str) -> list[Subscription]:
    with store.engine.connect() as connection:
        return [one for one in read_subscriptions(connection, organisation) if one.wish.channel == channel]


def compose(kind: DigestKind, situation: Situation) -> Answer | None:
    """What a digest says, None where there is nothing to say."""
    if not situation.rows:
        text = f"{scope_name(situation.scope)}の指標は、今の計画にありません。購読をやめるか、登録し直してください。"
        return Answer(Kind.NO_DATA, Text(text))
    return reminder(situation) if kind is DigestKind.REMINDER else summary(situation)

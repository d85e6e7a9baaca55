"""The forms: for a result, for a subscription, for another name of an indicator."""

from collections.abc import Mapping

from bot.channels.slack.modals import propose, record, subscribe
from bot.channels.slack.modals.views import Modal

#: By callback_id; those of the entries of the menu are in surface.py.
MODALS: Mapping[str, Modal] = {
    "record": Modal(record.opened, record.submit),
    "record_confirm": Modal(record.opened, record.confirm),
    "subscribe": Modal(subscribe.opened, subscribe.submit),
    "propose": Modal(propose.opened, propose.submit),
    "propose_confirm": Modal(propose.opened, propose.confirm),
}

"""What everything in this channel works with: the store, the door, and Teams."""

from dataclasses import dataclass

from bot.ask import Ask
from bot.channels.teams.connector import Connector
from bot.channels.teams.settings import TeamsSettings
from data.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one bot, which may serve tenants of several organisations (`settings.tenants`).

    `plan` is meant where a question names none, "" for any; `record_at` is the address where results are recorded,
    `public_url` the one where the page is reached; each "" for nowhere.
    """

    store: Store
    plan: str
    ask: Ask
    connector: Connector
    settings: TeamsSettings
    record_at: str = ""
    logs_questions: bool = False
    public_url: str = ""

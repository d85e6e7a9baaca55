"""What everything in this channel works with: the store, the door, and Slack."""

from dataclasses import dataclass

from slack_sdk import WebClient

from bot.ask import Ask
from bot.channels.slack.admission import Admits
from bot.channels.slack.settings import SlackSettings
from data.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one workspace (`team`), which belongs to one organisation.

    `plan` is meant where a question names none, "" for any; `public_url` is where the page is reached, "" for nowhere.
    """

    store: Store
    organisation: str
    plan: str
    ask: Ask
    client: WebClient
    settings: SlackSettings
    team: str
    bot_user: str
    admits: Admits
    logs_questions: bool = False
    public_url: str = ""

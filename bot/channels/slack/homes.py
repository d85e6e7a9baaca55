"""What is shown before anything is asked: the home, and questions to begin with."""

from datetime import date, datetime

from bot.channels.phrases import HELP
from bot.channels.slack.answering import SILENT
from bot.channels.slack.desk import Desk
from bot.channels.slack.home import home_view
from bot.question import Question
from data.events import Done, Event, Outcome
from data.fiscal_year import TOKYO

# Slack shows up to four, with titles of a button's length.
_PROMPTS, _TITLE = 4, 75


def publish_home(desk: Desk, event: Event, now: datetime) -> Done:
    """Publishes the home of the person who opened it."""
    user = event.body["user"]
    if not desk.admits(user):
        return SILENT
    desk.client.views_publish(user_id=user, view=home_view(desk, user, now))
    return Done(Outcome.ANSWERED)


def suggest_prompts(desk: Desk, event: Event, now: datetime) -> Done:
    """Offers examples from the store where somebody opens the conversation with the bot."""
    if not desk.admits(event.body["user"]):
        return SILENT
    questions = examples(desk, now.astimezone(TOKYO).date())[:_PROMPTS]
    if not questions:
        return SILENT
    # Without thread_ts: with it the call fails without a word in an agent_view.
    desk.client.api_call(
        "assistant.threads.setSuggestedPrompts",
        json={
            "channel_id": event.body["channel"],
            "title": "たとえば",
            "prompts": [{"title": one[:_TITLE], "message": one} for one in questions],
        },
    )
    return Done(Outcome.ANSWERED)


def examples(desk: Desk, today: date) -> tuple[str, ...]:
    """Questions that the store can answer."""
    return desk.ask(Question(HELP, today, desk.organisation, plan=desk.plan)).examples

"""Starts the channel: the desk of a workspace, its workers, and Socket Mode."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event as Flag
from threading import Thread

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ask import open_door
from bot.channels.backlog import Backlog
from bot.channels.phrases import HELP
from bot.channels.slack import posting
from bot.channels.slack.admission import admission
from bot.channels.slack.app import make_app
from bot.channels.slack.arrivals import CHANNEL, POST
from bot.channels.slack.desk import Desk
from bot.channels.slack.outage import apologise
from bot.channels.slack.posts import hand_out_digests
from bot.channels.slack.settings import SlackSettings, slack_settings
from bot.channels.slack.work import duty_of
from bot.channels.ticking import at_work
from bot.config import CannotStart, chosen_plan, public_url, today
from bot.logs import note
from bot.question import Question
from data import settings
from data.changes import Author
from data.engine import writing
from data.store import Store
from data.workspaces import bind_workspace

_log = logging.getLogger(__name__)

_NO_SLACK = "Slackにつながりません。ネットワークと HTTPS_PROXY、SLACK_API_URL を確かめてください。"


def open_desk(store: Store, organisation: str, environment: Mapping[str, str]) -> Desk:
    """The desk of the workspace that the bot token is of.

    Raises CannotStart where a token is missing or refused, Slack does not answer, or the workspace is another
    organisation's.
    """
    try:
        own, plan = slack_settings(environment), chosen_plan(store, organisation, None)
        address = public_url(environment)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    client = slack_client(own)
    team, bot_user = _who_we_are(client, own)
    try:
        with writing(store.engine) as connection:
            bind_workspace(connection, CHANNEL, team, organisation, Author("shirube", datetime.now(UTC)))
    except ValueError as error:
        raise CannotStart(str(error)) from None
    return Desk(
        store,
        organisation,
        plan,
        open_door(store),
        client,
        own,
        team,
        bot_user,
        admission(client, team, own),
        settings.logs_questions(environment),
        address,
    )


def slack_client(own: SlackSettings) -> WebClient:
    """A client that tries nothing again by itself: a call that got no answer may have been carried out."""
    return WebClient(token=own.bot_token, base_url=own.api_url, timeout=posting.TIMEOUT, retry_handlers=[])


def _who_we_are(client: WebClient, own: SlackSettings) -> tuple[str, str]:
    if not own.bot_token:
        raise CannotStart("SLACK_BOT_TOKEN がありません。Slackのアプリの「OAuth & Permissions」で得られます。")
    try:
        found = client.auth_test()
    except SlackApiError as error:
        reason = posting.reason_of(error)
        raise CannotStart(
            f"SlackがSLACK_BOT_TOKENを受け付けませんでした（{reason}）。トークンを確かめてください。"
        ) from None
    except OSError:
        raise CannotStart(_NO_SLACK) from None
    return str(found["team_id"]), str(found["user_id"])


@contextmanager
def working(desk: Desk, environment: Mapping[str, str]) -> Iterator[App]:
    """The app with its workers, until the end of the block."""
    desk.ask(Question(HELP, today(), desk.organisation, plan=desk.plan))  # the first question finds the index built
    with at_work(duty_of(desk), partial(hand_out_digests, desk), settings.question_days(environment)) as workers:
        yield make_app(desk, Backlog(desk.store, workers.wake, partial(apologise, desk)))


@contextmanager
def delivering(desk: Desk, environment: Mapping[str, str]) -> Iterator[None]:
    """Hands out digests and posts them until the end of the block; questions are left to others."""
    duty = replace(duty_of(desk), kinds=(POST,))
    with at_work(duty, partial(hand_out_digests, desk), settings.question_days(environment)):
        yield


# While websocket-client renews one connection, which may take it ten seconds, Slack has the other.
_CONNECTIONS = 2


def run_socket(desk: Desk, environment: Mapping[str, str], until: Flag) -> None:
    """Socket Mode until the flag is set; nothing needs to reach us from outside."""
    if not desk.settings.app_token:
        raise CannotStart(
            "SLACK_APP_TOKEN がありません。Slackのアプリの「Basic Information」でApp-Level Token"
            "（connections:write）を作ってください。"
        )
    # Only where it is used: websocket-client takes a while to import.
    from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

    with working(desk, environment) as app:
        handlers = [SocketModeHandler(app, desk.settings.app_token) for _ in range(_CONNECTIONS)]
        try:
            for handler in handlers:
                handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            reason = posting.reason_of(error)
            raise CannotStart(
                f"SlackがSLACK_APP_TOKENを受け付けませんでした（{reason}）。"
                "connections:write の付いたものか確かめてください。"
            ) from None
        except OSError:
            raise CannotStart(_NO_SLACK) from None
        note(_log, "connected", mode="socket", team=desk.team, process=os.getpid())
        try:
            until.wait()
        finally:
            # websocket-client takes up to ten seconds to notice that it is closed; what it has received is kept by now.
            closing = [Thread(target=handler.close, name="slack-closing", daemon=True) for handler in handlers]
            for thread in closing:
                thread.start()
            for thread in closing:
                thread.join(1.0)

"""The Bolt app: every listener keeps what arrives, or opens and takes in a form, and acknowledges."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError

from bot.channels.backlog import Backlog
from bot.channels.slack import surface
from bot.channels.slack.admission import is_open
from bot.channels.slack.arrivals import (
    CHANNEL,
    HOME,
    QUESTION,
    Payload,
    asking_of,
    person,
    read_command,
    read_event,
    read_press,
    read_shortcut,
)
from bot.channels.slack.desk import Desk
from bot.channels.slack.home import home_press
from bot.channels.slack.modals import MODALS
from bot.channels.slack.modals.options import OPTIONS
from data.engine import is_store_fault
from data.events import Arrival, is_waiting

_log = logging.getLogger(__name__)

#: Keeps an arrival; `is_again` where Slack has delivered it before.
Keep = Callable[..., None]

_OPEN = re.compile(r"^open:(.+)$")
_ANY = re.compile("")


def make_app(desk: Desk, backlog: Backlog) -> App:
    """An app whose listeners are done before Slack is acknowledged: what is acknowledged is in the store."""

    def keep(arrival: Arrival, is_again: bool = False) -> None:
        comes_again = not arrival.body.get("response_url")  # what is pressed or commanded Slack tells only once
        backlog.keep(desk.organisation, arrival, comes_again=comes_again, is_again=is_again)

    app = App(
        client=desk.client,
        signing_secret=desk.settings.signing_secret,
        authorize=lambda **_: AuthorizeResult(
            enterprise_id=None, team_id=desk.team, bot_user_id=desk.bot_user, bot_token=desk.settings.bot_token
        ),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        logger=_bolts_log(),
    )
    app.use(_own_team(desk))
    app.error(_fault)
    for event in dict.fromkeys(name.partition(".")[0] for name in surface.EVENTS):
        app.event(event)(_event(desk, keep))
    app.command(surface.COMMAND)(_command(keep))
    app.shortcut(surface.LOOK_UP.callback_id)(_look_up(keep))
    for shortcut in surface.SHORTCUTS:
        if shortcut.kind == "global":
            app.shortcut(shortcut.callback_id)(_open(desk, shortcut.callback_id))
    for callback_id in MODALS:
        app.view(callback_id)(_submit(desk, callback_id))
    for action_id in OPTIONS:
        app.options(action_id)(_options(desk, action_id))
    app.action(_ANY)(_press(desk, keep))
    return app


def _bolts_log() -> logging.Logger:
    """Bolt warns of tokens that stand in the environment, too; what goes wrong is an error."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return logger


def _own_team(desk: Desk) -> Callable[..., Any]:
    def check(body: Payload, next: Callable[[], BoltResponse]) -> BoltResponse:
        """What belongs to another workspace than the one of our token is not ours to see."""
        teams = {one.get("team_id") for one in body.get("authorizations") or []}
        teams |= {body.get("team_id"), (body.get("team") or {}).get("id")}
        return next() if desk.team in teams else BoltResponse(status=200)

    return check


def _fault(error: Exception) -> BoltResponse:
    """What lacks its parts is no payload of Slack's; where the store is away Slack is to deliver again. An event that
    nobody listens to is acknowledged: Slack would deliver it again and again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200 if error.body.get("type") == "event_callback" else 404)
    if is_store_fault(error):
        return BoltResponse(status=503)
    _log.error("a listener failed", exc_info=error)
    is_payload = not isinstance(error, KeyError | TypeError | IndexError | AttributeError | UnicodeError)
    return BoltResponse(status=500 if is_payload else 400)


def _event(desk: Desk, keep: Keep) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack, request: BoltRequest) -> None:
        arrival = read_event(body, desk.bot_user)
        if arrival and _concerns_us(desk, arrival):
            keep(arrival, is_again=_is_again(request))
        ack()

    return listen


def _is_again(request: BoltRequest) -> bool:
    """Has Slack delivered an event before? Socket Mode tells of a zeroth try, too."""
    return request.headers.get("x-slack-retry-num", ["0"])[0] not in ("", "0")


def _concerns_us(desk: Desk, arrival: Arrival) -> bool:
    """Is a message worth keeping: in a channel that is open, and in a thread that the bot takes part in?"""
    if arrival.kind != QUESTION:
        return True
    asking = asking_of(arrival.body)
    if not is_open(asking.channel, desk.settings):
        return False
    if asking.addressed:
        return True
    # The thread's own question may still be waiting: then it is decided when this one's turn comes. That is looked at
    # first: a question that ends in between is remembered in the same moment.
    if is_waiting(desk.store.engine, CHANNEL, arrival.lane):
        return True
    return desk.store.recall(desk.organisation, asking.memory, asking.day) is not None


def _command(keep: Keep) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        keep(read_command(body, datetime.now(UTC)))
        ack()

    return listen


def _look_up(keep: Keep) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        keep(read_shortcut(body, datetime.now(UTC)))
        ack()

    return listen


def _press(desk: Desk, keep: Keep) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        now = datetime.now(UTC)
        opens = _OPEN.match(str(body["actions"][0]["action_id"]))
        if opens:
            _show(desk, opens[1], body, now)
        elif arrival := read_press(body, now):
            keep(arrival)
        elif (body.get("view") or {}).get("type") == "home":
            _press_home(desk, keep, body, now)
        ack()

    return listen


def _press_home(desk: Desk, keep: Keep, body: Payload, now: datetime) -> None:
    user, action = str(body["user"]["id"]), body["actions"][0]
    if desk.admits(user):
        home_press(desk, user, str(action["action_id"]), str(action.get("value") or ""), now)
        again = Arrival(CHANNEL, f"home:{body['trigger_id']}", f"{HOME}:{user}", HOME, {"user": user}, person(user))
        keep(again)


def _open(desk: Desk, callback_id: str) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        _show(desk, callback_id, body, datetime.now(UTC))
        ack()

    return listen


def _show(desk: Desk, callback_id: str, body: Payload, now: datetime) -> None:
    user = str(body["user"]["id"])
    modal = MODALS.get(callback_id)
    if modal and desk.admits(user):
        channel = str((body.get("channel") or {}).get("id") or "")
        desk.client.views_open(trigger_id=body["trigger_id"], view=modal.opened(desk, user, channel, now))


def _submit(desk: Desk, callback_id: str) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        user = str(body["user"]["id"])
        reply = MODALS[callback_id].submit(desk, user, body["view"], datetime.now(UTC)) if desk.admits(user) else None
        ack(**reply) if reply else ack()

    return listen


def _options(desk: Desk, action_id: str) -> Callable[..., None]:
    def listen(body: Payload, ack: Ack) -> None:
        user = str(body["user"]["id"])
        found = OPTIONS[action_id](desk, user, body) if desk.admits(user) else []
        ack(options=found)

    return listen

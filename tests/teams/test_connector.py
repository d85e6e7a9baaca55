"""What goes out to Teams: retries, patience, pace, tokens, and an answer that is there once whatever happens."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.channels.teams.arrivals import CHANNEL, Place, memory
from bot.channels.teams.connector import BUDGET, Connector, Gone, NotSent, NotTaken, Unsure, open_connector
from bot.channels.teams.connector import Json as Activity
from bot.channels.teams.pace import Pace
from bot.channels.teams.posting import BUSY, begin, complete
from bot.channels.teams.settings import TeamsSettings
from data.engine import ensure_schema, open_engine
from data.events import LEASE, Arrival, Event, TakenOver, claim_event, keep_event
from data.store import Store
from tests.faults import Fault
from tests.teams.activities import BOT, personal
from tests.teams.activities import channel as new_channel
from tests.teams.connector import Connector as Teams
from tests.teams.issuer import CLIENT_ID, TENANT, Issuer
from tests.teams.loopback import Loopback
from tests.teams.routes import settings_of

ANSWER: Activity = {"type": "message", "text": "R6の目標値は80％です。"}


@pytest.fixture
def ours(issuer: Issuer) -> Connector:
    return open_connector(settings_of(issuer))


@pytest.fixture
def place(connector: Teams) -> Place:
    return Place(personal().id, "personal", TENANT, connector.service_url, str(BOT["id"]))


def _texts(connector: Teams, place: Place) -> list[object]:
    return [one["text"] for one in connector.messages(place.conversation)]


def test_posted_replaced_and_deleted(ours: Connector, connector: Teams, place: Place) -> None:
    message = ours.send(place, {"type": "message", "text": BUSY}, reply_to="17")
    assert _texts(connector, place) == [BUSY]
    assert connector.calls[-1].kind == "reply"
    ours.update(place, message, ANSWER)
    assert _texts(connector, place) == [ANSWER["text"]]
    ours.delete(place, message)
    assert _texts(connector, place) == []
    ours.show_typing(place)
    assert len(connector.typings(place.conversation)) == 1


def test_a_thread_is_named_in_the_address(ours: Connector, connector: Teams, place: Place) -> None:
    thread = Place(new_channel().id, "channel", TENANT, connector.service_url)
    ours.send(thread, ANSWER)
    assert _texts(connector, thread) == [ANSWER["text"]]
    assert "%3Bmessageid%3D" in connector.calls[-1].path or ";messageid=" in connector.calls[-1].path


def test_one_token_for_many_calls(ours: Connector, issuer: Issuer, connector: Teams) -> None:
    places = [Place(f"a:{number}", "personal", TENANT, connector.service_url) for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda place: ours.send(place, ANSWER), places))
    assert len(issuer.token_requests) == 1


def test_a_token_that_is_refused_is_got_anew(ours: Connector, issuer: Issuer, connector: Teams, place: Place) -> None:
    issuer.token_lifetime = 1
    ours.send(place, ANSWER)
    time.sleep(2)
    issuer.token_lifetime = 3600
    ours.send(place, ANSWER)
    assert len(issuer.token_requests) == 2
    connector.mistakes.clear()


@pytest.mark.parametrize("status", [429, 503])
def test_without_a_token_nothing_is_sent(status: int, ours: Connector, issuer: Issuer, place: Place) -> None:
    issuer.token_status = status
    with pytest.raises(NotSent, match="no token"):
        ours.send(place, ANSWER)
    issuer.token_status = 200
    assert ours.send(place, ANSWER)


@pytest.mark.parametrize("status", [412, 429, 502, 504])
def test_tried_again_after_the_time_that_teams_asks_for(
    status: int, ours: Connector, connector: Teams, place: Place
) -> None:
    connector.refuse("send", status, times=2, retry_after=1)
    start = time.monotonic()
    ours.send(place, ANSWER)
    assert 1.9 < time.monotonic() - start < 5
    assert [call.status for call in connector.calls] == [status, status, 201]


def test_not_for_longer_than_a_claim_lasts(ours: Connector, connector: Teams, place: Place) -> None:
    assert LEASE.total_seconds() > BUDGET
    connector.refuse("send", 429, retry_after=60)
    start = time.monotonic()
    with pytest.raises(NotSent) as late:
        ours.send(place, ANSWER)
    assert late.value.wait == 60
    assert time.monotonic() - start < 1
    connector.refuse("send", 429, times=50, retry_after=2)
    with pytest.raises(NotSent):
        ours.send(place, ANSWER)
    assert time.monotonic() - start < BUDGET + 1


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [("0", 0, 0.5), ("", 0.4, 1), ("soon", 0.4, 1), ("-5", 0.4, 1), ("1e400", 0.4, 1), ("date", 1.0, 3.1)],
)
def test_retry_after_in_any_form(told: str, least: float, most: float, issuer: Issuer) -> None:
    answers = iter([429, 201])
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True) if told == "date" else told

    async def answer(request: web.Request) -> web.Response:
        status = next(answers)
        headers = {"Retry-After": header} if status == 429 else {}
        return web.json_response({"id": "17"} if status == 201 else {}, status=status, headers=headers)

    app, server = web.Application(), Loopback("teams")
    app.router.add_post("/{anything:.*}", answer)
    server.start(app)
    try:
        start = time.monotonic()
        assert open_connector(settings_of(issuer)).send(Place("a:1", "personal", TENANT, server.url), ANSWER) == "17"
        assert least <= time.monotonic() - start < most
    finally:
        server.stop()


@pytest.mark.parametrize("status", [403, 404])
def test_a_conversation_that_is_gone(status: int, ours: Connector, connector: Teams, place: Place) -> None:
    connector.gone[place.conversation] = status
    with pytest.raises(Gone) as gone:
        ours.send(place, ANSWER)
    assert (gone.value.status, gone.value.is_message) == (status, False)
    assert len(connector.calls) == 1


def test_what_teams_refuses_for_good(ours: Connector, connector: Teams, place: Place) -> None:
    connector.fail("send", Fault("BadSyntax", 400))
    with pytest.raises(NotTaken, match="400 BadSyntax"):
        ours.send(place, ANSWER)
    assert len(connector.calls) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_reply_leaves_it_open(after: bool, ours: Connector, connector: Teams, place: Place) -> None:
    connector.cut("send", after=after)
    with pytest.raises(Unsure):
        ours.send(place, ANSWER)
    assert len(connector.calls) == 1
    message = ours.send(place, {"type": "message", "text": BUSY})
    connector.cut("update", after=after)
    with pytest.raises(NotSent):  # to do it again comes to the same
        ours.update(place, message, ANSWER)
    ours.update(place, message, ANSWER)
    assert _texts(connector, place)[-1] == ANSWER["text"]


def test_a_teams_that_does_not_answer(ours: Connector, connector: Teams, place: Place) -> None:
    connector.delays["send"] = 11.0
    start = time.monotonic()
    with pytest.raises(Unsure):
        ours.send(place, ANSWER)
    assert time.monotonic() - start < 10


def test_a_teams_that_is_not_there(issuer: Issuer) -> None:
    with pytest.raises(NotSent):
        open_connector(settings_of(issuer)).send(Place("a:1", "personal", TENANT, "http://127.0.0.1:9/"), ANSWER)


@pytest.mark.parametrize(
    "service_url", ["http://smba.example.com/", "ftp://smba.example.com/", "", "http://127.0.0.1/"]
)
def test_our_token_is_shown_to_nobody_else(service_url: str, issuer: Issuer) -> None:
    inside = open_connector(settings_of(issuer))
    outside = open_connector(TeamsSettings(CLIENT_ID, TENANT, "secret"))
    for one in (outside,) if "127" in service_url else (inside, outside):
        with pytest.raises(NotTaken, match="service url"):
            one.send(Place("a:1", "personal", TENANT, service_url), ANSWER)
    assert issuer.token_requests == []


def test_no_faster_than_teams_takes_it(ours: Connector, connector: Teams, place: Place) -> None:
    connector.refuse_too_fast = True
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: ours.send(place, ANSWER), range(24)))
    assert len(_texts(connector, place)) == 24
    assert connector.too_fast == []


def test_the_pace_of_a_conversation() -> None:
    pace = Pace()
    assert [pace.claim("a", 100.0) for _ in range(7)] == [0.0] * 7
    assert 1.0 < pace.claim("a", 100.0) < 1.5
    assert pace.claim("b", 100.0) == 0.0
    times: list[float] = []
    now = 0.0
    while len(times) < 200:
        wait = pace.claim("c", now)
        if wait:
            now += wait
        else:
            times.append(now)
    for most, seconds in ((7, 1.0), (60, 30.0)):
        assert all(later - first >= seconds - 1e-6 for first, later in zip(times, times[most:], strict=False))


# An answer is there once


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    engine = open_engine(sqlite_url)
    ensure_schema(engine)
    yield Store(engine)
    engine.dispose()


def _claim(store: Store, minutes: int = 0) -> Event:
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    event = claim_event(store.engine, CHANNEL, ["default"], f"worker{minutes}", now)
    assert event
    return event


@pytest.fixture
def event(store: Store, place: Place) -> Event:
    arrival = Arrival(CHANNEL, f"{place.conversation}|1", place.conversation, "question", {"memory": memory(place)})
    keep_event(store.engine, "default", arrival, datetime.now(UTC))
    return _claim(store)


def test_an_answer_takes_the_place_of_the_line(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    line = begin(ours, store, event, place)
    assert _texts(connector, place) == [BUSY]
    assert complete(ours, place, line, [ANSWER]) == line
    assert _texts(connector, place) == [ANSWER["text"]]


def test_another_worker_answers_in_the_same_place(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    complete(ours, place, begin(ours, store, event, place), [ANSWER])
    again = _claim(store, 5)  # the first one died before it could take note
    complete(ours, place, begin(ours, store, again, place), [ANSWER])
    assert _texts(connector, place) == [ANSWER["text"]]
    assert again.body["memory"]


def test_after_a_lost_reply_there_may_be_two_lines_but_one_answer(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    connector.cut("send", after=True)
    with pytest.raises(Unsure):
        begin(ours, store, event, place)
    again = _claim(store, 5)
    line = begin(ours, store, again, place)
    connector.cut("update", after=True)
    with pytest.raises(NotSent):
        complete(ours, place, line, [ANSWER])
    complete(ours, place, begin(ours, store, _claim(store, 10), place), [ANSWER])
    assert _texts(connector, place) == [BUSY, ANSWER["text"]]


def test_who_has_lost_the_claim_posts_no_more(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    _claim(store, 5)
    with pytest.raises(TakenOver):
        begin(ours, store, event, place)


def test_a_line_that_somebody_has_deleted(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    line = begin(ours, store, event, place)
    ours.delete(place, line)
    assert complete(ours, place, line, [ANSWER]) != line
    assert _texts(connector, place) == [ANSWER["text"]]


def test_the_richest_form_that_teams_takes(
    ours: Connector, connector: Teams, place: Place, store: Store, event: Event
) -> None:
    line = begin(ours, store, event, place)
    connector.fail("update", Fault("BadSyntax", 400))
    complete(ours, place, line, [{"type": "message", "text": "カード"}, ANSWER])
    assert _texts(connector, place) == [ANSWER["text"]]

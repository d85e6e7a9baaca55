"""The home of a person, over the village and the shipped plan, and what its buttons do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.slack.desk import Desk
from bot.channels.slack.home import home_press, home_view
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.events import Arrival, Done, Outcome, claim_event, finish_event, keep_event
from data.follows import follow, followed
from data.roles import Role
from data.store import Store
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription, read_subscriptions
from tests.bot.village import record, village
from tests.slack.desks import NOW, checked, desk_of, let, load_hostile, text_of
from tests.slack.elements import Json

USER, OTHER, ADMINISTRATOR = "U0USER", "U0OTHER", "U0ADMIN"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_of(village(tmp_path / "shirube.db"))


def _home(desk: Desk, user: str = USER, now: datetime = NOW) -> Json:
    return checked(home_view(desk, user, now))


def _actions(view: Json) -> list[tuple[str, str]]:
    """The buttons of a home with their values."""
    inside = [one for block in view["blocks"] for one in (*block.get("elements", []), block.get("accessory") or {})]
    return [(one["action_id"], one.get("value", "")) for one in inside if one.get("type") == "button"]


def _follow(desk: Desk, names: Sequence[str] = (), user: str = USER) -> list[int]:
    """Follows the indicators of these names, or all; their ids."""
    found = [one.id for one in desk.store.catalogue("default").indicators if not names or one.name in names]
    with writing(desk.store.engine) as connection:
        for one in found:
            follow(connection, "default", f"slack:{user}", one)
    return found


def _subscribe(desk: Desk, user: str, recipient: str, hour: int = 9, channel: str = "slack") -> int:
    wish = Wish(channel, recipient, DigestKind.SUMMARY, "", Rhythm.MONTHLY, hour)
    with writing(desk.store.engine) as connection:
        return add_subscription(connection, "default", wish, Author(f"名前（slack:{user}）", NOW, "Slack"))


def _numbers(desk: Desk) -> list[int]:
    with desk.store.engine.connect() as connection:
        return [one.id for one in read_subscriptions(connection, "default")]


def test_a_new_person_sees_how_things_stand_and_how_to_ask(desk: Desk) -> None:
    view = _home(desk)
    told = text_of(view).splitlines()
    assert "令和5年度（標準の判定基準）" in told
    assert "くらし（3指標）: 概ね順調 1件 ／ 遅れ 1件 ／ 後退 1件" in told
    assert "植樹の面積の基準値は?" in told
    assert sum(line.startswith("まだありません。") for line in told) == 3
    assert [action for action, _ in _actions(view)] == ["open:subscribe", "open:propose"]


def test_recorders_get_the_button_to_record(desk: Desk) -> None:
    let(desk, USER, Role.RECORDER)
    assert [action for action, _ in _actions(_home(desk))] == ["open:record", "open:subscribe", "open:propose"]


def test_without_results_targets_are_counted(file_with_plan: Path) -> None:
    desk = desk_of(Store(open_engine(f"sqlite:///{file_with_plan}")))
    told = text_of(_home(desk))
    assert "の実績は、まだ登録されていません" in told
    assert "4 産業振興: 目標" in told


def test_followed_indicators_stand_with_their_status(desk: Desk) -> None:
    (number,) = _follow(desk, ["植樹の面積"])
    (other,) = _follow(desk, ["渡し船の赤字額"])
    view = _home(desk)
    assert "植樹の面積\n令和6年度: 実績 30、目標 40（判定: 遅れ、途中経過）" in text_of(view)
    assert "渡し船の赤字額\n令和5年度: 実績 -210、目標 -100（判定: 後退）\n令和6年度: 目標 -50" in text_of(view)
    assert _actions(view)[-2:] == [("unfollow", str(number)), ("unfollow", str(other))]
    home_press(desk, USER, "unfollow", str(number), NOW)
    assert "令和6年度: 実績 30" not in text_of(_home(desk))
    with desk.store.engine.connect() as connection:
        assert followed(connection, "default", f"slack:{USER}") == [other]


def test_what_is_recorded_is_there_at_the_next_look(desk: Desk) -> None:
    assert "しごと（3指標）: 概ね順調 1件 ／ 判定不可 2件" in text_of(_home(desk))
    record(desk.store, ("朝市の出店割合", "R5", "99%", ""))
    assert "しごと（3指標）: 達成 1件 ／ 判定不可 2件" in text_of(_home(desk))


def test_the_latest_answers_are_ones_own(desk: Desk) -> None:
    for user, question in ((USER, "植樹の面積 R5"), (OTHER, "<!channel> の目標")):
        keep_event(desk.store.engine, "default", Arrival("slack", question, user, "question", {}, f"slack:{user}"), NOW)
        event = claim_event(desk.store.engine, "slack", ["default"], "worker", NOW)
        assert event
        finish_event(desk.store.engine, event, Done(Outcome.ANSWERED, question, "30 — 目標値です。"), NOW)
    assert "2024/11/20 10:00 「植樹の面積 R5」 → 30 — 目標値です。" in text_of(_home(desk))
    assert "<!channel>" not in text_of(_home(desk))
    assert "「<!channel> の目標」" in text_of(_home(desk, OTHER))


def test_only_ones_own_subscriptions_can_be_ended(desk: Desk) -> None:
    let(desk, ADMINISTRATOR, Role.ADMINISTRATOR)
    own, others, elsewhere = (
        _subscribe(desk, USER, USER),
        _subscribe(desk, OTHER, "C0KPI"),
        _subscribe(desk, USER, "財政課", channel="terminal"),
    )
    view = _home(desk)
    assert "計画全体の状況、毎月9時。次は2024年12月2日（月）9時" in text_of(view)
    assert ("unsubscribe", str(own)) in _actions(view)
    assert ("unsubscribe", str(others)) not in _actions(view)
    for number in (others, elsewhere, 99):
        home_press(desk, USER, "unsubscribe", str(number), NOW)
    assert _numbers(desk) == [own, others, elsewhere]
    home_press(desk, USER, "unsubscribe", str(own), NOW)
    assert _numbers(desk) == [others, elsewhere]
    assert "へ（名前（slack:U0OTHER）さんが登録）" in text_of(_home(desk, ADMINISTRATOR))
    home_press(desk, ADMINISTRATOR, "unsubscribe", str(others), NOW)
    assert _numbers(desk) == [elsewhere]


def test_a_name_like_somebody_elses_signature_ends_nothing(desk: Desk) -> None:
    number = _subscribe(desk, f"X）（slack:{USER}）（slack:{OTHER}", "C0KPI")
    home_press(desk, USER, "unsubscribe", str(number), NOW)
    assert _numbers(desk) == [number]


@pytest.mark.parametrize("value", ["", "-1", "一", "1; DROP", "９" * 3])
def test_values_that_are_none_do_nothing(desk: Desk, value: str) -> None:
    for action in ("unfollow", "unsubscribe", "else"):
        home_press(desk, USER, action, value, NOW)


def test_a_full_home_stays_within_the_limits(desk: Desk) -> None:
    load_hostile(desk.store)
    for at in range(7):
        load_hostile(desk.store, f"計画{at}")
    _follow(desk)
    for hour in range(24):
        _subscribe(desk, USER, "C0KPI", hour)
    told = text_of(_home(desk))
    assert "ほかに計画が4件あります。" in told
    assert "<!everyone><!channel>&<@U1>の*件数*" in told


def test_a_store_without_plans_says_so(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    ensure_schema(engine)
    assert "計画がまだ登録されていません。" in text_of(
        _home(desk_of(Store(engine)), now=datetime(2024, 1, 1, tzinfo=UTC))
    )

"""The forms: what they show, refuse and write, over a real store; Slack is the emulator where it is asked."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.slack.desk import Desk
from bot.channels.slack.modals import MODALS
from bot.channels.slack.modals.decisions import decide_proposal
from bot.channels.slack.modals.options import OPTIONS, indicator_options, scope_options
from bot.question import Question
from data.engine import open_engine, writing
from data.events import claim_event
from data.follows import follow
from data.proposals import read_proposals
from data.roles import Role
from data.store import Store
from data.subscriptions import DigestKind, Rhythm, read_subscriptions
from data.trail import read_trail
from data.turns import Turn, keep_turn
from tests.bot.village import record, village
from tests.slack.desks import HOSTILE, NOW, checked, desk_of, let, load_hostile, text_of
from tests.slack.elements import Json, options_faults
from tests.slack.events import state
from tests.slack.gateway import Gateway
from tests.slack.limits import message_faults
from tests.slack.workspace import BOT_USER

RECORDER, ADMINISTRATOR, VIEWER = "U0RECORDER", "U0ADMIN", "U0VIEWER"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The village's desk, with a recorder and an administrator; Slack is out of reach."""
    desk = desk_of(village(tmp_path / "shirube.db"))
    let(desk, RECORDER, Role.RECORDER)
    let(desk, ADMINISTRATOR, Role.ADMINISTRATOR)
    return desk


def _key(desk: Desk, name: str) -> str:
    (option,) = [one for one in indicator_options(desk, name) if one["text"]["text"] == name]
    return str(option["value"])


def _submit(desk: Desk, user: str, view: Json, filled: Mapping[str, object] | None = None) -> Any:
    given = {**view, "id": "V1", "state": state(view, filled or {})}
    return MODALS[view["callback_id"]].submit(desk, user, given, NOW)


def _open(desk: Desk, callback_id: str, user: str) -> Json:
    return checked(MODALS[callback_id].opened(desk, user, "C1", NOW))


def _record(
    desk: Desk, value: str, name: str = "蛍の観測地点", year: str = "R6", note: str = "", user: str = RECORDER
) -> Any:
    filled = {"indicator": _key(desk, name), "year": year, "value": value, "note": note or None}
    return _submit(desk, user, _open(desk, "record", user), filled)


def _revision(desk: Desk) -> int:
    return desk.store.revision("default")


def _posts(desk: Desk) -> list[Json]:
    """What is kept to be posted."""
    found: list[Json] = []
    while event := claim_event(desk.store.engine, "slack", ["default"], f"w{len(found)}", NOW):
        found.append(dict(event.body))
    return found


# Recording


def test_only_recorders_and_administrators_get_the_form(desk: Desk) -> None:
    refused = _open(desk, "record", VIEWER)
    assert "submit" not in refused
    assert "実績を登録できるのは、登録者と管理者です。" in text_of(refused)
    assert f"python -m data grant slack:{VIEWER} 登録者" in text_of(refused)
    assert {"type": "user", "user_id": ADMINISTRATOR} in refused["blocks"][0]["elements"][-1]["elements"]
    for user in (RECORDER, ADMINISTRATOR):
        assert _open(desk, "record", user)["callback_id"] == "record"


def test_the_years_are_those_that_can_have_a_result(desk: Desk) -> None:
    (year,) = [block["element"] for block in _open(desk, "record", RECORDER)["blocks"] if block["block_id"] == "year"]
    assert [one["value"] for one in year["options"]] == ["R6", "R5", "R4", "R3"]
    assert year["initial_option"]["value"] == "R5"
    assert year["initial_option"]["text"]["text"] == "R5 令和5年度（2023年4月〜2024年3月）"


def test_a_result_is_shown_with_its_status_before_it_is_written(desk: Desk) -> None:
    before = _revision(desk)
    reply = _record(desk, "7", "植樹の面積", "R5", "速報")
    assert reply["response_action"] == "update"
    told = text_of(checked(reply["view"])).splitlines()
    assert "実績値: 26 → 7（速報）（前の値は鈴木さんが 2024/10/01 09:00 に results.csv で登録したもの）" in told
    assert "判定: 概ね順調 → 後退" in told
    assert any(line.startswith("進捗率 ＝ ") for line in told)
    assert _revision(desk) == before
    done = _submit(desk, RECORDER, reply["view"])
    assert "実績を登録しました。" in text_of(checked(done["view"]))
    assert _revision(desk) > before
    with desk.store.engine.connect() as connection:
        (entry,) = read_trail(connection, "default", 1)
    assert (entry.change.by, entry.change.file) == (f"slack:{RECORDER}", "Slack")
    (post,) = _posts(desk)
    assert post["channel"] == RECORDER
    assert "判定: 概ね順調 → 後退" in post["text"]


def test_a_result_of_a_year_under_way_is_told_as_such(desk: Desk) -> None:
    told = text_of(checked(_record(desk, "6")["view"]))
    assert "実績値: 実績未登録 → 6" in told
    assert "判定: 実績未登録 → 達成" in told
    assert "年度の途中の値なので、途中経過として登録されます。" in told


def test_what_may_be_a_slip_is_no_error(desk: Desk) -> None:
    told = text_of(checked(_record(desk, "60000")["view"])).splitlines()
    assert "確かめてください:" in told
    assert any("大きく離れています" in line for line in told)


@pytest.mark.parametrize(
    ("filled", "block", "part"),
    [
        ({"value": "たくさん"}, "value", "数値として読めません"),
        ({"value": "30%"}, "value", "%ではありません"),
        ({"value": "6", "name": "none"}, "indicator", "今の計画にありません"),
    ],
)
def test_each_error_stands_at_its_field(desk: Desk, filled: Mapping[str, str], block: str, part: str) -> None:
    indicator = "indicator:999" if "name" in filled else _key(desk, "蛍の観測地点")
    given = {"indicator": indicator, "year": filled.get("year", "R6"), "value": filled["value"]}
    reply = _submit(desk, RECORDER, _open(desk, "record", RECORDER), given)
    assert reply["response_action"] == "errors"
    assert list(reply["errors"]) == [block]
    assert part in reply["errors"][block]


def test_a_year_outside_the_plan_is_an_error_of_the_year(desk: Desk) -> None:
    load_hostile(desk.store)  # from R5 on
    (found,) = indicator_options(desk, "の*件数*")
    filled = {"indicator": found["value"], "year": "R3", "value": "2"}
    reply = _submit(desk, RECORDER, _open(desk, "record", RECORDER), filled)
    assert "期間（R5〜R6）の外です" in reply["errors"]["year"]


def test_the_same_value_changes_nothing(desk: Desk) -> None:
    told = checked(_record(desk, "26", "植樹の面積", "R5")["view"])
    assert "callback_id" not in told
    assert "何も変わりません。" in text_of(told)


def test_the_role_is_asked_again_at_every_step(desk: Desk) -> None:
    confirmation = _record(desk, "6")["view"]
    form = _open(desk, "record", RECORDER)
    let(desk, RECORDER, Role.VIEWER)
    before = _revision(desk)
    filled = {"indicator": _key(desk, "蛍の観測地点"), "value": "6"}
    for reply in (_submit(desk, RECORDER, confirmation), _submit(desk, RECORDER, form, filled)):
        assert "登録者と管理者です" in text_of(checked(reply["view"]))
    assert _revision(desk) == before


def test_what_changed_meanwhile_is_shown_anew(desk: Desk) -> None:
    first = _record(desk, "7", "植樹の面積", "R5")["view"]
    record(desk.store, ("植樹の面積", "R5", "28", ""))
    before = _revision(desk)
    again = _submit(desk, RECORDER, first)["view"]
    assert "その間に値が変わりました。" in text_of(checked(again))
    assert "実績値: 28 → 7" in text_of(again)
    assert _revision(desk) == before
    assert _posts(desk) == []
    _submit(desk, RECORDER, again)
    assert _revision(desk) > before


def test_a_second_press_records_nothing_twice(desk: Desk) -> None:
    view = _record(desk, "7", "植樹の面積", "R5")["view"]
    _submit(desk, RECORDER, view)
    before = _revision(desk)
    assert "何も変わりません。" in text_of(checked(_submit(desk, RECORDER, view)["view"]))
    assert _revision(desk) == before


def test_hostile_names_are_only_text(desk: Desk) -> None:
    load_hostile(desk.store)
    options = (
        indicator_options(desk, "件数") + indicator_options(desk, "長" * 30) + indicator_options(desk, "<!channel>")
    )
    assert not list(options_faults(options, ""))
    for name in HOSTILE:
        (found,) = [one for one in indicator_options(desk, name[:3000]) if one["text"]["text"][0] == name[0]]
        filled = {"indicator": found["value"], "year": "R5", "value": "9" * 12, "note": "<!channel>" * 20}
        view = checked(_submit(desk, RECORDER, _open(desk, "record", RECORDER), filled)["view"])
        done = checked(_submit(desk, RECORDER, view)["view"])
        assert "実績を登録しました。" in text_of(done)
    for post in _posts(desk):
        assert message_faults({"text": post["text"], "blocks": post["forms"][0]}) == []
        assert "<!" not in post["text"]


# Menus


def test_menus_find_names_by_letters_then_by_likeness(desk: Desk) -> None:
    assert [one["text"]["text"] for one in indicator_options(desk, "メンセキ")] == ["植樹の面積"]
    assert [one["text"]["text"] for one in indicator_options(desk, "面積 植樹")] == ["植樹の面積"]
    assert [one["text"]["text"] for one in indicator_options(desk, "植樹めんせき")] == ["植樹の面積"]
    assert indicator_options(desk, "天気予報") == []
    assert len(indicator_options(desk, "")) == 6


def test_what_a_person_follows_comes_first(desk: Desk) -> None:
    number = int(_key(desk, "蛍の観測地点").rpartition(":")[2])
    with writing(desk.store.engine) as connection:
        follow(connection, "default", f"slack:{VIEWER}", number)
    assert OPTIONS["indicator"](desk, VIEWER, {"value": ""})[0]["text"]["text"] == "蛍の観測地点"
    assert OPTIONS["indicator"](desk, RECORDER, {"value": ""})[0]["text"]["text"] == "灯油の使用量"


def test_namesakes_are_told_apart(file_with_plan: Path) -> None:
    desk = desk_of(Store(open_engine(f"sqlite:///{file_with_plan}")))
    options = [option for typed in ("", "数", "率") for option in indicator_options(desk, typed)]
    assert not list(options_faults(indicator_options(desk, ""), ""))
    by_text = {option["text"]["text"]: option["value"] for option in options}
    assert len(by_text) == len({option["value"] for option in options})


def test_scopes_are_of_the_kind_that_is_chosen(desk: Desk) -> None:
    assert {one["value"] for one in scope_options(desk, DigestKind.SUMMARY, "")} == {"くらし", "しごと", "村づくり計画"}
    assert [one["value"] for one in scope_options(desk, None, "くら")] == ["くらし"]
    assert scope_options(desk, DigestKind.REMINDER, "") == []
    view = {"state": {"values": {"kind": {"kind": {"selected_option": {"value": "reminder"}}}}}}
    assert OPTIONS["scope"](desk, VIEWER, {"value": "", "view": view}) == []


# Subscriptions


@pytest.fixture
def online(tmp_path: Path, gateway: Gateway) -> Desk:
    """The same desk with the emulator as its Slack."""
    return desk_of(village(tmp_path / "shirube.db"), gateway.api_url)


def _subscribed(desk: Desk) -> list[tuple[str, str, Rhythm, int, str]]:
    with desk.store.engine.connect() as connection:
        found = read_subscriptions(connection, "default")
    return [(one.wish.recipient, one.wish.scope, one.wish.rhythm, one.wish.hour, one.by) for one in found]


def test_a_channel_hears_of_its_subscription_first(online: Desk, gateway: Gateway) -> None:
    channel, user = gateway.workspace.make_channel(), gateway.workspace.people["tanaka"]
    filled = {"where": channel, "scope": "しごと", "rhythm": "weekly", "hour": "10"}
    reply = _submit(online, user, _open(online, "subscribe", user), filled)
    assert "購読を登録しました" in text_of(checked(reply["view"]))
    assert _subscribed(online) == [(channel, "しごと", Rhythm.WEEKLY, 10, f"田中 花子（slack:{user}）")]
    (message,) = [one for one in gateway.workspace.history(channel) if one["user"] == BOT_USER]
    told = "定期報告を届けます: 「しごと」の状況、毎週10時。最初は2024年11月25日（月）10時です。（田中 花子さんの設定）"
    assert message["text"] == told
    again = _submit(online, user, _open(online, "subscribe", user), filled)
    assert again["errors"] == {"where": "同じ購読がもうあります（番号1）。"}
    assert len([one for one in gateway.workspace.history(channel) if one["user"] == BOT_USER]) == 1


def test_nothing_chosen_means_oneself(online: Desk, gateway: Gateway) -> None:
    user = gateway.workspace.people["suzuki"]
    reply = _submit(online, user, _open(online, "subscribe", user))
    assert "「ホーム」" in text_of(checked(reply["view"]))
    own = gateway.workspace.open_dm("suzuki")
    as_well = _submit(online, user, _open(online, "subscribe", user), {"where": own, "rhythm": "weekly"})
    assert as_well["response_action"] == "update"
    assert [(one[0], one[2]) for one in _subscribed(online)] == [(user, Rhythm.MONTHLY), (user, Rhythm.WEEKLY)]
    strange = _submit(online, user, _open(online, "subscribe", user), {"where": gateway.workspace.open_dm("tanaka")})
    assert strange["errors"]["where"].startswith("ダイレクトメッセージは、あなたあてにだけ")


def test_where_the_bot_is_not_nothing_is_written(online: Desk, gateway: Gateway, tmp_path: Path) -> None:
    user = gateway.workspace.people["tanaka"]
    outside = gateway.workspace.make_channel(bot=False, private=True)
    reply = _submit(online, user, _open(online, "subscribe", user), {"where": outside})
    assert "/invite @しるべ" in reply["errors"]["where"]
    inside = gateway.workspace.make_channel()
    closed = desk_of(online.store, gateway.api_url, frozenset({"C0OTHER"}))
    reply = _submit(closed, user, _open(closed, "subscribe", user), {"where": inside})
    assert "使わない設定" in reply["errors"]["where"]
    reply = _submit(online, user, _open(online, "subscribe", user), {"where": inside, "scope": "山奥"})
    assert list(reply["errors"]) == ["scope"]
    assert _subscribed(online) == []


# Other names


def _propose(desk: Desk, user: str, text: str, name: str = "植樹の面積") -> Any:
    return _submit(desk, user, _open(desk, "propose", user), {"indicator": _key(desk, name), "text": text})


def test_the_answers_that_a_name_would_change_are_shown(desk: Desk) -> None:
    turn = Turn(NOW.date(), unanswered=(("not_understood", "みどり化の実績は?"),))
    keep_turn(desk.store.engine, "default", turn)
    shown = text_of(checked(_propose(desk, ADMINISTRATOR, "みどり化")["view"]))
    assert "「みどり化の実績は?」" in shown
    assert "答えが変わるのは1件です" in shown
    hidden = text_of(checked(_propose(desk, VIEWER, "みどり化")["view"]))
    assert "みどり化の実績は?" not in hidden
    assert "1件は、答えられなかった質問です" in hidden


def test_a_name_of_an_administrator_is_there_at_once(desk: Desk) -> None:
    view = _propose(desk, ADMINISTRATOR, "みどり化")["view"]
    assert "登録しました" in text_of(checked(_submit(desk, ADMINISTRATOR, view)["view"]))
    assert [one.name for one in desk.ask(Question("みどり化 R5", NOW.date())).indicators] == ["植樹の面積"]
    assert [one["text"]["text"] for one in indicator_options(desk, "みどり化")] == ["植樹の面積"]


def test_others_propose_and_an_administrator_decides(desk: Desk) -> None:
    view = _propose(desk, VIEWER, "<!here>")["view"]
    told = text_of(checked(_submit(desk, VIEWER, view)["view"]))
    assert "提案しました（番号1）。" in told
    assert "管理者に知らせました。" in told
    (post,) = _posts(desk)
    assert post["channel"] == ADMINISTRATOR
    assert "<!" not in post["text"]
    for form in post["forms"]:
        assert message_faults({"text": post["text"], "blocks": form}) == []
        buttons = [(one["action_id"], one["value"]) for one in form[-1]["elements"]]
        assert buttons == [("proposal:accept", "1"), ("proposal:decline", "1")]
    assert "管理者です" in decide_proposal(desk, VIEWER, 1, True, NOW)
    with desk.store.engine.connect() as connection:
        assert len(read_proposals(connection, "default")) == 1
    assert decide_proposal(desk, ADMINISTRATOR, 1, True, NOW).startswith("番号1の提案を登録しました")
    assert "もう登録しました" in decide_proposal(desk, ADMINISTRATOR, 1, False, NOW + timedelta(1))
    assert decide_proposal(desk, ADMINISTRATOR, 9, False, NOW) == "番号9の提案はありません。"


def test_what_is_no_name_is_refused_at_its_field(desk: Desk) -> None:
    assert list(_propose(desk, VIEWER, "緑、木")["errors"]) == ["text"]
    assert "もう「植樹の面積」で聞けます" in _propose(desk, VIEWER, "植樹の面積")["errors"]["text"]
    _submit(desk, VIEWER, _propose(desk, VIEWER, "みどり化")["view"])
    again = _submit(desk, VIEWER, _propose(desk, VIEWER, "みどり化")["view"])
    assert "提案はもうあります" in text_of(checked(again["view"]))

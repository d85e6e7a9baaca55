"""What staff get in Slack, read back from the emulator as a second user would: over HTTP and over Socket Mode."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.changes import Author
from data.engine import open_engine, writing
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.turns import read_unanswered
from data.votes import Votes, count_votes
from tests.slack.elements import Json
from tests.slack.gateway import Gateway
from tests.slack.process import Bot, StartBot, Way
from tests.slack.standing import Standing, standing
from tests.slack.workspace import Workspace
from tests.waiting import wait_for

WAYS: list[Way] = ["http", "socket"]
SECOND = "じゃあR7は?"


@pytest.fixture(scope="module")
def stage(
    workspace: Workspace, file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[Way, Standing]]:
    """A bot for each way, on a store of its own, for all tests that leave nothing there that others would notice."""
    with ExitStack() as stack:
        found: dict[Way, Standing] = {}
        for way in WAYS:
            folder = tmp_path_factory.mktemp(way)
            url = f"sqlite:///{shutil.copy(file_with_plan, folder / 'plan.db')}"
            found[way] = stack.enter_context(standing(workspace, folder, url, way))
        yield found


@pytest.fixture
def way() -> Way:
    return "http"


@pytest.fixture
def bot(stage: Mapping[Way, Standing], way: Way) -> Bot:
    stage[way].gateway.forget()
    return stage[way].bot


@pytest.fixture
def gateway(bot: Bot) -> Gateway:
    """The bot's, where nothing has been called yet."""
    return bot.slack.gateway


@pytest.fixture
def channel(workspace: Workspace) -> str:
    return workspace.make_channel("tanaka", "suzuki")


def _text(message: Json) -> str:
    return str(message["text"])


def _labels(blocks: list[Json]) -> dict[str, str]:
    """The buttons of a message: action_id → label."""
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return {element["action_id"]: element["text"]["text"] for element in elements}


def _types(message: Json) -> list[str]:
    return [block["type"] for block in message["blocks"]]


@pytest.mark.parametrize("way", WAYS)
def test_mention_is_answered_in_its_thread_and_gone_on_with_there(bot: Bot, channel: str, workspace: Workspace) -> None:
    slack = bot.slack
    asked = slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = slack.replies(asked)
    assert _text(answer).startswith("20万枚 — コピー用紙購入量（本庁（知事部局））、令和6年度")
    assert "出典: 資料3-3" in _text(answer)
    assert _labels(answer["blocks"]) == {
        "chart": "推移グラフ",
        "years": "他の年度",
        "wrong": "違う",
        "follow": "フォロー",
    }
    follow_up = slack.say(channel, SECOND, "suzuki", thread_ts=asked.ts)  # no mention, another person
    (second,) = slack.replies(follow_up)
    assert _text(second).startswith("12万枚")
    assert {m["thread_ts"] for m in workspace.replies(channel, asked.ts)} == {asked.ts}


def test_talk_among_people_is_left_alone(bot: Bot, channel: str, workspace: Workspace) -> None:
    slack = bot.slack
    slack.say(channel, "コピー用紙のR6目標は?")  # nobody has asked the bot
    asked = slack.mention(channel, "コピー用紙のR6目標は?")
    slack.replies(asked)
    slack.say(channel, "ありがとうございます", thread_ts=asked.ts)
    slack.say(channel, "資料に入れておきます", thread_ts=asked.ts)
    slack.say(channel, f"<@{workspace.people['suzuki']}> R7はどう思いますか?", thread_ts=asked.ts)
    last = slack.say(channel, SECOND, thread_ts=asked.ts)
    assert [_text(m)[:4] for m in slack.replies(last)] == ["12万枚"]
    assert len(slack.gateway.calls_of("chat.postMessage")) == 2


def test_thread_that_began_with_no_answer_needs_no_mention_either(bot: Bot, channel: str) -> None:
    asked = bot.slack.mention(channel, "来週の天気は?")
    bot.slack.replies(asked)
    again = bot.slack.say(channel, "コピー用紙のR6目標は?", thread_ts=asked.ts)
    assert [_text(message)[:4] for message in bot.slack.replies(again)] == ["20万枚"]


def test_question_in_a_thread_that_is_not_understood_is_told_to_the_asker_alone(
    bot: Bot, channel: str, gateway: Gateway
) -> None:
    asked = bot.slack.mention(channel, "コピー用紙のR6目標は?")
    bot.slack.replies(asked)
    bot.slack.say(channel, "来週の天気は?", thread_ts=asked.ts)
    (whisper,) = wait_for(lambda: gateway.calls_of("chat.postEphemeral"), 10)
    assert "お答えできます" in whisper.params["text"]
    assert len(gateway.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("way", WAYS)
def test_direct_messages_are_one_conversation_and_each_thread_its_own(bot: Bot, workspace: Workspace) -> None:
    slack = bot.slack
    conversation = workspace.open_dm("tanaka", "shirube")
    first = slack.say(conversation, "コピー用紙のR6目標は?")
    slack.replies(first, reader="tanaka")
    on = slack.say(conversation, SECOND)
    assert _text(slack.replies(on, reader="tanaka")[0]).startswith("12万枚")
    other = slack.say(conversation, "健民アプリ R6")
    slack.replies(other, reader="tanaka")
    back = slack.say(conversation, "基準値は?", thread_ts=first.ts)
    assert "コピー用紙購入量" in _text(slack.replies(back, reader="tanaka")[0])
    statuses = slack.gateway.calls_of("assistant.threads.setStatus")
    assert statuses[0].params == {"channel_id": conversation, "thread_ts": first.ts, "status": "調べています…"}
    assert "context_actions" in _types(slack.replies(first, reader="tanaka")[0])


def test_command_is_answered_to_the_asker_and_can_be_shown_to_all(
    bot: Bot, channel: str, workspace: Workspace, gateway: Gateway
) -> None:
    sent, url = bot.slack.command("コピー用紙　Ｒ６", channel)
    assert sent.reply.acknowledged
    (answer,) = wait_for(lambda: gateway.responses_to(url), 10)
    assert answer.body["response_type"] == "ephemeral"
    assert answer.body["text"].startswith("20万枚")
    assert _labels(answer.body["blocks"])["post"] == "みんなに見せる"
    assert workspace.history(channel) == []
    bot.slack.press_ephemeral(channel, answer.body["blocks"], "post")
    (shown,) = wait_for(lambda: workspace.history(channel), 10)
    assert _text(shown).startswith("質問: コピー用紙　Ｒ６\n20万枚")


def test_command_goes_on_and_answers_where_the_bot_is_no_member(
    bot: Bot, workspace: Workspace, gateway: Gateway
) -> None:
    foreign = workspace.make_channel("tanaka", bot=False)
    for text, start in (("コピー用紙 R6", "20万枚"), (SECOND, "12万枚")):
        _, url = bot.slack.command(text, foreign)
        (answer,) = wait_for(lambda url=url: gateway.responses_to(url), 10)  # type: ignore[misc]
        assert answer.body["text"].startswith(start)
    _, pressed = bot.slack.press_ephemeral(foreign, answer.body["blocks"], "post")
    (shown,) = wait_for(lambda: gateway.responses_to(pressed), 10)
    assert shown.body["response_type"] == "in_channel"


def test_command_without_words_teaches_by_examples_that_can_be_pressed(
    bot: Bot, channel: str, gateway: Gateway
) -> None:
    _, url = bot.slack.command("", channel)
    (taught,) = wait_for(lambda: gateway.responses_to(url), 10)
    examples = _labels(taught.body["blocks"])
    assert len(examples) >= 2
    _, pressed = bot.slack.press_ephemeral(channel, taught.body["blocks"], "ask:0")
    (answer,) = wait_for(lambda: gateway.responses_to(pressed), 10)
    assert "出典:" in answer.body["text"]


def test_shortcut_looks_up_a_message_for_who_asks(
    bot: Bot, channel: str, workspace: Workspace, gateway: Gateway
) -> None:
    said = bot.slack.say(channel, "コピー用紙のR6の目標はいくつでしたっけ", "suzuki")
    (message,) = workspace.history(channel)
    _, url = bot.slack.message_shortcut("look_up", channel, message)
    (answer,) = wait_for(lambda: gateway.responses_to(url), 10)
    assert answer.body["text"].startswith("20万枚")
    assert workspace.replies(channel, said.ts) == []


@pytest.mark.parametrize("way", WAYS)
def test_candidates_are_buttons_and_the_answer_takes_their_place(bot: Bot, channel: str, workspace: Workspace) -> None:
    slack = bot.slack
    asked = slack.mention(channel, "農業先端技術の発表件数 R7")
    (question,) = slack.replies(asked)
    assert _text(question).startswith("どちらの指標ですか。")
    labels = _labels(question["blocks"])
    assert labels.keys() == {"pick:0", "pick:1"}
    slack.press(channel, question, "pick:1", "suzuki")

    def answered() -> Json | None:
        (message,) = workspace.replies(channel, asked.ts)
        return message if "出典:" in _text(message) else None

    answer = wait_for(answered, 10)
    assert "研究成果" in _text(answer)
    assert "令和7年度" in _text(answer)
    follow_up = slack.say(channel, "R6は?", thread_ts=asked.ts)
    assert "研究成果" in _text(slack.replies(follow_up)[0])


def test_buttons_of_an_answer(start_bot: StartBot, channel: str, gateway: Gateway, sqlite_url: str) -> None:
    slack = start_bot().slack
    asked = slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = slack.replies(asked)
    slack.press(channel, answer, "years")
    assert "R4 40万枚 → R5 32万枚" in _text(slack.replies(asked, 2)[1])
    slack.press(channel, answer, "chart")
    chart = slack.replies(asked, 3)[2]
    (drawn,) = [block for block in chart["blocks"] if block["type"] == "data_visualization"]
    assert [series["name"] for series in drawn["chart"]["series"]] == ["基準値", "目標値"]
    assert "目標値 R4 40万枚、R5 32万枚、R6 20万枚、R7 12万枚" in _text(chart)

    _, thanked = slack.press(channel, answer, "feedback", chosen="good")
    assert "ありがとうございます" in wait_for(lambda: gateway.responses_to(thanked), 10)[0].body["text"]
    _, thanked = slack.press(channel, answer, "feedback", "suzuki", chosen="bad")
    wait_for(lambda: gateway.responses_to(thanked), 10)
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert count_votes(connection, "default", None) == Votes(good=1, bad=1)

    slack.press(channel, answer, "wrong")
    asking = slack.replies(asked, 4)[3]
    assert _text(asking).startswith("失礼しました。")

    def logged() -> list[tuple[str, str]]:
        with engine.connect() as connection:
            return [(kind, text) for kind, text, _ in read_unanswered(connection, "default")]

    assert wait_for(logged, 5) == [("rejected", "コピー用紙のR6目標は?")]

    _, followed = slack.press(channel, answer, "follow")
    assert "フォローしました" in wait_for(lambda: gateway.responses_to(followed), 10)[0].body["text"]
    slack.open_home()
    home = wait_for(slack.home, 10)
    assert "コピー用紙購入量（本庁（知事部局））" in json.dumps(home, ensure_ascii=False)


def test_long_lists_are_tables_with_the_rest_one_press_away(bot: Bot, channel: str, gateway: Gateway) -> None:
    slack = bot.slack
    asked = slack.mention(channel, "%の指標の一覧")
    (listed,) = slack.replies(asked)
    (table,) = [block for block in listed["blocks"] if block["type"] == "data_table"]
    count = int(re.search(r"(\d+)件", _text(listed))[1])  # type: ignore[index]
    assert count > 10
    assert len(table["rows"]) == count + 1
    assert table["page_size"] == 10
    gateway.refuse_block_types = {"data_table", "context_actions"}
    asked = slack.mention(channel, "%の指標の一覧")
    (listed,) = slack.replies(asked)
    (table,) = [block for block in listed["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) == 11
    assert _labels(listed["blocks"])["rest"] == f"残り{count - 10}件を見る"
    slack.press(channel, listed, "rest")
    rest = slack.replies(asked, 2)[1]
    (table,) = [block for block in rest["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) == count - 10 + 1


def test_chart_that_slack_refuses_becomes_a_table(bot: Bot, channel: str, gateway: Gateway) -> None:
    gateway.refuse_block_types = {"data_visualization"}
    asked = bot.slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = bot.slack.replies(asked)
    bot.slack.press(channel, answer, "chart")
    assert "table" in _types(bot.slack.replies(asked, 2)[1])


def test_chart_with_a_gap_is_a_picture(start_bot: StartBot, channel: str, gateway: Gateway, sqlite_url: str) -> None:
    """Slack's own lines have a point for every year."""
    result = ResultRow(2, "コピー用紙購入量（本庁（知事部局））", "", "R5", "30万枚", "")
    with writing(open_engine(sqlite_url)) as connection:
        store_results(connection, "default", [result], Author("佐藤", datetime.now(UTC)))
    bot = start_bot()
    asked = bot.slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = bot.slack.replies(asked)
    bot.slack.press(channel, answer, "chart")
    (upload,) = wait_for(lambda: gateway.calls_of("files.completeUploadExternal"), 20)
    assert upload.params["thread_ts"] == asked.ts
    assert "実績値 R5 30万枚" in _text(bot.slack.replies(asked, 2)[1])


@pytest.mark.parametrize("way", WAYS)
def test_agent_surface_offers_questions_that_are_answered(bot: Bot, workspace: Workspace) -> None:
    slack = bot.slack
    conversation = workspace.open_dm("tanaka", "shirube")
    slack.open_home(tab="messages")
    (offered,) = wait_for(lambda: slack.gateway.calls_of("assistant.threads.setSuggestedPrompts"), 10)
    assert "thread_ts" not in offered.params
    prompts = offered.params["prompts"]
    prompts = json.loads(prompts) if isinstance(prompts, str) else prompts
    assert 1 <= len(prompts) <= 4
    asked = slack.say(conversation, prompts[0]["message"])
    assert "出典:" in _text(slack.replies(asked, reader="tanaka")[0])


def test_home_shows_the_latest_answers(start_bot: StartBot, channel: str) -> None:
    slack = start_bot().slack
    slack.open_home()
    wait_for(slack.home, 10)
    slack.replies(slack.mention(channel, "コピー用紙のR6目標は?"))
    slack.open_home()

    def shows() -> bool:
        shown = json.dumps(slack.home(), ensure_ascii=False)
        return "コピー用紙のR6目標は?" in shown and "20万枚" in shown

    assert wait_for(shows, 10)


def test_an_answer_leads_to_its_permanent_page(start_bot: StartBot, channel: str) -> None:
    slack = start_bot(SHIRUBE_PUBLIC_URL="https://shirube.example.jp").slack
    asked = slack.mention(channel, "コピー用紙のR6目標は?")
    (answer,) = slack.replies(asked)
    assert _text(answer).endswith("この答えのページ: https://shirube.example.jp/a/1")
    assert _labels(answer["blocks"])["link"] == "この答えのページ"

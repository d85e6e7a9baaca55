"""The gateway and the playing of Slack, held against an unmodified Bolt over both transports."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from tests.faults import Fault
from tests.slack.elements import Json
from tests.slack.gateway import Gateway
from tests.slack.process import answers_url_verification, await_connection
from tests.slack.slack import Slack
from tests.slack.transport import over_http, over_socket, post, signed
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, BOT_USER, SIGNING_SECRET, Workspace
from tests.waiting import wait_for

_BUTTON: Json = {
    "type": "button",
    "text": {"type": "plain_text", "text": "もう一度"},
    "action_id": "again",
    "value": "1",
}
_ACTIONS: Json = {"type": "actions", "block_id": "b", "elements": [_BUTTON]}
_SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "答え"}}
_FIELD: Json = {"type": "plain_text_input", "action_id": "why"}
_INPUT: Json = {
    "type": "input",
    "block_id": "reason",
    "label": {"type": "plain_text", "text": "理由"},
    "element": _FIELD,
}
_MODAL: Json = {
    "type": "modal",
    "callback_id": "fix",
    "title": {"type": "plain_text", "text": "直す"},
    "submit": {"type": "plain_text", "text": "送る"},
    "blocks": [_INPUT],
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


def _client(gateway: Gateway, token: str = BOT_TOKEN) -> WebClient:
    return WebClient(token=token, base_url=gateway.api_url)


def _app(gateway: Gateway) -> App:
    """A small app with a listener of each kind."""
    app = App(client=_client(gateway), signing_secret=SIGNING_SECRET)
    quiet: Callable[..., None] = lambda: None  # noqa: E731
    app.event("message")(quiet)

    @app.event("app_mention")
    def mentioned(event: Json, client: WebClient) -> None:
        blocks = [_SECTION, _ACTIONS]
        thread = event.get("thread_ts", event["ts"])
        client.chat_postMessage(channel=event["channel"], text=f"答え {event['text']}", thread_ts=thread, blocks=blocks)

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [_SECTION, _ACTIONS]})

    @app.command("/kpi")
    def asked(ack: Callable[..., None], command: Json, respond: Callable[..., None]) -> None:
        ack()
        respond(text=f"答え {command['text']}")

    @app.shortcut("all")
    def shortcut(ack: Callable[..., None], body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=_MODAL)

    @app.action("again")
    def pressed(ack: Callable[..., None], body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=_MODAL)

    @app.view("fix")
    def submitted(ack: Callable[..., None], view: Json) -> None:
        why = view["state"]["values"]["reason"]["why"]["value"]
        ack() if why else ack(response_action="errors", errors={"reason": "理由を書いてください。"})

    @app.options("pick")
    def options(ack: Callable[..., None], payload: Json) -> None:
        ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "1"}])

    return app


def _close(handler: SocketModeHandler, gateway: Gateway) -> None:
    """Ends a client of Socket Mode quickly: where it closes first itself, it may wait 10 seconds for its own socket."""
    assert handler.client is not None
    handler.client.auto_reconnect_enabled = False
    gateway.run(gateway.sockets.close())
    handler.close()  # type: ignore[no-untyped-call]


@pytest.fixture(params=["http", "socket"])
def slack(request: pytest.FixtureRequest, workspace: Workspace, gateway: Gateway) -> Iterator[Slack]:
    """Slack before the small app."""
    app = _app(gateway)
    if request.param == "socket":
        handler = SocketModeHandler(app, APP_TOKEN, web_client=_client(gateway), ping_interval=1)
        handler.connect()  # type: ignore[no-untyped-call]
        await_connection(gateway)
        yield Slack(workspace, gateway, over_socket(gateway))
        _close(handler, gateway)
        return
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Slack(workspace, gateway, over_http(lambda: server.server_port))
    server.shutdown()
    server.server_close()


def test_a_mention_is_answered_in_its_thread(slack: Slack, workspace: Workspace) -> None:
    channel = workspace.make_channel()
    said = slack.mention(channel, "認知度は?")
    (reply,) = slack.replies(said)
    assert reply["text"] == f"答え <@{BOT_USER}> 認知度は?"
    assert [sent.payload["event"]["type"] for sent in said.sent] == ["app_mention", "message"]
    assert len({sent.payload["event_id"] for sent in said.sent}) == 2
    assert len({sent.payload["event"]["ts"] for sent in said.sent}) == 1
    assert all(sent.reply.acknowledged for sent in said.sent)
    assert workspace.history(channel)[-1]["text"] == f"<@{BOT_USER}> 認知度は?"


def test_an_event_comes_again(slack: Slack, workspace: Workspace) -> None:
    said = slack.mention(workspace.make_channel(), "認知度は?")
    slack.redeliver(said.sent[0])
    assert len(slack.replies(said, 2)) == 2, "this app does not look at event_id"


def test_conversations_of_all_kinds(slack: Slack, workspace: Workspace) -> None:
    channels = [workspace.make_channel(private=True), workspace.open_dm("tanaka"), workspace.open_dm("tanaka", "sato")]
    assert [slack.say(channel, "やあ").sent[-1].payload["event"]["channel_type"] for channel in channels] == [
        "group",
        "im",
        "mpim",
    ]
    said = slack.say(channels[1], "やあ", mention=True)
    assert [sent.payload["event"]["type"] for sent in said.sent] == ["message"]
    edit = slack.edit(said, "やあ、みなさん")
    assert edit.reply.acknowledged
    assert edit.payload["event"]["message"]["text"] == "やあ、みなさん"


def test_a_command_has_a_response_url(slack: Slack, workspace: Workspace, gateway: Gateway) -> None:
    sent, url = slack.command("認知度　R7", workspace.make_channel())
    assert sent.reply.acknowledged
    (response,) = wait_for(lambda: gateway.responses_to(url))
    assert response.body["text"] == "答え 認知度　R7"


def test_buttons_and_modals(slack: Slack, workspace: Workspace, gateway: Gateway) -> None:
    channel = workspace.make_channel()
    (message,) = slack.replies(slack.mention(channel, "認知度は?"))
    slack.press(channel, message, "again")
    view = slack.views("views.open")
    refused = slack.submit(view, {})
    assert refused.body == {"response_action": "errors", "errors": {"reason": "理由を書いてください。"}}
    assert slack.submit(view, {"why": "誤りだから"}).acknowledged
    slack.press_ephemeral(channel, [_ACTIONS], "again")
    slack.global_shortcut("all", "suzuki")
    slack.views("views.open", 3)


def test_home_and_suggestions(slack: Slack, gateway: Gateway) -> None:
    slack.open_home("sato")
    view = wait_for(lambda: slack.home("sato"))
    assert slack.press_in_view(view, "again", "sato").reply.acknowledged
    slack.views("views.open")
    assert slack.suggest("pick", "認知")[0]["text"]["text"] == "認知"


def test_a_wrong_signature_is_refused(workspace: Workspace, gateway: Gateway) -> None:
    server = make_server("127.0.0.1", 0, SlackRequestHandler(_app(gateway)), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    body = '{"type": "event_callback"}'
    assert answers_url_verification(server.server_port)
    assert post(server.server_port, body, signed(body, "application/json", secret="x")).status == 401  # noqa: S106
    assert post(server.server_port, body, signed(body, "application/json", at=time.time() - 600)).status == 401
    server.shutdown()
    server.server_close()


def test_socket_connections(workspace: Workspace, gateway: Gateway) -> None:
    logging.getLogger("slack_bolt.App").setLevel(logging.CRITICAL)
    handler = SocketModeHandler(_app(gateway), APP_TOKEN, web_client=_client(gateway), ping_interval=1)
    handler.connect()  # type: ignore[no-untyped-call]
    await_connection(gateway)
    gateway.run(gateway.sockets.cut(1))
    second = wait_for(lambda: max(gateway.sockets.connections, default=0) > 1 and gateway.sockets.opened, 20, "cut")
    gateway.run(gateway.sockets.disconnect(second, "refresh_requested"))
    wait_for(lambda: max(gateway.sockets.connections, default=0) > second, 20, "refresh_requested")
    slack = Slack(workspace, gateway, over_socket(gateway))
    assert slack.replies(slack.mention(workspace.make_channel(), "認知度は?"))
    assert {ack.connection for ack in gateway.sockets.acks} == {gateway.sockets.opened}
    _close(handler, gateway)


def test_limits_are_kept(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel=channel, text="多い", blocks=[_SECTION] * 51)
    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]
    gateway.refuse_block_types = {"section"}
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel=channel, text="古いSlack", blocks=[_SECTION])
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.views_open(trigger_id="1", view={**_MODAL, "submit": None})
    assert [call.error for call in gateway.refused] == ["invalid_blocks", "invalid_blocks", "invalid_arguments"]
    assert len(workspace.history(channel)) == 0


def test_messages_come_once_a_second(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    client.chat_postMessage(channel=channel, text="一")
    client.chat_postMessage(channel=channel, text="二")
    client.chat_postMessage(channel=workspace.make_channel(), text="ほかのチャンネル")
    assert [call.params["text"] for call in gateway.too_fast] == ["二"]
    gateway.refuse_too_fast = True
    with pytest.raises(SlackApiError, match="ratelimited") as error:
        client.chat_postMessage(channel=channel, text="三")
    assert error.value.response.status_code == 429
    assert error.value.response.headers["Retry-After"] == "1"


def test_429_and_faults(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    gateway.limit_rate("chat.postMessage")
    start = time.monotonic()
    assert client.chat_postMessage(channel=channel, text="一")["ok"]
    assert time.monotonic() - start >= 1
    client = WebClient(token=BOT_TOKEN, base_url=gateway.api_url, retry_handlers=[])
    gateway.fail("chat.postMessage", Fault(error="channel_is_limited_access"))
    gateway.fail("chat.postMessage", Fault(status=500))
    gateway.fail("chat.postMessage", Fault(cut=True, after=True))
    with pytest.raises(SlackApiError, match="channel_is_limited_access"):
        client.chat_postMessage(channel=channel, text="二")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel=channel, text="三")
    assert error.value.response.status_code == 500
    with pytest.raises(OSError):  # noqa: PT011 - a reset, or a closed connection
        client.chat_postMessage(channel=channel, text="四")
    assert [message["text"] for message in workspace.history(channel)] == ["一", "四"]
    gateway.delays["auth.test"] = 0.3
    start = time.monotonic()
    client.auth_test()
    assert time.monotonic() - start >= 0.3


def test_an_answer_is_held_back(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    hold = gateway.hold("chat.postMessage")
    thread = threading.Thread(target=lambda: client.chat_postMessage(channel=channel, text="届いた"))
    thread.start()
    assert hold.reached.wait(5)
    assert [message["text"] for message in workspace.history(channel)] == ["届いた"]
    assert thread.is_alive()
    hold.release.set()
    thread.join(5)
    assert not thread.is_alive()


def test_metadata_times_and_pages(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    metadata = {"event_type": "answer", "event_payload": {"key": "1"}}
    times = [client.chat_postMessage(channel=channel, text=str(n), metadata=metadata)["ts"] for n in range(5)]
    first = client.conversations_history(channel=channel, limit=2)
    assert [message["text"] for message in first["messages"]] == ["4", "3"]
    assert "metadata" not in first["messages"][0]
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel=channel, limit=2, cursor=cursor, include_all_metadata=True)
    assert [message["metadata"] for message in second["messages"]] == [metadata] * 2
    some = client.conversations_history(channel=channel, oldest=times[1], latest=times[4])["messages"]
    assert [message["text"] for message in some] == ["3", "2"]
    client.chat_postMessage(channel=channel, text="返事", thread_ts=times[0], metadata=metadata)
    replies = client.conversations_replies(channel=channel, ts=times[0], include_all_metadata=True)["messages"]
    assert [(message["text"], message["metadata"]) for message in replies] == [("0", metadata), ("返事", metadata)]
    assert replies[0]["bot_id"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.conversations_replies(channel=channel, ts="1.0")


def test_people_channels_and_the_app_itself(workspace: Workspace, gateway: Gateway) -> None:
    client = _client(gateway)
    guest = client.users_info(user=workspace.people["guest"])["user"]
    assert (guest["is_restricted"], guest["tz"]) == (True, "Asia/Tokyo")
    stranger = client.users_info(user=workspace.people["stranger"])["user"]
    assert stranger["is_stranger"]
    assert stranger["team_id"] != guest["team_id"]
    assert client.auth_test()["user_id"] == BOT_USER
    mine, other = workspace.make_channel(), workspace.make_channel(bot=False)
    pages = client.users_conversations(types="public_channel")  # other tests have made channels, too
    ids = {channel["id"] for page in pages for channel in page["channels"]}
    assert mine in ids
    assert other not in ids
    gateway.channels[mine] = {"is_ext_shared": True}
    assert client.conversations_info(channel=mine)["channel"]["is_ext_shared"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel=other, text="入れない")
    with pytest.raises(SlackApiError, match="invalid_auth"):
        _client(gateway, "xoxb-wrong").auth_test()
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("no.such")
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.reactions_get(channel=mine, timestamp="1.0")


def test_uploads(workspace: Workspace, gateway: Gateway) -> None:
    channel = workspace.make_channel()
    done = _client(gateway).files_upload_v2(
        channel=channel, file=BytesIO(b"\x89PNG"), filename="図.png", initial_comment="推移"
    )
    assert list(gateway.uploads.values()) == [b"\x89PNG"]
    assert list(gateway.uploads) == [done["file"]["id"]]
    (message,) = workspace.history(channel)
    assert message["files"][0]["name"] == "図.png"


def test_response_urls(gateway: Gateway) -> None:
    gateway.refuse_block_types = {"section"}
    url = gateway.new_response_url()
    client = WebhookClient(url)
    assert client.send(text="答え", response_type="in_channel").status_code == 200
    assert client.send(text="答え", blocks=[{"type": "section"}]).body.startswith('{"ok": false')
    for _ in range(3):
        client.send(text="答え", replace_original=True)
    assert client.send(text="六度目").status_code == 404
    assert [response.body.get("response_type") for response in gateway.responses_to(url)] == ["in_channel"] + [None] * 4
    assert len(gateway.responses_to(url)[1].faults) == 2


def test_what_slack_takes_in_silence(workspace: Workspace, gateway: Gateway) -> None:
    client, channel = _client(gateway), workspace.make_channel()
    prompts = [{"title": "認知度", "message": "認知度は?"}]
    client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    assert gateway.mistakes == []
    client.assistant_threads_setSuggestedPrompts(channel_id=channel, thread_ts="1.0", prompts=prompts)
    client.assistant_threads_setStatus(channel_id=channel, thread_ts="1.0", status="調べています")
    client.chat_postMessage(channel=channel, text="<!channel> みなさん")
    assert len(gateway.mistakes) == 2
    gateway.mistakes.clear()

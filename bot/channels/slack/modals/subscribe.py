"""The form for a subscription: the first message to its recipient shows that the digests will arrive."""

from datetime import datetime

from slack_sdk.errors import SlackApiError

from bot.channels.directory import directory_of
from bot.channels.slack.admission import is_open
from bot.channels.slack.arrivals import CHANNEL
from bot.channels.slack.blocks import Block
from bot.channels.slack.desk import Desk
from bot.channels.slack.messages import note_message
from bot.channels.slack.modals.views import (
    Reply,
    View,
    errors,
    field,
    form,
    given,
    menu,
    notice,
    option,
    search_menu,
    update,
)
from bot.channels.slack.people import author_of, called
from bot.channels.slack.posting import reason_of
from bot.digests.scope import resolve_scope
from bot.digests.wording import KINDS, RHYTHMS, next_told, told
from data.engine import writing
from data.subscriptions import DigestKind, Rhythm, Wish, add_subscription, read_subscriptions

_TITLE = "定期報告を購読"
_HOUR = 9
_WHERE = "選ばなければ、あなたへのダイレクトメッセージで届けます。"
_SCOPE = "状況は分野・章・計画、登録のお願いは担当課で絞れます。選ばなければ全体です。"
_WHEN = "その週・月・四半期の最初の開庁日に届けます。"
_NOT_YOURS = "ダイレクトメッセージは、あなたあてにだけ届けられます。その場合は、ここを空にしてください。"
_NOT_OPEN = (
    "このチャンネルでは、しるべを使わない設定になっています（SLACK_CHANNELS）。ほかのチャンネルを選んでください。"
)
_INVITE = (
    "しるべがこのチャンネルに参加していません。チャンネルで「/invite @しるべ」と入力してから、もう一度お試しください。"
)
# What Slack says where a message cannot be posted, in words.
_REFUSALS = {
    "not_in_channel": _INVITE,
    "channel_not_found": _INVITE,
    "is_archived": "このチャンネルはアーカイブされています。ほかのチャンネルを選んでください。",
    "restricted_action": "このチャンネルに投稿できる人が限られています。ほかを選んでください。",
    "restricted_action_read_only_channel": "このチャンネルは閲覧専用です。ほかのチャンネルを選んでください。",
    "ratelimited": "Slackが混み合っています。1分ほどたってから、もう一度お試しください。",
}


def opened(desk: Desk, user: str, channel: str, now: datetime) -> View:
    conversations: Block = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private", "im"], "exclude_external_shared_channels": True},
    }
    kinds = [option("状況のお知らせ", DigestKind.SUMMARY), option(KINDS[DigestKind.REMINDER], DigestKind.REMINDER)]
    rhythms = [option(word, rhythm) for rhythm, word in RHYTHMS.items()]
    hours = [option(f"{hour}時", str(hour)) for hour in range(24)]
    blocks = [
        field("where", "届け先", conversations, _WHERE, optional=True),
        field("kind", "内容", menu(kinds, DigestKind.SUMMARY)),
        field("scope", "範囲", search_menu("全体"), _SCOPE, optional=True),
        field("rhythm", "間隔", menu(rhythms, Rhythm.MONTHLY), _WHEN),
        field("hour", "時刻", menu(hours, str(_HOUR))),
    ]
    return form("subscribe", _TITLE, "購読する", blocks)


def submit(desk: Desk, user: str, view: View, now: datetime) -> Reply:
    """Subscribes once the recipient has the first message; else what is wrong, and nothing is written."""
    kind = DigestKind(given(view, "kind"))
    try:
        scope = resolve_scope(directory_of(desk.store, desk.organisation).catalogue, kind, given(view, "scope"))
    except ValueError as error:
        return errors({"scope": str(error)})
    chosen = given(view, "where")
    if not is_open(chosen, desk.settings) and chosen:
        return errors({"where": _NOT_OPEN})
    if chosen.startswith("D") and chosen != _own_conversation(desk, user):
        return errors({"where": _NOT_YOURS})
    recipient = user if not chosen or chosen.startswith("D") else chosen
    wish = Wish(CHANNEL, recipient, kind, scope, Rhythm(given(view, "rhythm")), int(given(view, "hour")))
    with desk.store.engine.connect() as connection:
        same = next((one for one in read_subscriptions(connection, desk.organisation) if one.wish == wish), None)
    if same:
        return errors({"where": f"同じ購読がもうあります（番号{same.id}）。"})
    author = author_of(desk, user, now)
    line = f"定期報告を届けます: {told(wish)}。最初は{next_told(wish, now)}です。"
    refused = _announce(
        desk, recipient, line if recipient == user else f"{line}（{called(author.by, user)}さんの設定）"
    )
    if refused:
        return errors({"where": refused})
    try:
        with writing(desk.store.engine) as connection:
            number = add_subscription(connection, desk.organisation, wish, author)
    except ValueError as error:  # somebody was quicker
        return errors({"where": str(error)})
    ending = "やめるときは、アプリの「ホーム」の「やめる」を押してください。"
    return update(notice(_TITLE, [f"購読を登録しました（番号{number}）。", line, ending]))


def _own_conversation(desk: Desk, user: str) -> str:
    """The direct message between this person and the bot."""
    return str(desk.client.conversations_open(users=user)["channel"]["id"])


def _announce(desk: Desk, recipient: str, text: str) -> str:
    """Tells the recipient what will come; why Slack did not take it, "" where it did."""
    message = note_message(text)
    try:
        desk.client.chat_postMessage(channel=recipient, text=message.text, blocks=message.forms[0])
    except SlackApiError as error:
        reason = reason_of(error)
        return _REFUSALS.get(
            reason, f"Slackがこの届け先への投稿を受け付けませんでした（{reason}）。ほかを選んでください。"
        )
    except OSError:  # it may have been posted all the same: once more does no harm
        return "Slackから返事がありませんでした。もう一度お試しください。"
    return ""

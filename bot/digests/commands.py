"""The commands of digests: `python -m bot digest`, `subscribe`, `subscriptions`."""

import os
import re
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from bot.answer import Answer
from bot.config import CannotStart
from bot.digests.delivery import compose, hand_out
from bot.digests.scope import resolve_scope
from bot.digests.situation import situation_reader
from bot.digests.wording import RHYTHMS, next_told, told
from bot.lasting import add_metrics
from data.changes import Author
from data.commandline import Parser, fail, login_name
from data.engine import writing
from data.fiscal_year import TOKYO
from data.store import Store
from data.subscriptions import (
    DigestKind,
    Rhythm,
    Subscription,
    Wish,
    add_subscription,
    end_subscription,
    read_subscriptions,
)

TERMINAL, SLACK, TEAMS = "terminal", "slack", "teams"
#: The channels that hand out digests, as the command line names them.
CHANNELS = {TERMINAL: "端末", SLACK: "Slack", TEAMS: "Teams"}
# What Slack calls its conversations and people: 「C0123ABCD」, 「U0123ABCD」.
_SLACK_ID = re.compile(r"[CGDUW][A-Z0-9]{2,}")


def add_commands(commands: Any) -> None:
    """Adds the commands to argparse's (whose own type has no public name)."""
    digest: Parser = commands.add_parser("digest", help="定期報告を出します")
    what = digest.add_mutually_exclusive_group(required=True)
    what.add_argument("--due", action="store_true", help="今が配る時刻のものを、一度ずつ配ります（--print と一緒に）")
    what.add_argument("--work", action="store_true", help="動き続けて、SlackとTeamsへ、配る時刻のものを配ります")
    what.add_argument("--preview", action="store_true", help="今の内容を表示するだけで、何も書き込みません")
    add_metrics(digest)
    digest.add_argument("--print", action="store_true", help="配る内容を、宛先とともに表示します")
    digest.add_argument("--now", type=_moment, default=None, metavar="日時", help=_NOW_HELP)
    _add_scope(digest)
    digest.set_defaults(run=_digest)

    subscribe = commands.add_parser("subscribe", help="定期報告を購読します")
    subscribe.add_argument("channel", choices=CHANNELS, metavar="経路", help="terminal（端末）、slack、teams")
    subscribe.add_argument(
        "recipient", metavar="宛先", help="端末では好きな名前、Slackではチャンネルかメンバー、Teamsでは会話か人のID"
    )
    _add_scope(subscribe)
    subscribe.add_argument(
        "--every", default="monthly", metavar="間隔", help="weekly（毎週）、monthly（毎月）、quarterly（四半期）"
    )
    subscribe.add_argument("--hour", type=int, default=9, metavar="時", help="配る時刻、0〜23時（なければ9時）")
    subscribe.set_defaults(run=_subscribe)

    subscriptions = commands.add_parser("subscriptions", help="購読の一覧を表示します")
    subscriptions.add_argument("--end", type=int, default=None, metavar="番号", help="この番号の購読をやめます")
    subscriptions.set_defaults(run=_subscriptions)


_NOW_HELP = "この日時（日本時間、2026-12-01T09:00）に実行したものとして扱います。配った記録も、その日時で残ります"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


def _add_scope(parser: Parser) -> None:
    parser.add_argument(
        "--scope", default="", metavar="範囲", help="分野・章・計画の名前（なければ全体）。--reminder では担当課"
    )
    parser.add_argument(
        "--reminder", action="store_true", help="実績の登録のお願い（期限を過ぎた指標を、担当課ごとに）"
    )


def _digest(store: Store, organisation: str, options: Namespace) -> None:
    if options.preview:
        _preview(store, organisation, options)
    elif options.work:
        _work(store, organisation, options)
    elif not options.print:
        fail("--due には --print を付けてください（定期報告を標準出力に表示します）。")
    else:
        _hand_out(store, organisation, options)


def _work(store: Store, organisation: str, options: Namespace) -> None:
    # The channels' libraries are imported where they are used: no other command of these needs them.
    from bot import metrics
    from bot.digests.working import work

    try:
        with metrics.shown_at(options.metrics):
            work(store, organisation, os.environ)
    except (CannotStart, ValueError) as reason:
        fail(str(reason))


def _preview(store: Store, organisation: str, options: Namespace) -> None:
    kind, scope = _scope(store, organisation, options)
    situation = situation_reader(store, organisation)(kind, scope, _now(options), None)
    answer = compose(kind, situation)
    print(answer.text.plain() if answer else "お知らせすることはありません。")


def _hand_out(store: Store, organisation: str, options: Namespace) -> None:
    handed = hand_out(store, organisation, TERMINAL, lambda: _now(options), _print)
    if handed.skipped:
        print(f"変わったところがないので配らなかったもの: {handed.skipped}件")
    if handed.failed:
        fail(f"{handed.failed}件を配れませんでした。10分たってからの実行で、もう一度試します。")
    if not (handed.delivered or handed.skipped):
        print("今、配るものはありません。")


def _print(subscription: Subscription, digest: Answer, key: str) -> None:
    print(
        f"■ {subscription.wish.recipient} へ（{told(subscription.wish)}、番号 {key}）\n{digest.text.plain()}\n",
        flush=True,
    )


def _subscribe(store: Store, organisation: str, options: Namespace) -> None:
    every = {word: rhythm for rhythm, word in RHYTHMS.items()} | {rhythm.value: rhythm for rhythm in Rhythm}
    if options.every not in every:
        fail("--every には weekly（毎週）、monthly（毎月）、quarterly（四半期）のどれかを指定してください。")
    kind, scope = _scope(store, organisation, options)
    now = datetime.now(UTC)
    wish = Wish(options.channel, options.recipient.strip(), kind, scope, every[options.every], options.hour)
    try:
        check_recipient(wish.channel, wish.recipient)
        with writing(store.engine) as connection:
            number = add_subscription(connection, organisation, wish, Author(login_name(), now))
    except ValueError as error:
        fail(str(error))
    print(f"購読を登録しました（番号{number}）: {wish.recipient} へ、{told(wish)}。最初は{next_told(wish, now)}です。")


def check_recipient(channel: str, recipient: str) -> None:
    """Raises ValueError for what cannot be a recipient in a channel."""
    if channel == SLACK and not _SLACK_ID.fullmatch(recipient):
        raise ValueError("Slackの宛先は、チャンネルかメンバーのID（C0123ABCD など）で指定してください。")


def _subscriptions(store: Store, organisation: str, options: Namespace) -> None:
    now = datetime.now(UTC)
    if options.end is not None:
        try:
            with writing(store.engine) as connection:
                end_subscription(connection, organisation, options.end, Author(login_name(), now))
        except ValueError as error:
            fail(str(error))
        print(f"番号{options.end}の購読をやめました。")
        return
    with store.engine.connect() as connection:
        found = read_subscriptions(connection, organisation)
    for one in found:
        since = f"{one.at.astimezone(TOKYO):%Y-%m-%d} {one.by} が登録"
        where = CHANNELS.get(one.wish.channel, one.wish.channel)
        print(
            f"{one.id}. {one.wish.recipient}（{where}）へ、{told(one.wish)}。次は{next_told(one.wish, now)}（{since}）"
        )
    if not found:
        print("購読はありません。")


def _scope(store: Store, organisation: str, options: Namespace) -> tuple[DigestKind, str]:
    kind = DigestKind.REMINDER if options.reminder else DigestKind.SUMMARY
    try:
        return kind, resolve_scope(store.catalogue(organisation), kind, options.scope)
    except ValueError as error:
        fail(str(error))


def _now(options: Namespace) -> datetime:
    now: datetime = options.now or datetime.now(UTC)
    return now

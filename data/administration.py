"""The commands of whoever runs Shirube: grant, roles, changes, forget."""

import os
from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import settings
from data.commandline import add_author, author_of
from data.engine import writing
from data.facts import CHANGES
from data.history import moment
from data.retention import forget
from data.roles import ROLE_NAMES, grant, read_roles, role_named
from data.trail import read_trail

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from data.commandline import Parser


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    granting = commands.add_parser("grant", help="実績を登録できる人や管理者を決めます")
    granting.add_argument("person", metavar="人", help="経路とその人のID。例: slack:U0123ABCD")
    granting.add_argument("role", metavar="役割", help="登録者（recorder）、管理者（administrator）、閲覧者（viewer）")
    add_author(granting)
    granting.set_defaults(run=_grant)

    roles = commands.add_parser("roles", help="登録者と管理者の一覧を表示します")
    roles.set_defaults(run=_roles)

    changes = commands.add_parser("changes", help="いつ、誰が、何を書き込んだかを、古い順に表示します")
    changes.add_argument("--last", type=int, default=None, metavar="件数", help="新しいほうから、この件数だけ")
    changes.set_defaults(run=_changes)

    forgetting = commands.add_parser(
        "forget", help="期限を過ぎた質問の文と対話の記憶を消します（SHIRUBE_QUESTION_DAYS、SHIRUBE_CONVERSATION_DAYS）"
    )
    forgetting.set_defaults(run=_forget)


def _grant(engine: sa.Engine, options: Namespace) -> None:
    role = role_named(options.role)
    with writing(engine) as connection:
        before = grant(connection, settings.organisation(os.environ), options.person, role, author_of(options))
    if before is role:
        print(f"{options.person} はもう{ROLE_NAMES[role]}です。何も書き込みませんでした。")
    else:
        print(f"{options.person} を{ROLE_NAMES[role]}にしました（前は{ROLE_NAMES[before]}）。")


def _roles(engine: sa.Engine, options: Namespace) -> None:
    with engine.connect() as connection:
        granted = read_roles(connection, settings.organisation(os.environ))
    for one in granted:
        print(f"- {one.person} {ROLE_NAMES[one.role]}（{one.by}さんが {moment(one.at)} に決めた）")
    if not granted:
        print("登録者と管理者は、まだ一人もいません。python -m data grant slack:U0123ABCD 管理者 のように決めます。")


def _changes(engine: sa.Engine, options: Namespace) -> None:
    if options.last is not None and options.last < 1:
        raise ValueError(f"--last には1以上の整数（件数）を指定してください（今は{options.last}）。")
    with engine.connect() as connection:
        entries = read_trail(connection, settings.organisation(os.environ), options.last)
    for entry in entries:
        change = entry.change
        source = "、".join(filter(None, (change.by, change.file)))
        about = f": {entry.about}" if entry.about else ""
        print(f"- {moment(change.at)} {source}（{CHANGES.get(change.kind, change.kind)}）{about}")
    if not entries:
        print("まだ何も書き込まれていません。")


def _forget(engine: sa.Engine, options: Namespace) -> None:
    question_days = settings.question_days(os.environ)
    conversation_days = settings.conversation_days(os.environ)
    done = forget(engine, datetime.now(UTC), question_days, conversation_days)
    print(
        f"消したもの: 答えられなかった質問{done.questions}件、答え終えた問い合わせ{done.events}件、"
        f"対話の記憶{done.threads}件、番号のついた答えの質問の文{done.answers}件、"
        f"確認を待つファイル{done.uploads}件\n"
        f"残す期間: 質問は{question_days}日、対話の記憶は最後の質問の日から{conversation_days}日"
    )

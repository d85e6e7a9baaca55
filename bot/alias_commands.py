"""The commands of aliases: `python -m bot alias propose`, `withdraw`, `proposals`, `accept`, `decline`."""

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from bot.config import today
from bot.replay import named, with_alias, without_alias
from bot.trials import Trial, try_alias
from data.aliases import add_alias, alias_text, withdraw_alias
from data.changes import Author
from data.commandline import Parser, fail, login_name
from data.engine import writing
from data.history import moment
from data.proposals import Proposal, decide, read_proposal, read_proposals
from data.store import Store


def add_commands(commands: Any) -> None:
    """Adds the commands to argparse's (whose own type has no public name)."""
    alias: Parser = commands.add_parser("alias", help="別名を試してから登録し、外します。寄せられた提案を決めます")
    parts = alias.add_subparsers(title="操作", required=True, metavar="操作")

    proposing = parts.add_parser("propose", help="別名を足すと変わる答えを見せてから、登録します")
    proposing.set_defaults(run=_propose)
    withdrawing = parts.add_parser("withdraw", help="別名を外すと変わる答えを見せてから、外します")
    withdrawing.set_defaults(run=_withdraw)
    for command in (proposing, withdrawing):
        command.add_argument("text", metavar="別名")
        command.add_argument("indicator", metavar="指標名")

    waiting = parts.add_parser("proposals", help="利用者から提案された別名のうち、まだ決めていないものを表示します")
    waiting.set_defaults(run=_proposals)

    accepting = parts.add_parser("accept", help="提案された別名で変わる答えを見せてから、登録します")
    accepting.add_argument("number", type=int, metavar="番号")
    accepting.set_defaults(run=_accept)
    for command in (proposing, accepting, withdrawing):
        command.add_argument("--yes", action="store_true", help="確認せずに書き込みます")

    declining = parts.add_parser("decline", help="提案された別名を見送ります")
    declining.add_argument("number", type=int, metavar="番号")
    declining.set_defaults(run=_decline)


def _propose(store: Store, organisation: str, options: Namespace) -> None:
    catalogue = store.catalogue(organisation)
    try:
        text, indicators = alias_text(options.text), named(catalogue, options.indicator)
        after = with_alias(catalogue, text, indicators)
        _show_changes(try_alias(store, organisation, catalogue, after, text, today()))
        if not options.yes and not _confirmed("登録し"):
            return
        with writing(store.engine) as connection:
            added = add_alias(connection, organisation, text, options.indicator, _author())
    except ValueError as error:
        fail(str(error))
    print("別名を登録しました。" if added else "その別名はもう登録されています。")


def _withdraw(store: Store, organisation: str, options: Namespace) -> None:
    catalogue = store.catalogue(organisation)
    try:
        text, named_so = alias_text(options.text), named(catalogue, options.indicator)
        having = [one.id for one in catalogue.indicators if one.id in named_so and text in one.aliases]
        if not having:
            raise ValueError(f"「{options.indicator}」に「{text}」という別名はありません。")
        after = without_alias(catalogue, text, having)
        _show_changes(try_alias(store, organisation, catalogue, after, text, today()))
        if not options.yes and not _confirmed("外し"):
            return
        with writing(store.engine) as connection:
            withdraw_alias(connection, organisation, text, having, _author())
    except ValueError as error:
        fail(str(error))
    print("別名を外しました。")


def _proposals(store: Store, organisation: str, options: Namespace) -> None:
    with store.engine.connect() as connection:
        waiting = read_proposals(connection, organisation)
    for one in waiting:
        print(f"{one.id}. {_told(one)}（{one.by}さんが {moment(one.at)} に提案）")
    if not waiting:
        print("決めていない提案はありません。")


def _accept(store: Store, organisation: str, options: Namespace) -> None:
    try:
        with store.engine.connect() as connection:
            proposal = read_proposal(connection, organisation, options.number)
        print(_told(proposal))
        catalogue = store.catalogue(organisation)
        after = with_alias(catalogue, proposal.text, [proposal.indicator_id])
        _show_changes(try_alias(store, organisation, catalogue, after, proposal.text, today()))
        if not options.yes and not _confirmed("登録し"):
            return
        with writing(store.engine) as connection:
            decide(connection, organisation, options.number, True, _author())
    except ValueError as error:
        fail(str(error))
    print("別名を登録しました。")


def _decline(store: Store, organisation: str, options: Namespace) -> None:
    try:
        with writing(store.engine) as connection:
            proposal = decide(connection, organisation, options.number, False, _author())
    except ValueError as error:
        fail(str(error))
    print(f"見送りました: {_told(proposal)}")


def _show_changes(trial: Trial) -> None:
    """Prints every recorded question whose answer would change, with the answer before and after."""
    print(f"{trial.messages}の質問のうち、答えが変わるのは{len(trial.changed)}件です。")
    for one in trial.changed:
        before, after = (answer.text.body().splitlines()[0] for answer in (one.before, one.after))
        print(f"- {one.message}\n    今: {before}\n    後: {after}")


def _confirmed(act: str) -> bool:
    """Does somebody say yes? `act` is what is to be done, before ます: 「登録し」."""
    try:
        typed = input(f"この別名を{act}ますか [y/N]: ")
    except EOFError:  # nobody is there to be asked
        typed = ""
    if typed.strip().lower() in ("y", "yes", "はい"):
        return True
    print(f"{act}ませんでした。")
    return False


def _told(proposal: Proposal) -> str:
    return f"「{proposal.text}」を「{proposal.indicator}」の別名に"


def _author() -> Author:
    return Author(login_name(), datetime.now(UTC))

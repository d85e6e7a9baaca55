"""What an administrator decides about a proposed alias, by the buttons under its message."""

from datetime import datetime

from bot.channels.slack.desk import Desk
from bot.channels.slack.people import author_of, role_in
from data.engine import writing
from data.proposals import decide
from data.roles import may_administer


def decide_proposal(desk: Desk, user: str, number: int, accept: bool, now: datetime) -> str:
    """Makes a proposal an alias or declines it; gives what is to be said in place of the buttons."""
    if not may_administer(role_in(desk, user)):
        return f"提案（番号{number}）を登録したり見送ったりできるのは、管理者です。何も変えていません。"
    author = author_of(desk, user, now)
    try:
        with writing(desk.store.engine) as connection:
            proposal = decide(connection, desk.organisation, number, accept, author)
    except ValueError as error:
        return str(error)
    done = "登録しました" if accept else "見送りました"
    return f"番号{number}の提案を{done}: 「{proposal.text}」→ {proposal.indicator}（提案: {proposal.by}さん）"

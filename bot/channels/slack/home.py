"""The home of a person: where things stand, what they follow, asked and subscribed to, and how to ask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.answers import cards, wording
from bot.answers.judging import told_status
from bot.channels.directory import Directory, directory_of
from bot.channels.phrases import HELP
from bot.channels.slack.arrivals import CHANNEL, person
from bot.channels.slack.blocks import Block, actions, parts, plain_lines, plain_text, rich_text
from bot.channels.slack.desk import Desk
from bot.channels.slack.escape import one_line
from bot.channels.slack.modals.views import View, lines_of
from bot.channels.slack.people import author_of, is_by, role_in
from bot.digests.wording import next_told, told
from bot.figures import Row, judged_by, rows_of, under_way
from bot.quantities import label_of
from bot.question import Question
from bot.scorecard import Scorecard, scorecard
from data.engine import writing
from data.events import latest_asked
from data.facts import Indicator
from data.fiscal_year import TOKYO, FiscalYear
from data.follows import followed, unfollow
from data.history import moment
from data.roles import may_administer, may_record
from data.store import Store
from data.subscriptions import Subscription, end_subscription, read_subscriptions

# Slack takes 100 blocks: these many of each, and many more nobody reads on one page.
_FOLLOWED, _ASKED, _SUBSCRIPTIONS, _PLANS, _AREAS = 20, 5, 20, 5, 20
# To judge more than these takes seconds, for a page that is opened by the way.
_JUDGED = 5_000
_TEXT = 300
_MANY = "指標が多いので、ここには状況を出していません。「全体の状況は?」のように聞いてください。"


def home_view(desk: Desk, user: str, now: datetime) -> View:
    """The home tab of a person, for views.publish."""
    directory, today = directory_of(desk.store, desk.organisation), now.astimezone(TOKYO).date()
    blocks = [
        _header("しるべ"),
        *lines_of(
            ["KPIの目標値・基準値・実績値に、日本語でお答えします。このアプリの「メッセージ」で聞いてください。"]
        ),
        *actions(list(_buttons(desk, user))),
        _header("状況"),
        *_state(desk, directory, today),
        _header("フォロー中の指標"),
        *_follows(desk, directory, user, today),
        _header("最近の質問"),
        *_latest(desk, user),
        _header("定期報告"),
        *_subscriptions(desk, user, now),
        _header("聞き方の例"),
        *_examples(desk, today),
    ]
    return {"type": "home", "blocks": blocks}


def home_press(desk: Desk, user: str, action_id: str, value: str, now: datetime) -> None:
    """Does what a button of the home says: 「unfollow」 an indicator by its id, 「unsubscribe」 a number.

    A subscription of somebody else only administrators end; what is not there any more needs nothing to be done.
    """
    if not value.isdecimal():
        return
    number = int(value)
    if action_id == "unfollow":
        with writing(desk.store.engine) as connection:
            unfollow(connection, desk.organisation, person(user), number)
    elif action_id == "unsubscribe":
        author = author_of(desk, user, now)
        is_administrator = may_administer(role_in(desk, user))
        with writing(desk.store.engine) as connection:
            here = _here(read_subscriptions(connection, desk.organisation))
            if any(one.id == number and (is_administrator or is_by(one.by, user)) for one in here):
                end_subscription(connection, desk.organisation, number, author)


def _here(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    return [one for one in subscriptions if one.wish.channel == CHANNEL]


def _header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text)}


def _buttons(desk: Desk, user: str) -> Iterator[Block]:
    if may_record(role_in(desk, user)):
        yield _button("実績を登録", "open:record")
    yield _button("定期報告を購読", "open:subscribe")
    yield _button("別名を提案", "open:propose")


def _button(text: str, action_id: str, value: str = "") -> Block:
    button = {"type": "button", "action_id": action_id, "text": plain_text(text)}
    return {**button, "value": value} if value else button


def _with_button(lines: Sequence[str], button: Block) -> Block:
    text = "\n".join(filter(None, (one_line(line, _TEXT) for line in lines)))
    return {"type": "section", "text": plain_text(text), "accessory": button}


@dataclass(frozen=True, slots=True)
class _State:
    """How one plan stands: a title in bold where there are several plans, then lines."""

    title: str
    lines: tuple[str, ...]


def _state(desk: Desk, directory: Directory, today: date) -> list[Block]:
    catalogue = directory.catalogue
    meant = [plan for plan in catalogue.plans if desk.plan in ("", plan.title)] or list(catalogue.plans)
    ids = {plan.id for plan in meant[:_PLANS]}
    indicators = [one for one in catalogue.indicators if one.plan.id in ids]
    if not indicators:
        return lines_of(["計画がまだ登録されていません。"])
    if len(indicators) > _JUDGED:
        return lines_of([f"計画{len(catalogue.plans)}件、指標{len(catalogue.indicators):,}件", _MANY])
    states = _judged(desk.store, desk.organisation, desk.plan, catalogue.revision, today)
    elements: list[Block] = []
    for state in states:
        titled = [(state.title, True)] if len(states) > 1 else []
        elements += parts([*titled, *plain_lines(state.lines)])
    more = [f"ほかに計画が{len(meant) - _PLANS}件あります。"] if len(meant) > _PLANS else []
    return rich_text([*elements, *parts(plain_lines(more))])


@lru_cache(16)
def _judged(store: Store, organisation: str, plan: str, revision: int, today: date) -> tuple[_State, ...]:
    """How the first plans stand as of a revision and day: the same for everybody who opens their home."""
    catalogue = store.catalogue(organisation)
    meant = [one for one in catalogue.plans if plan in ("", one.title)] or list(catalogue.plans)
    states = []
    for one in meant[:_PLANS]:
        indicators = [indicator for indicator in catalogue.indicators if indicator.plan.id == one.id]
        card = scorecard(rows_of(indicators, store.facts(indicators)), today)
        states.append(_State(one.title, tuple(_card_lines(card))))
    return tuple(states)


def _card_lines(card: Scorecard) -> Iterator[str]:
    yield f"{card.year.name}（{card.scale.name}）"
    yield from cards.recorded(card)
    areas = card.areas()
    for area, own in list(areas.items())[:_AREAS]:
        name = " ".join(area.split()) or "（分野なし）"
        if own.recorded:
            yield f"・{name}（{len(own.judged)}指標）: {cards.counts(own)}"
        else:
            yield f"・{name}: 目標{len(own.judged)}件、実績はまだ登録されていません"
    if len(areas) > _AREAS:
        yield f"ほかに{len(areas) - _AREAS}分野あります。"


def _follows(desk: Desk, directory: Directory, user: str, today: date) -> list[Block]:
    with desk.store.engine.connect() as connection:
        numbers = followed(connection, desk.organisation, person(user))
    known = [directory.by_id[one] for one in numbers if one in directory.by_id]
    if not known:
        return lines_of(["まだありません。答えの下の「フォロー」を押すと、ここにいつも表示します。"])
    shown = known[:_FOLLOWED]
    rows = rows_of(shown, desk.store.facts(shown))
    own = [_with_button([_name(directory, row.indicator), *_stand(row, today)], _unfollow(row)) for row in rows]
    return [*own, *(lines_of([f"ほかに{len(known) - _FOLLOWED}件あります。"]) if len(known) > _FOLLOWED else [])]


def _name(directory: Directory, indicator: Indicator) -> str:
    apart = directory.apart(indicator)
    return f"{indicator.name}（{apart}）" if apart else indicator.name


def _unfollow(row: Row) -> Block:
    return _button("やめる", "unfollow", str(row.indicator.id))


def _stand(row: Row, today: date) -> Iterator[str]:
    """「令和5年度: 実績 26、目標 30（判定: 遅れ）」: of the latest result's year, else of this one.

    Then the target of this year, or the plan's year nearest to it, where the result is older.
    """
    plan, this_year = row.indicator.plan, FiscalYear.of_date(today)
    now = min(max(this_year, plan.first_year), plan.last_year)
    year = row.latest.fiscal_year if row.latest and row.latest.fiscal_year else now
    status = told_status(row, year, plan.scale)
    told_as = f"（判定: {status.status}{'、途中経過' if under_way(row, year, today) else ''}）" if status else ""
    yield f"{year.name}: {_figures(row, year) or '目標も実績もありません'}{told_as}"
    if year < now and (to_come := _figures(row, now)):
        yield f"{now.name}: {to_come}"


def _figures(row: Row, year: FiscalYear) -> str:
    facts = judged_by(row, year)
    return "、".join(f"{label_of(fact)} {wording.figure(fact)}" for fact in facts) + wording.unit_note(facts)


def _latest(desk: Desk, user: str) -> list[Block]:
    with desk.store.engine.connect() as connection:
        asked = latest_asked(connection, desk.organisation, person(user), _ASKED)
    lines = [f"・{moment(one.at)} 「{_cut(one.question)}」 → {_cut(one.reply)}" for one in asked]
    return lines_of(lines or ["まだありません。"])


def _cut(text: str) -> str:
    return one_line(text, _TEXT)


def _subscriptions(desk: Desk, user: str, now: datetime) -> list[Block]:
    """Those that the person made; for an administrator everybody's."""
    with desk.store.engine.connect() as connection:
        found = _here(read_subscriptions(connection, desk.organisation))
    sees_all = may_administer(role_in(desk, user))
    own = [one for one in found if sees_all or is_by(one.by, user)]
    blocks = [block for one in own[:_SUBSCRIPTIONS] for block in _subscription(one, user, now)]
    more = [f"ほかに{len(own) - _SUBSCRIPTIONS}件あります。"] if len(own) > _SUBSCRIPTIONS else []
    return [*blocks, *lines_of(more if own else ["まだありません。「定期報告を購読」から登録できます。"])]


def _subscription(one: Subscription, user: str, now: datetime) -> Iterator[Block]:
    """Where it goes is told by Slack itself, to each reader by what they may see."""
    recipient = one.wish.recipient
    is_person = recipient.startswith(("U", "W"))
    where = {"type": "user", "user_id": recipient} if is_person else {"type": "channel", "channel_id": recipient}
    made = "" if is_by(one.by, user) else f"（{_cut(one.by)}さんが登録）"
    words = {"type": "text", "text": f" へ{made}"}
    yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [where, words]}]}
    yield _with_button(
        [f"{told(one.wish)}。次は{next_told(one.wish, now)}"], _button("やめる", "unsubscribe", str(one.id))
    )


def _examples(desk: Desk, today: date) -> list[Block]:
    answer = desk.ask(Question(HELP, today, desk.organisation, plan=desk.plan))
    return lines_of([f"・{_cut(question)}" for question in answer.examples] or list(answer.text.lines))

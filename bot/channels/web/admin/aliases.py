"""Other names of indicators: those there are, what a new one or one less would change, and proposals that wait."""

from collections.abc import Callable, Collection

from starlette.responses import Response

from bot.channels.directory import directory_of
from bot.channels.web.admin.finding import GONE, Named, find, indicator_of, named
from bot.channels.web.admin.frame import LINES, go_to, number_in, page_of, show
from bot.channels.web.desk import Desk, Visit, author_of
from bot.channels.web.pages import Page, render_notice
from bot.replay import with_alias, without_alias
from bot.trials import MOST_INDICATORS, Trial, try_alias
from data.aliases import alias_text, withdraw_alias
from data.engine import writing
from data.facts import Catalogue, name_key
from data.proposals import decide, propose, read_proposal, read_proposals
from data.roles import may_administer

# These many of the project's own dialogues take about a second.
_THREADS = 100


def show_aliases(desk: Desk, visit: Visit) -> Response:
    """Proposals that wait, and indicators with their aliases: those that are looked for, else all that have one."""
    typed, page = visit.query.get("q", ""), page_of(visit)
    directory = directory_of(desk.store, desk.organisation)
    if typed.strip():
        listed, has_more = find(desk, visit, typed), False
    else:
        own = [one for one in directory.catalogue.indicators if one.aliases]
        listed = [named(directory, one) for one in own[(page - 1) * LINES : page * LINES]]
        has_more = page * LINES < len(own)
    with desk.store.engine.connect() as connection:
        proposals = read_proposals(connection, desk.organisation)
    return show(
        desk,
        visit,
        "aliases.html",
        typed=typed,
        text=visit.query.get("text", ""),
        listed=listed,
        page=page,
        has_more=has_more,
        proposals=proposals,
    )


def show_new(desk: Desk, visit: Visit) -> Response:
    """The form for an alias of one indicator; where one is given, what it would change, to be decided."""
    chosen = indicator_of(desk, visit.query.get("indicator", ""))
    if chosen is None:
        return render_notice(desk, visit, "指標がありません", (GONE,), status=404)
    return _new(desk, visit, chosen, visit.query.get("text", ""))


def add(desk: Desk, visit: Visit) -> Response:
    """Makes a name an alias of exactly one indicator, as the proposal of an administrator that is accepted at once."""
    chosen = indicator_of(desk, visit.form.get("indicator", ""))
    if chosen is None:
        return render_notice(desk, visit, "指標がありません", (GONE,), status=404)
    text, author = visit.form.get("text", ""), author_of(visit)
    try:
        with writing(desk.store.engine) as connection:
            number = propose(connection, desk.organisation, text, chosen.indicator.id, author)
            decide(connection, desk.organisation, number, True, author)
    except ValueError as error:
        return _new(desk, visit, chosen, text, str(error))
    return go_to("/admin/aliases", "alias", q=chosen.indicator.name)


def show_withdrawal(desk: Desk, visit: Visit) -> Response:
    """An alias that an indicator is to lose, with what that would change, to be decided."""
    text, chosen = visit.query.get("text", ""), indicator_of(desk, visit.query.get("indicator", ""))
    if chosen is None or text not in chosen.indicator.aliases:
        return render_notice(desk, visit, "別名がありません", ("この指標に、この別名はもうありません。",), status=404)
    trial = _try(desk, visit, text, chosen, without_alias)
    return show(
        desk, visit, "alias_withdraw.html", chosen=chosen, text=text, trial=trial, most_indicators=MOST_INDICATORS
    )


def withdraw(desk: Desk, visit: Visit) -> Response:
    """Takes an alias away from exactly one indicator; of two who do so the second is told of it."""
    text, number = visit.form.get("text", ""), number_in(visit.form.get("indicator", ""))
    try:
        with writing(desk.store.engine) as connection:
            withdraw_alias(connection, desk.organisation, text, {number}, author_of(visit))
    except ValueError as error:
        return render_notice(desk, visit, "別名がありません", (str(error),), status=409)
    return go_to("/admin/aliases", "withdrawn")


def show_proposal(desk: Desk, visit: Visit) -> Response:
    """A proposal with what it would change, to be decided."""
    number = visit.request.path_params["number"]
    try:
        with desk.store.engine.connect() as connection:
            proposal = read_proposal(connection, desk.organisation, number_in(str(number)))
    except ValueError as error:
        return render_notice(desk, visit, "この提案は決められません", (str(error),), status=404)
    chosen = indicator_of(desk, str(proposal.indicator_id))
    trial = _try(desk, visit, proposal.text, chosen) if chosen else None
    return show(
        desk, visit, "proposal.html", proposal=proposal, chosen=chosen, trial=trial, most_indicators=MOST_INDICATORS
    )


def decide_proposal(desk: Desk, visit: Visit) -> Response:
    """Accepts a proposal or declines it; of two who decide the second is told of the first."""
    number = number_in(str(visit.request.path_params["number"]))
    decision = visit.form.get("decision", "")
    if decision not in ("accept", "decline"):
        return go_to(f"/admin/proposals/{number}")
    try:
        with writing(desk.store.engine) as connection:
            decide(connection, desk.organisation, number, decision == "accept", author_of(visit))
    except ValueError as error:
        return render_notice(desk, visit, "この提案は決められません", (str(error),), status=409)
    return go_to("/admin/aliases", "alias" if decision == "accept" else "declined")


def _new(desk: Desk, visit: Visit, chosen: Named, text: str, problem: str = "") -> Response:
    trial: Trial | None = None
    if text and not problem:
        try:
            text = alias_text(text)
            own = (chosen.indicator.name, *chosen.indicator.aliases)
            if name_key(text) in map(name_key, own):
                raise ValueError(f"「{chosen.indicator.name}」は、もう「{text}」で聞けます。")
            trial = _try(desk, visit, text, chosen)
        except ValueError as error:
            problem = str(error)
    return show(
        desk,
        visit,
        "alias_new.html",
        422 if problem else 200,
        chosen=chosen,
        text=text,
        problem=problem,
        trial=trial,
        most_indicators=MOST_INDICATORS,
    )


def _try(
    desk: Desk,
    visit: Visit,
    text: str,
    chosen: Named,
    change: Callable[[Catalogue, str, Collection[int]], Catalogue] = with_alias,
) -> Trial:
    before = directory_of(desk.store, desk.organisation).catalogue
    after = change(before, text, {chosen.indicator.id})
    return try_alias(desk.store, desk.organisation, before, after, text, visit.today, _THREADS)


PAGES = (
    Page("/admin/aliases", show_aliases, needs=may_administer),
    Page("/admin/aliases", add, method="POST", needs=may_administer),
    Page("/admin/aliases/new", show_new, needs=may_administer),
    Page("/admin/aliases/withdraw", show_withdrawal, needs=may_administer),
    Page("/admin/aliases/withdraw", withdraw, method="POST", needs=may_administer),
    Page("/admin/proposals/{number:int}", show_proposal, needs=may_administer),
    Page("/admin/proposals/{number:int}", decide_proposal, method="POST", needs=may_administer),
)

"""Which of several plans a question is about, where it does not say."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.answer import name_of
from bot.knowledge import Knowledge, Target
from data.facts import Plan, name_key
from data.fiscal_year import FiscalYear
from nlp.asked import Asked
from nlp.indicators import Candidate
from nlp.periods import PlanYear
from nlp.query import Query


def prefer_plans(query: Query, knowledge: Knowledge) -> Query:
    """Of candidates that fit equally well in several plans, keeps those of the plan that the question must mean.

    Of plans that follow one another that is the one whose period holds the year asked; without a year, and for one name
    in several plans, the latest. Plans beside each other (of several ministries) are never told apart by years. What is
    left may still be several: then it is asked back, with the plans named.
    """
    if len(knowledge.catalogue.plans) < 2:
        return query
    return replace(query, asked=tuple(_preferred(asked, knowledge) for asked in query.asked))


def _preferred(asked: Asked, knowledge: Knowledge) -> Asked:
    targets = [knowledge.targets[candidate.entry] for candidate in asked.fitting]
    if len({target.plan.id for target in targets}) < 2 or not _follow({target.plan for target in targets}):
        return asked
    years = [limit for p in asked.periods for limit in (p.period.start, p.period.end) if isinstance(limit, FiscalYear)]
    if years:
        kept = _kept(asked.fitting, targets, [t.plan for t in targets if _holds(t.plan, years)])
    elif len({name_key(name_of(target)) for target in targets}) == 1 and not _of_plan(asked):
        kept = _kept(asked.fitting, targets, _latest([target.plan for target in targets]))
    else:
        kept = asked.fitting
    return replace(asked, fitting=kept or asked.fitting)


def _kept(fitting: Sequence[Candidate], targets: Sequence[Target], plans: Sequence[Plan]) -> tuple[Candidate, ...]:
    return tuple(candidate for candidate, target in zip(fitting, targets, strict=True) if target.plan in plans)


def _follow(plans: Collection[Plan]) -> bool:
    """Does each plan begin when the one before it ends, or later?"""
    return all(one.last_year <= next_one.first_year for one, next_one in pairwise(sorted(plans, key=_begin)))


def _begin(plan: Plan) -> tuple[FiscalYear, FiscalYear]:
    return plan.first_year, plan.last_year


def _holds(plan: Plan, years: Sequence[FiscalYear]) -> bool:
    return all(plan.first_year <= year <= plan.last_year for year in years)


def _of_plan(asked: Asked) -> bool:
    return any(isinstance(p.period.start, PlanYear) and p.period.start == p.period.end for p in asked.periods)


def _latest(plans: Sequence[Plan]) -> list[Plan]:
    last = max(plan.last_year for plan in plans)
    return [plan for plan in plans if plan.last_year == last]

"""Settings of the bot, from environment variables (those of the store are in data/settings.py)."""

import os
from datetime import date, datetime

from data import settings
from data.fiscal_year import TOKYO
from data.store import Store


class CannotStart(Exception):
    """What a server misses, in the operator's words."""


def today() -> date:
    """Today in Japan, for channels to put into a question; nothing behind ask() knows the time."""
    return datetime.now(TOKYO).date()


def chosen_plan(store: Store, organisation: str, title: str | None) -> str:
    """The title of the plan that is meant where a question does not say (SHIRUBE_PLAN unless one is given), "" for any.

    Raises ValueError, with the plans that there are, for no plan of the organisation.
    """
    plan = settings.default_plan(os.environ) if title is None else title
    titles = store.plan_titles(organisation) if plan else ()
    if plan and plan not in titles:
        raise ValueError(f"計画「{plan}」がありません。今ある計画: {'、'.join(f'「{one}」' for one in titles)}")
    return plan

"""The scale by which a plan is judged, chosen by whoever runs the program."""

import unicodedata
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa

from data import tables as t
from data.changes import Author, add_change, lock_organisation
from data.exporter import choose_plan
from data.facts import ChangeKind, Plan
from data.scales import Scale


def choose_scale(
    connection: sa.Connection, organisation: str, title: str | None, scale: Scale, about: Decimal | None, author: Author
) -> tuple[Plan, Plan]:
    """Lets a plan (the only one where `title` is None) be judged by a scale; gives the plan before and after.

    `about` is the share from which 「ほぼ100%」 is met, None to leave it as it is. Nothing is written where both are
    the same. Raises ValueError for a plan that is not there, or several without a title.
    """
    organisation_id = lock_organisation(connection, organisation)
    _, before = choose_plan(connection, organisation, title)
    after = replace(before, scale=scale, about=before.about if about is None else about)
    if after != before:
        add_change(connection, organisation_id, ChangeKind.SCALE, author)
        values = {"scale": after.scale.key, "about": after.about}
        connection.execute(sa.update(t.plans).where(t.plans.c.id == before.id).values(values))
    return before, after


def read_about(text: str) -> Decimal:
    """「95」, 「95%」 → 0.95; raises ValueError for what is no percentage above 0 and up to 100."""
    try:
        percent = Decimal(unicodedata.normalize("NFKC", text).strip().removesuffix("%"))
    except InvalidOperation:
        percent = Decimal(0)
    if not (percent.is_finite() and 0 < percent <= 100):
        raise ValueError(f"--about「{text}」が読めません。95 のように、0より大きく100以下の%で指定してください。")
    return percent / 100


def told(plan: Plan) -> str:
    """「標準の判定基準（「ほぼ100%」は95%以上で満たす）」."""
    unused = "" if plan.scale.met else "。この基準では使いません"
    return f"{plan.scale.name}（「ほぼ100%」は{(plan.about * 100).normalize():f}%以上で満たす{unused}）"
